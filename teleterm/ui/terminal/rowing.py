"""What one row of cells needs on the canvas."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from teleterm.bridge import frames
from teleterm.ui.terminal import boxes
from teleterm.ui.terminal.coloring import Appearance, Coloring
from teleterm.ui.terminal.drawing import Drawer, Look, Pool
from teleterm.ui.terminal.faces import Faces
from teleterm.ui.theme import tokens

Mark = tuple[int, int, str, str]
"""(first column, column behind the last, colour below the text, colour of the text or none)."""

NORMAL, DOUBLE_WIDTH, DOUBLE_TOP, DOUBLE_BOTTOM = range(4)
"""Sizes of a row (DECDWL, DECDHL), bits 4 and 5 of its flags."""
SINGLE, TWICE, CURLY, DOTTED, DASHED = 1, 2, 3, 4, 5


class Cells:
    """The cells of a row as the engine told them last."""

    def __init__(self) -> None:
        self.runs: tuple[frames.Run, ...] = ()
        self.is_wrapped = False
        self.size = 0

    def at(self, col: int) -> tuple[int, str, int, int]:
        """(first column, text, style, cells) of the cell at a column; a blank where nothing is."""
        for start, text, style, width in self.runs:
            if width == 0 and start <= col < start + len(text):
                return col, text[col - start], style, 1
            if width and start <= col < start + width:
                return start, text, style, width
        return col, " ", 0, 1

    def text(self, cols: int) -> str:
        """One character for each cell: a cluster's first, and a NUL for a right half."""
        cells = [" "] * cols
        for start, text, _style, width in self.runs:
            if width == 0:
                cells[start : start + len(text)] = text
            else:
                cells[start : start + width] = (text[:1] or " ") + "\0" * (width - 1)
        return "".join(cells[:cols])

    def whole_text(self) -> str:
        """The text as a person reads it, trailing blanks cut."""
        parts, col = [], 0
        for start, text, _style, width in self.runs:
            parts.append(" " * (start - col) + text)
            col = start + (width or len(text))
        return "".join(parts).rstrip()


class RowItems:
    """The canvas items of one row; they keep their row's place when the view scrolls."""

    def __init__(self, drawer: Drawer, number: int) -> None:
        self.tag = f"row{number}"
        self.cells = Cells()
        self.marks: tuple[Mark, ...] = ()
        self._fills = Pool(drawer, "rectangle", drawer.below_marks, self.tag)
        self._strokes = Pool(drawer, "rectangle", drawer.below_cursor, self.tag)
        self._waves = Pool(drawer, "line", drawer.below_cursor, self.tag)
        self._texts = Pool(drawer, "text", drawer.below_cursor, self.tag)

    def draw(self, faces: Faces, coloring: Coloring, left: int, top: int) -> None:
        """Show the cells as they are now."""
        sketch = Sketch(faces, coloring, left, self.cells.size)
        for run in self.cells.runs:
            for part, mark in _cut(run, self.marks):
                sketch.run(*part, mark)
        self._fills.show(sketch.fills, top)
        self._strokes.show(sketch.strokes, top)
        self._waves.show(sketch.waves, top)
        self._texts.show(sketch.texts, top)

    def forget(self) -> None:
        """Take the row off the canvas."""
        for pool in (self._fills, self._strokes, self._waves, self._texts):
            pool.forget()


def _cut(run: frames.Run, marks: Sequence[Mark]) -> Iterator[tuple[frames.Run, Mark | None]]:
    """A run in parts that are marked wholly or not at all; of marks that meet the last wins."""
    col, text, style, width = run
    end = col + (width or len(text))
    touching = [mark for mark in marks if mark[0] < end and mark[1] > col]
    if not touching:
        yield run, None
        return
    if width:
        yield run, touching[-1]
        return
    edges = {col, end} | {edge for mark in touching for edge in mark[:2] if col < edge < end}
    places = sorted(edges)
    for start, behind in pairwise(places):
        over = [mark for mark in touching if mark[0] <= start < mark[1]]
        part = text[start - col : behind - col]
        yield (start, part, style, 0), over[-1] if over else None


