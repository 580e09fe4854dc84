"""The terminal's widget: canvas, scrollbar, search bar, and the channel to its engine."""

import tkinter as tk
from collections.abc import Callable

from teleterm.bridge import frames
from teleterm.ui.terminal import marking
from teleterm.ui.terminal.bell import Bell
from teleterm.ui.terminal.blinker import Blinker
from teleterm.ui.terminal.channel import Channel
from teleterm.ui.terminal.clips import Clips
from teleterm.ui.terminal.coloring import Coloring
from teleterm.ui.terminal.faces import Faces
from teleterm.ui.terminal.options import Behaviour, Callbacks
from teleterm.ui.terminal.overlay import Overlay
from teleterm.ui.terminal.painter import Painter
from teleterm.ui.terminal.pointer import Pointer
from teleterm.ui.terminal.scroller import Scroller
from teleterm.ui.terminal.searching import Searching
from teleterm.ui.terminal.selecting import Selection
from teleterm.ui.terminal.sizing import Sizing
from teleterm.ui.terminal.telling import tell
from teleterm.ui.terminal.timers import Timers
from teleterm.ui.terminal.typist import Typist
from teleterm.ui.theme.look import Look

_TYPED = (frames.Pressed, frames.Committed, frames.Pasted)


class TerminalView(tk.Frame):
    """A terminal. Give it a frame channel by `attach`; callbacks say what happens.

    The canvas inside is `<name>.screen`; it takes the keyboard.
    """

    def __init__(self, look: Look, parent: tk.Misc, behaviour: Behaviour, *, name: str) -> None:
        super().__init__(parent, name=name, borderwidth=0, highlightthickness=0)
        self._look = look
        self.callbacks = Callbacks()
        self._channel: Channel | None = None
        self._timers = Timers(self)
        self._is_visible = True
        self._zoom = 0
        self._is_zooming = False
        self._has_ended = False
        self.has_painted = False
        self.is_shared = False
        self._behaviour = behaviour
        self._canvas = tk.Canvas(
            self, name="screen", borderwidth=0, highlightthickness=0, takefocus=True,
            width=2, height=2, cursor="xterm",
        )  # fmt: skip
        # Not 1: Tk's grid gives up on a frame that asks for one pixel after it got its size.
        self._canvas.grid(row=0, column=0, sticky="nsew")
        self._scroller = Scroller(self, self._send)
        self.grid_rowconfigure(0, weight=1)
        self.grid_columnconfigure(0, weight=1)
        self.grid_columnconfigure(1, minsize=look.dp(10))
        self.faces = Faces(self)
        self._painter = Painter(
            self._canvas, self.faces, Coloring(behaviour.colors, 1.0), self._painted
        )
        self._painter.margin = look.dp(6)
        self._selection = Selection()
        self._blinker = Blinker(self._painter, self._timers)
        self._sizing = Sizing(self._painter, self._timers, self._send)
        self._sizing.on_size = self._resized
        self._clips = Clips(self._canvas, self._selection, self.callbacks, self._send)
        self._clips.is_bracketed = self._is_bracketed
        self._clips.on_change = self._mark
        self._clips.on_typed = self._typed
        self._typist = Typist(self._painter, self.callbacks, self._send, self._typed)
        self._pointer = Pointer(
            self._painter, self._selection, self.callbacks, self._send, self._clips.select
        )
        self._pointer.on_select = self._mark
        self._pointer.on_selected = self._clips.selected
        self._pointer.on_middle = self._clips.paste_primary
        self._pointer.on_right = self._right_click
        self._pointer.on_zoom = self.zoom
        self._searching = Searching(
            look, self, self._send, on_change=self._mark, on_close=self._search_closed
        )
        self._searching.on_say = self._searched
        self._overlay = Overlay(look, self, self.scroll_to_end)
        self._bell = Bell(self, self._timers, look.dp(3))
        self._listen()
        self.configure_look(behaviour)

    def _listen(self) -> None:
        canvas = self._canvas
        canvas.bind("<FocusIn>", lambda _event: self._focused(has_focus=True), add=True)
        canvas.bind("<FocusOut>", lambda _event: self._focused(has_focus=False), add=True)
        self.bind("<Destroy>", self._destroyed, add=True)

    # Look

    def configure_look(self, behaviour: Behaviour) -> None:
        """Take other settings or another theme."""
        self._behaviour = behaviour
        self._pointer.behaviour = self._clips.behaviour = behaviour
        self.faces.has_emoji_hazard = behaviour.has_emoji_hazard
        self._painter.coloring.configure(
            behaviour.colors, behaviour.minimum_contrast, dim_share=behaviour.dim_share
        )
        self._canvas.configure(background=self._painter.coloring.background)
        self.configure(background=behaviour.colors.background)
        self._bell.paint(behaviour.colors.cursor)
        self._bell.way = behaviour.bell
        self._blinker.wants_cursor = behaviour.blinks
        self._painter.default_shape = behaviour.cursor_style
        self._configure_font()
        self._tell_theme()
        self._blinker.restart()

    def _configure_font(self) -> None:
        self.faces.configure(self._behaviour.families, self.font_px, self._behaviour.line_height)
        self._painter.redraw()
        self._mark()
        self._sizing.fit()

    def zoom(self, step: int) -> None:
        """Larger (1) or smaller (-1) letters, or the size of the settings (0)."""
        wanted = self.font_px + step
        if step and not 6 <= wanted <= 48 * self._look.scale:
            return
        self._zoom = self._zoom + step if step else 0
        self._is_zooming = True
        self._configure_font()
        self._overlay.say(f"{self.font_px} px")

    def _tell_theme(self) -> None:
        def number(color: str) -> int:
            return int(color[1:], 16)

        own = self._behaviour.colors
        palette = tuple(map(number, own.palette))
        background, cursor = number(own.background), number(own.cursor)
        self._send(frames.Themed(palette, number(own.foreground), background, cursor))

    # The channel

    def attach(self, descriptor: int) -> None:
        """Take a frame channel; it is closed by `detach` or with the widget."""
        self.detach()
        self._has_ended = False
        self.has_painted = False
        self._selection.clear()
        self._channel = Channel(self, descriptor, self.take, self._ended)
        self._tell_theme()
        self._sizing.start()
        self._send(frames.Shown(is_visible=self._is_visible))
        if self._painter.has_focus:
            self._send(frames.Focused(is_focused=True))

    def detach(self) -> None:
        """Let the channel go; what is on the screen stays."""
        self._painter.stop()
        self._clips.forget()
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    @property
    def screen(self) -> tk.Canvas:
        """The canvas that is drawn on."""
        return self._canvas

    def pass_on(self, message: frames.ToEngine) -> bool:
        """Send a message to the engine; False when there is none."""
        return self._channel is not None and self._channel.send(message)

    def type_along(self, message: frames.ToEngine) -> None:
        """Type what was typed into another terminal."""
        if self.callbacks.entered is None:
            self._typed()
            self.pass_on(message)

    def _send(self, message: frames.ToEngine) -> bool:
        if isinstance(message, _TYPED):
            self.callbacks.typed(message)
        return self.pass_on(message)

    def _ended(self, _why: str) -> None:
        self._channel = None
        self._painter.stop()
        if not self._has_ended:
            self.callbacks.lost()

    def take(self, message: frames.ToWindow) -> None:
        """Act on a message of the engine; frames have been checked."""
        match message:
            case frames.Paint():
                self._paint(message)
            case frames.Spanned() | frames.Copied() | frames.Kept():
                self._clips.answered(message)
            case frames.Found():
                self._searching.found(message)
            case frames.Ended():
                self._has_ended = True
                self.callbacks.exited(message.status)
            case frames.Rang():
                self._ring()
            case _:
                tell(self.callbacks, message)

    def _paint(self, paint: frames.Paint) -> None:
        self._painter.show(paint)
        above, total, new_lines = paint.view
        self._overlay.set_news(max(0, new_lines) if above + paint.rows < total else 0)
        self._scroller.show(paint)
        self._pointer.follow_view()
        self._mark()
        self._blinker.follow()

    def _painted(self, serial: int) -> None:
        self._send(frames.Painted(serial))
        if not self.has_painted:
            self.has_painted = True
            self.callbacks.first_paint()

    def set_shown(self, *, is_shown: bool) -> None:
        """A terminal that isn't shown gets no frames."""
        if is_shown != self._is_visible:
            self._is_visible = is_shown
            self._send(frames.Shown(is_visible=is_shown))

    @property
    def font_px(self) -> int:
        """The size of the letters with the zoom of this tab."""
        return self._behaviour.font_px + self._zoom

    # Size

    def grid_that_fits(self) -> tuple[int, int]:
        """Columns and rows that fit; (0, 0) before the widget has a size."""
        return self._sizing.fitting()

    def _resized(self, is_first: bool) -> None:  # noqa: FBT001 - a callback
        self.callbacks.resized()
        is_told = is_first or self._is_zooming or self.callbacks.entered is not None
        self._is_zooming = False
        if self.has_painted and not is_told:
            cols, rows = self._sizing.size
            self._overlay.say(f"{cols}×{rows}")

    # Scrolling

    def scroll_to_end(self) -> None:
        """Show what is written now."""
        self._scroller.to_end()

    @property
    def margin(self) -> int:
        """Pixels around the grid."""
        return self._painter.margin

    def record(self, name: str) -> None:
        """Have the session written to a new file named like this, or (empty) no longer."""
        self._send(frames.Record(name))

    def reset(self) -> None:
        """Put it back to how it was at its start, after a program that left it in disorder."""
        self._send(frames.Reset())

    def clear_scrollback(self) -> None:
        """Forget what scrolled out."""
        self._send(frames.Clear())

    # Keys

    def _typed(self) -> None:
        """Typing shows the end, takes the selection away and the cursor back."""
        if self._scroller.is_back:
            self.scroll_to_end()
        if not self._selection.is_empty and not self._behaviour.copies_on_select:
            self._selection.clear()
            self._mark()
        self._blinker.typed()

    def _is_bracketed(self) -> bool:
        """Whether lines that are pasted don't run by themselves, wherever they go."""
        frame = self._painter.frame
        return frame is not None and frame.modes.has_bracketed_paste and not self.is_shared

    def focus_terminal(self) -> None:
        """Take the keyboard."""
        self._canvas.focus_set()

    def _focused(self, *, has_focus: bool) -> None:
        if has_focus != self._painter.has_focus:
            self._painter.set_focus(has_focus=has_focus)
            self._send(frames.Focused(is_focused=has_focus))
            if has_focus:
                self.callbacks.focused()
            self._blinker.restart()

    def _ring(self) -> None:
        self.callbacks.rang()
        self._bell.ring()

    # Selection, copy, paste

    def _mark(self) -> None:
        frame = self._painter.frame
        if frame is None:
            return
        search = self._searching
        self._painter.mark(
            marking.bands(
                frame, self._behaviour.colors, search.hits, search.current, self._selection
            )
        )

    def has_selection(self) -> bool:
        """Whether something is selected."""
        return not self._selection.is_empty

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        self._clips.copy()

    def select_all(self) -> None:
        """Select everything, scrollback too."""
        self._clips.select("all", (0, 0))

    def paste(self) -> None:
        """Paste the clipboard, after a question if it is long or of several lines."""
        self._clips.paste()

    def with_all_text(self, use: Callable[[str, bool], object]) -> None:
        """Call `use` with all text, scrollback too, and whether that was too long for it."""
        self._clips.with_all_text(use)

    def with_kept(self, use: Callable[[int, int], object]) -> None:
        """Call `use` with how many lines the scrollback has, and the bytes that they take."""
        self._clips.with_kept(use)

    def paste_now(self, text: str) -> None:
        """Paste without asking."""
        self._clips.paste_now(text)

    def commit(self, text: str) -> None:
        """Type a text as an input method does."""
        self._send(frames.Committed(text))

    def _right_click(self, x_root: int, y_root: int, url: str) -> None:
        way = self._behaviour.right_click
        if way == "menu":
            self.callbacks.menu(x_root, y_root, url)
        elif way == "copyPaste" and self.has_selection():
            self.copy()
            self._selection.clear()
            self._mark()
        else:
            self.paste()

    # Search

    def find(self) -> None:
        """Open the search bar, with what is selected."""
        if self.has_selection():
            self._clips.with_text(lambda text: self._searching.open(text.split("\n", 1)[0][:200]))
        else:
            self._searching.open("")

    def _searched(self, words: str) -> None:
        self.callbacks.searched(words)

    def _search_closed(self) -> None:
        hit = self._searching.current
        if hit is not None:
            self._selection.set((hit[0], hit[1]), (hit[0], hit[1] + hit[2]))
        self._canvas.focus_set()

    # The rest

    def text(self) -> str:
        """What is on the screen, a line for each row, trailing blanks cut."""
        return "\n".join(row.cells.whole_text() for row in self._painter.rows)

    def _destroyed(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is not self:
            return
        self._timers.stop_all()
        self._overlay.stop()
        self._pointer.stop()
        self._typist.stop()
        self.detach()
