"""The window's actions: their names are the contract of keys, menus and palette."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Protocol

from teleterm.bridge.contract import (
    GetLinkPlan,
    LinkPlan,
    OpenOwnFile,
    Reply,
    RunNoticeAction,
    SetSetting,
)
from teleterm.bridge.views import DocumentView
from teleterm.bridge.window_end import OnReply
from teleterm.ui.actions import Action

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk
    from teleterm.ui.palette.palette import Palette
    from teleterm.ui.shell.sidebar import Sidebar

MIN_FONT, MAX_FONT = 6, 48


class Regions(Protocol):
    """What the window lets its actions do with its regions."""

    def toggle_sidebar(self) -> None: ...  # noqa: D102 - said where it is done

    def show_sidebar(self) -> None: ...  # noqa: D102

    def show_profiles(self) -> None: ...  # noqa: D102

    def focus_next_region(self) -> None: ...  # noqa: D102


def window_actions(
    desk: "Desk", regions: Regions, sidebar: "Sidebar", palette: "Palette"
) -> list[Action]:
    """What concerns the window itself."""
    root = desk.root

    def to_tree(prefix: str) -> None:
        regions.show_sidebar()
        tree = sidebar.tree
        first = next((row.key for row in tree.rows if row.key.startswith(prefix)), "")
        tree.focus_set()
        if first:
            tree.select(first)

    def full_screen() -> None:
        root.wm_attributes("-fullscreen", not bool(root.wm_attributes("-fullscreen")))

    return [
        Action(name="openSearchBar", title="Search or run a command", run=palette.toggle),
        Action(name="openConnections", title="Go to recently used", run=lambda: to_tree("recent:")),
        Action(name="openClusters", title="Go to clusters", run=lambda: to_tree("cluster:")),
        Action(name="openProfiles", title="Switch cluster", run=regions.show_profiles),
        Action(name="toggleSidebar", title="Toggle sidebar", run=regions.toggle_sidebar),
        Action(name="focusNextRegion", run=regions.focus_next_region),
        Action(name="fullScreen", title="Full screen", run=full_screen),
    ]


def tab_actions(desk: "Desk") -> list[Action]:
    """What concerns tabs and the document in one of them."""
    tabs = desk.tabs

    def has_tabs() -> bool:
        return bool(tabs.documents)

    def new_tab() -> None:
        cluster = desk.store.current_cluster()
        if cluster is None:
            desk.dialogs.add_cluster()
        else:
            desk.opener.resources(cluster.uri, ("servers",))

    def new_terminal() -> None:
        desk.opener.terminal(tabs.active.cluster_uri if tabs.active is not None else "")

    numbers = [Action(name=f"tab{n}", run=_shower(desk, n), can_run=has_tabs) for n in range(1, 10)]
    return [
        Action(name="newTerminalTab", title="New terminal", run=new_terminal),
        Action(name="newTab", title="New tab", run=new_tab),
        Action(
            name="reopenTab",
            title="Reopen closed tab",
            run=tabs.reopen,
            can_run=lambda: tabs.has_closed,
        ),
        Action(
            name="closeTab",
            title="Close tab",
            run=lambda: tabs.close(tabs.active),
            can_run=has_tabs,
        ),
        Action(
            name="previousTab", title="Previous tab", run=lambda: tabs.step(-1), can_run=has_tabs
        ),
        Action(name="nextTab", title="Next tab", run=lambda: tabs.step(1), can_run=has_tabs),
        Action(
            name="moveTabLeft",
            title="Move tab left",
            run=lambda: tabs.move_active(-1),
            can_run=has_tabs,
        ),
        Action(
            name="moveTabRight",
            title="Move tab right",
            run=lambda: tabs.move_active(1),
            can_run=has_tabs,
        ),
        *numbers,
        _of_document(desk, "reconnect", "Reconnect", "reconnect"),
        _of_document(desk, "terminalCopy", "Copy", "copy"),
        _of_document(desk, "terminalPaste", "Paste", "paste"),
        _of_document(desk, "terminalSearch", "Find", "find"),
        _of_document(desk, "selectAll", "Select all", "select_all"),
        _of_document(desk, "clearScrollback", "Clear scrollback", "clear_scrollback"),
        _of_document(desk, "resetTerminal", "Reset terminal", "reset_terminal"),
        _of_document(desk, "copyAllOutput", "Copy all output", "copy_all"),
        _of_document(desk, "saveOutput", "Save output", "save_output"),
        _of_document(desk, "logToFile", "Log to file…", "log_to_file"),
        _of_document(desk, "transferFiles", "Transfer files", "transfer_files"),
        _of_document(desk, "plainView", "Plain view", "plain_view"),
        _of_document(desk, "zoomIn", "Font larger", "zoom_in"),
        _of_document(desk, "zoomOut", "Font smaller", "zoom_out"),
        _of_document(desk, "zoomReset", "Font reset", "zoom_reset"),
        _of_document(desk, "zoomDefault", "Make this font size the default", "zoom_default"),
    ]


def _of_document(desk: "Desk", name: str, title: str, method: str) -> Action:
    """An action that the document in front does, if it can."""

    def can() -> bool:
        active = desk.tabs.active.inner if desk.tabs.active is not None else None
        allowed = getattr(active, f"can_{method}", None)
        return bool(allowed()) if allowed is not None else hasattr(active, method)

    def run() -> None:
        if desk.tabs.active is not None:
            getattr(desk.tabs.active.inner, method)()

    return Action(name=name, title=title, can_run=can, run=run)


def _shower(desk: "Desk", number: int) -> Callable[[], None]:
    return lambda: desk.tabs.show_number(number)


def cluster_actions(desk: "Desk") -> list[Action]:
    """What concerns clusters and their logins."""

    def renew() -> None:
        cluster = desk.store.current_cluster()
        if cluster is not None:
            desk.dialogs.login(cluster.uri)

    def logout() -> None:
        cluster = desk.store.current_cluster()
        if cluster is not None:
            desk.dialogs.logout(cluster.uri)

    def requests() -> None:
        cluster = desk.store.current_cluster()
        if cluster is not None:
            desk.opener.requests(cluster.uri)

    def sessions() -> None:
        cluster = desk.store.current_cluster()
        if cluster is not None:
            desk.opener.sessions(cluster.uri)

    def has_cluster() -> bool:
        return desk.store.current_cluster() is not None

    return [
        Action(name="addCluster", title="Add cluster", run=desk.dialogs.add_cluster),
        Action(name="requests", title="Access requests", run=requests, can_run=has_cluster),
        Action(name="sessions", title="Sessions", run=sessions, can_run=has_cluster),
        Action(name="renewLogin", title="Renew login", run=renew, can_run=has_cluster),
        Action(name="logout", title="Log out…", run=logout, can_run=has_cluster),
    ]


def program_actions(desk: "Desk") -> list[Action]:
    """What concerns the program as a whole."""

    def page(kind: str, title: str) -> Callable[[], object]:
        return lambda: desk.tabs.open(DocumentView(kind=kind, title=title))

    def file(which: Literal["config", "logs"]) -> Callable[[], object]:
        return lambda: desk.bridge.ask(OpenOwnFile(which=which), _shown(desk))

    def switch_theme() -> None:
        wanted = "light" if desk.look.mode == "dark" else "dark"
        desk.bridge.ask(SetSetting(key="theme", value_json=json.dumps(wanted)), _shown(desk))

    def check_for_updates() -> None:
        desk.bridge.ask(RunNoticeAction(action="check-for-updates"), _shown(desk))

    keys = "Keyboard shortcuts"
    return [
        Action(name="switchTheme", title="Switch theme", run=switch_theme),
        Action(name="settings", title="Settings", run=page("settings", "Settings")),
        Action(name="openConfig", title="Open config file", run=file("config")),
        Action(name="openLogs", title="Open logs", run=file("logs")),
        Action(name="links", title="Link tsh and teleterm", run=lambda: _ask_links(desk)),
        Action(name="updates", title="Check for updates", run=check_for_updates),
        Action(name="tunnels", title="Tunnels", run=page("tunnels", "Tunnels")),
        Action(name="shortcuts", title=keys, run=page("shortcuts", keys)),
        Action(name="about", title="About", run=page("about", "About teleterm")),
        Action(name="quit", title="Quit", run=desk.dialogs.quit),
    ]


def _ask_links(desk: "Desk") -> None:
    def answered(reply: Reply, _descriptor: int) -> None:
        if isinstance(reply, LinkPlan):
            desk.dialogs.links(reply.lines)
        else:
            desk.notices.show_reply(reply)

    desk.bridge.ask(GetLinkPlan(), answered)


def _shown(desk: "Desk") -> OnReply:
    """Show an answer that says no."""
    return lambda reply, _descriptor: desk.notices.show_reply(reply)
