"""The part of a dialog that asks for a second factor: a code, a key, a browser."""

import tkinter as tk
from collections.abc import Callable

from teleterm.bridge.contract import MfaAsked
from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.basic import button, frame, label, picture
from teleterm.ui.widgets.codefield import LENGTH, CodeField

CODE_WORDS = "Enter the code that your authenticator app shows."
KEY_WORDS = "Insert your security key and touch it."
ONLY_CODE_PER_SESSION = "An authenticator app is not enough here. Add a security key in the web UI."


class FactorPart(tk.Frame):
    """Named `factor`; the code's boxes are `factor.code`. `on_code(code)` at the sixth digit.

    With `on_copy` the address of a page in the browser can be copied: `factor.copy_link`.
    """

    def __init__(
        self,
        look: Look,
        parent: tk.Misc,
        on_code: Callable[[str], object],
        *,
        on_copy: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(parent, name="factor", borderwidth=0, highlightthickness=0)
        self._look = look
        self._on_code, self._on_copy = on_code, on_copy
        self._code: CodeField | None = None
        look.follow(self, lambda: self.configure(background=look.color("elevated")))

    def ask(self, asked: MfaAsked, *, wrong: str = "") -> None:
        """Show what this question can be answered with."""
        for child in self.winfo_children():
            child.destroy()
        self._code = None
        look = self._look
        offers_code = asked.has_code and not asked.is_per_session
        if asked.has_key:
            self._key(below=16 if offers_code else 0)
        if asked.sso_url:
            words = f"Finish in your browser: {look.clean(asked.sso_name or asked.sso_url, 80)}"
            self._words(words, below=0 if self._on_copy else 16 if offers_code else 0)
            self._copy_link(asked.sso_url)
        if offers_code:
            self._words(CODE_WORDS, below=12)
            self._code = CodeField(look, self, name="code", on_complete=self._on_code)
            self._code.pack(anchor="w")
            if wrong:
                self._code.mark_wrong()
        elif asked.has_code and not asked.has_key and not asked.sso_url:
            self._words(ONLY_CODE_PER_SESSION, below=0)

    def _copy_link(self, url: str) -> None:
        """For whoever wants the page in another browser than the one that opened."""
        copy = self._on_copy
        if copy is None:
            return
        made = button(
            self._look, self, "Copy link", lambda: copy(url),
            name="copy_link", kind="Link", surface="elevated",
        )  # fmt: skip
        made.pack(anchor="w", pady=(0, self._look.dp(8)))

    def _key(self, *, below: int) -> None:
        look = self._look
        line = frame(look, self, "elevated")
        line.pack(anchor="w", pady=(0, look.dp(below)))
        picture(look, line, "key", size=48, token="accent", surface="elevated").pack(side="left")
        label(look, line, KEY_WORDS, surface="elevated").pack(side="left", padx=(look.dp(16), 0))

    def _words(self, text: str, *, below: int) -> None:
        made = label(self._look, self, text, token="sec", surface="elevated", wrap=392)
        made.pack(anchor="w", pady=(0, self._look.dp(below)))

    def focus_first(self) -> None:
        """Put the keyboard where one types, if one types."""
        if self._code is not None:
            self._code.focus_set()

    def set_enabled(self, *, is_enabled: bool) -> None:
        """Lock or unlock the code."""
        if self._code is not None:
            self._code.set_enabled(is_enabled=is_enabled)

    def submit(self) -> None:
        """Send the code if it is whole."""
        if self._code is None:
            return
        if len(self._code.get()) == LENGTH:
            self._on_code(self._code.get())
        else:
            self._code.mark_wrong()
