"""The page without a tab: add a cluster, or go on where one was."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge.contract import AddCluster, ClusterAdded, Failed, Reply, UseSharedProfiles
from teleterm.ui import failures
from teleterm.ui.dialogs.address import problem_of
from teleterm.ui.documents.identity import icon_of
from teleterm.ui.store import is_usable, login_state
from teleterm.ui.widgets import focus
from teleterm.ui.widgets.basic import button, frame, label, picture
from teleterm.ui.widgets.field import Field
from teleterm.ui.widgets.rowlist import Row, RowList
from teleterm.ui.widgets.scroll import ScrolledPage

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

RECENT_ROWS, ROW_HEIGHT = 8, 34
SHEET = (
    "openSearchBar",
    "newTerminalTab",
    "newTab",
    "closeTab",
    "nextTab",
    "openClusters",
    "toggleSidebar",
    "settings",
)

NARROW = 640
"""Below this width there is one column."""


class HomePage(tk.Frame):
    """Without clusters: field `address`, button `connect`. With: lists `recent` and `clusters`."""

    def __init__(self, desk: "Desk", parent: tk.Misc) -> None:
        super().__init__(parent, name="home", borderwidth=0, highlightthickness=0)
        self._desk = desk
        self._shown: tuple[object, ...] = ()
        self._page: tk.Frame | None = None
        self._address: Field | None = None
        self._focus: tk.Misc | None = None
        self._sections: tuple[tk.Frame, ...] = ()
        self.bind("<Configure>", lambda event: self._arrange(event.width), add=True)
        self.grid_rowconfigure(0, weight=1)
        self.grid_columnconfigure(0, weight=1)
        desk.look.follow(
            self, lambda: self.configure(background=desk.look.color("surface")) and None
        )
        for topic in ("clusters", "recent", "daemon"):
            desk.store.listen(topic, self.refresh)

    def refresh(self) -> None:
        """Show what the store has now, if that changed."""
        store = self._desk.store
        is_waiting = self._is_waiting()
        shown = (
            tuple((c.uri, c.is_logged_in, c.title, c.color) for c in store.roots()),
            store.recent[:RECENT_ROWS],
            store.shared_profiles,
            len(self._desk.actions.pairs()),
            is_waiting,
        )
        if shown == self._shown or not self.winfo_exists():
            return
        typed = self._address.get() if self._address is not None and self._page else ""
        self._shown = shown
        had_focus = self._has_focus()
        if self._page is not None:
            self._page.destroy()
        self._address = None
        self._sections = ()
        page = ScrolledPage(self._desk.look, self)
        page.grid(row=0, column=0, sticky="nsew")
        self._page = page
        if store.roots():
            self._fill_known(page.body)
        elif not is_waiting:
            self._fill_new(page.body, typed)
        page.settle()
        if had_focus:
            self.focus_content()

    def _is_waiting(self) -> bool:
        """Whether there were clusters last time, and the daemon is yet to name them."""
        store = self._desk.store
        known = bool(store.recent or store.layout.documents)
        return known and store.daemon_state == "starting" and not store.roots()

    def _has_focus(self) -> bool:
        """Whether the keyboard is here, or nowhere while this page is shown."""
        now = str(self._desk.root.focus_get() or "")
        return focus.holds(self, now) or (now == "." and bool(self.winfo_ismapped()))

    def focus_content(self) -> None:
        """Put the keyboard to use."""
        if self._focus is not None and self._focus.winfo_exists():
            self._focus.focus_set()

    def _fill_new(self, body: tk.Frame, typed: str) -> None:
        look = self._desk.look
        body.grid_columnconfigure(0, weight=1)
        box = frame(look, body, name="new")
        box.grid(row=0, column=0, pady=(look.dp(96), look.dp(32)))
        picture(look, box, "logo", size=72, token="accent").grid(row=0, column=0, columnspan=2)
        label(look, box, "teleterm", font="display", anchor="center").grid(
            row=1, column=0, columnspan=2, pady=(look.dp(4), look.dp(4))
        )
        words = "Enter the address of your Teleport cluster"
        label(look, box, words, token="sec", anchor="center").grid(
            row=2, column=0, columnspan=2, pady=(0, look.dp(24))
        )
        self._address = Field(
            look,
            box,
            name="address",
            placeholder="teleport.example.com",
            surface="surface",
            width=40,
            on_change=lambda text: self._say(problem_of(text)),
        )
        self._address.grid(row=3, column=0, sticky="ew")
        self._address.set(typed)
        self._address.entry.bind("<Return>", self._return)
        self._connect_button = button(
            look, box, "Connect", self._connect, name="connect", kind="Primary"
        )
        self._connect_button.grid(row=3, column=1, padx=(look.dp(8), 0))
        self._error = label(look, box, "", token="danger", wrap=420, name="error")
        self._error.grid(row=4, column=0, columnspan=2, sticky="w", pady=(look.dp(8), look.dp(8)))
        self._details = frame(look, box, name="details")
        self._details.grid(row=5, column=0, columnspan=2, sticky="w")
        self._below(box)
        self._focus = self._address.entry

    def _below(self, box: tk.Frame) -> None:
        look, store = self._desk.look, self._desk.store
        row = 6
        if store.shared_profiles:
            count = store.shared_profiles
            noun = "cluster" if count == 1 else "clusters"
            line = frame(look, box, name="known")
            label(
                look, line, f"tsh on this computer already knows {count} {noun}.", token="sec"
            ).pack(side="left")
            use = lambda: self._desk.bridge.ask(UseSharedProfiles())  # noqa: E731
            button(look, line, "Use them", use, name="use", kind="Link").pack(side="left")
            line.grid(row=row, column=0, columnspan=2)
            row += 1
        button(
            look,
            box,
            "Open a local terminal",
            self._desk.opener.terminal,
            name="terminal",
            kind="Link",
        ).grid(row=row, column=0, columnspan=2)

    def _return(self, _event: "tk.Event[tk.Misc]") -> str:
        self._connect()
        return "break"

    def _offer_details(self, details: str) -> None:
        """A button below the error that shows the original text."""
        if details:
            show = lambda: self._desk.dialogs.details("Details", details)  # noqa: E731
            made = button(self._desk.look, self._details, "Details", show, name="more", kind="Link")
            made.pack(pady=(0, self._desk.look.dp(8)))

    def _say(self, text: str) -> None:
        if hasattr(self, "_error") and self._error.winfo_exists():
            self._error.configure(text=text)
            for child in self._details.winfo_children():
                child.destroy()
            self._details.configure(width=1, height=1)

    def _connect(self) -> None:
        if self._address is None:
            return
        address = self._address.get().strip()
        problem = problem_of(address) or ("" if address else "Enter the address of a cluster.")
        if problem:
            self._say(problem)
            self._address.mark_wrong()
            return
        self._connect_button.configure(text="Connecting…")
        self._connect_button.state(["disabled"])
        self._desk.bridge.ask(AddCluster(address=address), self._answered)

    def _answered(self, reply: Reply, _descriptor: int) -> None:
        if isinstance(reply, ClusterAdded):
            self._desk.dialogs.cluster_added(reply.cluster)
        if not self._connect_button.winfo_exists():
            return
        again = isinstance(reply, Failed) and reply.is_retryable
        self._connect_button.configure(text="Try again" if again else "Connect")
        self._connect_button.state(["!disabled"])
        if isinstance(reply, Failed) and self._address is not None:
            self._address.mark_wrong()
            self._say(self._desk.look.clean(failures.sentence(reply), 400))
            self._desk.say(f"ui: home error {failures.sentence(reply)}")
            self._offer_details(reply.details)

    def _fill_known(self, body: tk.Frame) -> None:
        look = self._desk.look
        self._head = label(look, body, "Home", font="h1")
        left = self._section(body, "Recent connections")
        self._list(left, "recent", self._recent_rows(), self._open_recent)
        right = self._section(body, "Clusters")
        self._list(right, "clusters", self._cluster_rows(), self._open_cluster)
        sheet = self._section(body, "Keyboard")
        self._sheet(sheet)
        self._sections = (left, right, sheet)
        self._arrange(self.winfo_width())

    def _section(self, body: tk.Frame, title: str) -> tk.Frame:
        look = self._desk.look
        box = frame(look, body, name=title.rpartition(" ")[2].lower())
        label(look, box, title, font="strong", token="sec").pack(anchor="w", pady=(0, look.dp(8)))
        return box

    def _arrange(self, width: int) -> None:
        """Two columns where there is room, else one below the other."""
        if not self._sections or not self._sections[0].winfo_exists():
            return
        dp = self._desk.look.dp
        is_narrow = 1 < width < dp(NARROW)
        edge, gap = dp(24), dp(16)
        left, right, sheet = self._sections
        both = 2 if is_narrow else 1
        body = left.master
        body.grid_columnconfigure((0, 1), weight=1, uniform="half")
        below = dp(24 if is_narrow else 32)
        self._head.grid(row=0, column=0, columnspan=2, sticky="w", padx=edge, pady=(below, dp(16)))
        inner = edge if is_narrow else gap
        left.grid(
            row=1, column=0, columnspan=both, sticky="new", padx=(edge, inner), pady=(0, below)
        )
        right.grid(
            row=2 if is_narrow else 1,
            column=0 if is_narrow else 1,
            columnspan=both,
            sticky="new",
            padx=(inner, edge),
            pady=(0, below),
        )
        sheet.grid(row=3, column=0, columnspan=2, sticky="new", padx=edge, pady=(0, below))

    def _list(
        self, box: tk.Frame, name: str, rows: list[Row], act: Callable[[str], object]
    ) -> None:
        look = self._desk.look
        made = RowList(look, box, name=name, surface="surface", row_height=ROW_HEIGHT)
        made.configure(height=look.dp(ROW_HEIGHT) * max(1, len(rows)))
        made.grid_propagate(False)
        made.set_rows(rows)
        made.on_open = act
        made.pack(fill="x")
        has_rows = name == "recent" and any(row.kind == "row" for row in rows)
        if has_rows or (name == "clusters" and not isinstance(self._focus, RowList)):
            self._focus = made

    def _recent_rows(self) -> list[Row]:
        look, store = self._desk.look, self._desk.store
        rows = [
            Row(
                key=recent.key,
                title=look.clean(recent.title, 120),
                icon=icon_of(recent.document),
                second=look.clean(recent.cluster_title, 80),
            )
            for recent in store.recent[:RECENT_ROWS]
        ]
        nothing = Row(
            key="",
            kind="message",
            title="What you open shows up here.",
            title_token="muted",
        )
        return rows or [nothing]

    def _cluster_rows(self) -> list[Row]:
        look, rows = self._desk.look, []
        for root in self._desk.store.roots():
            right, token = login_state(root, self._desk.now())
            rows.append(
                Row(
                    key=root.uri,
                    title=look.clean(root.title, 120),
                    icon="cluster",
                    second=look.clean(root.user, 60),
                    right=right,
                    right_token=token,
                    bar=look.cluster_color(root.color),
                )
            )
        rows.append(Row(key="add", title="Add cluster", icon="plus", title_token="sec"))
        return rows

    def _open_recent(self, key: str) -> None:
        recent = next((r for r in self._desk.store.recent if r.key == key), None)
        if recent is not None:
            self._desk.opener.document(recent.document)

    def _open_cluster(self, uri: str) -> None:
        root = self._desk.store.clusters.get(uri)
        if root is None:
            self._desk.dialogs.add_cluster()
        elif is_usable(root, self._desk.now()):
            self._desk.opener.resources(uri, ("servers",))
        else:
            self._desk.dialogs.login(uri)

    def _sheet(self, box: tk.Frame) -> None:
        look, actions = self._desk.look, self._desk.actions
        grid = frame(look, box)
        grid.pack(fill="x")
        grid.grid_columnconfigure((0, 2), weight=1, uniform="names")
        wanted = [a for a in actions.listed() if a.name in SHEET and actions.key_of(a.name)]
        half = (len(wanted) + 1) // 2
        for index, action in enumerate(wanted):
            row, column = index % half, 2 * (index // half)
            label(look, grid, action.title, token="sec").grid(
                row=row, column=column, sticky="w", pady=look.dp(3)
            )
            label(look, grid, actions.key_of(action.name), font="caption", token="muted").grid(
                row=row,
                column=column + 1,
                sticky="e",
                padx=(look.dp(8), look.dp(48 if column == 0 else 4)),
            )
