"""Which dialogs are open, one for each purpose, in two layers; and who opens them."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from teleterm.bridge.contract import (
    AnswerRelogin,
    ChangeRecent,
    HardwareKeyAsked,
    HeadlessAsked,
    KeyLoginAsked,
    Logout,
    MfaAsked,
    Quit,
    ReloginAsked,
    SetSetting,
    TellDesktop,
)
from teleterm.bridge.views import ClusterView, LinkLine, RecentView, ResourceView
from teleterm.ui.dialogs.add_cluster import AddClusterDialog
from teleterm.ui.dialogs.confirm import Choice, ConfirmDialog, DetailsDialog, RenameDialog
from teleterm.ui.dialogs.dialog import Dialog
from teleterm.ui.dialogs.links import LinksDialog
from teleterm.ui.dialogs.login import LoginDialog
from teleterm.ui.dialogs.mfa import HardwareKeyDialog, HeadlessDialog, MfaDialog
from teleterm.ui.dialogs.new_request import NewRequestDialog
from teleterm.ui.dialogs.transfer import TransferDialog

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk
    from teleterm.ui.documents.document import Document

Kind = Literal["login", "factor", "headless"]
Prompt = MfaAsked | HeadlessAsked | HardwareKeyAsked


class FrontDesk:
    """Opens dialogs. An important one hides the ordinary ones and gives them back afterwards."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._open: list[Dialog] = []
        self._prompts: deque[Prompt] = deque()
        self._prompt: Dialog | None = None
        self._prompt_id = ""
        self.focus_document: Callable[[], object] = lambda: None
        self.on_logged_in: Callable[[str], object] = lambda _uri: None

    # Layers

    @property
    def is_any_open(self) -> bool:
        """Whether a dialog waits."""
        return bool(self._open)

    def entered(self, dialog: Dialog) -> None:
        """A dialog opens."""
        if dialog.is_important:
            for other in self._open:
                other.hide()
        self._open.append(dialog)

    def left(self, dialog: Dialog) -> None:
        """A dialog closed: give back the one below it, or the keyboard to the document."""
        if dialog in self._open:
            self._open.remove(dialog)
        if dialog is self._prompt:
            self._prompt = None
            self._desk.root.after_idle(self._next_prompt)
        if self._open:
            self._open[-1].unhide()
        else:
            self._desk.root.focus_force()
            self.focus_document()

    def lift(self) -> None:
        """Keep the open dialog above the window."""
        if self._open:
            self._open[-1].lift()

    def _named(self, name: str) -> Dialog | None:
        return next((dialog for dialog in self._open if dialog.winfo_name() == name), None)

    def _raise(self, name: str) -> bool:
        known = self._named(name)
        if known is not None:
            known.lift()
            known.focus_force()
        return known is not None

    # Clusters

    def add_cluster(self, address: str = "") -> None:
        """Ask for the address of a cluster."""
        if not self._raise("dlg_add"):
            AddClusterDialog(self._desk, address=address)

    def cluster_added(self, cluster: ClusterView) -> None:
        """A cluster is known now: go on to its login, then to what it has."""

        def show() -> None:
            self._desk.opener.resources(cluster.uri, ("servers",))

        if cluster.uri not in self._desk.store.clusters:
            known = tuple(self._desk.store.clusters.values())
            self._desk.store.set_clusters((*known, cluster))
        if cluster.is_logged_in:
            show()
        else:
            self.login(cluster.uri, on_done=show)

    def login(
        self,
        cluster_uri: str,
        *,
        reason: str = "",
        on_done: Callable[[], object] | None = None,
        on_refused: Callable[[], object] | None = None,
    ) -> None:
        """Log in to a root cluster; one dialog for all who need it."""
        root = self._desk.store.root_of(cluster_uri)
        if root is None:
            return
        known = self._named("dlg_login")
        if isinstance(known, LoginDialog) and known.cluster.uri == root.uri:
            known.wait(on_done, on_refused)
            known.say_reason(reason)
            self._raise("dlg_login")
            return
        if known is not None:
            known.close()
        dialog = LoginDialog(self._desk, root, reason=reason, on_done=on_done)
        dialog.wait(None, on_refused)

    def logged_in(self, cluster_uri: str) -> None:
        """Tell whoever follows logins."""
        self._desk.say("ui: logged in")
        self.on_logged_in(cluster_uri)

    def relogin(self, asked: ReloginAsked) -> None:
        """The daemon needs a login for something that waits."""

        def answer(*, is_done: bool) -> None:
            self._desk.bridge.ask(AnswerRelogin(prompt_id=asked.prompt_id, is_done=is_done))

        self._tell_desktop("login", asked.cluster_uri)
        self.login(
            asked.cluster_uri,
            reason=asked.reason,
            on_done=lambda: answer(is_done=True),
            on_refused=lambda: answer(is_done=False),
        )

    def logout(self, cluster_uri: str, *, forget: bool = False) -> None:
        """Ask, naming what will stop."""
        desk = self._desk
        root = desk.store.root_of(cluster_uri)
        if root is None or self._raise("dlg_logout"):
            return
        title = desk.look.clean(root.title, 80)
        live = [d for d in desk.tabs.documents if d.is_live and
                getattr(desk.store.root_of(d.cluster_uri), "uri", "") == root.uri]  # fmt: skip
        lines = [document.title for document in live]
        text = "These will end:" if lines else "Nothing is open on it."

        def go(*, is_forgotten: bool) -> None:
            request = Logout(cluster_uri=root.uri, forget=is_forgotten)
            desk.bridge.ask(request, lambda reply, _fd: desk.notices.show_reply(reply))

        remove: Choice = ("remove", "Remove cluster", "Danger", lambda: go(is_forgotten=True))
        keep: Choice = ("logout", "Log out", "Primary", lambda: go(is_forgotten=False))
        cancel: Choice = ("cancel", "Cancel", "", lambda: None)
        heading = f"Remove {title}?" if forget else f"Log out of {title}?"
        choices = (cancel, remove) if forget else (remove, cancel, keep)
        ConfirmDialog(
            desk, "dlg_logout", heading, text=text, lines=lines,
            choices=choices,
            focus="cancel" if forget else "logout",
        )  # fmt: skip

    # Closing

    def close_tabs(self, live: "list[Document]", go: Callable[[], None]) -> None:
        """Ask before tabs with something live close."""
        if self._raise("dlg_close"):
            return
        desk = self._desk
        one = live[0].live_text if len(live) == 1 else f"{len(live)} connections will end."
        dialog: ConfirmDialog

        def close() -> None:
            if dialog.is_ticked:
                desk.bridge.ask(SetSetting(key="tabs.confirmClose", value_json="false"))
            go()

        title = "Close this tab?" if len(live) == 1 else f"Close {len(live)} tabs?"
        dialog = ConfirmDialog(
            desk, "dlg_close", title, text=one,
            lines=[d.title for d in live] if len(live) > 1 else [],
            tick="Don't ask again",
            choices=(("cancel", "Cancel", "", lambda: None), ("close", "Close", "Primary", close)),
            focus="close",
        )  # fmt: skip

    def close_window(self) -> None:
        """The cross of the window: out of sight with all that lives, if the settings say so."""
        desk = self._desk
        if desk.store.settings.run_in_background and not self._open:
            desk.root.wm_withdraw()
            desk.say("ui: window hidden")
        else:
            self.quit()

    def quit(self) -> None:
        """Leave; asks if something is live."""
        desk = self._desk
        live = [d for d in desk.tabs.documents if d.is_live]
        proxies = len(desk.store.gateways)
        count = len(live) + proxies
        if not count:
            desk.bridge.ask(Quit())
            return
        if self._raise("dlg_quit"):
            return
        verb = "connection will end" if count == 1 else "connections will end"
        choices: tuple[Choice, ...] = (
            ("keep", "Keep running", "Ghost", lambda: desk.bridge.ask(Quit(keep_terminals=True))),
            ("cancel", "Cancel", "", lambda: None),
            ("quit", "Quit", "Primary", lambda: desk.bridge.ask(Quit())),
        )
        lines = [d.title for d in live]
        lines += [f"Proxy to {g.target_name}" for g in desk.store.gateways.values()]
        ConfirmDialog(
            desk, "dlg_quit", "Quit teleterm?", text=f"{count} {verb}.", lines=lines,
            choices=choices,
            focus="quit",
        )  # fmt: skip

    # Prompts

    def prompt(self, asked: Prompt) -> None:
        """Ask the person now, or after the one that is open."""
        login = self._named("dlg_login")
        if (
            isinstance(asked, MfaAsked)
            and isinstance(login, LoginDialog)
            and login.cluster.uri == self._root_uri(asked.cluster_uri)
            and login.take_mfa(asked)
        ):
            return
        if (
            isinstance(asked, MfaAsked)
            and isinstance(self._prompt, HeadlessDialog)
            and self._prompt.take_mfa(asked)
        ):
            return
        self._prompts.append(asked)
        if not isinstance(asked, HardwareKeyAsked):
            kind: Kind = "factor" if isinstance(asked, MfaAsked) else "headless"
            self._tell_desktop(kind, asked.cluster_uri)
        if self._prompt is None:
            self._next_prompt()

    def _tell_desktop(self, kind: Kind, cluster_uri: str) -> None:
        self._desk.tell_desktop(TellDesktop(kind=kind, name=self._title_of(cluster_uri)))

    def key_login(self, asked: KeyLoginAsked) -> None:
        """A step of a login by security key alone: the login dialog shows it."""
        login = self._named("dlg_login")
        if isinstance(login, LoginDialog) and login.cluster.uri == asked.cluster_uri:
            login.take_key_step(asked)

    def _title_of(self, cluster_uri: str) -> str:
        cluster = self._desk.store.cluster_of(cluster_uri)
        return cluster.title if cluster is not None else "the cluster"

    def _root_uri(self, cluster_uri: str) -> str:
        root = self._desk.store.root_of(cluster_uri)
        return root.uri if root is not None else cluster_uri

    def _next_prompt(self) -> None:
        if self._prompt is not None or not self._prompts:
            return
        asked = self._prompts.popleft()
        title = self._desk.look.clean(self._title_of(asked.cluster_uri), 80)
        self._prompt_id = asked.prompt_id
        more = f"{len(self._prompts)} more after this one" if self._prompts else ""
        if isinstance(asked, MfaAsked):
            self._prompt = MfaDialog(self._desk, asked, title, position=more)
        elif isinstance(asked, HeadlessAsked):
            self._prompt = HeadlessDialog(self._desk, asked, title)
        else:
            self._prompt = HardwareKeyDialog(self._desk, asked)

    def withdraw(self, prompt_id: str) -> None:
        """The daemon no longer waits for this answer."""
        self._prompts = deque(p for p in self._prompts if p.prompt_id != prompt_id)
        login = self._named("dlg_login")
        if isinstance(login, LoginDialog) and login.withdraw_prompt(prompt_id):
            return
        if isinstance(self._prompt, HeadlessDialog) and self._prompt.withdraw_prompt(prompt_id):
            return
        if self._prompt is not None and self._prompt_id == prompt_id:
            self._prompt.close()

    # Others

    def links(self, lines: tuple[LinkLine, ...], *, is_asked_for: bool = True) -> None:
        """Offer to link the commands."""
        if lines and not self._raise("dlg_links"):
            LinksDialog(self._desk, lines, is_asked_for=is_asked_for)

    def confirm(
        self, name: str, title: str, verb: str, go: Callable[[], object], *, text: str
    ) -> None:
        """Go on only if the person says so."""
        if not self._raise(name):
            choices: list[Choice] = [
                ("cancel", "Cancel", "", lambda: None),
                ("go", verb, "Primary", go),
            ]
            ConfirmDialog(self._desk, name, title, text=text, choices=choices, focus="go")

    def request_access(
        self,
        cluster_uri: str,
        resources: tuple[ResourceView, ...] = (),
        *,
        on_done: Callable[[], object] = lambda: None,
    ) -> None:
        """Ask a cluster for roles, or for these resources."""
        root = self._desk.store.root_of(cluster_uri)
        if root is not None and not self._raise("dlg_new_request"):
            NewRequestDialog(self._desk, root.uri, on_done, resources)

    def transfer(self, server: ResourceView, login: str) -> None:
        """Copy a file to or from a server."""
        if not self._raise("dlg_transfer"):
            TransferDialog(self._desk, server, login)

    def details(self, title: str, text: str) -> None:
        """Show a longer text."""
        known = self._named("dlg_details")
        if known is not None:
            known.close()
        DetailsDialog(self._desk, title, self._desk.look.clean_lines(text))

    def rename_recent(self, recent: RecentView) -> None:
        """Give a row of "recently used" another title."""

        def done(title: str) -> None:
            self._desk.bridge.ask(ChangeRecent(key=recent.key, change="rename", title=title))

        if not self._raise("dlg_rename"):
            RenameDialog(self._desk, recent.title, done)

    def rename_tab(self, document: "Document") -> None:
        """Give a tab another title."""

        def done(title: str) -> None:
            document.custom_title = title
            document.on_change()

        if not self._raise("dlg_rename"):
            RenameDialog(self._desk, document.title, done)
