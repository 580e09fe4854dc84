"""The window's icon for title bars and task lists: the picture of assets/icon.svg, drawn here.

The window can read no file, and Tk 8.6 no SVG.
"""

import tkinter as tk

from teleterm.ui.theme.png import Coverage, Point, box_coverage, layered
from teleterm.ui.theme.tokens import DARK

GRID = 256
TILE = (16, 52, "base")
"""Distance from the edge, radius of the corners, colour; in both modes those of the dark one."""
STROKES: tuple[tuple[str, float, tuple[Point, ...]], ...] = (
    ("accent", 20, ((66, 92), (110, 128), (66, 164))),
    ("text", 20, ((130, 168), (176, 168))),
    ("success", 28, ((184, 84),)),
)
"""Colour, width and points; a single point is a dot of that diameter."""
SIZES_PX = (16, 32, 48, 64)


def draw(size_px: int) -> bytes:
    """The icon as PNG bytes, `size_px` square."""
    scale = size_px / GRID
    inset, radius, token = TILE
    layers = [(box_coverage(size_px, radius * scale, inset * scale), DARK[token])]
    for token, width, points in STROKES:
        coverage = Coverage(size_px)
        coverage.stroke([(x * scale, y * scale) for x, y in points], width * scale)
        layers.append((coverage, DARK[token]))
    return layered(layers)


def give(root: tk.Tk) -> None:
    """Give the icon to `root` and to every window of it that is made from now on."""
    pictures = [tk.PhotoImage(master=root, data=draw(size), format="png") for size in SIZES_PX]
    # True: the dialogs have it too. Tk copies the pixels, so the pictures may go.
    root.wm_iconphoto(True, *pictures)
