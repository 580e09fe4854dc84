"""The program itself: settings, layout, links, notices, the window's start and end."""

from typing import Literal

from msgspec import Struct

from teleterm.bridge.opening import Glance
from teleterm.bridge.views import (
    ClusterView,
    DocumentView,
    GatewayView,
    KeptTunnelView,
    LayoutView,
    LinkLine,
    NoticeView,
    RecentView,
    SettingsView,
    TerminalView,
    UpdateView,
)


class Hello(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """First message of a window: who it is and what its seal holds."""

    pid: int
    seal: dict[str, str]


class Welcome(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Everything a new window needs to draw itself.

    Shape: `is_whole`: it takes the place of a window that is gone, so all tabs come at once.
    """

    settings: SettingsView
    layout: LayoutView
    clusters: tuple[ClusterView, ...]
    gateways: tuple[GatewayView, ...]
    kept_tunnels: tuple[KeptTunnelView, ...] = ()
    recent: tuple[RecentView, ...]
    terminals: tuple[TerminalView, ...]
    versions: dict[str, str]
    update: UpdateView = UpdateView()
    shared_profiles: int = 0
    is_demo: bool = False
    is_whole: bool = False
    has_color_emoji_hazard: bool = False
    daemon_state: Literal["starting", "ready", "gone", "failed"] = "starting"


class WindowReady(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The window is mapped and has painted itself."""


class CancelAsk(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Stop working on an earlier ask; it is answered with Failed(code=cancelled)."""

    target_id: int


class SaveLayout(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Keep the window's layout; `glance` is how its terminal looks, if a shell is in front."""

    layout: LayoutView
    glance: Glance | None = None


class NoteUsed(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A document was opened: put it first in "recently used"."""

    document: DocumentView
    cluster_uri: str = ""


class ChangeRecent(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Change a row of "recently used"."""

    key: str
    change: Literal["remove", "pin", "unpin", "rename"]
    title: str = ""


class SetSetting(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Change one key of the config file, value as JSON text."""

    key: str
    value_json: str


class OpenExternal(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Open a web address in the browser; main checks scheme and host."""

    url: str


class TellDesktop(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Have the desktop tell the person something, since the window isn't in front.

    Shape: `name` is the cluster, tab or file that it is about.
    """

    kind: Literal["login", "factor", "headless", "command", "transfer"]
    name: str = ""


class OpenOwnFile(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Show one of our own files with the system's program for it."""

    which: Literal["config", "logs", "state"]


class UseSharedProfiles(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Use the profile folder of the tsh that is already on this computer."""


class GetLinkPlan(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What linking `tsh` and `teleterm` would change."""


class ApplyLinks(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Create the links of these names; none means "not now", `never` stops the offer."""

    names: tuple[str, ...] = ()
    is_never: bool = False


class LinkPlan(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What linking would change."""

    lines: tuple[LinkLine, ...]


class RestartDaemon(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Start the daemon again."""


class GetDaemonLog(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The last lines of the daemon's log."""


class RunNoticeAction(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A button of a notice was pressed."""

    action: str
    argument: str = ""


class Log(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A line for the log; the window has no file of its own."""

    level: Literal["debug", "info", "warning", "error"]
    text: str


class Quit(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Leave; with `keep_terminals` the pty host lingers."""

    keep_terminals: bool = False


class Done(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """It worked and there is nothing to say."""


class Failed(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """It didn't work; an error is data here (style.md section 6).

    Shape: `code` one of model.errors.ErrorCode; `needs_login` names that a login may mend it.
    """

    code: str
    message: str
    hint: str = ""
    details: str = ""
    field: str = ""
    needs_login: bool = False
    is_retryable: bool = False


class Text(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A text (a log's tail)."""

    text: str


class RecentChanged(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The rows of "recently used", newest first, pinned ones above."""

    recent: tuple[RecentView, ...]


class SettingsChanged(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The settings changed; they apply at once."""

    settings: SettingsView


class UpdateChanged(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """An update is looked for, fetched, ready, or none is."""

    update: UpdateView


class DaemonChanged(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The daemon started, stopped or failed."""

    state: Literal["starting", "ready", "gone", "failed"]
    message: str = ""
    log_tail: str = ""


class NoticePosted(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Show a notice."""

    notice: NoticeView


class OpenRequested(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Somebody outside asked to open this (second start, link); needs one Enter in the palette."""

    line: str


class BringForward(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Raise the window."""


class LinksOffered(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """First run: offer to link the commands."""

    lines: tuple[LinkLine, ...]
