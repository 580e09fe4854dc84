"""From what a person picked to an open tab: which login, which user, or what is missing."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge.contract import Failed, ListDatabaseUsers, Names, NoteUsed, Reply
from teleterm.bridge.views import DocumentView, ResourceView
from teleterm.ui.documents.identity import (
    KIND_TITLES,
    app_document,
    database_document,
    desktop_document,
    key_of,
    kube_document,
    requests_document,
    resources_document,
    sessions_document,
    shell_document,
    ssh_document,
    tsh_document,
)
from teleterm.ui.store import is_usable
from teleterm.ui.widgets.picker import Picker

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

NEED_CLUSTER = frozenset(
    {"ssh", "gateway_db", "gateway_app", "kube", "desktop", "resources", "requests", "sessions"}
)
"""The kinds of document that are nothing without a login."""


class Opener:
    """Opens things; what needs a login first asks for it and goes on by itself."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._last_login: dict[str, str] = {}
        self._last_database: dict[str, str] = {}
        for recent in reversed(desk.store.recent):
            self._remember(recent.document)

    def _remember(self, view: DocumentView) -> None:
        fields = view.fields
        if view.kind == "ssh":
            self._last_login[fields.get("server_uri", "")] = fields.get("login", "")
        elif view.kind == "desktop":
            self._last_login[fields.get("target_uri", "")] = fields.get("login", "")
        elif view.kind == "gateway_db":
            self._last_login[fields.get("target_uri", "")] = fields.get("user", "")
            if fields.get("db_name"):
                self._last_database[fields.get("target_uri", "")] = fields["db_name"]

    def used(self, view: DocumentView) -> None:
        """Remember what a document was used for, also when the program starts again."""
        self._remember(view)
        self._desk.bridge.ask(NoteUsed(document=view, cluster_uri=view.fields.get("cluster", "")))

    def copy(self, text: str) -> None:
        """Put a text on the clipboard."""
        self._desk.root.clipboard_clear()
        self._desk.root.clipboard_append(text)
        self._desk.notices.show("success", "Copied")

    def document(
        self, view: DocumentView, *, is_again: bool = False, is_background: bool = False
    ) -> None:
        """Open a document, logging in to its cluster first if it needs that."""
        cluster_uri = view.fields.get("cluster", "")
        needs_cluster = view.kind in NEED_CLUSTER
        is_open = self._desk.tabs.by_key(key_of(view)) is not None
        if needs_cluster and not is_open:
            root = self._desk.store.root_of(cluster_uri)
            if root is not None and not is_usable(root, self._desk.now()):
                again = lambda: self.document(view, is_again=is_again)  # noqa: E731 - said once
                self._desk.dialogs.login(root.uri, on_done=again)
                return
        self._remember(view)
        self._desk.tabs.open(view, is_again=is_again, is_background=is_background)

    def resources(self, cluster_uri: str, kinds: tuple[str, ...], search: str = "") -> None:
        """Show the resources of a cluster, in the tab that shows them already if there is one."""
        cluster = self._desk.store.clusters.get(cluster_uri)
        if cluster is None:
            return
        view = resources_document(cluster, kinds, search)
        known = next((d for d in self._desk.tabs.documents if d.key.startswith("resources ") and
                      d.cluster_uri == cluster_uri), None)  # fmt: skip
        if known is not None:
            retarget = getattr(known, "retarget", None)
            if retarget is not None:
                retarget(kinds, search)
            self._desk.tabs.show(known)
            return
        self.document(view)

    def requests(self, cluster_uri: str) -> None:
        """Show the access requests of a cluster's root."""
        root = self._desk.store.root_of(cluster_uri)
        if root is not None:
            self.document(requests_document(root))

    def sessions(self, cluster_uri: str, which: str = "active") -> None:
        """Show the sessions of a cluster."""
        cluster = self._desk.store.clusters.get(cluster_uri)
        if cluster is not None:
            self.document(sessions_document(cluster, which))

    def terminal(self, cluster_uri: str = "", *, shell: str = "") -> None:
        """Open a local shell."""
        cluster = self._desk.store.clusters.get(cluster_uri)
        self._desk.tabs.open(shell_document(cluster, shell=shell), is_again=True)

    def tsh(self, line: str, cluster_uri: str, title: str = "") -> None:
        """Run a tsh command in a tab."""
        self._desk.tabs.open(tsh_document(line, cluster_uri, title), is_again=True)

    def names_for(self, resource: ResourceView) -> list[str]:
        """The names one may connect as, the last used first."""
        names = list(resource.logins)
        last = self._last_login.get(resource.uri, "")
        if last in names:
            names.remove(last)
            names.insert(0, last)
        return names

    def connect(self, resource: ResourceView, *, asks_always: bool = False) -> None:
        """Connect to a resource; asks for the name to use unless there is only one.

        One that can't be reached without an access request is asked for instead.
        """
        if resource.requires_request:
            self._desk.dialogs.request_access(resource.cluster_uri, (resource,))
        elif resource.kind in {"servers", "desktops"}:
            self._connect_server(resource, asks_always=asks_always)
        elif resource.kind == "databases":
            self._connect_database(resource)
        elif resource.kind == "kubes":
            self.document(kube_document(resource))
        elif resource.kind == "apps":
            self.document(app_document(resource))
        else:
            title = KIND_TITLES.get(resource.kind, "This kind")
            self._desk.notices.show(
                "info", f"{title} can't be opened in a tab yet.", "Use tsh in a terminal meanwhile."
            )

    def connect_as(self, resource: ResourceView, name: str, *, is_background: bool = False) -> None:
        """Connect to a resource under a name."""
        if resource.kind == "servers":
            view = ssh_document(resource, name)
        elif resource.kind == "desktops":
            view = desktop_document(resource, name)
        else:
            user, _, database_name = name.partition("/")
            database_name = database_name or self._last_database.get(resource.uri, "")
            view = database_document(resource, user, database_name)
        self.document(view, is_background=is_background)

    def _connect_server(self, server: ResourceView, *, asks_always: bool) -> None:
        names = self.names_for(server)
        if len(names) == 1 and not asks_always:
            self.connect_as(server, names[0])
            return
        self.pick(f"Log in to {server.name} as", names, server)

    def _connect_database(self, database: ResourceView) -> None:
        if database.logins:
            self.pick(f"Connect to {database.name} as", self.names_for(database), database)
            return

        def answered(reply: Reply, _descriptor: int) -> None:
            if isinstance(reply, Names):
                last = self._last_login.get(database.uri, "")
                names = sorted(reply.names, key=lambda name: name != last)
                self.pick(f"Connect to {database.name} as", names, database)
            elif isinstance(reply, Failed):
                self.failed(reply, database.cluster_uri, lambda: self._connect_database(database))

        self._desk.bridge.ask(ListDatabaseUsers(database_uri=database.uri), answered)

    def pick(self, title: str, names: list[str], resource: ResourceView) -> None:
        """Let the person choose a name from a list, or type another one."""
        Picker(
            self._desk.look,
            self._desk.root,
            title=self._desk.look.clean(title),
            names=[name for name in names if name != "*"],
            placeholder="Another name" if names else "Name",
            on_pick=lambda name: self.connect_as(resource, name),
            log=self._desk.say,
        )

    def failed(
        self, failed: Failed, cluster_uri: str, again: Callable[[], object] | None = None
    ) -> None:
        """An answer that says no: log in and go on if that mends it, else a notice."""
        root = self._desk.store.root_of(cluster_uri)
        if failed.needs_login and root is not None:
            self._desk.dialogs.login(root.uri, reason=failed.message, on_done=again)
        else:
            self._desk.notices.show_failed(failed, retry=again)
