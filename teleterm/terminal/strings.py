"""Control strings: OSC, and the DCS that ask for settings."""

from __future__ import annotations

import base64
import binascii

from teleterm.terminal.events import (
    ClipboardWrite,
    DirectoryChanged,
    IconNameChanged,
    Notice,
    PointerShape,
    Progress,
    PromptMark,
    TitleChanged,
)
from teleterm.terminal.palette import CURSOR, FOREGROUND, SPECIAL, colour_spec, parse_colour
from teleterm.terminal.reports import Reports
from teleterm.terminal.styles import Link, StyleTable

MAX_TITLE = 120
MAX_CLIPBOARD = 100_000
_MAX_URI = 2048
_MAX_NOTICE = 1000
_MAX_LINKS = 5000
# OSC 10 to 12 are foreground, background, cursor; others of that row aren't kept.
_DYNAMIC = {10: FOREGROUND, 11: FOREGROUND + 1, 12: CURSOR}


def clean(text: str, limit: int) -> str:
    """Give `text` without controls, cut to `limit` characters."""
    kept = "".join(
        char for char in text[: limit * 4] if char.isprintable() or char in "\u200d\ufe0f"
    )
    return kept[:limit]


class Strings(Reports):
    """What programs say in strings."""

    def __init__(
        self, cols: int, rows: int, scrollback: int, table: StyleTable | None = None
    ) -> None:
        super().__init__(cols, rows, scrollback, table)
        self._links: dict[tuple[str, str], Link] = {}

    def line_id_at(self, row: int) -> int:
        """Give the id of the line that a row of the screen belongs to."""
        rows = self.grid.rows
        return self.history.screen_id + sum(not above.is_wrapped for above in rows[:row])

    def operating_system_command(self, text: str, end: str) -> None:
        """OSC; `end` is how it ended, which is how an answer ends."""
        number_text, _, body = text.partition(";")
        if not number_text.isascii() or not number_text.isdigit() or len(number_text) > 4:
            return
        number = int(number_text)
        if number in (0, 1, 2):
            self._titles(number, body)
        elif number in (4, 5, 104, 105) or 10 <= number <= 19 or 110 <= number <= 119:
            self._colours(number, body, end)
        elif number == 8:
            self._hyperlink(body)
        elif number == 52:
            self._clipboard(body)
        else:
            self._desktop(number, body)

    def _desktop(self, number: int, body: str) -> None:
        """Words for the window: folder, notices, progress, pointer, shell marks."""
        if number == 7:
            self.tell(DirectoryChanged(clean(body, _MAX_URI)))
        elif number == 9:
            self._notice_or_progress(body)
        elif number == 22:
            self.tell(PointerShape(clean(body, 40)))
        elif number == 777 and body.startswith("notify;"):
            title, _, message = body.partition(";")[2].partition(";")
            self.tell(Notice(clean(title, MAX_TITLE), clean(message, _MAX_NOTICE)))
        elif number == 133 and body[:1] in ("A", "B", "C", "D"):
            status = body[2:].partition(";")[0]
            is_number = status.isascii() and status.isdigit() and len(status) <= 9
            exit_status = int(status) if body[0] == "D" and is_number else None
            self.tell(PromptMark(body[0], self.line_id_at(self.y), exit_status))

    def _titles(self, number: int, body: str) -> None:
        if number in (0, 2):
            self.set_title(body)
        if number in (0, 1):
            self.set_icon_name(body)

    def set_title(self, title: str) -> None:
        """OSC 2."""
        cleaned = clean(title, MAX_TITLE)
        if cleaned != self.title:
            self.title = cleaned
            self.tell(TitleChanged(cleaned))

    def set_icon_name(self, name: str) -> None:
        """OSC 1."""
        cleaned = clean(name, MAX_TITLE)
        if cleaned != self.icon_name:
            self.icon_name = cleaned
            self.tell(IconNameChanged(cleaned))

    def _notice_or_progress(self, body: str) -> None:
        parts = body.split(";")
        if parts[0] != "4" or len(parts) < 2:
            self.tell(Notice("", clean(body, _MAX_NOTICE)))
            return
        state = _small_number(parts[1])
        percent = _small_number(parts[2]) if len(parts) > 2 else 0
        if state is not None and state <= 4:
            self.tell(Progress(state, min(percent or 0, 100)))

    def _hyperlink(self, body: str) -> None:
        params, _, uri = body.partition(";")
        uri = clean(uri, _MAX_URI)
        if not uri:
            self.style = self.table.with_link(self.style, None)
            return
        name = next((part[3:] for part in params.split(":") if part.startswith("id=")), "")
        if len(self._links) >= _MAX_LINKS:
            self._links.clear()
        # Without an id each link is its own, but the same address again may share one.
        link = self._links.setdefault((name[:250], uri), Link(uri))
        self.style = self.table.with_link(self.style, link)

    def _clipboard(self, body: str) -> None:
        selection, separator, encoded = body.partition(";")
        if not separator or encoded == "?":
            return
        try:
            data = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            return
        if len(data) <= MAX_CLIPBOARD:
            self.tell(ClipboardWrite(clean(selection, 10) or "c", data))

    def _colours(self, number: int, body: str, end: str) -> None:
        if number in (4, 5):
            parts = body.split(";")
            for index_text, spec in zip(parts[::2], parts[1::2], strict=False):
                index = _palette_index(index_text, is_special=number == 5)
                if index is not None:
                    self._set_or_report(index, spec, f"{number};{int(index_text)}", end)
        elif number in (104, 105):
            self._reset_colours(body, is_special=number == 105)
        elif number >= 110:
            if number - 100 in _DYNAMIC:
                self.palette.reset(_DYNAMIC[number - 100])
        else:
            for offset, spec in enumerate(body.split(";")[:10]):
                dynamic = _DYNAMIC.get(number + offset)
                if dynamic is not None:
                    self._set_or_report(dynamic, spec, str(number + offset), end)

    def _reset_colours(self, body: str, *, is_special: bool) -> None:
        if not body:
            start = SPECIAL if is_special else 0
            self.palette.reset_range(start, start + FOREGROUND)
        for part in body.split(";")[:FOREGROUND]:
            index = _palette_index(part, is_special=is_special)
            if index is not None:
                self.palette.reset(index)

    def _set_or_report(self, index: int, spec: str, name: str, end: str) -> None:
        if spec == "?":
            self.reply(f"\x1b]{name};{colour_spec(self.palette.colour(index))}{end}")
            return
        colour = parse_colour(spec)
        if colour is not None:
            self.palette.set(index, colour)

    def device_control_string(self, text: str) -> None:
        """DCS: DECRQSS and XTGETTCAP; others are read and dropped."""
        if text.startswith("$q"):
            self.request_setting(text[2:6])
        elif text.startswith("+q"):
            self.request_capabilities(text[2:])


def _small_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None


def _palette_index(text: str, *, is_special: bool) -> int | None:
    """Read a colour's number: 256 and on are the special ones, which OSC 5 counts from 0."""
    number = _small_number(text)
    if number is None:
        return None
    if is_special:
        number += FOREGROUND
    if number < FOREGROUND:
        return number
    return number - FOREGROUND + SPECIAL if number < FOREGROUND + 5 else None
