"""Every command and flag this program knows, with the names the official one gives them."""

from teleterm.tsh.grammar import Argument, Command, Flag, Grammar, Kind

FORMATS = ("text", "json", "yaml")
_SEARCH = "Keywords to look for, separated by commas"
_QUERY = 'Expression to filter by, such as \'labels["env"] == "prod"\''
_LABELS = "Labels to filter by, such as env=prod,team=web"
_CLUSTER = "Cluster to use: the root or one of its leaf clusters"


def _switch(name: str, text: str, short: str = "", **more: bool) -> Flag:
    return Flag(
        name=name, help=text, short=short, kind=Kind.SWITCH, hidden=more.get("hidden", False)
    )


def _format(choices: tuple[str, ...] = FORMATS) -> Flag:
    return Flag(
        name="format",
        short="f",
        help=f"Output format ({', '.join(choices)})",
        default="text",
        choices=choices,
    )


GLOBAL_FLAGS = (
    Flag(name="login", short="l", help="Login on the remote host", env=("TELEPORT_LOGIN",)),
    Flag(name="proxy", help="Address of the cluster's proxy", env=("TELEPORT_PROXY",)),
    Flag(name="relay", help="Address of a relay (not used yet)", env=("TELEPORT_RELAY",)),
    Flag(name="user", help="Teleport user, by default the local one", env=("TELEPORT_USER",)),
    Flag(name="ttl", help="Minutes a login shall last", kind=Kind.NUMBER),
    Flag(name="identity", short="i", help="Identity file", env=("TELEPORT_IDENTITY_FILE",)),
    Flag(name="cert-format", help="Format of SSH certificates"),
    _switch("insecure", "Don't check the proxy's certificate: for trials only"),
    Flag(name="auth", help="Connector to log in with", env=("TELEPORT_AUTH",)),
    _switch("skip-version-check", "Don't compare the versions of client and cluster"),
    Flag(
        name="debug",
        short="d",
        help="Write down in detail what happens",
        kind=Kind.SWITCH,
        env=("TELEPORT_DEBUG",),
    ),
    Flag(
        name="add-keys-to-agent",
        short="k",
        help="Whether keys go to the SSH agent (auto, no, yes, only)",
        env=("TELEPORT_ADD_KEYS_TO_AGENT",),
        default="auto",
    ),
    Flag(
        name="enable-escape-sequences",
        help="Answer ~. and ~? at the start of a line in a shell",
        kind=Kind.SWITCH,
        default="true",
    ),
    Flag(
        name="bind-addr",
        help="Local address for the answer of a browser login",
        env=("TELEPORT_LOGIN_BIND_ADDR",),
    ),
    Flag(name="callback", help="Address shown for the answer of a browser login"),
    Flag(
        name="mfa-mode",
        help="Second factor to prefer (auto, cross-platform, platform, otp, sso)",
        env=("TELEPORT_MFA_MODE",),
        default="auto",
        choices=("auto", "cross-platform", "platform", "otp", "sso"),
    ),
    Flag(
        name="headless",
        help="Have another computer confirm each action",
        kind=Kind.SWITCH,
        env=("TELEPORT_HEADLESS",),
    ),
    Flag(
        name="mlock",
        help="Whether memory is locked (off, auto, best_effort, strict)",
        default="auto",
        choices=("off", "auto", "best_effort", "strict"),
    ),
    Flag(name="piv-slot", help="Slot of a hardware key", env=("TELEPORT_PIV_SLOT",)),
    Flag(name="jumphost", short="J", help="SSH jump host"),
    _switch("nocache", "", hidden=True),
    Flag(name="compat", hidden=True),
    Flag(name="browser-login", hidden=True, env=("TELEPORT_LOGIN_BROWSER",)),
    _switch("use-local-ssh-agent", "", hidden=True),
    Flag(name="option", short="o", hidden=True, kind=Kind.LIST),
)

_CLUSTER_FLAG = Flag(name="cluster", short="c", help=_CLUSTER)
_LISTING = (
    Flag(name="search", help=_SEARCH),
    Flag(name="query", help=_QUERY),
)
_DB_CHOICE = (
    _CLUSTER_FLAG,
    Flag(name="labels", help=_LABELS),
    Flag(name="query", help=_QUERY),
)
_DB_ROUTE = (
    Flag(name="db-user", short="u", help="Database user"),
    Flag(name="db-name", short="n", help="Database name"),
    Flag(name="db-roles", short="r", help="Database roles for a user made on the fly"),
    Flag(name="request-reason", help="Why access is asked for"),
    _switch("disable-access-request", "Don't ask for access when it is refused"),
)
_DB_ARGUMENT = (Argument(name="db", help="Name of the database"),)

