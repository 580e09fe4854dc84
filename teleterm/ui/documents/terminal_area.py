"""Joins a terminal's view to the window: its settings, menu, clipboard, questions and notices."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge import frames
from teleterm.bridge.contract import OpenLink
from teleterm.bridge.opening import Glance
from teleterm.ui.dialogs.confirm import ConfirmDialog
from teleterm.ui.documents import terminal_menu
from teleterm.ui.documents.news import BELL, OUTPUT, News, finished
from teleterm.ui.documents.terminal_paste import PasteDialog
from teleterm.ui.terminal.coloring import Colors
from teleterm.ui.terminal.options import Behaviour
from teleterm.ui.terminal.view import TerminalView
from teleterm.ui.theme import tokens
from teleterm.ui.theme.fonts import MONO_FAMILIES
from teleterm.ui.widgets.menu import popup

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

SAFE_SCHEMES = ("http://", "https://", "mailto:")
MAX_CLIPBOARD_BYTES = 100_000
TARGET_FRAME = 3
"""dp: the frame around a terminal that gets what is typed in another tab."""
PANE_DIM_SHARE = 0.08
"""How far the text of a pane that isn't the active one goes towards the background."""


def _nothing(*_arguments: object) -> None:
    return None


class TerminalArea(tk.Frame):
    """`.term`: the terminal is `.term.view`, its canvas `.term.view.screen`."""

    def __init__(self, desk: "Desk", parent: tk.Misc, *, name: str) -> None:
        super().__init__(parent, name=name, borderwidth=0, highlightthickness=0)
        self._desk = desk
        self.on_first_paint: Callable[[], object] = _nothing
        self.on_exit: Callable[[int], object] = _nothing
        self.on_lost: Callable[[], object] = _nothing
        self.on_title: Callable[[str], object] = _nothing
        self.on_news: Callable[[News], object] = _nothing
        self.on_resized: Callable[[], object] = _nothing
        self.on_folder: Callable[[str], object] = _nothing
        self.on_focus: Callable[[], object] = _nothing
        self.on_typed: Callable[[frames.ToEngine], object] = _nothing
        self.on_recorded: Callable[[str, str], object] = _nothing
        self.followers: list[TerminalArea] = []
        """Terminals of other tabs that get what is typed here."""
        self._is_dimmed = self._is_shared = self._is_guarded = False
        self._rims: list[tk.Frame] = []
        self.link_under_pointer = ""
        """Where the link leads that the pointer is on while Ctrl is held."""
        self._view = TerminalView(desk.look, self, self._behaviour(), name="view")
        self._view.grid(row=0, column=0, sticky="nsew")
        self.grid_rowconfigure(0, weight=1)
        self.grid_columnconfigure(0, weight=1)
        calls = self._view.callbacks
        calls.composed = self._desk.composer.take
        # The document sets its callbacks after this, so they are looked up when they are called.
        calls.first_paint = self._first_painted
        calls.exited = self._exited
        calls.lost = self._lost
        calls.titled = self._titled
        calls.active = lambda: self.on_news(OUTPUT)
        calls.rang = lambda: self.on_news(BELL)
        calls.finished = lambda status: self.on_news(finished(status))
        calls.resized = self._resized
        calls.moved = self._moved
        calls.focused = self._focused
        calls.typed = self._typed
        calls.clipboard = self._clipboard_wanted
        calls.followed = self._follow
        calls.hovered = self._hovered
        calls.menu = self._menu
        calls.noticed = self._noticed
        calls.searched = self._searched
        calls.warned = self._warned
        calls.recorded = self._recorded
        calls.doubtful_paste = self._ask_paste
        desk.look.follow(self, self._paint)

    def _paint(self) -> None:
        self.configure(background=self._desk.look.color("sunken"))
        self.apply_settings()

    def glance(self) -> Glance | None:
        """How it looks now, for the next start; None while it isn't on the screen."""
        root, screen = self._desk.root, self._view.screen
        cols, rows = self._view.grid_that_fits()
        if not screen.winfo_ismapped() or cols < 2:
            return None
        look, behaviour = self._desk.look, self._behaviour()
        return Glance(
            geometry=root.wm_geometry(),
            ground=look.color("base"),
            left=screen.winfo_rootx() - root.winfo_rootx(),
            top=screen.winfo_rooty() - root.winfo_rooty(),
            width=screen.winfo_width(),
            height=screen.winfo_height(),
            cols=cols,
            rows=rows,
            margin=look.dp(6),
            family=self._view.faces.family,
            font_px=behaviour.font_px,
            line_height=behaviour.line_height,
            minimum_contrast=behaviour.minimum_contrast,
            cursor_style=behaviour.cursor_style,
            has_emoji_hazard=behaviour.has_emoji_hazard,
            foreground=behaviour.colors.foreground,
            background=behaviour.colors.background,
            cursor=behaviour.colors.cursor,
            palette=behaviour.colors.palette,
        )

    def _behaviour(self) -> Behaviour:
        look = self._desk.look
        settings = look.settings
        wish = settings.terminal_palette
        wished = wish if isinstance(wish, dict) else {}
        hit, current_hit, on_current_hit = tokens.search_colors(look.mode)
        return Behaviour(
            colors=Colors(
                foreground=wished.get("foreground", look.color("text")),
                background=wished.get("background", look.color("sunken")),
                cursor=wished.get("cursor", look.color("accent")),
                selection=look.color("selected"),
                hit=hit,
                current_hit=current_hit,
                on_current_hit=on_current_hit,
                palette=tokens.terminal_palette(look.mode, wish),
            ),
            families=(*settings.terminal_font_family, *MONO_FAMILIES),
            font_px=round(settings.terminal_font_size * look.scale),
            line_height=settings.terminal_line_height,
            minimum_contrast=settings.terminal_minimum_contrast,
            cursor_style=settings.terminal_cursor_style,
            blinks=settings.terminal_cursor_blink,
            bell=settings.terminal_bell,
            copies_on_select=settings.terminal_copy_on_select,
            paste_warning=settings.terminal_paste_warning,
            word_separators=settings.terminal_word_separators,
            wheel_lines=settings.terminal_wheel_lines,
            right_click=settings.terminal_right_click,
            has_emoji_hazard=look.has_emoji_hazard,
            dim_share=PANE_DIM_SHARE if self._is_dimmed else 0.0,
        )

    # What the document does with it

    @property
    def has_painted(self) -> bool:
        """Whether this connection has shown anything."""
        return self._view.has_painted

    def size(self) -> tuple[int, int]:
        """Columns and rows that fit now."""
        return self._view.grid_that_fits()

    def attach(self, descriptor: int) -> None:
        """Take a frame channel, and what was typed into the terminal that was shown early."""
        self._view.attach(descriptor)
        early = self._desk.early
        if early is not None and early.is_alive and early.hand_over(self._view.pass_on):
            self._view.focus_terminal()

    def detach(self) -> None:
        """Let the channel go."""
        self._view.detach()

    def set_shown(self, *, is_shown: bool) -> None:
        """Whether it is in front."""
        self._view.set_shown(is_shown=is_shown)

    def focus_terminal(self) -> None:
        """Take the keyboard."""
        self._view.focus_terminal()

    def focus_terminal_if_free(self) -> None:
        """Take the keyboard unless a dialog, the palette or a field has it."""
        holder = self._desk.root.focus_get()
        is_taken = isinstance(holder, tk.Entry) or self._desk.dialogs.is_any_open
        if not is_taken:
            self._view.focus_terminal()

    def set_waits_for_enter(self, act: Callable[[], object] | None) -> None:
        """In a terminal that has ended Enter does this and other keys nothing."""
        self._view.callbacks.entered = act

    def apply_settings(self) -> None:
        """Take changed settings or another theme."""
        self._view.configure_look(self._behaviour())

    def set_dimmed(self, *, is_dimmed: bool) -> None:
        """A pane that isn't the active one is a little darker."""
        if is_dimmed != self._is_dimmed:
            self._is_dimmed = is_dimmed
            self.apply_settings()

    def set_shared(self, *, is_shared: bool) -> None:
        """Whether what is typed here goes elsewhere too: then every paste of lines is asked."""
        self._is_shared = is_shared
        self._view.is_shared = self._is_shared or self._is_guarded

    def set_guarded(self, *, is_guarded: bool) -> None:
        """Whether every paste of lines is asked about because of a rule."""
        self._is_guarded = is_guarded
        self._view.is_shared = self._is_shared or self._is_guarded

    def frame_as_target(self, *, is_target: bool) -> None:
        """Draw a frame around it while what is typed in another tab goes here, or from here."""
        for rim in self._rims:
            rim.destroy()
        self._rims = []
        if not is_target:
            return
        thick = self._desk.look.dp(TARGET_FRAME)
        sides: tuple[dict[str, float | str], ...] = (
            {"relx": 0, "rely": 0, "relwidth": 1, "height": thick, "anchor": "nw"},
            {"relx": 0, "rely": 1, "relwidth": 1, "height": thick, "anchor": "sw"},
            {"relx": 0, "rely": 0, "relheight": 1, "width": thick, "anchor": "nw"},
            {"relx": 1, "rely": 0, "relheight": 1, "width": thick, "anchor": "ne"},
        )
        for number, side in enumerate(sides):
            rim = tk.Frame(self, name=f"rim{number}", borderwidth=0, highlightthickness=0,
                           background=self._desk.look.color("danger"))  # fmt: skip
            rim.place(**side)  # type: ignore[arg-type]  # typeshed has one type for each option
            rim.lift()
            self._rims.append(rim)

    def type_along(self, message: frames.ToEngine) -> None:
        """Type what was typed into another pane."""
        self._view.type_along(message)

    def with_all_text(self, use: Callable[[str, bool], object]) -> None:
        """Call `use` with all text, scrollback too, and whether that was too long for it."""
        self._view.with_all_text(use)

    def with_kept(self, use: Callable[[int, int], object]) -> None:
        """Call `use` with how many lines the scrollback has, and the bytes that they take."""
        self._view.with_kept(use)

    def has_selection(self) -> bool:
        """Whether something is selected."""
        return self._view.has_selection()

    def copy(self) -> None:
        """Copy what is selected."""
        self._view.copy()

    def paste(self) -> None:
        """Paste the clipboard."""
        self._view.paste()

    def put(self, text: str, *, is_run: bool) -> None:
        """Paste words of one's own, and press Enter after them if they are to run."""
        self._view.paste_now(text)
        if is_run:
            self._view.commit("\r")

    def find(self) -> None:
        """Open the search bar."""
        self._view.find()

    def select_all(self) -> None:
        """Select everything."""
        self._view.select_all()

    def reset(self) -> None:
        """Put it back to how it was at its start."""
        self._view.reset()

    def clear_scrollback(self) -> None:
        """Forget what scrolled out."""
        self._view.clear_scrollback()

    def zoom(self, step: int) -> None:
        """Larger, smaller, or (0) the size of the settings."""
        self._view.zoom(step)

    def font_size(self) -> int:
        """The size of the letters now, as the settings have it."""
        return round(self._view.font_px / self._desk.look.scale)

    def record(self, name: str) -> None:
        """Have the session written to a new file named like this, or (empty) no longer."""
        self._view.record(name)

    def text(self) -> str:
        """What is on the screen."""
        return self._view.text()

    # What the view says

    def _first_painted(self) -> None:
        self.on_first_paint()
        if self._desk.early is not None:
            self._desk.early.leave()

    def _exited(self, status: int) -> None:
        self.on_exit(status)

    def _lost(self) -> None:
        self.on_lost()

    def _titled(self, title: str) -> None:
        self.on_title(title)

    def _resized(self) -> None:
        self.on_resized()

    def _searched(self, words: str) -> None:
        if words:
            self._desk.say(f"ui: search {words}")

    def _hovered(self, url: str) -> None:
        self.link_under_pointer = url
        if url:
            self._desk.say(f"ui: link under the mouse {url}")
        self.on_resized()

    def _moved(self, uri: str) -> None:
        self.on_folder(uri)

    def _focused(self) -> None:
        self.on_focus()

    def _typed(self, message: frames.ToEngine) -> None:
        self.on_typed(message)
        for other in self.followers:
            if other.winfo_exists():
                other.type_along(message)

    def _recorded(self, path: str, problem: str) -> None:
        self.on_recorded(path, problem)

    # What the view asks for

    def _menu(self, x_root: int, y_root: int, url: str) -> None:
        self._focused()  # what the menu does is done to this pane
        found = terminal_menu.items(
            self._desk,
            url,
            follow=lambda: self._follow(url),
            copy=lambda: self._desk.opener.copy(url),
        )
        popup(self._desk.look, self, found, x_root, y_root)

    def _noticed(self, title: str, body: str) -> None:
        """OSC 9 and 777: only if the settings let programs speak."""
        if self._desk.store.settings.notifications_from_programs:
            clean = self._desk.look.clean
            self._desk.notices.show("info", clean(title, 80) or "A program says", clean(body, 200))

    def _warned(self, text: str) -> None:
        self._desk.notices.show("warning", self._desk.look.clean(text, 200))

    def _follow(self, url: str) -> None:
        if url.lower().startswith(SAFE_SCHEMES):
            self._open(url)
            return
        ConfirmDialog(
            self._desk, "dlg_link", "Open this link?", text=url,
            choices=(
                ("cancel", "Cancel", "", lambda: None),
                ("open", "Open", "Primary", lambda: self._open(url)),
            ),
        )  # fmt: skip

    def _open(self, url: str) -> None:
        desk = self._desk
        desk.bridge.ask(OpenLink(url=url), lambda reply, _fd: desk.notices.show_reply(reply))

    def _clipboard_wanted(self, data: bytes) -> None:
        """OSC 52: only from the terminal that has the keyboard, and said."""
        has_focus = str(self._desk.root.focus_get() or "").startswith(str(self))
        if not has_focus or len(data) > MAX_CLIPBOARD_BYTES:
            return
        self.clipboard_clear()
        self.clipboard_append(data.decode("utf-8", "replace"))
        self._desk.notices.show("info", "The program in this tab wrote the clipboard")

    def _ask_paste(self, text: str) -> None:
        PasteDialog(self._desk, text, self._view.paste_now)
