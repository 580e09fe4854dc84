"""What the window is shown: plain data made by main, without a key, certificate or token."""

from typing import Literal

import msgspec
from msgspec import Struct


class AssumedView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An access request that a login has taken; `expires_at` in seconds since 1970, or 0."""

    id: str
    roles: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    expires_at: float = 0


class ClusterView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A root or leaf cluster as the tree shows it.

    Shape: `title` is the proxy's host without port 443 for a root, the cluster's name for a leaf;
           `expires_at` seconds since 1970 (0: not known or not logged in); `problem` the first
           line of why a profile can't be read, else empty; `kinds` what kinds the user may see.
    """

    uri: str
    root_uri: str
    name: str = ""
    title: str
    proxy_host: str = ""
    user: str = ""
    is_leaf: bool = False
    is_logged_in: bool = False
    is_online: bool = True
    expires_at: float = 0
    problem: str = ""
    color: str = "blue"
    kinds: tuple[str, ...] = ("servers", "databases", "kubes", "apps", "desktops")
    roles: tuple[str, ...] = ()
    server_version: str = ""
    assumed: tuple[AssumedView, ...] = ()
    reviewers: tuple[str, ...] = ()


class CountView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many resources of a kind a cluster has; `state` says how far that is known."""

    kind: str
    state: Literal["counting", "counted", "denied", "failed"]
    count: int = 0
    problem: str = ""


class ResourceView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of a resources page or one hit of the palette.

    Shape: `kind` one of servers, databases, kubes, apps, desktops; `logins` the names one may
           log in with (servers, desktops) or connect as (databases, where known).
    """

    uri: str
    kind: str
    name: str
    cluster_uri: str
    address: str = ""
    is_tunnel: bool = False
    protocol: str = ""
    description: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    logins: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    requires_request: bool = False
    health: str = ""


class GatewayView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A local proxy of the daemon.

    Shape: `command` the preview of the client's command line, `command_env` its `NAME=value` pairs;
           `problem` why it is not listening or why the last connection failed, else empty.
    """

    uri: str
    target_uri: str
    target_name: str
    cluster_uri: str
    user: str = ""
    subresource: str = ""
    protocol: str = ""
    local_address: str = ""
    local_port: int = 0
    command: str = ""
    command_env: tuple[str, ...] = ()
    is_client_found: bool = True
    client_name: str = ""
    problem: str = ""


class KeptTunnelView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A local proxy that is started with the program, whether it runs now or not.

    Shape: `problem` says why it isn't open although it should be, else empty.
    """

    target_uri: str
    target_name: str
    user: str = ""
    subresource: str = ""
    protocol: str = ""
    local_port: int = 0
    problem: str = ""


class DocumentView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tab as it is kept on disk and restored; `fields` are those of ux.md 5 for its kind."""

    kind: str
    title: str = ""
    fields: dict[str, str] = {}


class RecentView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of "recently used"; `key` names it for later requests."""

    key: str
    title: str
    document: DocumentView
    cluster_uri: str = ""
    cluster_title: str = ""
    is_pinned: bool = False
    last_used_at: float = 0


class LayoutView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the window was and what it held."""

    geometry: str = ""
    sidebar_width: int = 240
    is_sidebar_shown: bool = True
    open_nodes: tuple[str, ...] = ()
    documents: tuple[DocumentView, ...] = ()
    active: int = 0


class RuleView(Struct, frozen=True, kw_only=True):
    """What marks terminals of some servers as special, production say.

    Shape: `match` is a part of the title, or `label=value` of the server.
    """

    match: str = ""
    color: str = "red"
    tag: str = "PROD"
    confirm_paste: bool = msgspec.field(default=True, name="confirmPaste")


_HUES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
TERMINAL_COLORS = (*_HUES, *(f"bright{hue.capitalize()}" for hue in _HUES))
"""What the 16 colours of a terminal are called, in their order."""

PALETTES = ("solarized", "tango", "xterm")
"""The palettes that have a name, besides the theme's own."""


class SnippetView(Struct, frozen=True, kw_only=True):
    """Words to put into a terminal; `run` presses Enter after them."""

    name: str
    text: str
    run: bool = False


class SettingsView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings the window uses; names as in ux.md 11 with `_` for `.`."""

    theme: Literal["light", "dark", "system"] = "system"
    system_theme: Literal["light", "dark"] = "dark"
    ui_scale: float = 0
    ui_font_family: str = ""
    ui_font_size: int = 13
    ui_density: Literal["comfortable", "compact"] = "comfortable"
    ui_animations: bool = True
    ui_high_contrast: bool = False
    ui_top_bar: bool = True
    terminal_font_family: tuple[str, ...] = ()
    terminal_font_size: int = 14
    terminal_line_height: float = 1.2
    terminal_scrollback: int = 10000
    terminal_cursor_style: Literal["block", "bar", "underline"] = "block"
    terminal_cursor_blink: bool = False
    terminal_bell: Literal["none", "visual", "sound", "attention"] = "visual"
    terminal_right_click: Literal["menu", "paste", "copyPaste"] = "menu"
    terminal_copy_on_select: bool = False
    terminal_paste_warning: Literal["auto", "always", "never"] = "auto"
    terminal_word_separators: str = " ()[]{}'\"`,;:<>|"
    terminal_wheel_lines: int = 3
    terminal_minimum_contrast: float = 4.5
    terminal_palette: str | dict[str, str] = "auto"
    tabs_close_on_exit: Literal["clean", "always", "never"] = "clean"
    tabs_confirm_close: bool = True
    run_in_background: bool = False
    session_restore: Literal["ask", "always", "never"] = "ask"
    ssh_auto_reconnect: bool = True
    notifications_from_programs: bool = False
    rules: tuple["RuleView", ...] = ()
    snippets: tuple[SnippetView, ...] = ()
    headless_skip_confirm: bool = False
    debug_search_results_score: bool = False
    recent_max: int = 15
    keymap: dict[str, str] = {}


class TerminalView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A terminal that is alive in the pty host; offered again to a window that starts anew."""

    terminal_id: str
    document: DocumentView
    cols: int
    rows: int


class LinkLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What linking one command would do.

    Shape: `state` is one of: new, ours, dangling, foreign, blocked; `text` says it for a person.
    """

    name: str
    path: str
    target: str
    state: Literal["new", "ours", "dangling", "foreign", "blocked"]
    text: str
    is_on_path: bool = True
    path_line: str = ""


class AuthView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one may log in to a cluster."""

    cluster_uri: str
    cluster_name: str = ""
    is_local_allowed: bool = True
    auth_type: str = "local"
    second_factors: tuple[str, ...] = ()
    connectors: tuple[tuple[str, str, str], ...] = ()
    has_passwordless: bool = False
    user: str = ""
    version_warning: str = ""


class NoticeAction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A button of a notice or banner: a verb, and the request that main takes for it."""

    label: str
    action: str
    argument: str = ""


class NoticeView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice at the bottom right."""

    level: Literal["info", "success", "warning", "error"]
    title: str
    text: str = ""
    details: str = ""
    actions: tuple[NoticeAction, ...] = ()
    key: str = ""


class UpdateView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where updates of this program stand; `text` says it, `percent` is of a download.

    Shape: "unmanaged": somebody else brings them; "off": none are taken; "unfit": what is wanted
           has no release that may run here.
    """

    state: Literal[
        "unmanaged",
        "off",
        "idle",
        "checking",
        "current",
        "unfit",
        "available",
        "downloading",
        "ready",
        "failed",
    ] = "unmanaged"
    text: str = ""
    percent: int = 0
