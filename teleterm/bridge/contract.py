"""All that the window may ask of main and main tells it. What isn't here can't be asked.

The window sends `Ask`, main answers each with one `Answer` (same `ask_id`) and sends `Tell`
whenever it likes. Strings are checked again by main; a message that doesn't fit these types closes
the bridge.
"""

from msgspec import Struct

from teleterm.bridge.ask_access import (
    AccessRequests,
    AssumeAccessRequest,
    CreateAccessRequest,
    DeleteAccessRequest,
    ListAccessRequests,
    ListRequestableRoles,
    ReviewAccessRequest,
)
from teleterm.bridge.ask_clusters import (
    AddCluster,
    AuthFound,
    ClusterAdded,
    ClustersChanged,
    CountResources,
    CountsChanged,
    GetAuth,
    ListDatabaseUsers,
    ListResources,
    LoginLocal,
    LoginPasswordless,
    LoginSso,
    Logout,
    Names,
    RefreshClusters,
    ResourcePage,
    SearchResources,
    SearchResult,
    SetClusterColor,
)
from teleterm.bridge.ask_desktops import DesktopOpened, OpenDesktop, SavePicture, ShareFolder
from teleterm.bridge.ask_gateways import (
    CreateGateway,
    GatewayReady,
    GatewaysChanged,
    KeepTunnel,
    KeptTunnelsChanged,
    OpenGateway,
    RemoveGateway,
    SetGatewayPort,
    SetGatewaySubresource,
)
from teleterm.bridge.ask_person import (
    AnswerHardwareKey,
    AnswerHeadless,
    AnswerKeyLogin,
    AnswerMfa,
    AnswerRelogin,
    HardwareKeyAsked,
    HeadlessAsked,
    KeyLoginAsked,
    MfaAsked,
    PromptWithdrawn,
    ReloginAsked,
)
from teleterm.bridge.ask_program import (
    ApplyLinks,
    BringForward,
    CancelAsk,
    ChangeRecent,
    DaemonChanged,
    Done,
    Failed,
    GetDaemonLog,
    GetLinkPlan,
    Hello,
    LinkPlan,
    LinksOffered,
    Log,
    NoteUsed,
    NoticePosted,
    OpenExternal,
    OpenOwnFile,
    OpenRequested,
    Quit,
    RecentChanged,
    RestartDaemon,
    RunNoticeAction,
    SaveLayout,
    SetSetting,
    SettingsChanged,
    TellDesktop,
    Text,
    UpdateChanged,
    UseSharedProfiles,
    Welcome,
    WindowReady,
)
from teleterm.bridge.ask_sessions import ListSessions, Sessions
from teleterm.bridge.ask_terminals import (
    AttachTerminal,
    CloseTerminal,
    ComposeSequence,
    ComposeTable,
    GatewayClientSpec,
    GetComposeTable,
    KubeSpec,
    OpenLink,
    OpenTerminal,
    SaveText,
    ShellSpec,
    SshSpec,
    TerminalOpened,
    TerminalSpec,
    TshSpec,
)
from teleterm.bridge.ask_transfers import TransferFile, TransferMoved

