"""Making frames: comparing the view with what was sent, and numbering styles."""

from __future__ import annotations

from teleterm.terminal.frame import SIZE_SHIFT, WRAPPED, Frame, Modes, RowDamage, Run, StyleRow
from teleterm.terminal.palette import SPECIAL
from teleterm.terminal.row import Row
from teleterm.terminal.screen import Screen
from teleterm.terminal.styles import Link, Style
from teleterm.terminal.switches import (
    ALTERNATE_SCROLL,
    BACKARROW,
    BRACKETED_PASTE,
    CURSOR_BLINK,
    CURSOR_KEYS,
    CURSOR_VISIBLE,
    FOCUS_EVENTS,
    KEYPAD,
    META_ESCAPE,
    REVERSE_SCREEN,
)
from teleterm.terminal.view import View

_MAX_IDS = 50_000
_SHAPES = ("block", "block", "block", "underline", "underline", "bar", "bar")

_Sent = tuple[list[str], list[Style], int]


def modes_of(screen: Screen) -> Modes:
    """Give the modes that the window and the encoders need."""
    private = screen.private.get
    return Modes(
        mouse=screen.mouse,
        mouse_encoding=screen.mouse_encoding,
        alternate_scroll=bool(private(ALTERNATE_SCROLL)),
        bracketed_paste=bool(private(BRACKETED_PASTE)),
        focus_events=bool(private(FOCUS_EVENTS)),
        app_cursor=bool(private(CURSOR_KEYS)),
        app_keypad=bool(private(KEYPAD)),
        alternate=screen.is_alternate,
        reverse_screen=bool(private(REVERSE_SCREEN)),
        newline=screen.is_newline,
        backarrow=bool(private(BACKARROW)),
        modify_other_keys=screen.modify_other_keys,
        format_other_keys=screen.format_other_keys,
        kitty=screen.keyboard.kitty,
        meta_sends_escape=bool(private(META_ESCAPE)),
        vt52=screen.is_vt52,
    )


