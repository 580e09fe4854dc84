"""Pop-up menus in the colours of the mode."""

import tkinter as tk
from collections.abc import Callable, Sequence

from msgspec import Struct

from teleterm.ui.theme.look import Look


class MenuItem(Struct, frozen=True, kw_only=True):
    """A line of a menu; without a title it is a divider, with `items` a submenu."""

    title: str = ""
    run: Callable[[], object] | None = None
    key: str = ""
    is_enabled: bool = True
    is_checked: bool | None = None
    items: "tuple[MenuItem, ...]" = ()


LINE = MenuItem()


def popup(look: Look, parent: tk.Misc, items: Sequence[MenuItem], x_root: int, y_root: int) -> None:
    """Show a menu with its corner at that point; the keyboard works in it."""
    menu = _build(look, parent, items)
    # The menu must outlive the command it runs, so it goes when nothing else is waiting.
    menu.bind("<Unmap>", lambda _event: menu.after(2000, menu.destroy) and None)
    menu.tk_popup(x_root, y_root)


def _build(look: Look, parent: tk.Misc, items: Sequence[MenuItem]) -> tk.Menu:
    menu = tk.Menu(
        parent,
        tearoff=False,
        borderwidth=look.dp(1),
        relief="flat",
        activeborderwidth=0,
        font=look.font("body"),
        background=look.color("elevated"),
        foreground=look.color("text"),
        activebackground=look.color("selected"),
        activeforeground=look.color("text"),
        disabledforeground=look.color("disabled"),
        selectcolor=look.color("accent"),
    )
    for item in items:
        state = "normal" if item.is_enabled else "disabled"
        words = f"  {item.title}   "
        if not item.title:
            menu.add_separator(background=look.color("border"))
        elif item.items:
            menu.add_cascade(label=words, menu=_build(look, menu, item.items), state=state)
        else:
            mark = "✓" if item.is_checked else " "
            lead = f"{mark} " if item.is_checked is not None else "  "
            menu.add_command(
                label=f"{lead}{item.title}   ",
                accelerator=item.key,
                command=item.run or (lambda: None),
                state=state,
            )
    return menu
