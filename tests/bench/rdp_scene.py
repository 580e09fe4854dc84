"""What the desktop's X session shows in the bench: a film, or a block that answers keys.

The upper left block has another shade with every frame of the film, and with every key.
"""

import sys
import tkinter as tk

WIDTH, HEIGHT = 1280, 800
BLOCK = 64
SHADES = ("#000000", "#555555", "#aaaaaa", "#ffffff")
FRAME_MS = 33
_STEP, _BAND = 16, 40


class Scene:
    """Covers the screen. Escape starts and ends the film."""

    def __init__(self) -> None:
        self._root = tk.Tk()
        self._root.attributes("-fullscreen", True)
        self._canvas = tk.Canvas(self._root, highlightthickness=0, background="#223344")
        self._canvas.pack(fill="both", expand=True)
        self._picture = self._make_picture()
        self._items = [
            self._canvas.create_image(at * WIDTH, 0, anchor="nw", image=self._picture)
            for at in range(2)
        ]
        self._block = self._canvas.create_rectangle(0, 0, BLOCK, BLOCK, width=0)
        self._count = 0
        self._is_film = False
        self._root.bind("<KeyPress>", self._pressed)
        self._root.after(50, self._focus)
        self._show()

    def run(self) -> None:
        """Live until killed."""
        self._root.mainloop()

    def _focus(self) -> None:
        if self._root.focus_get() is None:
            self._root.focus_force()
            self._root.after(50, self._focus)
            return
        sys.stdout.write("ready\n")
        sys.stdout.flush()

    def _make_picture(self) -> tk.PhotoImage:
        picture = tk.PhotoImage(width=WIDTH, height=HEIGHT)
        for number, left in enumerate(range(0, WIDTH, _BAND)):
            for row, top in enumerate(range(0, HEIGHT, _BAND)):
                color = f"#{number * 7 % 256:02x}{row * 12 % 256:02x}{(number * row) % 256:02x}"
                picture.put(color, to=(left, top, left + _BAND, top + _BAND))
        return picture

    def _pressed(self, event: "tk.Event[tk.Misc]") -> None:
        if event.keysym == "Escape":
            self._is_film = not self._is_film
            if self._is_film:
                self._step()
        else:
            self._show()

    def _step(self) -> None:
        if self._is_film:
            self._root.after(FRAME_MS, self._step)
            for item in self._items:
                self._canvas.move(item, -_STEP, 0)
                if self._canvas.coords(item)[0] <= -WIDTH:
                    self._canvas.move(item, 2 * WIDTH, 0)
            self._show()

    def _show(self) -> None:
        self._count += 1
        self._canvas.itemconfigure(self._block, fill=SHADES[self._count % len(SHADES)])


if __name__ == "__main__":
    Scene().run()
