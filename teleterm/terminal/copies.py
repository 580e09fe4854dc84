"""Copying a rectangle of cells to another place of the screen (DECCRA).

A slice costs what it holds. Where most of a row is copied the lists go from row to row instead, and
only the cells beside the rectangle are put back; inside one row the cells slide; and looks that
are the same everywhere stay where they are.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from teleterm.terminal.grid import Grid
from teleterm.terminal.row import BLANK, NORMAL, Row
from teleterm.terminal.styles import Style

_Item = TypeVar("_Item", str, Style)


class Copying(NamedTuple):
    """What is copied where: rows and columns from 0; source and target lie within the screen."""

    top: int
    left: int
    height: int
    width: int
    to_row: int
    to_col: int


def copy_cells(grid: Grid, what: Copying) -> None:
    """Copy the cells and their looks, not what rows have besides; they may overlap."""
    sources, targets, stays = _pairs(grid, what)
    if not sources:
        return
    is_odd = any([row.is_special and not row.is_shared for row in sources + targets])
    cells = [row.under_cells for row in sources]
    old_cells = [row.under_cells for row in targets]
    cuts = _cuts(cells, old_cells, what) if is_odd else []
    cells = _copied(cells, old_cells, what, stays)
    styles = [row.under_styles for row in sources]
    old_styles = [row.under_styles for row in targets]
    if _is_wide(what, grid.cols) or not _are_alike(styles + old_styles):
        old_styles = _copied(styles, old_styles, what, stays)
    for row, made, looks in zip(targets, cells, old_styles, strict=True):
        row.under_cells, row.under_styles = made, looks
        if is_odd:
            row.is_special = True
    for at, col in cuts:
        cells[at][col] = BLANK


def _pairs(grid: Grid, what: Copying) -> tuple[list[Row], list[Row], list[int]]:
    """Give the rows to be read, all laid down, and those to be changed.

    Third are the places of those read that aren't changed themselves, so their lists stay.
    Shared rows that stay shared are put in their places here.
    """
    rows = grid.rows
    down, height = what.to_row - what.top, what.height
    is_whole = what.width == grid.cols
    sources: list[Row] = []
    targets: list[Row] = []
    stays: list[int] = []
    for at, source in enumerate(rows[what.top : what.top + height]):
        target = rows[what.to_row + at]
        if source.late or source.restyling is not None:
            source.settle()
        if target.late or target.restyling is not None:
            target.settle()
        if source.is_shared:
            if source is target:
                continue
            if is_whole and target.size == NORMAL:
                rows[what.to_row + at] = _like(grid, source, target)
                continue
        if target.is_shared:
            target = rows[what.to_row + at] = target.copy()
        if source.is_shared or not 0 <= at - down < height:
            stays.append(len(sources))
        sources.append(source)
        targets.append(target)
    return sources, targets, stays


def _like(grid: Grid, source: Row, target: Row) -> Row:
    """Give the shared row that shows what `source` does and goes on as `target` does."""
    char, style = source.under_cells[0], source.under_styles[0]
    return grid.uniform(char, style, is_wrapped=target.is_wrapped)


def _is_wide(what: Copying, cols: int) -> bool:
    """Tell whether it is quicker to put back what is beside the rectangle than to copy it."""
    return 5 * what.width > 3 * cols


def _are_alike(styles: list[list[Style]]) -> bool:
    """Tell whether one look is all there is."""
    look, cols = styles[0][0], len(styles[0])
    return all(items.count(look) == cols for items in styles)


def _cuts(
    cells: list[list[str]], old_cells: list[list[str]], what: Copying
) -> list[tuple[int, int]]:
    """Give the places and columns that have half a wide cell after copying."""
    far, end = what.left + what.width, what.to_col + what.width
    found = [(at, what.to_col) for at, items in enumerate(cells) if not items[what.left]]
    if far < len(cells[0]):
        found += [(at, end - 1) for at, items in enumerate(cells) if not items[far]]
    if what.to_col:
        before = what.to_col - 1
        found += [(at, before) for at, items in enumerate(old_cells) if not items[what.to_col]]
    if end < len(cells[0]):
        found += [(at, end) for at, items in enumerate(old_cells) if not items[end]]
    return found


def _copied(
    lists: list[list[_Item]], old: list[list[_Item]], what: Copying, stays: list[int]
) -> list[list[_Item]]:
    """Give what the targets, which have `old`, hold after copying; both are of no further use."""
    start, end = what.to_col, what.to_col + what.width
    left, far = what.left, what.left + what.width
    if what.top == what.to_row:
        for items in lists:
            _slide(items, what)
        return lists
    if not _is_wide(what, len(lists[0])):
        for items, part in zip(old, [items[left:far] for items in lists], strict=True):
            items[start:end] = part
        return old
    for at in stays:
        lists[at] = lists[at][:]
    before = [items[:start] for items in old] if left or start else []
    after = [items[end:] for items in old] if end < len(lists[0]) else [[]] * len(lists)
    for items, found in zip(lists, after, strict=True):
        items[far:] = found
    for items, found in zip(lists, before, strict=False):
        items[:left] = found
    return lists


def _slide(items: list[_Item], what: Copying) -> None:
    """Copy a part of a list to another place in it."""
    left, far = what.left, what.left + what.width
    start, end = what.to_col, what.to_col + what.width
    if start >= far or end <= left:
        items[start:end] = items[left:far]
    elif start > left:
        del items[far:end]
        items[left:left] = items[left:start]
    else:
        items[far:far] = items[end:far]
        del items[start:left]