class Sketch:
    """Collects the looks of a row's items."""

    def __init__(self, faces: Faces, coloring: Coloring, left: int, size: int = NORMAL) -> None:
        self.texts: list[Look] = []
        self.fills: list[Look] = []
        self.strokes: list[Look] = []
        self.waves: list[Look] = []
        self._faces, self._coloring, self._left = faces, coloring, left
        self._size, self._cell = size, faces.cell_width * (2 if size else 1)

    def run(self, col: int, text: str, style_id: int, width: int, mark: Mark | None) -> None:
        """One run of the engine, or the part of it that is (not) marked."""
        look = self._coloring.appearance(style_id)
        if mark is not None:
            ink = mark[3] or self._coloring.legible(look.plain_foreground, mark[2])
            look = msgspec.structs.replace(look, foreground=ink, background="")
        cells = width or len(text)
        x = self._left + col * self._cell
        right = x + cells * self._cell
        if look.background:
            self._rect(self.fills, (x, 0, right, self._faces.cell_height), look.background)
        if self._size:
            self._large(x, [text] if width else list(text), look)
        elif width:
            self._cluster(x, text, look)
        elif not text.isspace():
            self._letters(x, text, look)
        if look.underline or look.is_struck or look.is_overlined:
            self._rules(x, right, look)

    def _large(self, x: int, clusters: Sequence[str], look: Appearance) -> None:
        """Double width is drawn as spaced letters, as Tk can't stretch one way only; of double
        height each of the two rows draws the whole letter, in the same place.
        """
        faces = self._faces
        for place, cluster in enumerate(clusters):
            drawn = faces.drawable(cluster)
            if not drawn.strip():
                continue
            at = x + place * self._cell
            if self._size == DOUBLE_WIDTH:
                self._text(at + faces.cell_width // 2, drawn, look)
                continue
            top = 2 * faces.text_top - (faces.cell_height if self._size == DOUBLE_BOTTOM else 0)
            font = faces.large(look.face)
            options = ("-text", drawn, "-fill", look.foreground, "-font", font)
            self.texts.append(((at, top), options))

    def _cluster(self, x: int, text: str, look: Appearance) -> None:
        drawn = self._faces.drawable(text)
        if drawn.strip():
            self._text(x, drawn, look)

    def _letters(self, x: int, text: str, look: Appearance) -> None:
        cell = self._faces.cell_width
        for offset, piece in self._split(text, look):
            body = piece.strip(" ")
            if not body:
                continue
            lead = offset + len(piece) - len(piece.lstrip(" "))
            if (
                len(body) == 1
                and "\u2500" <= body <= "\u259f"
                and self._box(x + lead * cell, body, look)
            ):
                continue
            self._text(x + lead * cell, self._faces.drawable(body), look)

    def _split(self, text: str, look: Appearance) -> Iterable[tuple[int, str]]:
        if text.isascii():
            return self._faces.stretches(text, look.face)
        pieces: list[tuple[int, str]] = []
        start = 0
        for place, character in enumerate(text):
            if not "\u2500" <= character <= "\u259f":
                continue
            pieces += self._shifted(text[start:place], start, look.face)
            pieces.append((place, character))
            start = place + 1
        return pieces + self._shifted(text[start:], start, look.face)

    def _shifted(self, text: str, by: int, face: int) -> list[tuple[int, str]]:
        return [(offset + by, piece) for offset, piece in self._faces.stretches(text, face)]

    def _box(self, x: int, character: str, look: Appearance) -> bool:
        found = boxes.rects(character, self._faces.cell_width, self._faces.cell_height)
        color = look.plain_foreground if character > "\u257f" else look.foreground
        if character in boxes.SHADES:
            ground = look.background or self._coloring.background
            color = tokens.mix(ground, color, boxes.SHADES[character])
        for left, top, right, bottom in found:
            self._rect(self.strokes, (x + left, top, x + right, bottom), color)
        return bool(found)

    def _text(self, x: int, text: str, look: Appearance) -> None:
        options = ("-text", text, "-fill", look.foreground, "-font", self._faces.names[look.face])
        self.texts.append(((x, self._faces.text_top), options))

    def _rules(self, x: int, right: int, look: Appearance) -> None:
        faces = self._faces
        thick = max(1, faces.cell_height // 18)
        if look.is_struck:
            middle = faces.text_top + (faces.ascent - faces.text_top) * 2 // 3
            self._rect(self.strokes, (x, middle, right, middle + thick), look.foreground)
        if look.is_overlined:
            self._rect(self.strokes, (x, 0, right, thick), look.foreground)
        base = min(faces.ascent + thick, faces.cell_height - thick)
        color = look.underline_color
        if look.underline in {SINGLE, TWICE}:
            self._rect(self.strokes, (x, base, right, base + thick), color)
        if look.underline == TWICE:
            low = min(base + 2 * thick, faces.cell_height - thick)
            self._rect(self.strokes, (x, low, right, low + thick), color)
        if look.underline in {DOTTED, DASHED}:
            dash = (thick, 2 * thick) if look.underline == DOTTED else (4 * thick, 2 * thick)
            self.waves.append(((x, base, right, base), _line(color, thick, dash)))
        if look.underline == CURLY:
            self._curl(x, right, base, color, thick)

    def _curl(self, x: int, right: int, base: int, color: str, thick: int) -> None:
        height = 2 * thick
        coords: list[int] = []
        up = False
        for place in range(x, right + 1, 2 * thick):
            coords += [place, base - (height if up else 0) + thick]
            up = not up
        if len(coords) >= 4:
            self.waves.append((tuple(coords), _line(color, thick, ())))

    def _rect(self, into: list[Look], coords: tuple[int, int, int, int], color: str) -> None:
        options = ("-fill", color)
        if into:
            last, last_options = into[-1]
            is_same_band = last[1::2] == coords[1::2] and last_options == options
            if is_same_band and last[2] >= coords[0] >= last[0]:
                into[-1] = ((last[0], last[1], max(last[2], coords[2]), last[3]), options)
                return
        into.append((coords, options))


def _line(color: str, thick: int, dash: tuple[int, ...]) -> tuple[object, ...]:
    return ("-fill", color, "-width", thick, "-dash", dash)
