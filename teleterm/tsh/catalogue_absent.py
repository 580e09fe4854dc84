"""Commands of the official program that are not here, so that each can say so and why."""

from teleterm.tsh.flags import switch
from teleterm.tsh.grammar import Argument, Command, Flag

_ENTERPRISE = "it needs Teleport Enterprise"
_CLOUD = "use that cloud's own program through an application of the cluster"
_WHY = {
    ("device", "enroll"): _ENTERPRISE,
    ("scan", "keys"): _ENTERPRISE,
    ("svid", "issue"): "workload identities are not supported",
    ("workload-identity", "issue-x509"): "workload identities are not supported",
    ("vnet",): "use tsh proxy app for TCP applications",
    ("vnet-ssh-autoconfig",): "use tsh config for OpenSSH",
    ("aws",): _CLOUD,
    ("az",): _CLOUD,
    ("gcloud",): _CLOUD,
    ("gsutil",): _CLOUD,
    ("git", "login"): "Git servers are not supported",
    ("git", "ls"): "Git servers are not supported",
    ("git", "config"): "Git servers are not supported",
    ("git", "clone"): "Git servers are not supported",
    ("piv", "agent"): "hardware key policies are not supported",
    ("mcp", "ls"): "MCP servers are not supported",
    ("mcp", "config"): "MCP servers are not supported",
    ("recordings", "export"): "recordings of desktops can be seen in the web interface",
    ("update",): "teleterm and its tsh are updated together, from the window",
}
_REST = Argument(name="arguments", takes_rest=True)
_FLAGS = (
    switch("current-device", "", hidden=True),
    Flag(name="token", hidden=True),
    Flag(name="out", hidden=True),
)


def why(path: tuple[str, ...]) -> str:
    """Why a command is not here, or what to use instead."""
    return _WHY[path]


_GROUPS = sorted({path[:1] for path in _WHY if len(path) > 1} - {("recordings",)})

ABSENT_COMMANDS = (
    *(Command(path=path, help="Not here.", hidden=True) for path in _GROUPS),
    *(
        Command(
            path=path,
            help="Not here.",
            module="absent",
            hidden=True,
            arguments=(_REST,),
            flags=_FLAGS,
            interspersed=False,
        )
        for path in _WHY
    ),
)
