"""Access requests of a cluster: what was asked for by whom, and what one may do about it."""

import time
import tkinter as tk
from typing import TYPE_CHECKING

from teleterm.bridge.ask_access import AccessRequestView
from teleterm.bridge.contract import (
    AccessRequests,
    AssumeAccessRequest,
    DeleteAccessRequest,
    Failed,
    ListAccessRequests,
    Reply,
    Request,
    ReviewAccessRequest,
)
from teleterm.bridge.views import DocumentView
from teleterm.ui import failures
from teleterm.ui.dialogs.access import RequestDialog
from teleterm.ui.documents.assumed import AssumedFollower
from teleterm.ui.documents.document import Document
from teleterm.ui.documents.emptiness import Emptiness
from teleterm.ui.documents.lock import PageLock
from teleterm.ui.widgets.basic import button, frame, icon_button, label
from teleterm.ui.widgets.loading import LoadingLine
from teleterm.ui.widgets.table import Line, Table

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

PADDING = 24
COLUMNS = (("Wants", 34), ("State", 14), ("User", 16), ("Created", 18), ("Valid until", 18))
STATES = {
    "PENDING": ("Waiting", "mark_half", "accent"),
    "APPROVED": ("Approved", "mark_on", "success"),
    "DENIED": ("Denied", "mark_trouble", "danger"),
    "PROMOTED": ("Promoted", "mark_on", "success"),
}


class RequestsDocument(Document):
    """Widgets: `body.head.new`, `body.head.refresh`, `body.area.table`, `empty.line.button`."""

    def __init__(self, desk: "Desk", parent: tk.Misc, view: DocumentView, name: str) -> None:
        super().__init__(desk, parent, view, name)
        self._known: dict[str, AccessRequestView] = {}
        self._ask_id = 0
        look = desk.look
        body = frame(look, self, name="body")
        body.grid(row=1, column=0, sticky="nsew")
        body.grid_columnconfigure(0, weight=1)
        body.grid_rowconfigure(2, weight=1)
        self._body = body
        self._loading = LoadingLine(look, body)
        self._loading.grid(row=0, column=0, sticky="ew")
        self._make_head()
        self.table = Table(look, body, name="area", columns=COLUMNS)
        self.table.grid(row=2, column=0, sticky="nsew", padx=look.dp(PADDING - 12))
        self.table.on_open = self._open
        self._empty = Emptiness(look, body)
        self._lock = PageLock(self, self.load, self._loading.stop, lambda: None)
        self._assumed = AssumedFollower(self, self.load)
        self.load()

    def _make_head(self) -> None:
        look = self.desk.look
        head = frame(look, self._body, name="head")
        head.grid(
            row=1, column=0, sticky="ew", padx=look.dp(PADDING), pady=(look.dp(16), look.dp(8))
        )
        head.grid_columnconfigure(1, weight=1)
        label(look, head, "Access requests", font="h1", name="title").grid(row=0, column=0)
        self._count = label(look, head, "", font="caption", token="muted", name="count")
        self._count.grid(row=0, column=1, sticky="sw", padx=look.dp(12), pady=(0, look.dp(3)))
        new = button(look, head, "New request", self.ask_new, name="new", kind="Primary")
        new.grid(row=0, column=2)
        refresh = icon_button(
            look, head, "refresh", "Load again", self.load, name="refresh", surface="surface"
        )
        refresh.grid(row=0, column=3, padx=(look.dp(4), 0))

    # Loading

    def load(self) -> None:
        """Ask for the requests anew."""
        if not self._lock.is_open():
            return
        if self._ask_id:
            self.desk.bridge.forget(self._ask_id)
        self._loading.start()
        self._ask_id = self.desk.bridge.ask(
            ListAccessRequests(cluster_uri=self.cluster_uri), self._answered
        )

    def _answered(self, reply: Reply, _descriptor: int) -> None:
        if not self.winfo_exists():
            return
        self._ask_id = 0
        self._loading.stop()
        if isinstance(reply, Failed):
            self._failed(reply)
        elif isinstance(reply, AccessRequests):
            self._take(reply.requests)

    def _take(self, requests: tuple[AccessRequestView, ...]) -> None:
        self._known = {one.id: one for one in requests}
        self.table.show([line_of(one) for one in requests])
        self._count.configure(text=f"{len(requests)} shown" if requests else "")
        if requests:
            self._empty.hide()
            self.table.grid()
        else:
            self.table.grid_remove()
            self._empty.show(
                "ticks", "Nobody asked for anything here yet.", "New request", self.ask_new
            )
        self.desk.say(f"ui: requests shown {len(requests)}")

    def _failed(self, failed: Failed) -> None:
        if failed.needs_login:
            self._lock.close()
            return
        self.desk.say(f"ui: requests error {failed.message}")
        if self._known:
            self.desk.notices.show_failed(failed, retry=self.load)
            return
        self.table.grid_remove()
        words = self.desk.look.clean(failures.sentence(failed), 400)
        self._empty.show("error", words, "Try again", self.load, token="danger")

    # Acting

    def ask_new(self) -> None:
        """Ask what to ask for."""
        self.desk.dialogs.request_access(self.cluster_uri, on_done=self.load)

    def _open(self, key: str) -> None:
        one = self._known.get(key)
        if one is None:
            return
        root = self.desk.store.root_of(self.cluster_uri)
        is_own = root is not None and root.user == one.user
        RequestDialog(self.desk, one, lines_of(one), is_own=is_own, on_done=self._act)

    def _act(self, one: AccessRequestView, act: str, reason: str) -> None:
        """What the person chose in the request's dialog."""
        uri = self.cluster_uri
        request: Request
        if act in {"assume", "drop"}:
            request = AssumeAccessRequest(
                cluster_uri=uri, request_id=one.id, is_dropped=act == "drop"
            )
        elif act == "delete":
            request = DeleteAccessRequest(cluster_uri=uri, request_id=one.id)
        else:
            request = ReviewAccessRequest(
                cluster_uri=uri, request_id=one.id, is_approved=act == "approve", reason=reason
            )

        def answered(reply: Reply, _descriptor: int) -> None:
            if isinstance(reply, Failed):
                self.desk.opener.failed(reply, uri)
            self.desk.say(f"ui: request {act} {type(reply).__name__}")
            if self.winfo_exists():
                self.load()

        self._loading.start()
        self.desk.bridge.ask(request, answered)

    def shown(self) -> None:
        """In front again: somebody may have answered meanwhile."""
        super().shown()
        if not self._ask_id:
            self.load()

    def focus_content(self) -> None:
        """The table has the keyboard."""
        self.table.focus_set()

    def boxes(self) -> list[tuple[str, int, int, int, int]]:
        """Key and place of each visible row, for tests from outside."""
        across = self.table.winfo_rootx() - self.winfo_rootx()
        down = self.table.winfo_rooty() - self.winfo_rooty()
        return [(key, across + x, down + y, w, h) for key, x, y, w, h in self.table.places()]


