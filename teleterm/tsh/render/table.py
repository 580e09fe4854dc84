"""Text tables as the official program draws them.

Widths of titles, dashes and cuts count UTF-8 bytes, padding counts characters: that is how the
official tables come out, so columns with an arrow have more dashes than letters.
Source: cluster-login.md 8.1; compared with recorded outputs in tests/unit/tsh.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from teleterm.tsh.render import plain

MIN_WIDTH = 5
DEFAULT_TERMINAL_COLS = 80
_CUT_MIN_COLS = 16
_DOTS = "..."


@dataclass(slots=True)
class _Column:
    title: str
    limit_bytes: int = 0
    width_bytes: int = 0


@dataclass(slots=True)
class Table:
    """Rows under titles; without titles neither they nor the dashes are drawn."""

    columns: list[_Column]
    rows: list[list[str]] = field(default_factory=list)

    def add(self, row: Sequence[str]) -> None:
        """Append a row, its cells cut to their columns' limits."""
        cells = [
            _cut(plain.cell(cell), column.limit_bytes)
            for cell, column in zip(row, self.columns, strict=False)
        ]
        for cell, column in zip(cells, self.columns, strict=False):
            column.width_bytes = max(column.width_bytes, len(cell.encode()))
        self.rows.append(cells)

    def draw(self) -> str:
        """The whole table, each line ended."""
        lines: list[list[str]] = []
        if any(column.title for column in self.columns):
            lines.append([column.title for column in self.columns])
            lines.append(["-" * column.width_bytes for column in self.columns])
        lines.extend(self.rows)
        widths = [
            max([MIN_WIDTH, *(len(line[at]) + 1 for line in lines)])
            for at in range(len(self.columns))
        ]
        return "".join(
            "".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + "\n"
            for line in lines
        )


def make(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A table where nothing is cut."""
    table = Table([_Column(title, width_bytes=len(title.encode())) for title in titles])
    for row in rows:
        table.add(row)
    return table


def make_headless(rows: Sequence[Sequence[str]], *, columns: int) -> Table:
    """A table without titles."""
    table = Table([_Column("") for _ in range(columns)])
    for row in rows:
        table.add(row)
    return table


def make_cut(titles: Sequence[str], rows: Sequence[Sequence[str]], *, cut: str, cols: int) -> Table:
    """A table for a terminal of `cols` columns: the column titled `cut` takes what is left.

    The other columns share the rest of the width; 0 columns count as 80.
    """
    width = cols or DEFAULT_TERMINAL_COLS
    share = (width - _CUT_MIN_COLS) // (len(titles) - 1)
    columns: list[_Column] = []
    used = 0
    for at, title in enumerate(titles):
        size = len(title.encode())
        column = _Column(title, limit_bytes=size, width_bytes=size)
        columns.append(column)
        if title == cut:
            continue
        column.limit_bytes = max([size, *(len(plain.cell(row[at]).encode()) for row in rows)])
        if column.limit_bytes > share:
            column.limit_bytes = share
            used += share + len(_DOTS) + 1
        else:
            used += column.limit_bytes + 1
    for column in columns:
        if column.title == cut:
            column.limit_bytes = max(width - used - len(_DOTS) - 1, 0)
    table = Table(columns)
    for row in rows:
        table.add(row)
    return table


def _cut(cell: str, limit_bytes: int) -> str:
    raw = cell.encode()
    if not limit_bytes or len(raw) <= limit_bytes:
        return cell
    return raw[:limit_bytes].decode(errors="ignore") + _DOTS
