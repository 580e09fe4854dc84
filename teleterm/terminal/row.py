"""One row of the screen: a string for each cell, and a style for each cell."""

from __future__ import annotations

from typing import NamedTuple

from teleterm.terminal.styles import Style, StyleTable

BLANK = " "

NORMAL = 0
DOUBLE_WIDTH = 1
DOUBLE_TOP = 2
DOUBLE_BOTTOM = 3

Late = tuple[int, str, Style]
"""A write: column, characters of one cell each, style."""


class Restyling(NamedTuple):
    """A change of the attributes of cells from `start` to before `end`: kept ones, then flipped."""

    start: int
    end: int
    kept: int
    flipped: int
    table: StyleTable

    def after(self, before: Restyling | None) -> Restyling:
        """Give the one change that does what `before` and then this one do; itself if none does."""
        if before is None or (before.start, before.end) != (self.start, self.end):
            return self
        kept, flipped = before.kept & self.kept, before.flipped & self.kept ^ self.flipped
        return Restyling(self.start, self.end, kept, flipped, self.table)

    def becomes(self, style: Style) -> Style:
        """Give what a style becomes."""
        return self.table.with_attrs(style, style.attrs & self.kept ^ self.flipped)

    def apply(self, styles: list[Style]) -> None:
        """Change the styles of a row."""
        start, end = self.start, self.end
        first = styles[start]
        part = styles[start:end]
        if styles[end - 1] is first and part.count(first) == end - start:
            styles[start:end] = [self.becomes(first)] * (end - start)
            return
        made = {style: self.becomes(style) for style in set(part)}
        styles[start:end] = map(made.__getitem__, part)


_FEW = 6
"""So many writes are laid down without a look at which of them can be seen."""