def wants(one: AccessRequestView) -> str:
    """What is asked for, in a line."""
    return ", ".join((*one.roles, *one.resources)) or "nothing"


def state_of(one: AccessRequestView) -> tuple[str, str, str]:
    """A request's state as words, icon and token."""
    if one.is_assumed:
        return ("In use", "mark_on", "accent")
    return STATES.get(one.state, (one.state.capitalize() or "Unknown", "mark_ring", "muted"))


def when(seconds: float) -> str:
    """A point in time, or nothing."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds)) if seconds else ""


def line_of(one: AccessRequestView) -> Line:
    """A request's row."""
    words, icon, token = state_of(one)
    cells = (wants(one), words, one.user, when(one.created_at), when(one.expires_at))
    return Line(key=one.id, cells=cells, icon=icon, icon_token=token)


def lines_of(one: AccessRequestView) -> list[tuple[str, str]]:
    """What the dialog tells of a request: title and text."""
    said = [
        (f"{review.author} {STATES.get(review.state, (review.state,))[0].lower()}",
         " · ".join(filter(None, (when(review.at), review.reason))))
        for review in one.reviews
    ]  # fmt: skip
    lines = [
        ("Wants", wants(one)),
        ("User", one.user),
        ("Reason", one.reason),
        ("State", state_of(one)[0]),
        ("Created", when(one.created_at)),
        ("Valid until", when(one.expires_at)),
        *said,
        ("Answer", one.resolve_reason),
        ("Id", one.id),
    ]
    return [(title, text) for title, text in lines if text]
