"""Where the keyboard is."""

import tkinter as tk


def holds(widget: tk.Misc | str, focus: str) -> bool:
    """Whether the widget of path `focus` is this one, or inside it."""
    return f"{focus}.".startswith(f"{widget}.")
