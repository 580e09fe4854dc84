"""All that the window may ask of main and main tells it. What isn't here can't be asked.

The window sends `Ask`, main answers each with one `Answer` (same `ask_id`) and sends `Tell`
whenever it likes. Strings are checked again by main; a message that doesn't fit these types closes
the bridge.
"""

from typing import Literal

from msgspec import Struct

from teleterm.bridge.opening import Glance
from teleterm.bridge.views import (
    AuthView,
    ClusterView,
    CountView,
    DocumentView,
    GatewayView,
    LayoutView,
    LinkLine,
    NoticeView,
    RecentView,
    ResourceView,
    SettingsView,
    TerminalView,
)

# What kinds of terminal exist: main makes the command line, the window only names the thing.


class SshSpec(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A shell on a node: `tsh --proxy=<root> ssh <login>@<server>` with TELEPORT_CLUSTER set."""

    server_uri: str
    hostname: str
    login: str


class ShellSpec(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A local shell; with `cluster_uri` bound to that cluster by its environment."""

    shell: str = ""
    cwd: str = ""
    cluster_uri: str = ""


class GatewayClientSpec(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The command-line client of a database gateway."""

    gateway_uri: str


class TshSpec(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """`tsh <line>` in a terminal, bound to a cluster."""

    line: str
    cluster_uri: str = ""


TerminalSpec = SshSpec | ShellSpec | GatewayClientSpec | TshSpec


# Requests


class Hello(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """First message of a window: who it is and what its seal holds."""

    pid: int
    seal: dict[str, str]


class WindowReady(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The window is mapped and has painted itself."""


class AddCluster(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Add a cluster by whatever the person typed; main takes it apart."""

    address: str


class GetAuth(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """How one may log in."""

    cluster_uri: str


class LoginLocal(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Log in with name and password; a second factor is asked by MfaAsked meanwhile."""

    cluster_uri: str
    user: str
    password: str


class LoginSso(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Log in in the browser through a connector."""

    cluster_uri: str
    connector_type: str
    connector_name: str


class CancelAsk(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Stop working on an earlier ask; it is answered with Failed(code=cancelled)."""

    target_id: int


class Logout(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """End the login of a root cluster; with `forget` remove the cluster too."""

    cluster_uri: str
    forget: bool = False


class RefreshClusters(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Ask the daemon again for clusters and their leaves."""


class CountResources(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Count the resources of a cluster; the counts come as CountsChanged."""

    cluster_uri: str


class ListResources(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """One page of resources; sorted and filtered by the server."""

    cluster_uri: str
    kinds: tuple[str, ...]
    search: str = ""
    predicate: str = ""
    sort_by: Literal["name", "kind"] = "name"
    descending: bool = False
    start_key: str = ""
    limit: int = 50


class SearchResources(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Search every cluster that is logged in; results come as one answer."""

    words: str
    kinds: tuple[str, ...] = ()
    limit_per_cluster: int = 100


class ListDatabaseUsers(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The names one may connect to a database as."""

    database_uri: str


class CreateGateway(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Start (or find) a local proxy; port 0 takes a free one."""

    target_uri: str
    user: str = ""
    subresource: str = ""
    local_port: int = 0


class RemoveGateway(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Stop a local proxy."""

    gateway_uri: str


class SetGatewayPort(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Move a local proxy to another port."""

    gateway_uri: str
    local_port: int


class SetGatewaySubresource(
    Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True
):
    """Change the database name (or target port) of a local proxy."""

    gateway_uri: str
    subresource: str


class OpenTerminal(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Start a terminal; the answer brings the descriptor of its frame channel along."""

    spec: TerminalSpec
    document: DocumentView
    cols: int
    rows: int


class AttachTerminal(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Take a living terminal over; the answer brings a new descriptor along."""

    terminal_id: str


class CloseTerminal(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Hang up a terminal and forget it."""

    terminal_id: str


class AnswerMfa(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The answer to MfaAsked: a code, or none to refuse."""

    prompt_id: str
    code: str = ""


class AnswerRelogin(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The person has logged in again, or won't."""

    prompt_id: str
    is_done: bool


class AnswerHeadless(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Approve or reject a headless login."""

    prompt_id: str
    is_approved: bool


class AnswerHardwareKey(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The answer to a hardware key question; fields unused by its kind stay empty."""

    prompt_id: str
    pin: str = ""
    puk: str = ""
    is_confirmed: bool = False


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


class SetClusterColor(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Change the colour of a cluster."""

    cluster_uri: str
    color: str


class OpenExternal(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Open a web address in the browser; main checks scheme and host."""

    url: str


class OpenLink(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Open an address that a terminal showed and a person clicked; main checks its scheme."""

    url: str


class SaveText(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Keep a terminal's output as a new file in the downloads folder; Text tells where it is."""

    name: str
    text: str


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


class RestartDaemon(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Start the daemon again."""


class GetDaemonLog(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The last lines of the daemon's log."""


class GetComposeTable(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The sequences of dead keys or of the Compose key that begin with the key `first`."""

    first: str


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


Request = (
    Hello
    | WindowReady
    | AddCluster
    | GetAuth
    | LoginLocal
    | LoginSso
    | CancelAsk
    | Logout
    | RefreshClusters
    | CountResources
    | ListResources
    | SearchResources
    | ListDatabaseUsers
    | CreateGateway
    | RemoveGateway
    | SetGatewayPort
    | SetGatewaySubresource
    | OpenTerminal
    | AttachTerminal
    | CloseTerminal
    | AnswerMfa
    | AnswerRelogin
    | AnswerHeadless
    | AnswerHardwareKey
    | SaveLayout
    | NoteUsed
    | ChangeRecent
    | SetSetting
    | SetClusterColor
    | OpenExternal
    | OpenLink
    | SaveText
    | OpenOwnFile
    | UseSharedProfiles
    | GetLinkPlan
    | ApplyLinks
    | RestartDaemon
    | GetDaemonLog
    | GetComposeTable
    | RunNoticeAction
    | Log
    | Quit
)


# Answers


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


class Welcome(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Everything a new window needs to draw itself."""

    settings: SettingsView
    layout: LayoutView
    clusters: tuple[ClusterView, ...]
    gateways: tuple[GatewayView, ...]
    recent: tuple[RecentView, ...]
    terminals: tuple[TerminalView, ...]
    versions: dict[str, str]
    shared_profiles: int = 0
    is_demo: bool = False
    has_color_emoji_hazard: bool = False
    daemon_state: Literal["starting", "ready", "gone", "failed"] = "starting"


class ClusterAdded(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The cluster is known now."""

    cluster: ClusterView


class AuthFound(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """How one may log in."""

    auth: AuthView


class ResourcePage(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """One page of resources; an empty `next_key` ends the list."""

    rows: tuple[ResourceView, ...]
    next_key: str = ""


class SearchResult(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What a search of all clusters found, and where it could not look."""

    rows: tuple[ResourceView, ...]
    problems: tuple[tuple[str, str], ...] = ()
    locked: tuple[str, ...] = ()


class Names(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A list of names (database users)."""

    names: tuple[str, ...]


class GatewayReady(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The gateway as it is now."""

    gateway: GatewayView


class TerminalOpened(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The terminal lives; exactly one descriptor travels with this answer."""

    terminal_id: str


class LinkPlan(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What linking would change."""

    lines: tuple[LinkLine, ...]


class Text(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A text (a log's tail)."""

    text: str


class ComposeSequence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keys by their X11 names, pressed one after another, and the text they make."""

    keys: tuple[str, ...]
    text: str


class ComposeTable(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What `GetComposeTable` asked for."""

    sequences: tuple[ComposeSequence, ...]


Reply = (
    Done
    | Failed
    | Welcome
    | ClusterAdded
    | AuthFound
    | ResourcePage
    | SearchResult
    | Names
    | GatewayReady
    | TerminalOpened
    | LinkPlan
    | Text
    | ComposeTable
)


# Events


class ClustersChanged(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """All clusters as they are now, roots followed by their leaves."""

    clusters: tuple[ClusterView, ...]


class CountsChanged(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Counts of one cluster."""

    cluster_uri: str
    counts: tuple[CountView, ...]


class GatewaysChanged(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """All gateways as they are now."""

    gateways: tuple[GatewayView, ...]


class RecentChanged(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The rows of "recently used", newest first, pinned ones above."""

    recent: tuple[RecentView, ...]


class SettingsChanged(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The settings changed; they apply at once."""

    settings: SettingsView


class DaemonChanged(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The daemon started, stopped or failed."""

    state: Literal["starting", "ready", "gone", "failed"]
    message: str = ""
    log_tail: str = ""


class MfaAsked(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The daemon asks for a second factor; answered by AnswerMfa, withdrawn by PromptWithdrawn."""

    prompt_id: str
    cluster_uri: str
    reason: str = ""
    has_code: bool = False
    has_key: bool = False
    sso_url: str = ""
    sso_name: str = ""
    is_per_session: bool = False


class ReloginAsked(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The daemon needs a new login for something that waits; answered by AnswerRelogin."""

    prompt_id: str
    cluster_uri: str
    reason: str = ""


class HeadlessAsked(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Somebody wants to run a command as the user elsewhere; answered by AnswerHeadless."""

    prompt_id: str
    cluster_uri: str
    client_ip: str
    request_id: str


class HardwareKeyAsked(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A hardware key wants something; answered by AnswerHardwareKey."""

    prompt_id: str
    kind: Literal["touch", "pin", "pin_change", "slot"]
    cluster_uri: str = ""
    text: str = ""


class PromptWithdrawn(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The daemon no longer waits for this answer: close the dialog."""

    prompt_id: str


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


Event = (
    ClustersChanged
    | CountsChanged
    | GatewaysChanged
    | RecentChanged
    | SettingsChanged
    | DaemonChanged
    | MfaAsked
    | ReloginAsked
    | HeadlessAsked
    | HardwareKeyAsked
    | PromptWithdrawn
    | NoticePosted
    | OpenRequested
    | BringForward
    | LinksOffered
)


class Ask(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The window asks; `ask_id` counts up from 1."""

    ask_id: int
    body: Request


class Answer(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Main's one answer to an ask; `descriptors` says how many travel along (0 or 1)."""

    ask_id: int
    body: Reply
    descriptors: int = 0


class Tell(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Main tells the window something."""

    body: Event


ToMain = Ask
ToWindow = Answer | Tell

MAX_BODY_BYTES = 4 * 1024 * 1024
"""Longest message of the bridge; a longer one closes it (packaging-security.md section 6)."""
