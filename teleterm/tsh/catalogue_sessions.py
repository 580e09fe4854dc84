"""The commands about sessions on nodes and their recordings, and about access requests."""

from teleterm.tsh.flags import (
    CLUSTER,
    FORMATS,
    LABELS_HELP,
    LISTING,
    NO_RESUME,
    output_format,
    switch,
)
from teleterm.tsh.grammar import Argument, Command, Flag, Kind

SESSION_KINDS = ("ssh", "k8s", "kube", "db", "app", "desktop")
SEARCH_KINDS = (
    "node",
    "kube_cluster",
    "kube_resource",
    "db",
    "app",
    "windows_desktop",
    "user_group",
    "saml_idp_service_provider",
    "aws_ic_account",
    "aws_ic_account_assignment",
    "git_server",
)
_SESSION = (Argument(name="session-id", help="ID of the session", required=True),)
_REQUEST = (Argument(name="request-id", help="ID of the request", required=True),)
_START_TIME = Flag(name="assume-start-time", help="When access begins, as 2026-01-31T08:00:00Z")

SESSION_COMMANDS = (
    Command(
        path=("join",),
        help="Join a session that is going on.",
        module="join",
        arguments=_SESSION,
        flags=(
            CLUSTER,
            Flag(
                name="mode",
                short="m",
                help="How to join (observer, moderator, peer)",
                default="observer",
                choices=("observer", "moderator", "peer"),
            ),
            Flag(name="reason", help="What the session is for"),
            Flag(name="invite", help="People invited to the session", kind=Kind.LIST),
        ),
    ),
    Command(
        path=("play",),
        help="Play a recorded session.",
        module="play",
        arguments=_SESSION,
        flags=(
            CLUSTER,
            Flag(
                name="speed",
                help="How fast (0.5x, 1x, 2x, 4x, 8x)",
                default="1x",
                choices=("0.5x", "1x", "2x", "4x", "8x"),
            ),
            switch("skip-idle-time", "Don't wait where nothing happened"),
            Flag(
                name="format",
                short="f",
                help="Output format (pty, json, yaml, text)",
                default="pty",
                choices=("pty", "json", "yaml", "text"),
            ),
        ),
    ),
    Command(path=("sessions",), help="Sessions that are going on."),
    Command(
        path=("sessions", "ls"),
        help="List the sessions that are going on.",
        module="sessions_ls",
        flags=(
            CLUSTER,
            output_format(),
            Flag(name="kind", help=f"Kinds to show ({', '.join(SESSION_KINDS)})", kind=Kind.LIST),
        ),
    ),
    Command(path=("recordings",), help="Recorded sessions."),
    Command(
        path=("recordings", "ls"),
        help="List the recorded sessions.",
        module="recordings_ls",
        flags=(
            CLUSTER,
            output_format(FORMATS),
            Flag(name="from-utc", help="First day, as 2026-01-31; by default 24 hours ago"),
            Flag(name="to-utc", help="Last day, as 2026-01-31; by default now"),
            Flag(name="limit", help="How many at most", kind=Kind.NUMBER, default="50"),
            Flag(name="last", help="How far back, as 5h30m40s"),
        ),
    ),
    Command(path=("latency",), help="How long messages take."),
    Command(
        path=("latency", "ssh"),
        help="Measure how long a message to a node and back takes.",
        module="latency_ssh",
        arguments=(Argument(name="[user@]host", help="Node, with the login", required=True),),
        flags=(CLUSTER, NO_RESUME),
    ),
    Command(
        path=("resolve",),
        help="Say which node a name means.",
        module="resolve",
        arguments=(Argument(name="host", help="Name of the node", required=True),),
        flags=(switch("quiet", "Only the exit status", "q"), output_format()),
    ),
    Command(path=("request",), help="Access requests."),
    Command(
        path=("request", "ls"),
        help="List access requests.",
        module="request_ls",
        flags=(
            output_format(),
            switch("reviewable", "Only those one may review"),
            switch("suggested", "Only those that suggest one as their reviewer"),
            switch("my-requests", "Only one's own"),
        ),
    ),
    Command(
        path=("request", "show"),
        help="Show an access request.",
        module="request_show",
        arguments=_REQUEST,
        flags=(output_format(),),
    ),
    Command(
        path=("request", "create"),
        help="Ask for access.",
        module="request_create",
        flags=(
            Flag(name="roles", help="Roles to ask for, separated by commas"),
            Flag(name="reason", help="Why"),
            Flag(name="reviewers", help="Suggested reviewers, separated by commas"),
            switch("nowait", "Don't wait for the decision"),
            Flag(name="resource", help="ID of a resource to ask for", kind=Kind.LIST),
            Flag(name="request-ttl", help="How long the request may wait, as 8h"),
            Flag(name="session-ttl", help="How long a login with it lasts, as 1h"),
            Flag(name="max-duration", help="How long access is granted, as 3d12h"),
            _START_TIME,
        ),
    ),
    Command(
        path=("request", "review"),
        help="Approve or deny a request.",
        module="request_review",
        arguments=_REQUEST,
        flags=(
            switch("approve", "Propose to approve it"),
            switch("deny", "Propose to deny it"),
            Flag(name="reason", help="Why"),
            _START_TIME,
        ),
    ),
    Command(
        path=("request", "search"),
        help="Look for resources to ask for.",
        module="request_search",
        flags=(
            CLUSTER,
            Flag(
                name="kind",
                help=f"Kind of resource ({', '.join(SEARCH_KINDS)})",
                choices=SEARCH_KINDS,
            ),
            Flag(name="kube-kind", help="Kind of Kubernetes resource"),
            Flag(name="kube-api-group", help="API group of the Kubernetes resource"),
            *LISTING,
            Flag(name="labels", help=LABELS_HELP),
            Flag(name="kube-cluster", help="Kubernetes cluster to look in"),
            Flag(name="namespace", help="Namespace to look in"),
            switch("all-kube-namespaces", "Look in every namespace"),
            switch("verbose", "Nothing cut", "v"),
        ),
    ),
    Command(
        path=("request", "drop"),
        help="Give up access that was granted.",
        module="request_drop",
        arguments=(Argument(name="request-id", help="IDs; by default all", takes_rest=True),),
    ),
)
