"""Commands of the official program that are not here, so that each can say so and why."""

from teleterm.tsh.grammar import Argument, Command

_ENTERPRISE = "it needs Teleport Enterprise"
_CLOUD = "use that cloud's own program through an application of the cluster"
_CLOUD_PROXY = "it needs a cloud account; other applications open with tsh proxy app"
_WHY = {
    ("device", "enroll"): _ENTERPRISE,
    ("scan", "keys"): _ENTERPRISE,
    ("svid", "issue"): "workload identities are not supported",
    ("workload-identity", "issue-x509"): "workload identities are not supported",
    ("kube", "join"): "sessions in Kubernetes clusters can't be joined, only those on nodes",
    ("proxy", "mcp"): "MCP servers are not supported",
    ("proxy", "aws"): _CLOUD_PROXY,
    ("proxy", "azure"): _CLOUD_PROXY,
    ("proxy", "gcloud"): _CLOUD_PROXY,
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
    ("mcp", "connect"): "MCP servers are not supported",
    ("mcp", "db", "config"): "MCP servers are not supported; use tsh proxy db --tunnel",
    ("mcp", "db", "start"): "MCP servers are not supported; use tsh proxy db --tunnel",
    ("mcp", "config"): "MCP servers are not supported",
    ("recordings", "export"): "recordings of desktops can be seen in the web interface",
    ("update",): "teleterm and its tsh are updated together, from the window",
}
_REST = Argument(name="arguments", takes_rest=True)


def why(path: tuple[str, ...]) -> str:
    """Why a command is not here, or what to use instead."""
    return _WHY[path]


_THERE_ALREADY = {("kube",), ("proxy",), ("recordings",)}
_GROUPS = sorted({path[:end] for path in _WHY for end in range(1, len(path))} - _THERE_ALREADY)

ABSENT_COMMANDS = (
    *(Command(path=path, help="Not here.", hidden=True) for path in _GROUPS),
    *(
        Command(
            path=path,
            help="Not here.",
            module="absent",
            hidden=True,
            arguments=(_REST,),
            passes_flags=True,  # whatever is asked of it, the answer is the same
        )
        for path in _WHY
    ),
)
