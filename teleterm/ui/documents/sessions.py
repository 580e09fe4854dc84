"""Sessions of a cluster: those that go on, to join one; those that were recorded, to play one."""

import time
import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from teleterm.bridge.ask_sessions import ListSessions, SessionView
from teleterm.bridge.contract import Failed, Reply, Sessions
from teleterm.bridge.views import DocumentView
from teleterm.ui import failures
from teleterm.ui.documents.document import Document
from teleterm.ui.documents.emptiness import Emptiness
from teleterm.ui.documents.lock import PageLock
from teleterm.ui.widgets.basic import frame, icon_button, label
from teleterm.ui.widgets.loading import LoadingLine
from teleterm.ui.widgets.menu import LINE, MenuItem, popup
from teleterm.ui.widgets.table import Line, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from teleterm.ui.desk import Desk

PADDING = 24
COLUMNS = (("Where", 34), ("Who", 28), ("Kind", 12), ("Began", 18), ("Lasted", 12))
WHICH = {"active": "Going on", "recorded": "Recordings"}
KINDS = {
    "ssh": ("SSH", "server"),
    "k8s": ("Kubernetes", "kube"),
    "db": ("Database", "database"),
    "app": ("App", "app"),
    "desktop": ("Desktop", "desktop"),
}
MODES = {"observer": "Watch", "peer": "Type along", "moderator": "Moderate"}
PLAYABLE = {"ssh", "k8s", "db"}
MINUTE_S, HOUR_S = 60, 3600


