"""The selection: two places in the text that scrolling and reflow don't move."""

from collections.abc import Sequence

from teleterm.bridge.frames import Point

Span = tuple[int, int, int]
"""(row, first column, column behind the last) in the view."""


class Selection:
    """From an anchor, which may be a whole word or line, to where the pointer is."""

    def __init__(self) -> None:
        self._anchor: tuple[Point, Point] | None = None
        self._head: Point | None = None
        self.is_block = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        span = self.span()
        return span is None or span[0] == span[1] or (self.is_block and span[0][1] == span[1][1])

    def clear(self) -> None:
        """Select nothing."""
        self._anchor = self._head = None

    def begin(self, point: Point, *, is_block: bool = False) -> None:
        """A selection starts here."""
        self._anchor, self._head, self.is_block = (point, point), point, is_block

    def set(self, start: Point, end: Point) -> None:
        """Select a word, a line, everything."""
        self._anchor, self._head, self.is_block = (start, end), end, False

    def extend(self, point: Point) -> None:
        """The pointer is here now."""
        if self._anchor is None:
            self.begin(point)
        self._head = point

    def span(self) -> tuple[Point, Point] | None:
        """Start and end (behind the last cell), in the order of the text."""
        if self._anchor is None or self._head is None:
            return None
        return min(self._anchor[0], self._head), max(self._anchor[1], self._head)

    def spans(self, lines: Sequence[Point], cols: int) -> list[Span]:
        """The cells of the view that are selected; `lines` is where each row starts."""
        span = self.span()
        if span is None or self.is_empty:
            return []
        if self.is_block:
            return self._block(span, lines, cols)
        return shown(span[0], span[1], lines, cols)

    def _block(self, span: tuple[Point, Point], lines: Sequence[Point], cols: int) -> list[Span]:
        start, end = span
        left, right = sorted((start[1] % max(cols, 1), end[1] % max(cols, 1) or min(end[1], cols)))
        found = []
        for row, (line, offset) in enumerate(lines):
            if (start[0], start[1] - start[1] % cols) <= (line, offset) <= end:
                found.append((row, left, right))
        return found


def shown(start: Point, end: Point, lines: Sequence[Point], cols: int) -> list[Span]:
    """The cells of the view between two places; a line's end is shown up to the margin."""
    found = []
    for row, (line, offset) in enumerate(lines):
        if (line, offset + cols) <= start or (line, offset) >= end:
            continue
        left = max(0, start[1] - offset) if line == start[0] else 0
        right = min(cols, end[1] - offset) if line == end[0] else cols
        if left < right:
            found.append((row, left, right))
    return found


def point_of(lines: Sequence[Point], row: int, col: int) -> Point | None:
    """The place of a cell of the view."""
    if not lines:
        return None
    line, offset = lines[max(0, min(row, len(lines) - 1))]
    return line, offset + col
