"""Scrollback: logical lines in blocks, numbered by ids that only grow."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from teleterm.terminal.lines import (
    MAX_LINE_CELLS,
    Kept,
    cells_of,
    freeze,
    freeze_row,
    is_simple,
    row_count,
    text_of,
    weight_of,
)
from teleterm.terminal.row import Row
from teleterm.terminal.styles import Style

_BLOCK_LINES = 512
_BLOCK_WEIGHT = 1 << 20
_MAX_WEIGHT = 48 << 20
"""Old lines go when what is kept weighs more, however few they are."""
_SIMPLE_ESCAPE = re.compile(rb"\x1b\[(?:[0-9;:]*m|0?K)")


class Block:
    """Some lines in a row; how many rows they take is counted when asked, for one width."""

    __slots__ = ("_cols", "_counted", "_rows", "first_id", "lines", "weight")

    def __init__(self, first_id: int) -> None:
        self.first_id = first_id
        self.lines: list[Kept] = []
        self.weight = 0
        """Roughly the bytes that the lines take."""
        self._cols = 0
        self._counted = 0
        self._rows = 0

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def takes_lines(self) -> bool:
        """Whether further lines may go in: a block is dropped as a whole, so it stays small."""
        return len(self.lines) < _BLOCK_LINES and self.weight < _BLOCK_WEIGHT

    def add(self, line: Kept, count: int) -> int:
        """Put a line at the end, `count` times; gives their weight."""
        if count == 1:
            self.lines.append(line)
        else:
            self.lines += [line] * count
        weight = count * weight_of(line)
        self.weight += weight
        return weight

    def parsed(self) -> list[Kept]:
        """Give the lines."""
        return self.lines

    def searchable(self) -> tuple[list[str], list[Sequence[str] | None]]:
        """Give the text of each line, and its cells where they aren't simply its characters."""
        lines = self.parsed()
        texts = [text_of(line) for line in lines]
        return texts, [None if is_simple(line) else cells_of(line) for line in lines]

    def rows_at(self, cols: int) -> int:
        """Give the rows that these lines take at a width."""
        if cols != self._cols or len(self.lines) < self._counted:
            self._cols, self._counted, self._rows = cols, 0, 0
        if self._counted < len(self.lines):
            self._rows += sum(row_count(line, cols) for line in self.lines[self._counted :])
            self._counted = len(self.lines)
        return self._rows

    def pop(self) -> Kept:
        """Take the newest line out."""
        lines = self.parsed()
        self._counted = 0
        self._rows = 0
        return lines.pop()