class Row:
    """Cells and styles, lists of one length.

    A cell holds a whole cluster; the right half of a wide one is the empty string. `is_wrapped`
    says that the text goes on in the row below. `is_special` may be true without need, never false
    while a cell holds anything but one character or the row isn't of normal size. `is_padded` says
    that the last cell of a wrapped row is there only because a wide character didn't fit into it.

    A shared row is one character in one style, and may stand in several places at once: it is to
    be replaced by a copy before it is changed (`Grid.own`). It says that it is special, so that
    nobody writes into it in haste.

    What a program writes is kept in `late` first, in its order: column, characters of one cell
    each, style. Programs that redraw write over most of it before anybody looks; whoever does
    (`cells`, `styles`) finds it laid down. `under_cells` and `under_styles` are what it will lie
    upon: to be touched only while `late` is empty. A lent row has something in `late`, and lies
    upon the lists of a shared row until it is laid down. `restyling` is what is to be done to the
    styles after that; a row that has one is special, so nothing more is written late.
    """

    __slots__ = (
        *("is_lent", "is_padded", "is_shared", "is_special", "is_wrapped"),
        *("late", "restyling", "size", "under_cells", "under_styles"),
    )

    def __init__(self, cells: list[str], styles: list[Style]) -> None:
        self.under_cells = cells
        self.under_styles = styles
        self.late: list[Late] = []
        self.restyling: Restyling | None = None
        self.is_wrapped = False
        self.is_special = False
        self.is_padded = False
        self.is_shared = False
        self.is_lent = False
        self.size = NORMAL

    @property
    def cells(self) -> list[str]:
        """What is in each cell."""
        if self.late:
            self.settle()
        return self.under_cells

    @property
    def styles(self) -> list[Style]:
        """How each cell looks."""
        if self.late or self.restyling is not None:
            self.settle()
        return self.under_styles

    def settle(self) -> None:
        """Lay down what was written late, and restyle what was asked for."""
        if self.is_lent:
            self.under_cells = self.under_cells[:]
            self.under_styles = self.under_styles[:]
            self.is_lent = False
        late = self.late
        cells, styles = self.under_cells, self.under_styles
        for start, chars, style in late if len(late) <= _FEW else _visible(late, len(cells)):
            end = start + len(chars)
            cells[start:end] = chars
            styles[start:end] = [style] * (end - start)
        late.clear()
        if self.restyling is not None:
            self.restyling.apply(styles)
            self.restyling = None

    @classmethod
    def blank(cls, cols: int, style: Style) -> Row:
        """Make an empty row."""
        return cls([BLANK] * cols, [style] * cols)

    @classmethod
    def uniform(cls, cols: int, char: str, style: Style, *, is_wrapped: bool) -> Row:
        """Make a shared row of one narrow character."""
        row = cls([char] * cols, [style] * cols)
        row.is_shared = row.is_special = True
        row.is_wrapped = is_wrapped
        return row

    def begin(self, write: Late) -> Row:
        """Give a row to stand for this shared one, with a first write on it."""
        row = Row(self.under_cells, self.under_styles)
        row.late.append(write)
        row.is_lent = True
        row.is_wrapped = self.is_wrapped
        return row

    def plain_text(self, style: Style) -> str | None:
        """Give the text of a lent row without laying it down, if all that was written has `style`.

        Gives: None if that is more than a little work, or if blanks aren't what it lies upon.
        """
        late = self.late
        if len(late) > _FEW or self.under_cells[0] != BLANK:
            return None
        text = ""
        for start, chars, found in late:
            if found is not style:
                return None
            if start == len(text):
                text += chars
            else:
                text = text[:start].ljust(start) + chars + text[start + len(chars) :]
        return text.rstrip(BLANK)

    def copy(self) -> Row:
        """Give a row that shares nothing with this one."""
        row = Row(self.cells[:], self.styles[:])
        row.is_wrapped = self.is_wrapped
        row.is_special = self.is_special and not self.is_shared
        row.is_padded = self.is_padded
        row.size = self.size
        return row

    def is_like(self, other: Row) -> bool:
        """Tell whether two rows look the same."""
        return self.size == other.size and self.cells == other.cells and self.styles == other.styles

    def mend(self, col: int) -> None:
        """Blank the halves of a wide cell that a cut before `col` would part."""
        cells = self.cells
        if 0 < col < len(cells) and not cells[col]:
            cells[col] = BLANK
            cells[col - 1] = BLANK

    def fill(self, start: int, end: int, char: str, style: Style) -> None:
        """Set the cells from `start` to before `end`."""
        if self.is_special:
            self.mend(start)
            self.mend(end)
        count = end - start
        if count >= len(self.cells):
            self.is_special = self.size != NORMAL
        if count > 0:
            self.cells[start:end] = [char] * count
            self.styles[start:end] = [style] * count

    def erase_unprotected(self, start: int, end: int, style: Style | None, mask: int) -> None:
        """Blank the cells whose style has none of `mask`; `style` None keeps each cell's look."""
        if not any(found.attrs & mask for found in set(self.styles[start:end])):
            if self.is_special:
                self.mend(start)
                self.mend(end)
            self.cells[start:end] = [BLANK] * (end - start)
            if style is not None:
                self.styles[start:end] = [style] * (end - start)
            return
        for col in range(start, end):
            if not self.styles[col].attrs & mask:
                if self.is_special:
                    self.mend(col)
                    self.mend(col + 1)
                self.cells[col] = BLANK
                if style is not None:
                    self.styles[col] = style

    def write(self, col: int, text: str, style: Style) -> None:
        """Put one-cell characters over what is there."""
        end = col + len(text)
        if self.is_special:
            self.mend(col)
            self.mend(end)
        self.cells[col:end] = text
        self.styles[col:end] = [style] * len(text)

    def write_cluster(self, col: int, cluster: str, width: int, style: Style) -> None:
        """Put one cluster of `width` cells over what is there."""
        self.is_special = True
        self.mend(col)
        self.mend(col + width)
        self.cells[col] = cluster
        self.styles[col] = style
        if width == 2:
            self.cells[col + 1] = ""
            self.styles[col + 1] = style

    def insert(self, col: int, end: int, text: str, style: Style) -> None:
        """Put one-cell characters in at `col`; those from there up to `end` shift right."""
        count = min(len(text), end - col)
        if count <= 0:
            return
        if self.is_special:
            self.mend(col)
            self.mend(end)
            self.mend(end - count)
        cells, styles = self.cells, self.styles
        del cells[end - count : end], styles[end - count : end]
        cells[col:col] = text[:count]
        styles[col:col] = [style] * count

    def delete(self, col: int, end: int, count: int, style: Style) -> None:
        """Take `count` cells out at `col`, shifting the rest up to `end` left."""
        count = min(count, end - col)
        if count <= 0:
            return
        if self.is_special:
            self.mend(col)
            self.mend(col + count)
            self.mend(end)
        cells, styles = self.cells, self.styles
        del cells[col : col + count], styles[col : col + count]
        cells[end - count : end - count] = [BLANK] * count
        styles[end - count : end - count] = [style] * count

    def set_cols(self, cols: int, style: Style) -> None:
        """Cut or extend to `cols` cells."""
        missing = cols - len(self.cells)
        if missing > 0:
            self.cells.extend([BLANK] * missing)
            self.styles.extend([style] * missing)
        elif missing < 0:
            if self.is_special:
                self.mend(cols)
            del self.cells[cols:]
            del self.styles[cols:]


def _visible(late: list[Late], cols: int) -> list[Late]:
    """Leave out the writes that later ones cover whole."""
    from_here = cols  # all columns from this one on are covered
    covered = 0  # bits of others that are
    seen = []
    for write in reversed(late):
        start, chars, _ = write
        if start >= from_here:
            continue
        end = start + len(chars)
        if end >= from_here:
            from_here = start
            seen.append(write)
            if not start:
                break
            continue
        mask = (1 << end) - (1 << start)
        if mask & ~covered:
            covered |= mask
            seen.append(write)
    seen.reverse()
    return seen