class Framing:
    """Remembers what the window has, so that a frame holds only what is new."""

    def __init__(self, screen: Screen, view: View) -> None:
        self._screen = screen
        self._view = view
        self._sent: list[_Sent | None] = []
        self._sent_for: tuple[int, int, bool, bool] | None = None
        self._scrolled = 0
        self._palette_version = 0
        self._ids: dict[Style, int] = {}
        self._link_ids: dict[Link, int] = {}
        self._new_styles: list[StyleRow] = []
        self._new_links: list[tuple[int, str]] = []

    def make(self, *, is_full: bool) -> Frame:
        """Give the damage since the last call; all of it if asked, or if the shape changed."""
        screen, view = self._screen, self._view
        is_at_end = view.is_at_end
        key = (screen.cols, screen.row_count, screen.is_alternate, is_at_end)
        top_row = view.top_row
        position = screen.grid.scrolled if is_at_end else top_row
        if is_full or key != self._sent_for or len(self._ids) > _MAX_IDS:
            is_full = is_full or self._sent_for is None or len(self._ids) > _MAX_IDS
            is_full = is_full or key[:2] != (self._sent_for or key)[:2]
            self._forget(styles=is_full)
            scrolled = 0
        else:
            scrolled = self._shift(position - self._scrolled)
        self._sent_for = key
        self._scrolled = position
        shown = view.rows()
        changed = self._changed([row.row for row in shown])
        history_rows = view.history_rows
        styles, self._new_styles = tuple(self._new_styles), []
        links, self._new_links = tuple(self._new_links), []
        return Frame(
            cols=screen.cols,
            rows=screen.row_count,
            full=is_full,
            scrolled=scrolled,
            changed=changed,
            styles=styles,
            links=links,
            cursor=self._cursor(history_rows - top_row),
            modes=modes_of(screen),
            lines=tuple((row.line_id, row.offset) for row in shown),
            view=(top_row, history_rows + screen.row_count, view.arrived),
            palette=self._palette(is_full=is_full),
        )

    def _forget(self, *, styles: bool) -> None:
        self._sent = [None] * self._screen.row_count
        if styles:
            self._ids = {self._screen.table.default: 0}
            self._link_ids = {}

    def _shift(self, count: int) -> int:
        """Follow a scroll in what was sent; gives the rows that the window is to move."""
        rows = len(self._sent)
        if not 0 < abs(count) < rows:
            return 0
        gap: list[_Sent | None] = [None] * abs(count)
        self._sent = self._sent[count:] + gap if count > 0 else gap + self._sent[:count]
        return count

    def _changed(self, rows: list[Row]) -> tuple[RowDamage, ...]:
        changed = []
        sent = self._sent
        for at, row in enumerate(rows):
            flags = (WRAPPED if row.is_wrapped else 0) | row.size << SIZE_SHIFT
            had = sent[at]
            if had is None or had[2] != flags or had[0] != row.cells or had[1] != row.styles:
                sent[at] = (
                    (row.cells, row.styles, flags)
                    if row.is_shared
                    else (row.cells[:], row.styles[:], flags)
                )
                changed.append((at, flags, tuple(self._runs(row))))
        return tuple(changed)

    def _runs(self, row: Row) -> list[Run]:
        cells, styles = row.cells, row.styles
        default = self._screen.table.default
        end = len(cells)
        while end and cells[end - 1] == " " and styles[end - 1] is default:
            end -= 1
        runs: list[Run] = []
        start = 0
        while start < end:
            style = styles[start]
            stop = start + 1
            while stop < end and styles[stop] is style:
                stop += 1
            style_id = self._id_of(style)
            if row.is_special and not row.is_shared:
                _special_runs(runs, cells, start, stop, style_id)
            else:
                runs.append((start, "".join(cells[start:stop]), style_id, 0))
            start = stop
        return runs

    def _id_of(self, style: Style) -> int:
        known = self._ids.get(style)
        if known is not None:
            return known
        new = self._ids[style] = len(self._ids)
        link_id = 0
        if style.link is not None:
            link_id = self._link_ids.get(style.link, 0)
            if not link_id:
                link_id = self._link_ids[style.link] = len(self._link_ids) + 1
                self._new_links.append((link_id, style.link.uri))
        self._new_styles.append((new, style.fg, style.bg, style.underline, style.attrs, link_id))
        return new

    def _cursor(self, rows_down: int) -> tuple[int, int, str, bool, bool]:
        screen = self._screen
        row = screen.y + rows_down
        is_visible = bool(screen.private.get(CURSOR_VISIBLE)) and row < screen.row_count
        shape = _SHAPES[screen.cursor_shape]
        blink = bool(screen.private.get(CURSOR_BLINK))
        return (screen.column, min(row, screen.row_count - 1), shape, is_visible, blink)

    def _palette(self, *, is_full: bool) -> tuple[tuple[int, int], ...] | None:
        palette = self._screen.palette
        if not is_full and palette.version == self._palette_version:
            return None
        self._palette_version = palette.version
        return tuple(sorted(entry for entry in palette.overrides.items() if entry[0] < SPECIAL))


def _special_runs(runs: list[Run], cells: list[str], start: int, stop: int, style: int) -> None:
    """Cut a run of one style where a cell isn't one character."""
    at = start
    while at < stop:
        cell = cells[at]
        is_wide = at + 1 < len(cells) and not cells[at + 1]
        if is_wide or len(cell) != 1:
            if cell:
                runs.append((at, cell, style, 2 if is_wide else 1))
            at += 2 if is_wide else 1
            continue
        first = at
        while at < stop and len(cells[at]) == 1 and not (at + 1 < len(cells) and not cells[at + 1]):
            at += 1
        runs.append((first, "".join(cells[first:at]), style, 0))
