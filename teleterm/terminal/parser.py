"""From bytes to commands: pieces of text, and a dictionary of the controls seen."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from teleterm.terminal import bulk, vt52
from teleterm.terminal.body import Body
from teleterm.terminal.dispatch import CONTROLS
from teleterm.terminal.entries import (
    ASCII,
    BROKEN,
    CR,
    CRLF,
    ERASE,
    LF,
    NOTHING,
    PLACE,
    PRINT_OFF,
    PRINT_ON,
    REPEAT,
    STRINGS,
    STYLE,
    Entries,
)
from teleterm.terminal.lines import Kept
from teleterm.terminal.pieces import (
    CANCEL,
    CONTROL,
    INCOMPLETE,
    MAX_SEQUENCE,
    STRAY,
    STRAYS,
    split,
)
from teleterm.terminal.screen import Screen
from teleterm.terminal.state import MAX_COLS
from teleterm.terminal.switches import CLUSTERS
from teleterm.terminal.widths import SPECIAL

_MAX_LATE = 160
"""So many writes of one row may wait, and a row's worth; with more of them they are laid down."""

_BLANKS = " " * MAX_COLS
_C1 = re.compile("[\\x80-\\x9f]")
_C1_AS_ESCAPE = {code: "\x1b" + chr(code - 0x40) for code in range(0x80, 0xA0)}
_LOCK_RIGHT = re.compile(rb"\x1b[|}~]")
_NOT_UTF8 = re.compile("([\udc80-\udcff]+)")
_TOO_LONG = "\x1b[<<"
"""What is kept of a CSI that grew too long: no command is named so, and its rest still follows."""


