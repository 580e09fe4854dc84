"""Notices at the bottom right: newest lowest, at most four, the rest behind the counter."""

import tkinter as tk
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from teleterm.bridge.contract import Failed, Reply, RunNoticeAction
from teleterm.bridge.views import NoticeView
from teleterm.ui import failures
from teleterm.ui.shell.banner import ICONS, TOKENS
from teleterm.ui.widgets.basic import button, card, frame, icon_button, label, picture
from teleterm.ui.widgets.menu import MenuItem, popup

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

WIDTH, MARGIN, GAP = 360, 16, 8
MAX_SHOWN, MAX_KEPT, MAX_LINES = 4, 100, 3
STAY_MS = {"info": 5_000, "success": 3_000, "warning": 10_000, "error": 0}

Choice = tuple[str, Callable[[], object]]


class Notice(Struct, kw_only=True):
    """One notice as it is held here; equal ones are counted."""

    level: str
    title: str
    text: str = ""
    details: str = ""
    choices: tuple[Choice, ...] = ()
    count: int = 1

    def is_same(self, other: "Notice") -> bool:
        """Whether another one says the same."""
        mine, theirs = (self.level, self.title, self.text), (other.level, other.title, other.text)
        return mine == theirs


class Notices:
    """Shows notices above the document; `on_count(n)` follows how many are kept unseen."""

    def __init__(self, desk: "Desk", parent: tk.Misc) -> None:
        self._desk = desk
        self._parent = parent
        self._stack = frame(desk.look, parent, "surface", name="notices")
        self._kept: deque[Notice] = deque(maxlen=MAX_KEPT)
        self._shown: list[tuple[Notice, tk.Frame]] = []
        self._afters: dict[str, str] = {}
        self._number = 0
        self._unseen = 0
        self.on_count: Callable[[int], object] = lambda _count: None

    def show(
        self,
        level: str,
        title: str,
        text: str = "",
        *,
        details: str = "",
        choices: Sequence[Choice] = (),
    ) -> None:
        """Show a notice; texts are cleaned here."""
        look = self._desk.look
        notice = Notice(
            level=level,
            title=look.clean(title, 160),
            text=look.clean(text, 600),
            details=look.clean_lines(details),
            choices=tuple(choices)[:2],
        )
        self._desk.say(" ".join(filter(None, ("ui: notice", level, notice.title, notice.text))))
        for shown, box in self._shown:
            if shown.is_same(notice):
                notice.count = shown.count + 1
                self._remove(box)
                break
        else:
            self._kept.append(notice)
            self._unseen += 1
        self._add(notice)
        self.on_count(self._unseen)

    def show_view(self, view: NoticeView) -> None:
        """Show one that main sent; its buttons go back to main."""
        choices = tuple(
            (action.label, self._runner(action.action, action.argument)) for action in view.actions
        )
        self.show(view.level, view.title, view.text, details=view.details, choices=choices)

    def _runner(self, action: str, argument: str) -> Callable[[], object]:
        request = RunNoticeAction(action=action, argument=argument)
        return lambda: self._desk.bridge.ask(request)

    def show_failed(
        self, failed: Failed, *, title: str = "", retry: Callable[[], object] | None = None
    ) -> None:
        """Show an answer that says no."""
        choices: list[Choice] = [("Try again", retry)] if retry and failed.is_retryable else []
        heading = title or failed.message
        words = failures.sentence(failed)
        rest = words if title else words.removeprefix(failed.message).lstrip()
        self.show("error", heading, rest, details=failed.details, choices=choices)

    def show_reply(self, reply: Reply) -> None:
        """Show an answer only if it says no."""
        if isinstance(reply, Failed):
            self.show_failed(reply)

    def _add(self, notice: Notice) -> None:
        self._number += 1
        box = self._make(notice, f"n{self._number}")
        self._shown.append((notice, box))
        while len(self._shown) > MAX_SHOWN:
            self._remove(self._shown[0][1])
        self._arrange()
        stay = STAY_MS[notice.level]
        if stay and not notice.choices:
            self._start_clock(box, stay)

    def _start_clock(self, box: tk.Frame, stay_ms: int) -> None:
        path = str(box)

        def begin(_event: object = None) -> None:
            if path not in self._afters:
                self._afters[path] = self._parent.after(stay_ms, lambda: self._remove(box))

        def hold(_event: object = None) -> None:
            if path in self._afters:
                self._parent.after_cancel(self._afters.pop(path))

        box.bind("<Enter>", hold)
        box.bind("<Leave>", begin)
        begin()

    def _make(self, notice: Notice, name: str) -> tk.Frame:
        look = self._desk.look
        box = card(look, self._stack, name=name)
        box.grid_columnconfigure(1, weight=1)
        icon = picture(
            look, box, ICONS[notice.level], size=20, token=TOKENS[notice.level], surface="elevated"
        )
        icon.grid(row=0, column=0, sticky="n", padx=(look.dp(12), look.dp(12)), pady=look.dp(12))
        inside = frame(look, box, "elevated", name="in")
        inside.grid(row=0, column=1, sticky="nsew", pady=look.dp(10))
        title = f"{notice.title}  ×{notice.count}" if notice.count > 1 else notice.title
        room = WIDTH - 100
        label(look, inside, title, font="strong", surface="elevated", wrap=room).pack(anchor="w")
        if notice.text:
            words = self._three_lines(notice.text, look.dp(room))
            body = label(look, inside, words, token="sec", surface="elevated", wrap=room)
            body.pack(anchor="w", pady=(look.dp(2), 0))
        self._buttons(inside, box, notice)
        close = icon_button(
            look, box, "cross", "Close", lambda: self._remove(box),
            name="close", surface="elevated", size=14,
        )  # fmt: skip
        close.grid(row=0, column=2, sticky="n", padx=look.dp(4), pady=look.dp(4))
        return box

    def _buttons(self, inside: tk.Frame, box: tk.Frame, notice: Notice) -> None:
        look = self._desk.look
        choices = list(notice.choices)
        if notice.details:
            choices.append(
                ("Details", lambda: self._desk.dialogs.details(notice.title, notice.details))
            )
        if not choices:
            return
        line = frame(look, inside, "elevated", name="line")
        line.pack(anchor="w", pady=(look.dp(6), 0))
        for number, (title, act) in enumerate(choices, 1):
            made = button(
                look,
                line,
                title,
                self._chooser(box, act),
                name=f"choice{number}",
                surface="elevated",
            )
            made.pack(side="left", padx=(0, look.dp(8)))

    def _chooser(self, box: tk.Frame, act: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            self._remove(box)
            act()

        return run

    def _three_lines(self, text: str, width_px: int) -> str:
        most = width_px * MAX_LINES - self._desk.look.dp(40)
        return self._desk.look.cut(text, most)

    def _remove(self, box: tk.Frame) -> None:
        after = self._afters.pop(str(box), "")
        if after:
            self._parent.after_cancel(after)
        self._shown = [(notice, shown) for notice, shown in self._shown if shown is not box]
        if box.winfo_exists():
            box.destroy()
        self._arrange()

    def _arrange(self) -> None:
        look = self._desk.look
        if not self._shown:
            self._stack.place_forget()
            return
        for _notice, box in self._shown:
            box.pack_forget()
            box.pack(fill="x", pady=(0 if box is self._shown[0][1] else look.dp(GAP), 0))
        self._stack.place(
            relx=1.0, rely=1.0, x=-look.dp(MARGIN), y=-look.dp(MARGIN + 26), anchor="se",
            width=look.dp(WIDTH),
        )  # fmt: skip
        self._stack.lift()

    def history(self, x_root: int, y_root: int) -> None:
        """A menu of what was said, newest first; choosing one shows it again."""
        self._unseen = 0
        self.on_count(0)
        items = [
            MenuItem(
                title=self._desk.look.cut(notice.title, self._desk.look.dp(320)),
                run=self._shower(notice),
            )
            for notice in list(reversed(self._kept))[:15]
        ]
        nothing = MenuItem(title="No notices", is_enabled=False)
        popup(self._desk.look, self._parent, items or [nothing], x_root, y_root)

    def _shower(self, notice: Notice) -> Callable[[], None]:
        return lambda: self._add(notice)
