"""What a terminal's view is told: how to look and behave, and whom to call."""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import Struct

from teleterm.bridge import frames
from teleterm.ui.terminal.coloring import Colors


class Behaviour(Struct, frozen=True, kw_only=True):
    """The settings of a terminal; sizes in real pixels."""

    colors: Colors
    families: tuple[str, ...]
    font_px: int = 14
    line_height: float = 1.2
    minimum_contrast: float = 4.5
    cursor_style: str = "block"
    blinks: bool = False
    bell: str = "visual"
    copies_on_select: bool = False
    paste_warning: str = "auto"
    word_separators: str = " ()[]{}'\"`,;:<>|"
    wheel_lines: int = 3
    right_click: str = "menu"
    has_emoji_hazard: bool = True
    dim_share: float = 0.0


def _nothing(*_arguments: object) -> None:
    return None


def _never(*_arguments: object) -> bool:
    return False


@dataclass(slots=True)
class Callbacks:
    """Called on the Tk thread; each may be replaced at any time."""

    first_paint: Callable[[], object] = _nothing
    exited: Callable[[int], object] = _nothing
    lost: Callable[[], object] = _nothing
    titled: Callable[[str], object] = _nothing
    active: Callable[[], object] = _nothing
    rang: Callable[[], object] = _nothing
    finished: Callable[[int], object] = _nothing
    """A command that took long has ended with that status."""
    clipboard: Callable[[bytes], object] = _nothing
    noticed: Callable[[str, str], object] = _nothing
    warned: Callable[[str], object] = _nothing
    """The engine could not do what was asked; a sentence."""
    recorded: Callable[[str, str], object] = _nothing
    """The file that the session is written to from now on, or nothing and why."""
    moved: Callable[[str], object] = _nothing
    resized: Callable[[], object] = _nothing
    focused: Callable[[], object] = _nothing
    """It has got the keyboard."""
    typed: Callable[[frames.ToEngine], object] = _nothing
    """A key, a text or a paste has left for the program."""
    hovered: Callable[[str], object] = _nothing
    """An address under the pointer while Ctrl is held; empty when it left."""
    searched: Callable[[str], object] = _nothing
    """The search bar says where one stands: "3 of 12"."""
    followed: Callable[[str], object] = _nothing
    """An address was clicked with Ctrl."""
    menu: Callable[[int, int, str], object] = _nothing
    """The menu is wanted at that place of the screen, over that address or none."""
    doubtful_paste: Callable[[str], object] = _nothing
    """A paste that is asked about first; `TerminalView.paste_now` does it."""
    composed: Callable[[str, str, int, Callable[[str], None], Callable[[], object]], bool] = _never
    """A key's name, text, state, where text goes, and what to do with the key if it turns out not
    to be a part of a sequence: whether it may be one."""
    entered: Callable[[], object] | None = None
    """Enter was pressed in a terminal that has ended; other keys do nothing then."""
