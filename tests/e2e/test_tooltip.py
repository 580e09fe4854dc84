"""Words under the pointer go with a click, whatever else the click does."""

import tkinter as tk

import pytest

from teleterm.bridge.views import SettingsView
from teleterm.ui.theme.look import Look
from teleterm.ui.widgets import tooltip

pytestmark = [pytest.mark.e2e]


def _shown(root: tk.Tk) -> list[tk.Misc]:
    return [one for one in root.winfo_children()[0].winfo_children() if one.winfo_ismapped()]


def _wait(root: tk.Tk, *, is_there: bool) -> None:
    """Until the tooltip is there, or isn't; the test's own time limit ends it."""
    while bool(_shown(root)) is not is_there:
        root.update()


@pytest.mark.timeout(30)
@pytest.mark.parametrize("button", [1, 3])
def test_a_click_hides_it_although_the_widget_hears_the_click_itself(button: int) -> None:
    root = tk.Tk()
    try:
        clicks: list[int] = []
        chip = tk.Label(root, text="chip")
        chip.bind("<Button-1>", lambda event: clicks.append(event.num))
        chip.bind("<Button-3>", lambda event: clicks.append(event.num))
        chip.pack()
        tooltip.tooltip(Look(root, SettingsView()), chip, lambda: "what it is")
        root.update()
        chip.event_generate("<Enter>", rootx=10, rooty=10)
        _wait(root, is_there=True)
        chip.event_generate(f"<ButtonPress-{button}>")
        _wait(root, is_there=False)
        assert clicks == [button]
        chip.destroy()
        assert not tooltip._tips, "a widget that is gone leaves nothing"
    finally:
        root.destroy()
