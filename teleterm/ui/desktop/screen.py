"""The picture of a desktop on a canvas; parts of it come one by one."""

import tkinter as tk

from teleterm.bridge.desktop_contract import Picture, Size
from teleterm.ui.theme.look import Look


class Screen(tk.Canvas):
    """`.screen`: the desktop, centred where it is smaller; nothing outside it is drawn.

    Where the page is smaller than the desktop every second pixel is left out, or more.
    """

    def __init__(self, look: Look, parent: tk.Misc) -> None:
        super().__init__(parent, name="screen", borderwidth=0, highlightthickness=0, takefocus=True)
        self._look = look
        self.desktop = (0, 0)
        """Width and height of the desktop in its own pixels."""
        self._step = 1
        self._origin = (0, 0)
        self._image: tk.PhotoImage | None = None
        self._small: tk.PhotoImage | None = None
        self._item = self.create_image(0, 0, anchor="nw")
        self.bind("<Configure>", lambda _event: self._place(), add=True)
        look.follow(self, lambda: self.configure(background=look.color("sunken")))

    def resize(self, size: Size) -> None:
        """Begin anew with an empty desktop of that size."""
        self.desktop = (size.width, size.height)
        self._image = tk.PhotoImage(master=self, width=size.width, height=size.height)
        self._place()

    def draw(self, picture: Picture) -> None:
        """Draw a part. Raises: tk.TclError when it can't be decoded."""
        image = self._image
        if image is None:
            return
        left, top = picture.left, picture.top
        right, bottom = left + picture.width, top + picture.height
        self.tk.call(
            str(image),
            "put",
            picture.data,
            "-format",
            picture.form,
            "-to",
            left,
            top,
            right,
            bottom,
        )
        if self._small is not None:
            step = self._step
            left, top = left - left % step, top - top % step
            self.tk.call(
                str(self._small), "copy", str(image), "-from", left, top, right, bottom,
                "-to", left // step, top // step, "-subsample", step, step,
            )  # fmt: skip

    def png(self) -> bytes:
        """The desktop as a file."""
        if self._image is None:
            return b""
        data: object = self.tk.call(str(self._image), "data", "-format", "png")
        return data if isinstance(data, bytes) else str(data).encode("latin-1")

    def point(self, x: int, y: int) -> tuple[int, int]:
        """The desktop's pixel below a place of the canvas, or the nearest."""
        width, height = self.desktop
        here = ((x - self._origin[0]) * self._step, (y - self._origin[1]) * self._step)
        return (max(0, min(here[0], width - 1)), max(0, min(here[1], height - 1)))

    def _place(self) -> None:
        image = self._image
        if image is None:
            return
        width, height = self.desktop
        room = (max(1, self.winfo_width()), max(1, self.winfo_height()))
        step = max(1, -(-width // room[0]), -(-height // room[1]))
        shown = (-(-width // step), -(-height // step))
        if step == 1:
            self._small = None
        elif self._small is None or step != self._step:
            self._small = tk.PhotoImage(master=self, width=shown[0], height=shown[1])
            self.tk.call(str(self._small), "copy", str(image), "-subsample", step, step)
        self._step = step
        self._origin = (max(0, (room[0] - shown[0]) // 2), max(0, (room[1] - shown[1]) // 2))
        self.itemconfigure(self._item, image=self._small or image)
        self.coords(self._item, *self._origin)
