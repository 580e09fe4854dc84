"""The selection: two places in the text that scrolling and reflow don't move."""

from collections.abc import Sequence

from teleterm.bridge.frames import Point

Span = tuple[int, int, int]
"""(row, first column, column behind the last) in the view."""
Corner = tuple[Point, int]
"""Of a block: where its row starts in the text, and a boundary between columns."""


class Selection:
    """From an anchor, which may be a whole word or line, to where the pointer is."""

    def __init__(self) -> None:
        self._anchor: tuple[Point, Point] | None = None
        self._head: Point | None = None
        self._corners: tuple[Corner, Corner] | None = None

    @property
    def is_block(self) -> bool:
        """Whether it is a rectangle of the screen's rows."""
        return self._corners is not None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        if self._corners is not None:
            return self._corners[0][1] == self._corners[1][1]
        span = self.span()
        return span is None or span[0] == span[1]

    def clear(self) -> None:
        """Select nothing."""
        self._anchor = self._head = self._corners = None

    def begin(self, point: Point) -> None:
        """A selection starts here."""
        self.set(point, point)

    def begin_block(self, corner: Corner) -> None:
        """A rectangle starts here."""
        self.clear()
        self._corners = (corner, corner)

    def set(self, start: Point, end: Point) -> None:
        """Select a word, a line, everything."""
        self._anchor, self._head, self._corners = (start, end), end, None

    def extend(self, corner: Corner) -> None:
        """The pointer is here now."""
        if self._corners is not None:
            self._corners = (self._corners[0], corner)
            return
        (line, offset), col = corner
        point = (line, offset + col)
        if self._anchor is None:
            self.begin(point)
        self._head = point

    def span(self) -> tuple[Point, Point] | None:
        """Start and end (behind the last cell), in the order of the text.

        Of a block: its top left corner and its bottom right one.
        """
        if self._corners is not None:
            (top, bottom), (left, right) = _sides(self._corners)
            return (top[0], top[1] + left), (bottom[0], bottom[1] + right)
        if self._anchor is None or self._head is None:
            return None
        return min(self._anchor[0], self._head), max(self._anchor[1], self._head)

    def spans(self, lines: Sequence[Point], cols: int) -> list[Span]:
        """The cells of the view that are selected; `lines` is where each row starts."""
        span = self.span()
        if span is None or self.is_empty:
            return []
        if self._corners is not None:
            return _block(self._corners, lines, cols)
        return shown(span[0], span[1], lines, cols)


def _sides(corners: tuple[Corner, Corner]) -> tuple[tuple[Point, Point], tuple[int, int]]:
    """(first row, last row), (left, right) of a block."""
    (one, one_col), (other, other_col) = corners
    rows = (min(one, other), max(one, other))
    return rows, (min(one_col, other_col), max(one_col, other_col))


def _block(corners: tuple[Corner, Corner], lines: Sequence[Point], cols: int) -> list[Span]:
    """A row belongs to it if any of its cells lies between the first row's and the last row's
    start, as the rows of a line begin elsewhere after a change of width.
    """
    (top, bottom), (left, right) = _sides(corners)
    right = min(right, cols)
    return [
        (row, left, right)
        for row, (line, offset) in enumerate(lines)
        if (line, offset) <= bottom and (line, offset + cols - 1) >= top and left < right
    ]


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
    corner = corner_of(lines, row, col)
    return (corner[0][0], corner[0][1] + corner[1]) if corner is not None else None


def corner_of(lines: Sequence[Point], row: int, col: int) -> Corner | None:
    """The place of a cell of the view, told by its row."""
    return (lines[max(0, min(row, len(lines) - 1))], col) if lines else None
