"""Logical lines: what scrollback keeps, and how a line is cut into rows of any width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from teleterm.terminal.row import Row
from teleterm.terminal.styles import Style

MAX_LINE_CELLS = 262_144
"""A line without a line end is cut here."""

_LINE_WEIGHT = 64
_RUN_WEIGHT = 16
_FEW_LOOKS = 8
_LOOK_WEIGHT = 250


class Line:
    """Text with its style runs, however wide the screen was.

    `cells` is None when every character of `text` is one cell. The style of a run
    reaches from where the one before ends to its own of `ends`; no runs at all: the default style.
    """

    __slots__ = ("cells", "ends", "styles", "text")

    def __init__(
        self,
        text: str,
        cells: tuple[str, ...] | None,
        ends: tuple[int, ...],
        styles: tuple[Style, ...],
    ) -> None:
        self.text = text
        self.cells = cells
        self.ends = ends
        self.styles = styles

    @property
    def runs(self) -> Iterator[tuple[int, Style]]:
        """The runs: end column and style."""
        return zip(self.ends, self.styles, strict=True)


Kept = str | Line
"""A line as kept: plain text in the default style is kept as itself."""


def cells_of(line: Kept) -> Sequence[str]:
    """Give what is in each cell of `line`."""
    if isinstance(line, str):
        return line
    return line.text if line.cells is None else line.cells


def text_of(line: Kept) -> str:
    """Give the text of `line`."""
    return line if isinstance(line, str) else line.text


def is_simple(line: Kept) -> bool:
    """Tell whether each character of the text is one cell."""
    return isinstance(line, str) or line.cells is None


def cell_count(line: Kept) -> int:
    """Give the length of `line` in cells."""
    return len(cells_of(line))


def weight_of(line: Kept) -> int:
    """Give roughly the bytes that `line` takes."""
    if isinstance(line, str):
        return _LINE_WEIGHT + len(line)
    cells = 0 if line.cells is None else len(line.cells)
    runs = len(line.ends)
    # Lines share the few looks that programs use; many looks in one line are its own.
    looks = max(0, len(set(line.styles)) - _FEW_LOOKS) if runs > _FEW_LOOKS else 0
    return _LINE_WEIGHT + len(line.text) + 8 * cells + _RUN_WEIGHT * runs + _LOOK_WEIGHT * looks


def styles_of(line: Kept, default: Style) -> list[Style]:
    """Give the style of each cell of `line`."""
    if isinstance(line, str) or not line.ends:
        return [default] * cell_count(line)
    styles: list[Style] = []
    for end, style in line.runs:
        styles.extend([style] * (end - len(styles)))
    return styles


def freeze(cells: list[str], styles: list[Style], default: Style, *, is_special: bool) -> Kept:
    """Keep cells in the smallest form; blanks in the default style at the end are dropped."""
    text = "".join(cells)
    is_plain = not is_special and bool(styles) and styles[0] is default
    if is_plain and styles.count(default) == len(styles):
        return text.rstrip(" ")
    length = len(cells)
    if text.endswith(" "):
        stripped = len(text.rstrip(" "))
        spare = len(text) - stripped
        if styles[-1] is default:
            least = length - spare
            while length > least and styles[length - 1] is default:
                length -= 1
            text = text[: len(text) - (len(cells) - length)]
    if not length:
        return ""
    kept_cells = tuple(cells[:length]) if is_special and has_clusters(cells, length) else None
    if styles[0] is default and styles.count(default) == len(styles):
        return text if kept_cells is None else Line(text, kept_cells, (), ())
    return Line(text, kept_cells, *_runs(styles, length))


def freeze_row(row: Row, default: Style) -> Kept:
    """Keep a whole row in the smallest form."""
    if row.is_lent and row.under_styles[0] is default:
        text = row.plain_text(default)
        if text is not None:
            return text
    return freeze(row.cells, row.styles, default, is_special=row.is_special)


def has_clusters(cells: list[str], length: int) -> bool:
    """Tell whether any of the first `length` cells isn't exactly one character."""
    return any(len(cell) != 1 for cell in cells[:length])


def _runs(styles: list[Style], length: int) -> tuple[tuple[int, ...], tuple[Style, ...]]:
    ends: list[int] = []
    kept: list[Style] = []
    current = styles[0]
    for col in range(1, length):
        if styles[col] is not current:
            ends.append(col)
            kept.append(current)
            current = styles[col]
    return (*ends, length), (*kept, current)


def breaks(cells: Sequence[str], cols: int, *, is_simple: bool) -> list[int]:
    """Give the offset at which each row starts when `cells` are laid out `cols` wide."""
    count = len(cells)
    if count <= cols:
        return [0]
    if is_simple:
        return list(range(0, count, cols))
    starts = [0]
    at = cols
    while at < count:
        if not cells[at]:
            at -= 1
        starts.append(at)
        at += cols
    return starts


def row_count(line: Kept, cols: int) -> int:
    """Give how many rows `line` takes."""
    count = cell_count(line)
    if count <= cols:
        return 1
    if is_simple(line):
        return -(-count // cols)
    return len(breaks(cells_of(line), cols, is_simple=False))


def lay_out(line: Kept, cols: int, default: Style) -> list[Row]:
    """Cut `line` into rows of `cols`; all but the last are marked wrapped."""
    cells = cells_of(line)
    styles = styles_of(line, default)
    simple = is_simple(line)
    starts = breaks(cells, cols, is_simple=simple)
    rows = []
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(cells)
        row = Row(list(cells[start:end]), styles[start:end])
        row.is_special = not simple
        row.is_wrapped = end < len(cells)
        row.is_padded = row.is_wrapped and end - start < cols
        row.set_cols(cols, default)
        rows.append(row)
    return rows