class SessionsDocument(Document):
    """Widgets: `body.chips.active` and `.recorded`, `body.head.refresh`, `body.area.table`."""

    def __init__(self, desk: "Desk", parent: tk.Misc, view: DocumentView, name: str) -> None:
        super().__init__(desk, parent, view, name)
        self._known: dict[str, SessionView] = {}
        self._ask_id = 0
        look = desk.look
        body = frame(look, self, name="body")
        body.grid(row=1, column=0, sticky="nsew")
        body.grid_columnconfigure(0, weight=1)
        body.grid_rowconfigure(3, weight=1)
        self._body = body
        self._loading = LoadingLine(look, body)
        self._loading.grid(row=0, column=0, sticky="ew")
        self._make_head()
        self._make_chips()
        self.table = Table(look, body, name="area", columns=COLUMNS)
        self.table.grid(row=3, column=0, sticky="nsew", padx=look.dp(PADDING - 12))
        self.table.on_open = self._open
        self.table.on_menu = self._menu
        self._empty = Emptiness(look, body)
        self._lock = PageLock(self, self.load, self._loading.stop, lambda: None)
        self.load()

    def _make_head(self) -> None:
        look = self.desk.look
        head = frame(look, self._body, name="head")
        head.grid(
            row=1, column=0, sticky="ew", padx=look.dp(PADDING), pady=(look.dp(16), look.dp(8))
        )
        head.grid_columnconfigure(1, weight=1)
        label(look, head, "Sessions", font="h1", name="title").grid(row=0, column=0)
        self._count = label(look, head, "", font="caption", token="muted", name="count")
        self._count.grid(row=0, column=1, sticky="sw", padx=look.dp(12), pady=(0, look.dp(3)))
        refresh = icon_button(
            look, head, "refresh", "Load again", self.load, name="refresh", surface="surface"
        )
        refresh.grid(row=0, column=2)

    def _make_chips(self) -> None:
        look = self.desk.look
        line = frame(look, self._body, name="chips")
        line.grid(row=2, column=0, sticky="w", padx=look.dp(PADDING), pady=(0, look.dp(8)))
        self._chips: dict[str, ttk.Checkbutton] = {}
        for which, title in WHICH.items():
            chip = ttk.Checkbutton(
                line, name=which, text=title, style="surface.Chip.TCheckbutton",
                command=self._chooser(which),
            )  # fmt: skip
            chip.pack(side="left", padx=(0, look.dp(8)))
            self._chips[which] = chip
        self._mark_chips()

    def _mark_chips(self) -> None:
        for which, chip in self._chips.items():
            chip.state(["!alternate", "selected" if which == self.which else "!selected"])

    @property
    def which(self) -> str:
        """Which list is shown: active or recorded."""
        return "recorded" if self.field("which") == "recorded" else "active"

    def _chooser(self, which: str) -> "Callable[[], None]":
        def choose() -> None:
            if which != self.which:
                self._show_none()
            self.set_field("which", which)
            self._mark_chips()
            self.load()

        return choose

    def _show_none(self) -> None:
        """Until the other list comes, no row of this one: Enter means something else there."""
        self._known = {}
        self.table.show([])
        self._count.configure(text="")
        self._empty.hide()
        self.table.grid()

    # Loading

    def load(self) -> None:
        """Ask for the list anew."""
        if not self._lock.is_open():
            return
        if self._ask_id:
            self.desk.bridge.forget(self._ask_id)
        self._loading.start()
        request = ListSessions(
            cluster_uri=self.cluster_uri, which="recorded" if self.which == "recorded" else "active"
        )
        self._ask_id = self.desk.bridge.ask(request, self._answered)

    def _answered(self, reply: Reply, _descriptor: int) -> None:
        if not self.winfo_exists():
            return
        self._ask_id = 0
        self._loading.stop()
        if isinstance(reply, Failed):
            self._failed(reply)
        elif isinstance(reply, Sessions):
            self._take(reply.sessions)

    def _take(self, sessions: tuple[SessionView, ...]) -> None:
        self._known = {one.id: one for one in sessions}
        self.table.show([line_of(one) for one in sessions])
        self._count.configure(text=f"{len(sessions)} shown" if sessions else "")
        if sessions:
            self._empty.hide()
            self.table.grid()
        else:
            self.table.grid_remove()
            self._show_empty()
        self.desk.say(f"ui: sessions {self.which} {len(sessions)}")

    def _show_empty(self) -> None:
        words = (
            "Nobody is at work here just now, or nobody you may join."
            if self.which == "active"
            else "Nothing was recorded here in the last seven days, or nothing you may see."
        )
        self._empty.show("user", words, "Load again", self.load)

    def _failed(self, failed: Failed) -> None:
        if failed.needs_login:
            self._lock.close()
            return
        self.desk.say(f"ui: sessions error {failed.message}")
        self.table.grid_remove()
        words = self.desk.look.clean(failures.sentence(failed), 400)
        self._empty.show("error", words, "Try again", self.load, token="danger")

    # Acting

    def _open(self, key: str) -> None:
        one = self._known.get(key)
        if one is None:
            return
        if self.which == "recorded":
            self._play(one)
        else:
            self._join(one, "observer")

    def _join(self, one: SessionView, mode: str) -> None:
        if one.kind not in {"ssh", "k8s"}:
            self._cannot(f"{_kind(one)[0]} sessions can't be joined.")
            return
        verb = "kube join" if one.kind == "k8s" else "join"
        title = f"{MODES[mode]} · {self.desk.look.clean(one.target, 80)}"
        self.desk.opener.tsh(f"{verb} --mode={mode} {one.id}", self.cluster_uri, title)

    def _play(self, one: SessionView) -> None:
        if one.kind not in PLAYABLE:
            self._cannot(f"Recordings of {_kind(one)[0].lower()} sessions play in the web UI.")
            return
        title = f"Recording · {self.desk.look.clean(one.target, 80)}"
        self.desk.opener.tsh(f"play {one.id}", self.cluster_uri, title)

    def _cannot(self, words: str) -> None:
        self.desk.notices.show("info", words)

    def _menu(self, key: str, x_root: int, y_root: int) -> None:
        one = self._known.get(key)
        if one is None:
            return
        copy = MenuItem(title="Copy id", run=lambda: self.desk.opener.copy(one.id))
        if self.which == "recorded":
            items = [MenuItem(title="Play", run=lambda: self._play(one)), LINE, copy]
        else:
            items = [MenuItem(title=MODES[mode], run=self._joiner(one, mode)) for mode in MODES]
            items += [LINE, copy]
        popup(self.desk.look, self, items, x_root, y_root)

    def _joiner(self, one: SessionView, mode: str) -> "Callable[[], None]":
        return lambda: self._join(one, mode)

    def focus_content(self) -> None:
        """The table has the keyboard."""
        self.table.focus_set()

    def boxes(self) -> list[tuple[str, int, int, int, int]]:
        """Key and place of each visible row, for tests from outside."""
        across = self.table.winfo_rootx() - self.winfo_rootx()
        down = self.table.winfo_rooty() - self.winfo_rooty()
        return [(key, across + x, down + y, w, h) for key, x, y, w, h in self.table.places()]


def _kind(one: SessionView) -> tuple[str, str]:
    return KINDS.get(one.kind, (one.kind or "Session", "prompt"))


def line_of(one: SessionView) -> Line:
    """A session's row."""
    began = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.began_at)) if one.began_at else ""
    title, icon = _kind(one)
    return Line(
        key=one.id,
        cells=(
            one.target or one.id,
            ", ".join(one.people),
            title,
            began,
            "Waits" if one.is_waiting else lasted(one.lasted_s),
        ),
        icon=icon,
    )


def lasted(seconds: float) -> str:
    """How long something was, short; nothing for what goes on."""
    whole = int(seconds)
    if not seconds:
        return ""
    if whole < MINUTE_S:
        return f"{max(1, whole)} s"
    if whole < HOUR_S:
        return f"{whole // MINUTE_S} min"
    return f"{whole // HOUR_S} h {whole % HOUR_S // MINUTE_S:02d} min"
