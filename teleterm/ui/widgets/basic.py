"""Frames, labels and buttons that keep the colours of the surface they lie on."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Literal

from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.tooltip import tooltip

Surface = Literal["base", "surface", "elevated", "sunken", "warningFill", "dangerFill", "infoFill"]
Anchor = Literal["nw", "n", "ne", "w", "center", "e", "sw", "s", "se"]


def frame(
    look: Look, parent: tk.Misc, surface: str = "surface", *, name: str | None = None
) -> tk.Frame:
    """A plain area in the colour of a surface."""
    made = (
        tk.Frame(parent, name=name, borderwidth=0, highlightthickness=0)
        if name
        else tk.Frame(parent, borderwidth=0, highlightthickness=0)
    )
    look.follow(made, lambda: made.configure(background=look.color(surface)))
    return made


def card(look: Look, parent: tk.Misc, surface: str = "elevated", *, name: str) -> tk.Frame:
    """An area with a 1 dp line around it."""
    made = tk.Frame(parent, name=name, borderwidth=0, highlightthickness=look.dp(1))

    def paint() -> None:
        line = look.color("edge")
        made.configure(
            background=look.color(surface), highlightbackground=line, highlightcolor=line
        )

    look.follow(made, paint)
    return made


def divider(look: Look, parent: tk.Misc, *, is_vertical: bool = False) -> tk.Frame:
    """A line of 1 dp."""
    size = look.dp(1)
    made = tk.Frame(parent, width=size if is_vertical else 0, height=0 if is_vertical else size)
    look.follow(made, lambda: made.configure(background=look.color("border")))
    return made


def label(
    look: Look,
    parent: tk.Misc,
    text: str = "",
    *,
    font: str = "body",
    token: str = "text",  # noqa: S107 - a colour's name
    surface: str = "surface",
    wrap: int = 0,
    name: str | None = None,
    anchor: Anchor = "w",
) -> tk.Label:
    """A text; `wrap` is the width in design pixels where it breaks."""
    made = tk.Label(
        parent,
        {"name": name} if name else {},
        text=text,
        font=look.font(font),
        anchor=anchor,
        justify="left",
        wraplength=look.dp(wrap) if wrap else 0,
        borderwidth=0,
        padx=0,
        pady=0,
    )

    def paint() -> None:
        made.configure(background=look.color(surface), foreground=look.color(token))

    look.follow(made, paint)
    return made


def picture(
    look: Look,
    parent: tk.Misc,
    icon: str,
    *,
    size: int = 16,
    token: str = "sec",  # noqa: S107 - a colour's name
    surface: str = "surface",
) -> tk.Label:
    """An icon that isn't a button."""
    made = tk.Label(parent, borderwidth=0, padx=0, pady=0)

    def paint() -> None:
        made.configure(image=look.icon(icon, size, token), background=look.color(surface))

    look.follow(made, paint)
    return made


def button(
    look: Look,
    parent: tk.Misc,
    text: str,
    command: Callable[[], object],
    *,
    name: str,
    kind: Literal["", "Primary", "Ghost", "Link", "Danger"] = "",
    surface: str = "surface",
    icon: str = "",
    icon_token: str = "sec",  # noqa: S107 - a colour's name
) -> ttk.Button:
    """A button with words; Return presses it like Space does."""
    style = f"{surface}.{kind + '.' if kind else ''}TButton"
    made = ttk.Button(parent, name=name, text=text, command=command, style=style)
    if icon:

        def paint() -> None:
            made.configure(image=look.icon(icon, 16, icon_token), compound="left")

        made.configure(text=f" {text}" if text else "")
        look.follow(made, paint)
    press_on_return(made)
    return made


def icon_button(
    look: Look,
    parent: tk.Misc,
    icon: str,
    help_text: str,
    command: Callable[[], object],
    *,
    name: str,
    surface: str = "base",
    size: int = 20,
    takes_focus: bool = True,
) -> ttk.Button:
    """A button that is only a picture, with its words in a tooltip."""
    made = ttk.Button(
        parent, name=name, command=command, style=f"{surface}.Ghost.TButton", takefocus=takes_focus
    )
    look.follow(made, lambda: made.configure(image=look.icon(icon, size, "sec")))
    tooltip(look, made, lambda: help_text)
    press_on_return(made)
    return made


def press_on_return(made: ttk.Button) -> None:
    """Let Return press a button that has the focus, and end there."""

    def press(_event: "tk.Event[tk.Misc]") -> str:
        made.invoke()
        return "break"

    made.bind("<Return>", press)
    made.bind("<KP_Enter>", press)


def wraps_to_width(made: tk.Label, margin_px: int = 0) -> None:
    """Break a label's text at the width it is given, whatever that becomes."""

    def fit(event: "tk.Event[tk.Misc]") -> None:
        width = max(40, event.width - margin_px)
        if made.cget("wraplength") != width:
            made.configure(wraplength=width)

    made.bind("<Configure>", fit, add=True)
