"""Where the window goes on the screen when it opens."""

import re
import tkinter as tk

from teleterm.ui.theme.look import Look

_GEOMETRY = re.compile(r"(\d+)x(\d+)\+(-?\d+)\+(-?\d+)")


def place(root: tk.Tk, look: Look, geometry: str) -> None:
    """Put the window where it was, if a screen is there; else at a good size in the middle.

    Shape: `geometry` as Tk writes it, or empty.
    """
    screen_w, screen_h = root.winfo_screenwidth(), root.winfo_screenheight()
    width, height = min(look.dp(1280), screen_w), min(look.dp(800), screen_h)
    left, top = (screen_w - width) // 2, (screen_h - height) // 3
    if found := _GEOMETRY.fullmatch(geometry):
        wanted = [int(part) for part in found.groups()]
        width, height = min(wanted[0], screen_w), min(wanted[1], screen_h)
        left = max(0, min(wanted[2], screen_w - width))
        top = max(0, min(wanted[3], screen_h - height))
    root.wm_geometry(f"{width}x{height}+{left}+{top}")

    def shown(event: "tk.Event[tk.Misc]") -> None:
        if event.widget is root:
            root.after_idle(_fit, root)

    root.bind("<Map>", shown, add=True)
    if root.winfo_ismapped():  # it was shown empty before main was heard
        root.after_idle(_fit, root)


def _fit(root: tk.Tk) -> None:
    """Leave room for the window manager's frame, which is there once the window is shown.

    On a small screen the status bar would else stand below the screen's edge.
    """
    found = _GEOMETRY.fullmatch(root.wm_geometry())
    if found is None:
        return
    width, height, left, top = (int(part) for part in found.groups())
    side, title = root.winfo_rootx() - left, root.winfo_rooty() - top
    if side < 0 or title <= 0:
        return
    room_w = root.winfo_screenwidth() - 2 * side
    room_h = root.winfo_screenheight() - title - side
    if width > room_w or height > room_h:
        root.wm_geometry(f"{min(width, room_w)}x{min(height, room_h)}")