class Parser:
    """Feeds a screen. Any split of the input has the same effect."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._waiting = b""
        self._body = Body()
        self._entries = Entries()

    def feed(self, data: bytes) -> None:
        """Act on bytes as they come; lines of a flood may wait for `flush`."""
        if self._waiting:
            data = self._waiting + data
            self._waiting = b""
        if len(data) < bulk.MIN_BYTES:
            self.feed_small(data)
            return
        for at in range(0, len(data), bulk.MAX_BYTES):
            self.flush()
            self._feed_large(data[at : at + bulk.MAX_BYTES])

    def flush(self) -> None:
        """Act on what waits: to be called before anybody looks at the screen."""
        if self._waiting:
            waiting, self._waiting = self._waiting, b""
            self.feed_small(waiting)

    def _feed_large(self, data: bytes) -> None:
        """Let lines that nobody will see on the screen go straight to the scrollback."""
        line_ends = data.count(b"\n")
        if line_ends > 2 * self.screen.row_count + 2:
            if not self._is_between() or not bulk.is_ready(self.screen):
                # The line begun, and as many as bring the cursor to the bottom.
                lines = self.screen.row_count - self.screen.y
                first = 0
                for _ in range(lines):
                    first = data.find(b"\n", first) + 1
                self.feed_small(data[:first])
                data = data[first:]
                line_ends -= lines
            if self._is_between() and bulk.is_ready(self.screen):
                end = data.rfind(b"\n") + 1
                if bulk.is_simple(data[:end]):
                    taken = bulk.take_lines(self.screen, data[:end], line_ends, replay)
                    if taken and bulk.is_simple_start(data[end:]):
                        self._waiting = data[taken:]
                        return
                    data = data[taken:]
        self.feed_small(data)

    def _is_between(self) -> bool:
        """Tell whether nothing is half read."""
        return not self._held and not self._body.kind and not self._decoder.getstate()[0]

    def feed_small(self, data: bytes) -> None:
        """Act on bytes without looking for a quicker way."""
        before = self._decoder.getstate()
        text = self._decoder.decode(data)
        if not text.isascii():
            if "\ufffd" in text and self._may_lock_right(data):
                self._decoder.setstate(before)
                self._feed_right(data)
                return
            if _C1.search(text) is not None:
                text = text.translate(_C1_AS_ESCAPE)
        self._feed_text(text)

    def _may_lock_right(self, data: bytes) -> bool:
        """Tell whether a set for bytes that aren't UTF-8 is chosen, or may be within `data`."""
        is_locked = self.screen.charsets.locks_right
        return is_locked or bool(self._held) or _LOCK_RIGHT.search(data) is not None

    def _feed_right(self, data: bytes) -> None:
        """Act on bytes that aren't all UTF-8, each under the character sets in force there."""
        self._decoder.errors = "surrogateescape"
        text = self._decoder.decode(data)
        self._decoder.errors = "replace"
        for at, part in enumerate(_NOT_UTF8.split(text)):
            if at % 2:
                self._feed_text(self.screen.right_text(part.encode("utf-8", "surrogateescape")))
            elif part:
                self._feed_text(part.translate(_C1_AS_ESCAPE))

    def _feed_text(self, text: str) -> None:
        if self._held:
            text = self._held + text
            self._held = ""
        at = 0
        while at < len(text):
            if self.screen.is_vt52:
                at, self._held = vt52.run(self.screen, text, at)
                self.screen.last_text = ""  # it has no REP, and leaves by a control
                continue
            found = text.find(vt52.SWITCH_ON, at)
            end = found + len(vt52.SWITCH_ON) if found >= 0 else len(text)
            self._ansi(text[at:end] if at or found >= 0 else text)
            at = end

    def _ansi(self, text: str) -> None:
        """Run text, holding back a sequence that isn't whole."""
        last = text.rfind("\x1b")
        if last >= 0 and INCOMPLETE.match(text, last) is not None:
            self._hold(text[last:])
            text = text[:last]
        if text:
            self._act(text)

    def _hold(self, sequence: str) -> None:
        if len(sequence) > MAX_SEQUENCE:
            for control in STRAY.findall(sequence):
                action = CONTROLS.get(control)
                if action is not None:
                    action(self.screen)
            sequence = _TOO_LONG if sequence[1:2] == "[" else "\x1b!!"
        self._held = sequence

    def _act(self, text: str) -> None:
        """Act on text that ends between two sequences, or inside a string."""
        pieces = iter(split(text))
        head = next(pieces)
        first: Sequence[str] = ()
        if self._body.kind == PRINT_ON:
            first = self._skip_printed(pieces)
        elif self._body.kind:
            self._body.collect(head)
            first = self._read_string(pieces)
        elif head:
            self.screen.draw(head)
        stop = self._run(chain(first, pieces))
        while stop is not None:
            if stop.startswith(PRINT_ON):
                first = self._skip_printed(pieces)
            elif stop.startswith(STRINGS):
                first = self._read_string(chain((stop,), pieces))
            else:
                first = self._put_together(stop, pieces)
            stop = self._run(chain(first, pieces))

    def _put_together(self, sequence: str, pieces: Iterator[str]) -> Sequence[str]:
        """Make pieces of a sequence with controls inside, which act before it does."""
        controls: list[str] = []
        for piece in pieces:
            inside = STRAYS.match(piece)
            if inside is None:
                if piece:
                    return (*controls, piece)
                sequence = ""
                continue
            controls.append(inside[0])
            sequence += piece[inside.end() :]
            if len(sequence) >= MAX_SEQUENCE:
                sequence = _TOO_LONG[1:]
            elif sequence and not self._entries.is_broken(sequence):
                return (*controls, sequence)
        return controls

    def _skip_printed(self, pieces: Iterable[str]) -> Sequence[str]:
        """Drop what is for a printer; gives the piece that ends it, which may be a reset."""
        self._body.start(PRINT_ON)
        for piece in pieces:
            if piece.startswith((PRINT_OFF, "c")):
                self._body.start("")
                return (piece,)
        return ()

    def _read_string(self, pieces: Iterable[str]) -> Sequence[str]:
        """Collect a string's body; gives the piece that comes after it if its end is there."""
        for piece in pieces:
            first = piece[:1]
            if first and first in STRINGS:
                self._body.start(first)
                self._body.collect(piece[1:])
            elif first == "\\" or (first == "\x07" and self._body.kind == "]"):
                self._finish_string("\x07" if first == "\x07" else "\x1b\\")
                return (CANCEL + piece[1:],)
            elif first and STRAY.match(first) is not None:
                self._body.collect(piece)
            else:
                self._body.start("")
                return (piece,)
        return ()

    def _finish_string(self, end: str) -> None:
        kind, body = self._body.kind, self._body.take()
        if body is not None and kind == "]":
            self.screen.operating_system_command(body, end)
        elif body is not None and kind == "P":
            self.screen.device_control_string(body)

    def _run(  # noqa: C901 - one loop with its state in locals is the pace
        self, pieces: Iterable[str]
    ) -> str | None:
        """Act on pieces; gives the one it can't go on with: a string, or a sequence broken off.

        What is written on a row is left to be laid down when somebody looks (`Row.late`).
        """
        screen = self.screen
        known, learn, cut = self._entries.known, self._entries.learn, CONTROL.split
        search = SPECIAL.search
        after = screen.table.after
        x, y, style = screen.x, screen.y, screen.style
        rows = screen.grid.unsettled
        row = rows[y]
        late = row.late
        limit = screen.cols if screen.is_plain else -1
        room = -1 if row.is_special else limit  # the last column that text may simply reach
        height = 0 if screen.is_origin else screen.row_count
        may_erase = not screen.is_iso_protecting
        designated = screen.charsets.designated
        last = screen.last_text  # what REP repeats: only text right before it
        for piece in pieces:
            sgr, has_end, chars = piece.partition("m")
            if has_end and (found := style.next.get(sgr)) is not None:
                style = found
                last = ""
            else:
                entry = known.get(piece)
                if entry is None:
                    _, control, chars = cut(piece, 1)
                    kind, a, b, call = known.get(control) or learn(control)
                else:
                    kind, a, b, call = entry
                    chars = ""
                if kind == PLACE and b < limit and a < height and not rows[a].size:
                    y, x = a, b
                    row = rows[y]
                    late = row.late
                    if len(late) > _MAX_LATE:
                        row.settle()
                    room = -1 if row.is_special else limit
                    last = ""
                elif kind == ERASE and x < room and may_erase:
                    late.append((x, _BLANKS[: room - x], style.blank))
                    if len(late) > _MAX_LATE:
                        row.settle()
                    row.is_wrapped = False
                    last = ""
                elif kind == ASCII and designated[0] == "B":
                    last = ""
                elif kind == STYLE:
                    style = after(style, sgr)
                    last = ""
                elif kind <= LF and limit > 0 and (kind == CRLF or not screen.is_newline):
                    if y == screen.bottom:
                        screen.grid.scroll_one(screen.top, y, style.blank)
                    elif y < len(rows) - 1:
                        y += 1
                    row = rows[y]
                    late = row.late
                    if len(late) > _MAX_LATE:
                        row.settle()
                    room = -1 if row.is_special else limit
                    x = 0 if kind == CRLF else min(x, limit - 1)
                    last = ""
                elif kind == CR and limit > 0:
                    if len(late) > _MAX_LATE:
                        row.settle()
                    x = 0
                    last = ""
                elif kind == NOTHING or (kind == BROKEN and chars):
                    last = ""
                else:
                    screen.x, screen.y, screen.style = x, y, style
                    if kind == REPEAT:
                        screen.last_text = last
                    last = ""
                    if call is None:  # STRING, BROKEN
                        screen.last_text = last
                        return piece
                    call(screen)
                    x, y, style = screen.x, screen.y, screen.style
                    rows = screen.grid.unsettled
                    row = rows[y]
                    late = row.late
                    if len(late) > _MAX_LATE:
                        row.settle()
                    limit = screen.cols if screen.is_plain else -1
                    room = -1 if row.is_special else limit
                    height = 0 if screen.is_origin else screen.row_count
                    may_erase = not screen.is_iso_protecting
                    designated = screen.charsets.designated
            if not chars:
                continue
            end = x + len(chars)
            if (
                end <= limit
                and (end <= room or row.is_shared)
                and (chars.isascii() or search(chars) is None)
            ):
                if end > room:
                    row = rows[y] = row.begin((x, chars, style))
                    late = row.late
                    room = limit
                elif late or end - x > 1:
                    late.append((x, chars, style))
                else:
                    row.under_cells[x] = chars
                    row.under_styles[x] = style
                x = end
                last = chars
                continue
            screen.x, screen.y, screen.style = x, y, style
            screen.last_text = last
            screen.draw(chars)
            x, y = screen.x, screen.y
            row = rows[y]
            late = row.late
            limit = screen.cols if screen.is_plain else -1
            room = -1 if row.is_special else limit
            last = screen.last_text
        screen.x, screen.y, screen.style = x, y, style
        screen.last_text = last
        return None


def replay(before: bulk.Before, blob: bytes) -> list[Kept]:
    """Make lines of what was kept unparsed, by writing it to a screen of one row."""
    screen = Screen(before.cols, 1, len(blob) + 1, before.table)
    screen.private[CLUSTERS] = before.joins_clusters
    screen.style = before.style
    screen.grid.fill(" ", before.style.blank)
    Parser(screen).feed_small(blob)
    return [line for block in screen.history.blocks() for line in block.parsed()]
