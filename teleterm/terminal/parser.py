"""From bytes to commands: one compiled pattern, and a dictionary of control strings seen."""

from __future__ import annotations

import codecs
import re

from teleterm.terminal import bulk, vt52
from teleterm.terminal.dispatch import CONTROLS
from teleterm.terminal.entries import (
    C0,
    CR,
    CRLF,
    ERASE,
    LF,
    MAX_SEQUENCE,
    NOTHING,
    PLACE,
    REPEAT,
    STRAY,
    STYLE,
    Entries,
)
from teleterm.terminal.lines import Kept
from teleterm.terminal.screen import Screen
from teleterm.terminal.switches import CLUSTERS
from teleterm.terminal.widths import SPECIAL

_MAX_STRING = 140_000

_ESCAPE = f"\\x1b(?:\\[[{C0} -?]*+[@-~]?|[{C0} -/]*+[0-~]?)"
# Groups are alternatives with an empty last one, which costs less than a question mark. No
# possessive groups: before 3.11.5 they keep what a failed turn took.
TOKENS = re.compile(
    "(\\x1b\\[[0-;]*+m|)"  # SGR
    "([ -~\\x80-\\U0010ffff]*+)"  # text
    # One control; the common kinds first.
    "(\\x1b\\[[0-;]*+[@-~]|\\r\\n|\\n++"
    f"|(?:\\x1bc)+|{_ESCAPE}|[\\x00-\\x1a\\x1c-\\x1f\\x7f]|)"
)
_STRING_START = re.compile(f"\\x1b[{C0}]*+[\\]PX^_]")
_STRING_END = re.compile("[\\x07\\x18\\x1a\\x1b]")
_INCOMPLETE = re.compile(f"\\x1b(?:\\[[{C0} -?]*+|[{C0} -/]*+)\\Z")
_C1 = re.compile("[\\x80-\\x9f]")
_C1_AS_ESCAPE = {code: "\x1b" + chr(code - 0x40) for code in range(0x80, 0xA0)}
_BROKEN = "\x1b[<<"
"""What is kept of a CSI that grew too long: no command is named so, and its rest still follows."""


