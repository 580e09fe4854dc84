"""The engine: bytes of a program in, frames, answers and events out.

No threads, no clock, no I/O. Whoever owns an engine feeds it, writes its replies to the program,
and takes a frame when the window has painted the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from teleterm.terminal.events import Event
from teleterm.terminal.frame import Frame, Modes, Point
from teleterm.terminal.framing import Framing, modes_of
from teleterm.terminal.palette import Theme
from teleterm.terminal.parser import Parser
from teleterm.terminal.screen import Screen
from teleterm.terminal.search import Hit, PatternError, Search, compile_pattern
from teleterm.terminal.selection import WORD_SEPARATORS, Selection
from teleterm.terminal.switches import SYNCHRONIZED
from teleterm.terminal.view import View

__all__ = ["Engine", "Event", "Frame", "Hit", "Modes", "PatternError", "Point", "Theme"]


@dataclass(frozen=True, slots=True)
class _Looking:
    """A screen with what looks at it."""

    screen: Screen
    view: View
    framing: Framing
    selection: Selection
    search: Search


class Engine:
    """One terminal.

    `replies_window_ops` lets programs ask for and set the window's size (XTWINOPS), and
    `answers_checksums` lets them read the screen by checksums (DECRQCRA): both are for tests.
    """

    def __init__(
        self,
        cols: int,
        rows: int,
        *,
        scrollback: int = 10_000,
        replies_window_ops: bool = False,
        answers_checksums: bool = False,
        theme: Theme | None = None,
    ) -> None:
        screen = Screen(cols, rows, scrollback)
        screen.allows_window_ops = replies_window_ops
        screen.answers_checksums = answers_checksums
        if theme is not None:
            screen.palette.theme = theme
        view = View(screen)
        selection = Selection(screen, view)
        self._parser = Parser(screen)
        self._looking = _Looking(
            screen, view, Framing(screen, view), selection, Search(screen, selection)
        )
        self.has_damage = True

    @property
    def _current(self) -> _Looking:
        """What looks at the screen, after everything fed has been acted on."""
        self._parser.flush()
        return self._looking

    @property
    def screen(self) -> Screen:
        """The screen itself, up to date."""
        return self._current.screen

    @property
    def cols(self) -> int:
        """The width in cells."""
        return self.screen.cols

    @property
    def rows(self) -> int:
        """The height in cells."""
        return self.screen.row_count

    @property
    def title(self) -> str:
        """The title that the program set."""
        return self.screen.title

    @property
    def modes(self) -> Modes:
        """What the program asked of keys, mouse and paste."""
        return modes_of(self._looking.screen)

    @property
    def is_alternate(self) -> bool:
        """Whether the alternate screen is shown."""
        return self.screen.is_alternate

    @property
    def is_held(self) -> bool:
        """Whether the program asked to paint nothing for a moment (synchronized output)."""
        return bool(self._looking.screen.private.get(SYNCHRONIZED))

    def release(self) -> None:
        """End synchronized output, when the program took too long."""
        self.screen.private[SYNCHRONIZED] = False

    def feed(self, data: bytes) -> None:
        """Act on what the program wrote; any bytes, cut anywhere."""
        self.has_damage = True
        self._parser.feed(data)

    def take_replies(self) -> bytes:
        """Give what is to be written to the program, and forget it."""
        return self._looking.screen.take_replies()

    def take_events(self) -> list[Event]:
        """Give what happened besides cells, oldest first, and forget it."""
        screen = self._looking.screen
        events, screen.events = screen.events, []
        return events

    def resize(self, cols: int, rows: int) -> None:
        """Take another size, within limits; lines of the main screen are wrapped anew."""
        self.has_damage = True
        self.screen.resize(cols, rows)

    def frame(self, *, full: bool = False) -> Frame:
        """Give the damage since the last call; `full` gives all, after a frame was lost."""
        self.has_damage = False
        self._current.view.forget_if_cleared()
        return self._current.framing.make(is_full=full)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours that colour queries are answered with."""
        self.screen.palette.theme = theme

    @property
    def is_at_end(self) -> bool:
        """Whether the view shows the screen, not the scrollback."""
        return self._current.view.is_at_end

    def scroll_by(self, rows: int) -> None:
        """Move the view; negative is back in time."""
        self.has_damage = True
        self._current.view.scroll_to_row(self._current.view.top_row + rows)

    def scroll_to(self, line_id: int, offset: int = 0) -> None:
        """Make the row that shows a place the first of the view, or as near as may be."""
        self.has_damage = True
        self._current.view.scroll_to_row(self._current.view.index_of((line_id, offset)))

    def scroll_to_fraction(self, fraction: float) -> None:
        """Move the view to a part of the way from the oldest row (0.0) to the end (1.0)."""
        self.has_damage = True
        self._current.view.scroll_to_row(
            round(self._current.view.history_rows * max(0.0, min(fraction, 1.0)))
        )

    def scroll_to_end(self) -> None:
        """Look at the screen again."""
        self.has_damage = True
        self._current.view.scroll_to_end()

    def show(self, line_id: int, offset: int = 0) -> None:
        """Scroll to a place unless it is in view already."""
        if self.place_of((line_id, offset)) is None:
            self.has_damage = True
            row = self._current.view.index_of((line_id, offset))
            self._current.view.scroll_to_row(row - self.rows // 2)

    @property
    def kept(self) -> tuple[int, int]:
        """How many lines the scrollback has, and roughly the bytes that they take."""
        history = self.screen.history
        return history.line_count, history.weight

    def clear_scrollback(self) -> None:
        """Forget all lines above the screen."""
        self.has_damage = True
        self.screen.history.clear()
        self._current.view.scroll_to_end()

    def find(
        self,
        pattern: str,
        *,
        match_case: bool = False,
        is_regex: bool = False,
        whole_word: bool = False,
        limit: int = 10_000,
    ) -> list[Hit]:
        """Give the places of a text or pattern, oldest first.

        Raises: PatternError when it isn't a regular expression.
        """
        hits: list[Hit] = []
        for found in self.find_in_slices(
            pattern,
            match_case=match_case,
            is_regex=is_regex,
            whole_word=whole_word,
            limit=limit,
        ):
            hits.extend(found)
        return hits

    def find_in_slices(
        self,
        pattern: str,
        *,
        match_case: bool = False,
        is_regex: bool = False,
        whole_word: bool = False,
        limit: int = 10_000,
    ) -> Iterator[list[Hit]]:
        """Give hits block by block, so that the caller may feed in between.

        Raises: PatternError when it isn't a regular expression.
        """
        compiled = compile_pattern(
            pattern, match_case=match_case, is_regex=is_regex, whole_word=whole_word
        )
        return self._limited(self._current.search.slices(compiled) if pattern else iter(()), limit)

    def _limited(self, slices: Iterator[list[Hit]], limit: int) -> Iterator[list[Hit]]:
        for hits in slices:
            yield hits[:limit]
            limit -= len(hits)
            if limit <= 0:
                return
            self._parser.flush()

    def point_at(self, row: int, col: int) -> Point:
        """Give the place of a cell of the view; clamps to the view."""
        rows = self._current.view.rows()
        shown = rows[max(0, min(row, len(rows) - 1))]
        return (shown.line_id, shown.offset + max(0, min(col, self.cols)))

    def place_of(self, point: Point) -> tuple[int, int] | None:
        """Give the row and column of the view that show a place; None if none does."""
        for row, shown in enumerate(self._current.view.rows()):
            col = point[1] - shown.offset
            if shown.line_id == point[0] and 0 <= col < self.cols:
                return row, col
        return None

    def word_at(self, point: Point, separators: str = WORD_SEPARATORS) -> tuple[Point, Point]:
        """Give the word at a place: its first cell, and the one after its last."""
        return self._current.selection.word_at(point, separators)

    def line_at(self, point: Point) -> tuple[Point, Point]:
        """Give the whole logical line at a place."""
        return self._current.selection.line_at(point)

    def all_span(self) -> tuple[Point, Point]:
        """Give the places of everything, to select it all."""
        return self._current.selection.all_span()

    def text_between(self, start: Point, end: Point, *, block: bool = False) -> str:
        """Give the text between two places, or of the rectangle that they span."""
        if block:
            return self._current.selection.block_between(start, end)
        return self._current.selection.text_between(start, end)

    def text(self) -> str:
        """Give everything: wrapped rows joined, trailing blanks cut."""
        return self._current.selection.text()
