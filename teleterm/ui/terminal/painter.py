"""Paints frames on the canvas: rows, cursor, selection and hits."""

import tkinter as tk
from collections.abc import Callable, Sequence

from teleterm.bridge import frames
from teleterm.ui.terminal.coloring import Coloring
from teleterm.ui.terminal.drawing import Drawer, Look, Pool
from teleterm.ui.terminal.faces import Faces
from teleterm.ui.terminal.rowing import Mark, RowItems

Band = tuple[int, Mark]
"""A row and what is marked in it."""


class Painter:
    """One terminal's canvas.

    `on_painted` is called after each frame, when it is on the screen.
    """

    def __init__(
        self, canvas: tk.Canvas, faces: Faces, coloring: Coloring, on_painted: Callable[[int], None]
    ) -> None:
        self.canvas, self.faces, self.coloring = canvas, faces, coloring
        self._on_painted = on_painted
        self._drawer = Drawer(canvas)
        self._number = 0
        self.rows: list[RowItems] = []
        self.cols = 0
        self.margin = 4
        self.frame: frames.Paint | None = None
        self.links: dict[int, str] = {}
        self.has_focus = False
        self.default_shape = "block"
        self._marks = Pool(self._drawer, "rectangle", self._drawer.below_text, "mark")
        self._cursor_box = canvas.create_rectangle(0, 0, 0, 0, state="hidden")
        self._cursor_text = canvas.create_text(0, 0, anchor="nw", state="hidden")
        self._is_cursor_off = False
        self._caret = (-1, -1, 0)
        self._after = ""
        for name in faces.names:  # a font that no item uses is opened anew at each measure
            canvas.create_text(-99, -99, font=name, state="hidden")

    def show(self, paint: frames.Paint) -> None:
        """Take a checked frame."""
        self._drawer.flush()
        self.frame = paint
        needs_all = self.coloring.take(paint)
        if paint.is_full:
            self.links.clear()
        self.links.update(paint.links)
        self.cols = paint.cols
        self._fit_rows(paint.rows)
        if paint.is_full:
            for row in self.rows:
                row.cells.runs, row.cells.size = (), 0
        elif paint.scrolled:
            self._scroll(paint.scrolled)
        for number, flags, runs in paint.changed:
            cells = self.rows[number].cells
            cells.runs, cells.is_wrapped, cells.size = runs, bool(flags & 1), flags >> 4 & 3
        if needs_all or paint.is_full:
            self._draw_all()
        else:
            for number, _flags, _runs in paint.changed:
                self._draw_row(number)
        self._draw_cursor()
        self._finish(paint.serial)

    def link_of_style(self, style_id: int) -> int:
        """The number of the link that a style bears; 0 for none."""
        return self.coloring.appearance(style_id).link

    def _fit_rows(self, count: int) -> None:
        while len(self.rows) > count:
            self.rows.pop().forget()
        while len(self.rows) < count:
            self._number += 1
            self.rows.append(RowItems(self._drawer, self._number))

    def _scroll(self, rows: int) -> None:
        """Move the rows that stay; those that left come back at the other end."""
        shift = -rows * self.faces.cell_height
        count = len(self.rows)
        gone = self.rows[:rows] if rows > 0 else self.rows[rows:]
        kept = self.rows[rows:] if rows > 0 else self.rows[:rows]
        for row in kept:
            self._drawer.add("move", row.tag, 0, shift)
        back = (count - len(gone)) * self.faces.cell_height * (1 if rows > 0 else -1)
        for row in gone:
            self._drawer.add("move", row.tag, 0, back)
        self.rows = kept + gone if rows > 0 else gone + kept

    def _finish(self, serial: int) -> None:
        if self._drawer.turn():
            self._after = self.canvas.after(1, self._finish, serial)
            return
        # The canvas draws itself in an idle callback that is queued by now; ours comes after it.
        self._after = self.canvas.after_idle(self._on_painted, serial)

    def stop(self) -> None:
        """Paint no more."""
        if self._after:
            self.canvas.after_cancel(self._after)
            self._after = ""

    def redraw(self) -> None:
        """Draw everything anew, after the fonts or the theme changed."""
        for row in self.rows:
            row.forget()
        self._draw_all()
        self._draw_cursor()
        self._drawer.flush()

    def _draw_all(self) -> None:
        self.canvas.configure(background=self.coloring.background)
        for number in range(len(self.rows)):
            self._draw_row(number)

    def _draw_row(self, number: int) -> None:
        self.rows[number].draw(self.faces, self.coloring, self.margin, self._top(number))

    def _top(self, row: int) -> int:
        return self.margin + row * self.faces.cell_height

    # Places

    def cell_at(self, x: int, y: int) -> tuple[int, int]:
        """(row, column) of a point of the canvas, within the grid."""
        row = max(0, min((y - self.margin) // self.faces.cell_height, len(self.rows) - 1))
        col = (x - self.margin) // self._cell_of(row)
        return row, max(0, min(col, self.cols - 1))

    def _cell_of(self, row: int) -> int:
        """How wide a row's cells are."""
        is_double = 0 <= row < len(self.rows) and self.rows[row].cells.size
        return self.faces.cell_width * (2 if is_double else 1)

    def edge_at(self, x: int, y: int) -> tuple[int, int]:
        """(row, boundary between columns) nearest to a point: where a selection begins or ends."""
        row = max(0, min((y - self.margin) // self.faces.cell_height, len(self.rows) - 1))
        cell = self._cell_of(row)
        col = (x - self.margin + cell // 2) // cell
        return row, max(0, min(col, self.cols))

    def grid_for(self, width: int, height: int) -> tuple[int, int]:
        """(columns, rows) that fit into pixels; never below 2×1."""
        cols = (width - 2 * self.margin) // self.faces.cell_width
        rows = (height - 2 * self.margin) // self.faces.cell_height
        return max(2, min(cols, frames.MAX_COLS)), max(1, min(rows, frames.MAX_ROWS))

    # Cursor

    def set_focus(self, *, has_focus: bool) -> None:
        """The cursor is hollow without the keyboard."""
        self.has_focus = has_focus
        self._is_cursor_off = False
        self._caret = (-1, -1, 0)  # there is one for the whole window
        self.refresh_cursor()

    def blink(self) -> None:
        """The other half of a blink."""
        self._is_cursor_off = not self._is_cursor_off
        self.refresh_cursor()

    @property
    def has_blinking_text(self) -> bool:
        """Whether a program uses blinking text."""
        return bool(self.coloring.blinking())

    def blink_text(self, *, is_off: bool) -> None:
        """Show blinking text, or only its background."""
        changed = self.coloring.blink(is_off=is_off)
        for number, row in enumerate(self.rows if changed else ()):
            if any(run[2] in changed for run in row.cells.runs):
                self._draw_row(number)
        self._drawer.flush()

    @property
    def blinks(self) -> bool:
        """Whether the program's cursor blinks."""
        return self.frame is not None and self.frame.cursor[4]

    def refresh_cursor(self) -> None:
        """Draw the cursor anew."""
        self._draw_cursor()
        self._drawer.flush()

    def _draw_cursor(self) -> None:
        add = self._drawer.add
        add("itemconfigure", self._cursor_text, "-state", "hidden")
        if self.frame is None or not self._shows_cursor(self.frame):
            add("itemconfigure", self._cursor_box, "-state", "hidden")
            return
        col, row, shape, _, _ = self.frame.cursor
        if shape == "block" and not self.frame.modes.is_alternate:
            shape = self.default_shape
        col, row = min(col, self.cols - 1), min(row, len(self.rows) - 1)
        first, text, style_id, cells = self.rows[row].cells.at(col)
        color = self.coloring.cursor
        cell = self._cell_of(row)
        x, y = self.margin + first * cell, self._top(row)
        right, bottom = x + cells * cell, y + self.faces.cell_height
        if self.has_focus:
            self._place_caret((x, y, self.faces.cell_height))
        fill, line = (color, 0) if self.has_focus else ("", 1)
        thick = max(2, self.faces.cell_width // 6)
        if not self.has_focus:
            right, bottom = right - 1, bottom - 1
        elif shape == "bar":
            right = x + thick
        elif shape == "underline":
            y = bottom - thick
        add("coords", self._cursor_box, x, y, right, bottom)
        options = ("-fill", fill, "-outline", color if line else "", "-width", line)
        add("itemconfigure", self._cursor_box, *options, "-state", "normal")
        if self.has_focus and shape == "block" and text.strip():
            look = self.coloring.appearance(style_id)
            ink = self.coloring.legible(self.coloring.background, color)
            add("coords", self._cursor_text, x, y + self.faces.text_top)
            shown = ("-text", self.faces.drawable(text), "-font", self.faces.names[look.face])
            add("itemconfigure", self._cursor_text, *shown, "-fill", ink, "-state", "normal")

    def _place_caret(self, place: tuple[int, int, int]) -> None:
        """Say where an input method is to show what isn't committed yet."""
        if place != self._caret:
            self._caret = place
            x, y, height = place
            self.canvas.tk.call(
                "tk", "caret", str(self.canvas), "-x", x, "-y", y, "-height", height
            )

    def _shows_cursor(self, frame: frames.Paint) -> bool:
        return frame.cursor[3] and not (self._is_cursor_off and self.has_focus) and bool(self.rows)

    # Selection, hits, links

    def mark(self, bands: Sequence[Band]) -> None:
        """Show exactly these bands behind the text; only rows that differ are drawn anew."""
        looks: list[Look] = []
        of_row: dict[int, list[Mark]] = {}
        for row, mark in bands:
            start, end, color, _ink = mark
            x, top = self.margin + start * self._cell_of(row), self._top(row)
            right = self.margin + end * self._cell_of(row)
            looks.append(((x, top, right, top + self.faces.cell_height), ("-fill", color)))
            of_row.setdefault(row, []).append(mark)
        self._marks.show(looks, 0)
        for number, items in enumerate(self.rows):
            marks = tuple(of_row.get(number, ()))
            if marks != items.marks:
                items.marks = marks
                self._draw_row(number)
        self._drawer.flush()

    def underline(self, places: Sequence[tuple[int, int, int]]) -> None:
        """Draw a line below these (row, start, end) cells and below nothing else."""
        self.canvas.delete("link")
        for row, start, end in places:
            y = min(self._top(row) + self.faces.ascent + 1, self._top(row + 1) - 1)
            x = self.margin + start * self.faces.cell_width
            right = self.margin + end * self.faces.cell_width
            color = self.coloring.colors.cursor
            self.canvas.create_line(x, y, right, y, fill=color, tags="link")
