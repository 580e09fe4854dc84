"""Copy and paste of a terminal: what is selected comes from the engine, in its own time."""

import sys
import tkinter as tk
from collections.abc import Callable

from teleterm.bridge import frames
from teleterm.ui.terminal import pasting
from teleterm.ui.terminal.options import Behaviour, Callbacks
from teleterm.ui.terminal.selecting import Selection

Answer = frames.Spanned | frames.Copied | frames.Kept
_TEXT_TYPES = ("UTF8_STRING", "STRING") if sys.platform == "linux" else ("STRING",)


class Clips:
    """Asks the engine for spans and texts, and owns PRIMARY on X11.

    `on_change` is called when another part is selected; `on_typed` before something is pasted.
    """

    def __init__(
        self,
        canvas: tk.Canvas,
        selection: Selection,
        callbacks: Callbacks,
        send: Callable[[frames.ToEngine], object],
    ) -> None:
        self._canvas, self._selection, self._callbacks = canvas, selection, callbacks
        self._send = send
        self.behaviour: Behaviour | None = None
        self.is_bracketed: Callable[[], bool] = lambda: False
        self.on_change: Callable[[], object] = lambda: None
        self.on_typed: Callable[[], object] = lambda: None
        self._ask = 0
        self._answers: dict[int, Callable[[Answer], object]] = {}
        self._primary = ""
        self._is_x11 = str(canvas.tk.call("tk", "windowingsystem")) == "x11"
        # Tk answers its own process by the exact type alone, and sends Latin-1 unless the format
        # says otherwise.
        for kind in ("STRING", "UTF8_STRING"):
            canvas.selection_handle(self._give_primary, selection="PRIMARY", type=kind, format=kind)

    def answered(self, answer: Answer) -> None:
        """An answer of the engine came."""
        use = self._answers.pop(answer.ask, None)
        if use is not None:
            use(answer)

    def forget(self) -> None:
        """No answer will come any more."""
        self._answers.clear()

    def _asked(self, use: Callable[[Answer], object]) -> int:
        self._ask += 1
        self._answers[self._ask] = use
        return self._ask

    # Select and copy

    def select(self, what: str, point: frames.Point) -> None:
        """Select the word or line at a place, or all."""

        def take(answer: Answer) -> None:
            if isinstance(answer, frames.Spanned):
                self._selection.set(answer.start, answer.end)
                self.on_change()
                self.selected()

        separators = self.behaviour.word_separators if self.behaviour is not None else " "
        self._send(frames.AskSpan(self._asked(take), what, point, separators))

    def with_text(self, use: Callable[[str], object]) -> None:
        """Call `use` with what is selected, once the engine has told it."""
        span = self._selection.span()
        if span is None:
            return

        def take(answer: Answer) -> None:
            if isinstance(answer, frames.Copied):
                use(answer.text)

        self._send(frames.Copy(self._asked(take), *span, is_block=self._selection.is_block))

    def with_all_text(self, use: Callable[[str, bool], object]) -> None:
        """Call `use` with all text, scrollback too, and whether that was too long for it."""

        def take(answer: Answer) -> None:
            if isinstance(answer, frames.Spanned):
                ask = self._asked(give)
                self._send(frames.Copy(ask, answer.start, answer.end, is_block=False))

        def give(answer: Answer) -> None:
            if isinstance(answer, frames.Copied):
                use(answer.text, answer.is_cut)

        self._send(frames.AskSpan(self._asked(take), "all", (0, 0), " "))

    def with_kept(self, use: Callable[[int, int], object]) -> None:
        """Call `use` with how many lines the scrollback has, and the bytes that they take."""

        def take(answer: Answer) -> None:
            if isinstance(answer, frames.Kept):
                use(answer.lines, answer.size_bytes)

        self._send(frames.AskKept(self._asked(take)))

    def selected(self) -> None:
        """A selection is complete: PRIMARY has it at once."""
        self.with_text(self._own_primary)
        if self.behaviour is not None and self.behaviour.copies_on_select:
            self.copy()

    def _own_primary(self, text: str) -> None:
        self._primary = text
        if text and self._is_x11:
            self._canvas.selection_own(selection="PRIMARY")

    def _give_primary(self, offset: str, length: str) -> str:
        start = int(offset)
        return self._primary[start : start + int(length)]

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        self.with_text(self._to_clipboard)

    def _to_clipboard(self, text: str) -> None:
        if text:
            self._canvas.clipboard_clear()
            self._canvas.clipboard_append(text)

    # Paste

    def paste(self, which: str = "CLIPBOARD") -> None:
        """Paste, or ask first if it looks as if it should be."""
        text = self._text_of(which)
        warning = self.behaviour.paste_warning if self.behaviour is not None else "auto"
        if not text:
            return
        if pasting.is_doubtful(text, is_bracketed=self.is_bracketed(), warning=warning):
            self._callbacks.doubtful_paste(text)
        else:
            self.paste_now(text)

    def _text_of(self, which: str) -> str:
        for kind in _TEXT_TYPES:
            try:
                return str(
                    self._canvas.tk.call("selection", "get", "-selection", which, "-type", kind)
                )
            except tk.TclError:
                continue
        return ""

    def paste_primary(self) -> None:
        """The middle button on X11."""
        if self._is_x11:
            self.paste("PRIMARY")

    def paste_now(self, text: str) -> None:
        """Paste without asking; the engine cleans and brackets it."""
        self.on_typed()
        text = text.encode("utf-8", "replace").decode()
        if text and self._callbacks.entered is None:
            self._send(frames.Pasted(text))
