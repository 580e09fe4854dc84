"""Settings that apply at once: theme, sizes, a few habits; the file holds the rest."""

import json
import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import TYPE_CHECKING

from teleterm.bridge.contract import Failed, OpenOwnFile, Reply, SetSetting
from teleterm.bridge.views import DocumentView
from teleterm.ui import failures
from teleterm.ui.documents.document import Document
from teleterm.ui.widgets.basic import button, frame, label
from teleterm.ui.widgets.field import Field
from teleterm.ui.widgets.scroll import ScrolledPage

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

MAX_WIDTH, NARROW, PADDING = 768, 600, 24
THEMES = (("system", "System"), ("light", "Light"), ("dark", "Dark"))
RESTORES = (("ask", "Ask"), ("always", "Always"), ("never", "Never"))
SCALES = ((0.0, "Auto"), (1.0, "100 %"), (1.25, "125 %"), (1.5, "150 %"), (2.0, "200 %"))
DENSITIES = (("comfortable", "Comfortable"), ("compact", "Compact"))


class SettingsDocument(Document):
    """Widgets are named by their key with `_` for `.`: `…theme.light`, `…terminal_fontSize`."""

    def __init__(self, desk: "Desk", parent: tk.Misc, view: DocumentView, name: str) -> None:
        super().__init__(desk, parent, view, name)
        self._updates: list[Callable[[], None]] = []
        self._first: tk.Misc | None = None
        look = desk.look
        page = ScrolledPage(look, self, max_width=MAX_WIDTH)
        page.grid(row=1, column=0, sticky="nsew")
        body = frame(look, page.body, name="in")
        body.pack(fill="both", expand=True, padx=look.dp(PADDING), pady=look.dp(PADDING))
        head = frame(look, body, name="head")
        head.pack(fill="x", pady=(0, look.dp(8)))
        label(look, head, "Settings", font="h1").pack(side="left")
        button(
            look, head, "Open config file", self._open_file, name="open_file", icon="external"
        ).pack(side="right")
        wrap = MAX_WIDTH - 2 * PADDING
        self._error = label(look, body, "", token="danger", wrap=wrap, name="error")
        self._body = body
        self._head, self._rows = head, dict[str, tk.Frame]()
        self._group("Look")
        self._choice("theme", "Theme", THEMES, lambda: desk.store.settings.theme)
        self._choice("ui.scale", "Size of everything", SCALES, lambda: desk.store.settings.ui_scale,
                     note="from the next start on")  # fmt: skip
        self._choice("ui.density", "Rows", DENSITIES, lambda: desk.store.settings.ui_density,
                     note="from the next start on")  # fmt: skip
        self._number("ui.fontSize", "Text size", 9, 24, lambda: desk.store.settings.ui_font_size)
        self._tick("ui.animations", "Animations", lambda: desk.store.settings.ui_animations)
        self._tick("ui.highContrast", "High contrast", lambda: desk.store.settings.ui_high_contrast)
        self._group("Terminal")
        self._number(
            "terminal.fontSize", "Font size", 6, 256, lambda: desk.store.settings.terminal_font_size
        )
        self._number(
            "terminal.scrollback",
            "Lines kept",
            0,
            1_000_000,
            lambda: desk.store.settings.terminal_scrollback,
        )
        self._kept = label(look, body, "", font="caption", token="muted", name="kept")
        self._tick(
            "terminal.copyOnSelect",
            "Copy what is selected",
            lambda: desk.store.settings.terminal_copy_on_select,
        )
        self._tick(
            "terminal.cursorBlink",
            "Blinking cursor",
            lambda: desk.store.settings.terminal_cursor_blink,
        )
        self._group("Tabs")
        self._tick(
            "tabs.confirmClose",
            "Ask before closing live tabs",
            lambda: desk.store.settings.tabs_confirm_close,
        )
        self._choice(
            "session.restore",
            "Reopen tabs at start",
            RESTORES,
            lambda: desk.store.settings.session_restore,
        )
        page.settle()
        desk.store.listen("settings", self._refresh)
        self.bind("<Destroy>", self._gone, add=True)

    def _gone(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self:
            self.desk.store.unlisten("settings", self._refresh)

    def _refresh(self) -> None:
        for update in self._updates:
            update()

    def shown(self) -> None:
        """Ask the terminals what they keep."""
        counts: list[tuple[int, int]] = []

        def add(lines: int, size_bytes: int) -> None:
            counts.append((lines, size_bytes))
            if self.winfo_exists():
                self._say_kept(sum(count[0] for count in counts), sum(count[1] for count in counts))

        self._say(self._kept, "", self._rows["terminal.scrollback"])
        for document in self.desk.tabs.documents:
            document.with_kept(add)
        super().shown()

    def _say_kept(self, lines: int, size_bytes: int) -> None:
        amount = f"{lines:,}".replace(",", " ")
        size = max(size_bytes / 1e6, 0.1) if lines else 0
        words = f"Open terminals keep {amount} lines in {size:.1f} MB."
        self._say(self._kept, words, self._rows["terminal.scrollback"])
        self.desk.say(f"ui: settings {words}")

    def focus_content(self) -> None:
        """The first choice."""
        if self._first is not None:
            self._first.focus_set()

    def _say(self, line: tk.Label, text: str, below: tk.Frame) -> None:
        """Show a line below a row; an empty one takes no room."""
        line.configure(text=text)
        if text:
            line.pack(anchor="w", pady=(0, self.desk.look.dp(4)), after=below)
        else:
            line.pack_forget()

    def _open_file(self) -> None:
        request = OpenOwnFile(which="config")
        self.desk.bridge.ask(request, lambda reply, _fd: self._answered(reply, self._head))

    def _set(self, key: str, value: object) -> None:
        request, row = SetSetting(key=key, value_json=json.dumps(value)), self._rows[key]
        self.desk.bridge.ask(request, lambda reply, _fd: self._answered(reply, row))

    def _answered(self, reply: Reply, below: tk.Frame) -> None:
        if self.winfo_exists():
            text = failures.sentence(reply) if isinstance(reply, Failed) else ""
            self._say(self._error, self.desk.look.clean(text, 300), below)
            self._refresh()

    def _group(self, title: str) -> None:
        look = self.desk.look
        made = label(look, self._body, title, font="strong", token="sec")
        made.pack(anchor="w", pady=(look.dp(24), look.dp(4)))

    def _row(self, key: str, title: str, note: str = "") -> tk.Frame:
        look = self.desk.look
        line = frame(look, self._body, name=key.replace(".", "_"))
        line.pack(fill="x", pady=look.dp(6))
        line.grid_columnconfigure(1, weight=1)
        line.bind("<Configure>", self._arrange)
        self._rows[key] = line
        words = frame(look, line, name="words")
        words.grid(row=0, column=0, sticky="w")
        label(look, words, title).pack(anchor="w")
        small = f"{key}  ·  {note}" if note else key
        label(look, words, small, font="caption", token="muted", wrap=300).pack(anchor="w")
        return line

    def _arrange(self, event: "tk.Event[tk.Misc]") -> None:
        """In a narrow window the control stands below its words."""
        line, look = event.widget, self.desk.look
        if not isinstance(line, tk.Frame):
            return
        controls = [child for child in line.grid_slaves() if child.winfo_name() != "words"]
        is_narrow = event.width < look.dp(NARROW)
        line.grid_columnconfigure(0, minsize=0 if is_narrow else look.dp(320))
        for control in controls:
            control.grid_configure(row=int(is_narrow), column=int(not is_narrow))

    def _choice(
        self,
        key: str,
        title: str,
        choices: Sequence[tuple[object, str]],
        value: Callable[[], object],
        note: str = "",
    ) -> None:
        look = self.desk.look
        line = self._row(key, title, note)
        area = frame(look, line, name="choices")
        area.grid(row=0, column=1, sticky="w")
        chips: list[tuple[object, ttk.Checkbutton]] = []

        def update() -> None:
            for worth, chip in chips:
                chip.state(["selected" if worth == value() else "!selected"])

        def chooser(worth: object) -> Callable[[], None]:
            def run() -> None:
                update()
                self._set(key, worth)

            return run

        for worth, words in choices:
            chip = ttk.Checkbutton(
                area, name=str(worth).replace(".", "_").lower(), text=words,
                style="surface.Chip.TCheckbutton", command=chooser(worth),
            )  # fmt: skip
            chip.state(["!alternate"])
            chip.pack(side="left", padx=(0, look.dp(8)))
            chips.append((worth, chip))
            self._first = self._first or chip
        self._updates.append(update)
        update()

    def _number(self, key: str, title: str, low: int, high: int, value: Callable[[], int]) -> None:
        look = self.desk.look
        line = self._row(key, title)
        field = Field(look, line, name="value", surface="surface", width=9)
        field.grid(row=0, column=1, sticky="w")

        def update() -> None:
            if self.desk.root.focus_get() is not field.entry:
                field.set(str(value()))

        def apply(_event: object = None) -> None:
            text = field.get().strip()
            if text == str(value()):
                return
            if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
                field.entry.state(["invalid"])
                words = f"{key} must be a whole number from {low} to {high}."
                self._say(self._error, words, line)
                self.desk.say(f"ui: settings error {words}")
                return
            self._set(key, int(text))

        field.entry.bind("<Return>", apply)
        field.entry.bind("<FocusOut>", apply, add=True)
        self._updates.append(update)
        update()

    def _tick(self, key: str, title: str, value: Callable[[], bool]) -> None:
        line = self._row(key, title)
        tick = ttk.Checkbutton(line, name="tick", style="surface.TCheckbutton")
        tick.configure(command=lambda: self._set(key, tick.instate(["selected"])))
        tick.grid(row=0, column=1, sticky="w")

        def update() -> None:
            tick.state(["!alternate", "selected" if value() else "!selected"])

        self._updates.append(update)
        update()