COMMANDS = (
    Command(
        path=("help",),
        help="Show help.",
        module="help",
        arguments=(Argument(name="command", help="Command to explain", takes_rest=True),),
    ),
    Command(
        path=("version",),
        help="Print the versions of this program and of the proxy.",
        module="version",
        flags=(_format(), _switch("client", "Only this program's version; asks no server")),
    ),
    Command(
        path=("ssh",),
        help="Open a shell on a node or run a command there.",
        module="ssh",
        interspersed=False,
        arguments=(
            Argument(name="[user@]host", help="Node, with the login to use"),
            Argument(name="command", help="Command to run there", takes_rest=True),
        ),
        flags=(
            Flag(name="port", short="p", help="SSH port of the node", kind=Kind.NUMBER),
            _switch("forward-agent", "Offer the local SSH agent to the node", "A"),
            Flag(
                name="forward",
                short="L",
                help="Forward a local port: [bind:]port:host:port",
                kind=Kind.LIST,
            ),
            Flag(
                name="dynamic-forward",
                short="D",
                help="SOCKS5 proxy on a local port: [bind:]port",
                kind=Kind.LIST,
            ),
            Flag(
                name="remote-forward",
                short="R",
                help="Forward a port of the node: [bind:]port:host:port",
                kind=Kind.LIST,
            ),
            _switch("local", "Run the command here once connected"),
            _switch("tty", "Ask for a terminal", "t"),
            _CLUSTER_FLAG,
            Flag(name="option", short="o", help="Option as in OpenSSH's settings", kind=Kind.LIST),
            _switch("no-remote-exec", "Run nothing there: for forwarding ports", "N"),
            _switch("x11-untrusted", "Forward X11 with restrictions", "X"),
            _switch("x11-trusted", "Forward X11 without restrictions", "Y"),
            Flag(name="x11-untrusted-timeout", help="How long -X lasts", default="10m"),
            Flag(name="invite", help="People invited to the session", kind=Kind.LIST),
            Flag(name="reason", help="What the session is for"),
            _switch("participant-req", "List who must be present in a moderated session"),
            Flag(name="request-reason", help="Why access is asked for"),
            Flag(
                name="request-mode",
                help="Kind of access request made when refused (off, resource, role)",
                env=("TELEPORT_REQUEST_MODE",),
                default="resource",
                choices=("off", "resource", "role"),
            ),
            _switch("disable-access-request", "The same as --request-mode=off"),
            Flag(name="log-dir", help="Folder for the output of several nodes"),
            _switch("no-resume", "Don't resume broken connections"),
            Flag(
                name="relogin",
                help="Log in again when the login has ended",
                kind=Kind.SWITCH,
                default="true",
            ),
            _switch("fork-after-authentication", "Go to the background once connected", "f"),
            _switch("no-tty", "", "T", hidden=True),
            _switch("show-version", "", "V", hidden=True),
        ),
    ),
    Command(
        path=("scp",),
        help="Copy files to or from a node.",
        module="scp",
        arguments=(
            Argument(
                name="from, to",
                help="Sources and destination, one side as [login@]host:path",
                required=True,
                takes_rest=True,
            ),
        ),
        flags=(
            _CLUSTER_FLAG,
            _switch("recursive", "Copy folders with what is in them", "r"),
            Flag(name="port", short="P", help="SSH port of the node", kind=Kind.NUMBER),
            _switch("preserve", "Keep times and modes", "p"),
            _switch("quiet", "Show no progress", "q"),
            _switch("no-resume", "Don't resume broken connections"),
            Flag(
                name="relogin",
                help="Log in again when the login has ended",
                kind=Kind.SWITCH,
                default="true",
            ),
        ),
    ),
    Command(
        path=("ls",),
        help="List the nodes.",
        module="ls",
        arguments=(Argument(name="labels", help=_LABELS),),
        flags=(
            _CLUSTER_FLAG,
            _switch("verbose", "More columns, nothing cut", "v"),
            _format((*FORMATS, "names")),
            *_LISTING,
            _switch("all", "Nodes of all clusters and proxies", "R"),
        ),
    ),
    Command(
        path=("clusters",),
        help="List the clusters.",
        module="clusters",
        flags=(
            _format(),
            _switch("quiet", "Without header and selection", "q"),
            _switch("verbose", "Nothing cut", "v"),
        ),
    ),
    Command(
        path=("login",),
        help="Log in to a cluster.",
        module="login",
        arguments=(Argument(name="cluster", help=_CLUSTER),),
        flags=(
            Flag(name="out", short="o", help="Identity file to write", repeats=True),
            Flag(
                name="format",
                short="f",
                help="Format of the identity file (file, openssh, kubernetes)",
                default="file",
            ),
            _switch("overwrite", "Replace the identity file when it exists"),
            Flag(name="request-roles", help="Roles to ask for"),
            Flag(name="request-reason", help="Why the roles are asked for"),
            Flag(name="request-reviewers", help="Suggested reviewers"),
            _switch("request-nowait", "Don't wait for the decision"),
            Flag(name="request-id", help="Log in with the roles of this request"),
            Flag(name="scope", help="Scope of the credentials"),
            Flag(name="browser", help="'none' opens no browser"),
            Flag(name="kube-cluster", help="Kubernetes cluster to select"),
            _switch("verbose", "Also show the environment", "v"),
        ),
    ),
    Command(
        path=("logout",),
        help="Delete certificates and keys.",
        module="logout",
    ),
    Command(
        path=("status",),
        help="Show the clusters one is logged in to.",
        module="status",
        flags=(_format(), _switch("verbose", "Also show the environment", "v")),
    ),
    Command(
        path=("env",),
        help="Print shell commands that select the current cluster.",
        module="env",
        flags=(_format(), _switch("unset", "Print the commands that clear it again")),
    ),
    Command(path=("db",), help="Databases."),
    Command(
        path=("db", "ls"),
        help="List the databases.",
        module="db_ls",
        arguments=(Argument(name="labels", help=_LABELS),),
        flags=(
            _CLUSTER_FLAG,
            _switch("verbose", "More columns, nothing cut", "v"),
            *_LISTING,
            _format(),
            _switch("all", "Databases of all clusters and proxies", "R"),
        ),
    ),
    Command(
        path=("db", "login"),
        help="Get a certificate for a database.",
        module="db_login",
        arguments=_DB_ARGUMENT,
        flags=(*_DB_CHOICE, *_DB_ROUTE),
    ),
    Command(
        path=("db", "logout"),
        help="Delete a database's certificate.",
        module="db_logout",
        arguments=_DB_ARGUMENT,
        flags=_DB_CHOICE,
    ),
    Command(
        path=("db", "env"),
        help="Print environment variables for a database's client.",
        module="db_env",
        arguments=_DB_ARGUMENT,
        flags=(*_DB_CHOICE, _format()),
    ),
    Command(
        path=("db", "config"),
        help="Print where and how to connect to a database.",
        module="db_config",
        arguments=_DB_ARGUMENT,
        flags=(*_DB_CHOICE, _format(("text", "cmd", "json", "yaml"))),
    ),
    Command(
        path=("db", "connect"),
        help="Open a database with its own client.",
        module="db_connect",
        arguments=_DB_ARGUMENT,
        flags=(
            *_DB_CHOICE,
            *_DB_ROUTE,
            _switch("disable-db-prompts", "Don't ask for a missing user or name"),
            _switch("tunnel", "", hidden=True),
        ),
    ),
    Command(path=("proxy",), help="Local proxies."),
    Command(
        path=("proxy", "db"),
        help="Open a local port that leads to a database.",
        module="proxy_db",
        arguments=_DB_ARGUMENT,
        flags=(
            _switch("insecure-listen-anywhere", "Allow other computers to use the port"),
            Flag(name="listen", help="Address to listen on"),
            Flag(name="port", short="p", help="Port to listen on"),
            _switch("tunnel", "Authenticate for the client: no certificate, no password"),
            *_DB_CHOICE,
            *_DB_ROUTE,
        ),
    ),
    Command(
        path=("proxy", "ssh"),
        help="Carry an SSH connection over standard input and output, for OpenSSH.",
        module="proxy_ssh",
        arguments=(Argument(name="[user@]host", help="Node, with the login to use"),),
        flags=(
            _CLUSTER_FLAG,
            _switch("no-resume", "Don't resume broken connections"),
            Flag(
                name="relogin",
                help="Log in again when the login has ended",
                kind=Kind.SWITCH,
                default="true",
            ),
        ),
    ),
    Command(
        path=("config",),
        help="Print settings for OpenSSH.",
        module="config",
        flags=(Flag(name="port", short="p", help="SSH port of the nodes", kind=Kind.NUMBER),),
    ),
    Command(path=("daemon",), help="The service behind the window.", hidden=True),
    Command(
        path=("daemon", "start"),
        help="Start the service behind the window.",
        module="daemon_start",
        hidden=True,
        flags=(
            Flag(name="addr", help="Address to listen on: unix:///path or tcp://host:port"),
            Flag(name="certs-dir", help="Folder where certificates are exchanged"),
            Flag(name="prehog-addr", help="Accepted, not used: there is no usage reporting"),
            Flag(name="kubeconfigs-dir", help="Folder for kubeconfig files"),
            Flag(name="agents-dir", help="Folder for agents on this computer"),
            Flag(name="installation-id", help="Identifier of the installation"),
            _switch("hardware-key-agent", "Also serve hardware keys"),
        ),
    ),
    Command(
        path=("daemon", "stop"),
        help="Stop the service behind the window.",
        module="daemon_stop",
        hidden=True,
        flags=(Flag(name="pid", help="Process to stop", kind=Kind.NUMBER),),
    ),
    Command(path=("demo",), help="The demo cluster on this computer.", hidden=True),
    Command(
        path=("demo", "start"),
        help="Run the demo cluster until standard input ends.",
        module="demo_start",
        hidden=True,
        flags=(
            Flag(name="port", help="Port to listen on; 0 takes a free one", default="0"),
            Flag(name="format", short="f", help="Output format (text, json)", default="text"),
        ),
    ),
)

GRAMMAR = Grammar(GLOBAL_FLAGS, COMMANDS)