__all__ = [
    "MAX_BODY_BYTES",
    "AccessRequests",
    "AddCluster",
    "Answer",
    "AnswerHardwareKey",
    "AnswerHeadless",
    "AnswerKeyLogin",
    "AnswerMfa",
    "AnswerRelogin",
    "ApplyLinks",
    "Ask",
    "AssumeAccessRequest",
    "AttachTerminal",
    "AuthFound",
    "BringForward",
    "CancelAsk",
    "ChangeRecent",
    "CloseTerminal",
    "ClusterAdded",
    "ClustersChanged",
    "ComposeSequence",
    "ComposeTable",
    "CountResources",
    "CountsChanged",
    "CreateAccessRequest",
    "CreateGateway",
    "DaemonChanged",
    "DeleteAccessRequest",
    "DesktopOpened",
    "Done",
    "Event",
    "Failed",
    "GatewayClientSpec",
    "GatewayReady",
    "GatewaysChanged",
    "GetAuth",
    "GetComposeTable",
    "GetDaemonLog",
    "GetLinkPlan",
    "HardwareKeyAsked",
    "HeadlessAsked",
    "Hello",
    "KeepTunnel",
    "KeptTunnelsChanged",
    "KeyLoginAsked",
    "KubeSpec",
    "LinkPlan",
    "LinksOffered",
    "ListAccessRequests",
    "ListDatabaseUsers",
    "ListRequestableRoles",
    "ListResources",
    "ListSessions",
    "Log",
    "LoginLocal",
    "LoginPasswordless",
    "LoginSso",
    "Logout",
    "MfaAsked",
    "Names",
    "NoteUsed",
    "NoticePosted",
    "OpenDesktop",
    "OpenExternal",
    "OpenGateway",
    "OpenLink",
    "OpenOwnFile",
    "OpenRequested",
    "OpenTerminal",
    "PromptWithdrawn",
    "Quit",
    "RecentChanged",
    "RefreshClusters",
    "ReloginAsked",
    "RemoveGateway",
    "Reply",
    "Request",
    "ResourcePage",
    "RestartDaemon",
    "ReviewAccessRequest",
    "RunNoticeAction",
    "SaveLayout",
    "SavePicture",
    "SaveText",
    "SearchResources",
    "SearchResult",
    "Sessions",
    "SetClusterColor",
    "SetGatewayPort",
    "SetGatewaySubresource",
    "SetSetting",
    "SettingsChanged",
    "ShareFolder",
    "ShellSpec",
    "SshSpec",
    "Tell",
    "TellDesktop",
    "TerminalOpened",
    "TerminalSpec",
    "Text",
    "ToMain",
    "ToWindow",
    "TransferFile",
    "TransferMoved",
    "TshSpec",
    "UpdateChanged",
    "UseSharedProfiles",
    "Welcome",
    "WindowReady",
]

Request = (
    Hello
    | WindowReady
    | AddCluster
    | GetAuth
    | LoginLocal
    | LoginSso
    | LoginPasswordless
    | CancelAsk
    | Logout
    | RefreshClusters
    | CountResources
    | ListResources
    | SearchResources
    | ListDatabaseUsers
    | ListSessions
    | ListAccessRequests
    | ListRequestableRoles
    | CreateAccessRequest
    | ReviewAccessRequest
    | DeleteAccessRequest
    | AssumeAccessRequest
    | CreateGateway
    | RemoveGateway
    | SetGatewayPort
    | SetGatewaySubresource
    | KeepTunnel
    | OpenGateway
    | TransferFile
    | OpenDesktop
    | ShareFolder
    | SavePicture
    | OpenTerminal
    | AttachTerminal
    | CloseTerminal
    | AnswerMfa
    | AnswerRelogin
    | AnswerHeadless
    | AnswerHardwareKey
    | AnswerKeyLogin
    | SaveLayout
    | NoteUsed
    | ChangeRecent
    | SetSetting
    | SetClusterColor
    | OpenExternal
    | TellDesktop
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


Reply = (
    Done
    | Failed
    | Welcome
    | ClusterAdded
    | AuthFound
    | ResourcePage
    | SearchResult
    | Names
    | Sessions
    | AccessRequests
    | GatewayReady
    | TerminalOpened
    | DesktopOpened
    | LinkPlan
    | Text
    | ComposeTable
)


Event = (
    ClustersChanged
    | CountsChanged
    | GatewaysChanged
    | KeptTunnelsChanged
    | UpdateChanged
    | TransferMoved
    | RecentChanged
    | SettingsChanged
    | DaemonChanged
    | MfaAsked
    | ReloginAsked
    | HeadlessAsked
    | HardwareKeyAsked
    | KeyLoginAsked
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