class RawBlock(Block):
    """Whole lines as the program wrote them, parsed when somebody looks.

    `blob` is text, line ends, SGR and EL only; `replay` makes lines of it.
    """

    __slots__ = ("_blob", "_count", "_lines", "_replay")

    def __init__(
        self, first_id: int, blob: bytes, count: int, replay: Callable[[bytes], list[Kept]]
    ) -> None:
        super().__init__(first_id)
        self.weight = len(blob)
        self._blob = blob
        self._count = count
        self._replay: Callable[[bytes], list[Kept]] | None = replay

    def __len__(self) -> int:
        return len(self.lines) if self._replay is None else self._count

    @property
    def takes_lines(self) -> bool:
        """Whether further lines may go in: never."""
        return False

    def parsed(self) -> list[Kept]:
        """Give the lines, parsing them the first time."""
        if self._replay is not None:
            lines = self._replay(self._blob)
            lines += [""] * (self._count - len(lines))
            self.lines = lines[: self._count]
            self._replay = None
            self._blob = b""
            self._cols = 0
        return self.lines

    def rows_at(self, cols: int) -> int:
        """Give the rows that these lines take at a width, without parsing where that can be."""
        if self._replay is None:
            return super().rows_at(cols)
        if cols != self._cols:
            self._cols, self._rows = cols, self._quick_rows(cols)
        return self._rows

    def searchable(self) -> tuple[list[str], list[Sequence[str] | None]]:
        """Give the text of each line, without parsing where a character is a cell."""
        blob = self._blob
        if self._replay is None or not blob.isascii() or b"\t" in blob:
            return super().searchable()
        plain = _SIMPLE_ESCAPE.sub(b"", blob)
        if b"\x1b" in plain:
            return super().searchable()
        texts = [line.rstrip("\r ") for line in plain.decode("ascii").split("\n")[:-1]]
        return texts, [None] * len(texts)

    def _quick_rows(self, cols: int) -> int:
        """Count without parsing: right for ASCII, near for what has wide characters."""
        blob = self._blob
        if b"\x1b" in blob:
            blob = _SIMPLE_ESCAPE.sub(b"", blob)
        if b"\t" in blob:
            blob = blob.expandtabs(8)
        text = blob.decode("utf-8", "replace")
        lengths = [len(line.rstrip("\r ")) for line in text.split("\n")[:-1]]
        if max(lengths, default=0) <= cols:
            return self._count
        return sum(-(-length // cols) or 1 for length in lengths)


class History:
    """Lines that left over the top of the main screen.

    The last line may be open: its rest is still on the screen. Old lines go in whole blocks, so
    `limit` is a least number kept, not an exact one; 0 keeps none.
    """

    def __init__(self, limit: int, default: Style) -> None:
        self.limit = limit
        self._default = default
        self._blocks: deque[Block] = deque()
        self._next_id = 0
        self._count = 0
        self._weight = 0
        self._open_cells: list[str] = []
        self._open_styles: list[Style] = []
        self._is_open = False
        self._is_open_special = False
        self._last_shared: Row | None = None
        self._last_frozen: Kept = ""

    @property
    def first_id(self) -> int:
        """The id of the oldest line kept; that of the screen's first line when none is."""
        return self._blocks[0].first_id if self._blocks else self._next_id

    @property
    def screen_id(self) -> int:
        """The id of the line that the screen's first row belongs to."""
        return self._next_id

    @property
    def open_cells(self) -> int:
        """How many cells of the screen's first line are up here already."""
        return len(self._open_cells)

    @property
    def is_open(self) -> bool:
        """Whether the screen's first row goes on a line that is partly up here."""
        return self._is_open

    @property
    def line_count(self) -> int:
        """How many whole lines are kept."""
        return self._count

    @property
    def weight(self) -> int:
        """Roughly the bytes that whole lines take."""
        return self._weight

    def push_rows(self, rows: Sequence[Row]) -> None:
        """Take rows that left the screen, from the top."""
        if len(rows) == 1:
            row = rows[0]
            if not (row.is_shared or row.is_wrapped or self._is_open):
                self._append(freeze_row(row, self._default))
                return
        at = 0
        while at < len(rows):
            row = rows[at]
            at += 1
            if row.is_wrapped or self._is_open:
                self._push_open(row)
            elif row.is_shared:
                first = at - 1
                while at < len(rows) and rows[at] is row:
                    at += 1
                self._append(self._frozen(row), at - first)
            else:
                self._append(freeze_row(row, self._default))

    def _frozen(self, row: Row) -> Kept:
        """Give the line of a shared row, of which many may come one after the other."""
        if self._last_shared is not row:
            self._last_shared = row
            self._last_frozen = freeze(row.cells, row.styles, self._default, is_special=False)
        return self._last_frozen

    def _push_open(self, row: Row) -> None:
        cells = row.cells
        count = len(cells)
        if row.is_wrapped and row.is_padded and cells[-1] == " ":
            count -= 1
        self._open_cells.extend(cells[:count])
        self._open_styles.extend(row.styles[:count])
        if row.is_special and not row.is_shared:
            self._is_open_special = True
        self._is_open = row.is_wrapped
        if not row.is_wrapped or len(self._open_cells) >= MAX_LINE_CELLS:
            self._close()

    def end_line(self) -> None:
        """Say that the open line doesn't go on: what is on the screen now is another."""
        if self._is_open:
            self._close()

    def _close(self) -> None:
        line = freeze(
            self._open_cells, self._open_styles, self._default, is_special=self._is_open_special
        )
        self._drop_open()
        self._append(line)

    def _drop_open(self) -> None:
        self._open_cells = []
        self._open_styles = []
        self._is_open = False
        self._is_open_special = False

    def _append(self, line: Kept, count: int = 1) -> None:
        """Take a line that comes `count` times, no more than a screen has rows."""
        if self.limit > 0:
            blocks = self._blocks
            block = blocks[-1] if blocks else None
            if block is None or not block.takes_lines:
                self._trim()
                block = Block(self._next_id)
                blocks.append(block)
            self._weight += block.add(line, count)
            self._count += count
        self._next_id += count

    def push_raw(self, blob: bytes, count: int, replay: Callable[[bytes], list[Kept]]) -> None:
        """Take `count` whole lines as they were written; only while no line is open."""
        if self.limit > 0:
            self._blocks.append(RawBlock(self._next_id, blob, count, replay))
            self._weight += self._blocks[-1].weight
            self._count += count
        self._next_id += count
        self._trim()

    def _trim(self) -> None:
        blocks = self._blocks
        while len(blocks) > 1 and (
            self._count - len(blocks[0]) >= self.limit or self._weight > _MAX_WEIGHT
        ):
            gone = blocks.popleft()
            self._count -= len(gone)
            self._weight -= gone.weight

    def take_open(self) -> tuple[list[str], list[Style], bool]:
        """Take back the part of the screen's first line that is up here."""
        part = (self._open_cells, self._open_styles, self._is_open_special)
        self._drop_open()
        return part

    def take_last(self) -> Kept | None:
        """Take back the newest whole line; only while none is open."""
        if not self._blocks or self._is_open:
            return None
        block = self._blocks[-1]
        line = block.pop()
        if not len(block):
            self._blocks.pop()
            self._weight -= block.weight
        self._next_id -= 1
        self._count -= 1
        return line

    def clear(self) -> None:
        """Forget every line, also the open part; ids go on growing."""
        self._blocks.clear()
        self._count = 0
        self._weight = 0
        if self._is_open:
            self._drop_open()
            self._next_id += 1

    def line(self, line_id: int) -> Kept | None:
        """Give a line by id; for the open one the part that is up here; None if it isn't kept."""
        if line_id == self._next_id:
            if not self._is_open:
                return None
            return freeze(
                self._open_cells, self._open_styles, self._default, is_special=self._is_open_special
            )
        block = self._block_of(line_id)
        return None if block is None else block.parsed()[line_id - block.first_id]

    def _block_of(self, line_id: int) -> Block | None:
        blocks = self._blocks
        low, high = 0, len(blocks)
        while low < high:
            middle = (low + high) // 2
            block = blocks[middle]
            if line_id < block.first_id:
                high = middle
            elif line_id >= block.first_id + len(block):
                low = middle + 1
            else:
                return block
        return None

    def blocks(self) -> Iterator[Block]:
        """Give the blocks, oldest first, as they are now."""
        return iter(tuple(self._blocks))

    def rows_before(self, line_id: int, cols: int) -> int:
        """Give how many rows the lines older than `line_id` take."""
        total = 0
        for block in self._blocks:
            if block.first_id + len(block) <= line_id:
                total += block.rows_at(cols)
                continue
            total += sum(
                row_count(line, cols) for line in block.parsed()[: line_id - block.first_id]
            )
            break
        return total
