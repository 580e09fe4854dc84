"""Laying the main screen out anew at another width and height."""

from __future__ import annotations

from dataclasses import dataclass

from teleterm.terminal.grid import Grid
from teleterm.terminal.history import History
from teleterm.terminal.lines import breaks, has_clusters, lay_out
from teleterm.terminal.row import Row
from teleterm.terminal.styles import Style


@dataclass(slots=True)
class _Joined:
    """A logical line in cells, and where the cursor is in it (None: elsewhere)."""

    cells: list[str]
    styles: list[Style]
    is_special: bool
    cursor: int | None


def reflow(
    grid: Grid, history: History, cursor: tuple[int, int], cols: int, rows: int, default: Style
) -> tuple[tuple[int, int], int]:
    """Rewrap `grid` in place; rows go to `history` and come back from it.

    Gives: the cursor's new column and row, and by how many rows its row moved.
    """
    col, row = cursor
    old_cols = grid.cols
    if cols == old_cols:
        made, place = list(grid.rows), (row, min(col, old_cols))
        if history.open_cells and len(made) < rows:
            made, place = _rewrap(grid, history, cursor, cols, default)
    else:
        made, place = _rewrap(grid, history, cursor, cols, default)
    at, offset = place
    while len(made) > rows and len(made) - 1 > at and _is_blank(made[-1], default):
        made.pop()
    while len(made) > rows and at > 0:
        history.push_rows([made.pop(0)])
        at -= 1
    del made[rows:]
    while len(made) < rows:
        line = history.take_last() if not history.open_cells else None
        if line is None:
            break
        older = lay_out(line, cols, default)
        made[:0] = older
        at += len(older)
    while len(made) > rows and at > 0:
        history.push_rows([made.pop(0)])
        at -= 1
    made.extend(Row.blank(cols, default) for _ in range(rows - len(made)))
    grid.cols = cols
    grid.rows[:] = made
    return (offset, at), at - row


def _rewrap(
    grid: Grid, history: History, cursor: tuple[int, int], cols: int, default: Style
) -> tuple[list[Row], tuple[int, int]]:
    made: list[Row] = []
    place = (0, 0)
    for line in _joined_lines(grid, history, cursor, default):
        rows, where = _wrapped(line, cols, default)
        if where is not None:
            place = (len(made) + where[0], where[1])
        made.extend(rows)
    return made, place


def _joined_lines(
    grid: Grid, history: History, cursor: tuple[int, int], default: Style
) -> list[_Joined]:
    col, cursor_row = cursor
    cells, styles, is_special = history.take_open()
    line = _Joined(cells, styles, is_special, None)
    lines = []
    for at, row in enumerate(grid.rows):
        count = len(row.cells)
        if row.is_wrapped and row.is_padded and row.cells[-1] == " ":
            count -= 1
        elif not row.is_wrapped:
            count = _written(row, default)
            if at == cursor_row:
                count = max(count, min(col, len(row.cells)))
        if at == cursor_row:
            line.cursor = len(line.cells) + min(col, len(row.cells))
        line.cells.extend(row.cells[:count])
        line.styles.extend(row.styles[:count])
        line.is_special = line.is_special or row.is_special
        if not row.is_wrapped:
            lines.append(line)
            line = _Joined([], [], False, None)
    if line.cells:
        lines.append(line)
    return lines


def _written(row: Row, default: Style) -> int:
    """Give the length of a row without the blanks in the default style at its end."""
    cells, styles = row.cells, row.styles
    count = len(cells)
    while count and cells[count - 1] == " " and styles[count - 1] is default:
        count -= 1
    return count


def _is_blank(row: Row, default: Style) -> bool:
    return not row.is_wrapped and _written(row, default) == 0


def _wrapped(line: _Joined, cols: int, default: Style) -> tuple[list[Row], tuple[int, int] | None]:
    cells = line.cells
    simple = not (line.is_special and has_clusters(cells, len(cells)))
    starts = breaks(cells, cols, is_simple=simple)
    rows = []
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(cells)
        row = Row(cells[start:end], line.styles[start:end])
        row.is_special = not simple
        row.is_wrapped = end < len(cells)
        row.is_padded = row.is_wrapped and end - start < cols
        row.set_cols(cols, default)
        rows.append(row)
    if line.cursor is None:
        return rows, None
    number = max(at for at, start in enumerate(starts) if start <= line.cursor)
    col = line.cursor - starts[number]
    return rows, (number, min(col, cols))