class Parser:
    """Feeds a screen. Any split of the input has the same effect."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._waiting = b""
        self._string_kind = ""
        self._string: list[str] = []
        self._string_length = 0
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
        return not self._held and not self._string_kind and not self._decoder.getstate()[0]

    def feed_small(self, data: bytes) -> None:
        """Act on bytes without looking for a quicker way."""
        text = self._decoder.decode(data)
        if not text.isascii() and _C1.search(text) is not None:
            text = text.translate(_C1_AS_ESCAPE)
        if self._held:
            text = self._held + text
            self._held = ""
        at = 0
        while at < len(text):
            if self.screen.is_vt52:
                at, self._held = vt52.run(self.screen, text, at)
                continue
            found = text.find(vt52.SWITCH_ON, at)
            end = found + len(vt52.SWITCH_ON) if found >= 0 else len(text)
            self._ansi(text[at:end] if at or found >= 0 else text)
            at = end

    def _ansi(self, text: str) -> None:
        at = 0
        end = len(text)
        while at < end:
            if self._string_kind:
                at = self._in_string(text, at)
                continue
            start = _STRING_START.search(text, at)
            if start is None:
                self._ground(text[at:] if at else text)
                return
            if start.start() > at:
                self._run(text[at : start.start()])
            for control in STRAY.findall(start[0]):
                self._control(control)
            self._string_kind = start[0][-1]
            at = start.end()

    def _ground(self, text: str) -> None:
        """Run text without strings, holding back a sequence that isn't whole."""
        last = text.rfind("\x1b")
        if last >= 0 and _INCOMPLETE.match(text, last) is not None:
            self._hold(text[last:])
            text = text[:last]
        if text:
            self._run(text)

    def _hold(self, sequence: str) -> None:
        if len(sequence) > MAX_SEQUENCE:
            for control in STRAY.findall(sequence):
                self._control(control)
            sequence = _BROKEN if sequence[1:2] == "[" else "\x1b!!"
        self._held = sequence

    def _in_string(self, text: str, at: int) -> int:
        """Collect a string's body; gives where the text goes on."""
        found = _STRING_END.search(text, at)
        if found is None:
            self._collect(text[at:])
            return len(text)
        where = found.start()
        self._collect(text[at:where])
        char = found[0]
        if char == "\x07":
            if self._string_kind == "]":
                self._finish_string("\x07")
            return where + 1
        if char != "\x1b":
            self._drop_string()
            return where + 1
        if where + 1 >= len(text):
            self._held = "\x1b"
            return len(text)
        if text[where + 1] == "\\":
            self._finish_string("\x1b\\")
            return where + 2
        self._drop_string()
        return where

    def _collect(self, part: str) -> None:
        self._string_length += len(part)
        if self._string_length <= _MAX_STRING:
            if part:
                self._string.append(part)
        else:
            self._string.clear()

    def _drop_string(self) -> None:
        self._string_kind = ""
        self._string = []
        self._string_length = 0

    def _finish_string(self, end: str) -> None:
        kind, body = self._string_kind, "".join(self._string)
        is_whole = self._string_length <= _MAX_STRING
        self._drop_string()
        if not is_whole:
            return
        body = STRAY.sub("", body)
        if kind == "]":
            self.screen.operating_system_command(body, end)
        elif kind == "P":
            self.screen.device_control_string(body)

    def _control(self, control: str) -> None:
        action = CONTROLS.get(control)
        if action is not None:
            action(self.screen)

    def _run(self, text: str) -> None:  # noqa: C901 - one loop with its state in locals is the pace
        """Act on whole sequences and text."""
        screen = self.screen
        known, learn = self._entries.known, self._entries.learn
        search = SPECIAL.search
        after = screen.table.after
        blanks = [" "] * screen.cols
        x, y, style = screen.x, screen.y, screen.style
        rows = screen.grid.rows
        row = rows[y]
        cells, styles = row.cells, row.styles
        limit = screen.cols if screen.is_plain else -1
        room = -1 if row.is_special else limit  # the last column that text may simply reach
        last = screen.last_text  # what REP repeats: only text right before it
        for sgr, chars, control in TOKENS.findall(text):
            if sgr:
                style = style.next.get(sgr) or after(style, sgr)
            if chars:
                end = x + len(chars)
                if end <= room and (chars.isascii() or search(chars) is None):
                    if end - x == 1:
                        cells[x] = chars
                        styles[x] = style
                    else:
                        cells[x:end] = chars
                        styles[x:end] = [style] * (end - x)
                    x = end
                    last = chars
                elif end <= limit and row.is_shared and (chars.isascii() or search(chars) is None):
                    row = screen.grid.own(y)
                    cells, styles = row.cells, row.styles
                    room = limit
                    cells[x:end] = chars
                    styles[x:end] = [style] * (end - x)
                    x = end
                    last = chars
                else:
                    screen.x, screen.y, screen.style = x, y, style
                    screen.draw(chars)
                    x, y = screen.x, screen.y
                    row = rows[y]
                    cells, styles = row.cells, row.styles
                    limit = screen.cols if screen.is_plain else -1
                    room = -1 if row.is_special else limit
                    last = screen.last_text
            elif sgr:
                last = ""
            if not control:
                continue
            found = style.next.get(control)
            if found is not None:
                style = found
                last = ""
                continue
            kind, a, b, call = known.get(control) or learn(control)
            if kind == PLACE:
                if b < limit and a < screen.row_count and not screen.is_origin and not rows[a].size:
                    y, x = a, b
                    row = rows[y]
                    cells, styles = row.cells, row.styles
                    room = -1 if row.is_special else limit
                    last = ""
                    continue
            elif kind == ERASE:
                if x < room == len(blanks) and not screen.is_iso_protecting:
                    cells[x:] = blanks[x:]
                    styles[x:] = [style.blank] * (limit - x)
                    row.is_wrapped = False
                    last = ""
                    continue
            elif kind == STYLE:
                style = style.next.get(control) or after(style, control)
                last = ""
                continue
            elif kind == CRLF:
                if limit > 0 and y != screen.bottom:
                    if y < screen.row_count - 1:
                        y += 1
                        row = rows[y]
                        cells, styles = row.cells, row.styles
                        room = -1 if row.is_special else limit
                    x = 0
                    last = ""
                    continue
            elif kind == CR and limit > 0:
                x = 0
                last = ""
                continue
            if kind == REPEAT:
                screen.last_text = last
            else:
                last = ""
                if kind == NOTHING:
                    continue
            screen.x, screen.y, screen.style = x, y, style
            if kind == CRLF:
                screen.carriage_return()
                screen.linefeed()
            elif kind == LF:
                if a == 1:
                    screen.linefeed()
                else:
                    screen.linefeeds(a)
            elif kind == CR:
                screen.carriage_return()
            elif call is not None:
                call(screen)
            x, y, style = screen.x, screen.y, screen.style
            rows = screen.grid.rows
            row = rows[y]
            cells, styles = row.cells, row.styles
            limit = screen.cols if screen.is_plain else -1
            room = -1 if row.is_special else limit
        screen.x, screen.y, screen.style = x, y, style
        screen.last_text = last


def replay(before: bulk.Before, blob: bytes) -> list[Kept]:
    """Make lines of what was kept unparsed, by writing it to a screen of one row."""
    screen = Screen(before.cols, 1, len(blob) + 1, before.table)
    screen.private[CLUSTERS] = before.joins_clusters
    screen.style = before.style
    screen.grid.fill(" ", before.style.blank)
    Parser(screen).feed_small(blob)
    return [line for block in screen.history.blocks() for line in block.parsed()]
