"""Names by which a proxy routes TLS connections: ALPN ids and server names.

Source: cluster-login.md 2.1 to 2.3; Teleport `lib/srv/alpnproxy/common/protocols.go`.
"""

API_DOMAIN = "teleport.cluster.local"
HTTP_1 = "http/1.1"
HTTP_2 = "h2"
REVERSE_TUNNEL = "teleport-reversetunnel"
PROXY_SSH = "teleport-proxy-ssh"
PROXY_SSH_GRPC = "teleport-proxy-ssh-grpc"
PROXY_GRPC = "teleport-proxy-grpc"
PROXY_GRPC_MTLS = "teleport-proxy-grpc-mtls"
TCP = "teleport-tcp"
MCP = "teleport-mcp"
KUBE_SNI_PREFIX = "kube-teleport-proxy-alpn."

_AUTH_PREFIX = "teleport-auth@"
_PING_SUFFIX = "-ping"
_MYSQL_PREFIX = "teleport-mysql-"

DATABASES = {
    "postgres": "teleport-postgres",
    "cockroachdb": "teleport-postgres",
    "mysql": "teleport-mysql",
    "mongodb": "teleport-mongodb",
    "oracle": "teleport-oracle",
    "redis": "teleport-redis",
    "sqlserver": "teleport-sqlserver",
    "snowflake": "teleport-snowflake",
    "cassandra": "teleport-cassandra",
    "elasticsearch": "teleport-elasticsearch",
    "opensearch": "teleport-opensearch",
    "dynamodb": "teleport-dynamodb",
    "clickhouse": "teleport-clickhouse",
    "clickhouse-http": "teleport-clickhouse",
    "spanner": "teleport-spanner",
}


def encode_cluster(name: str) -> str:
    """The server name that stands for a cluster: `root` gives `726f6f74.teleport.cluster.local`."""
    return f"{name.encode().hex()}.{API_DOMAIN}"


def decode_cluster(server_name: str) -> str:
    """The cluster that a server name stands for; empty when it stands for none."""
    hexes, dot, domain = server_name.partition(".")
    if not dot or domain != API_DOMAIN:
        return ""
    try:
        return bytes.fromhex(hexes).decode()
    except ValueError:
        return ""


def auth(cluster: str) -> str:
    """The id that leads to the auth server of a cluster; it must be the first one offered."""
    return _AUTH_PREFIX + encode_cluster(cluster)


def auth_cluster(protocol: str) -> str | None:
    """The cluster an auth id names; None when it is no auth id, empty when it names no cluster."""
    if not protocol.startswith(_AUTH_PREFIX):
        return None
    return decode_cluster(protocol.removeprefix(_AUTH_PREFIX))


def with_ping(protocol: str) -> tuple[str, str]:
    """The ids to offer for a protocol that may be framed (see `ping_framing`), framed one first."""
    return (protocol + _PING_SUFFIX, protocol)


def is_ping(protocol: str) -> bool:
    """Whether the connection is framed."""
    return protocol.endswith(_PING_SUFFIX)


def without_ping(protocol: str) -> str:
    """The id of the same protocol without the framing."""
    return protocol.removesuffix(_PING_SUFFIX)


def database(protocol: str, *, mysql_version: str = "") -> tuple[str, ...]:
    """The ids to offer for a database protocol, in order; empty for one nobody knows.

    `mysql_version` is what the proxy shall say in its greeting, when it is known.
    """
    name = DATABASES.get(protocol)
    if name is None:
        return ()
    if protocol == "mysql" and mysql_version:
        return (*with_ping(name), _encode_mysql(mysql_version))
    return with_ping(name)


def _encode_mysql(version: str) -> str:
    import base64

    return _MYSQL_PREFIX + base64.b64encode(version.encode()).decode()


def mysql_version(protocol: str) -> str:
    """The engine version in a MySQL id; empty when it holds none."""
    import base64

    if not protocol.startswith(_MYSQL_PREFIX) or is_ping(protocol):
        return ""
    try:
        return base64.b64decode(protocol.removeprefix(_MYSQL_PREFIX), validate=True).decode()
    except ValueError:
        return ""


def kube_server_name(host: str) -> str:
    """The server name for Kubernetes on the proxy `host` (as in a kubeconfig)."""
    import ipaddress

    try:
        ipaddress.ip_address(host)
    except ValueError:
        is_address = False
    else:
        is_address = True
    if not host or host == "localhost" or is_address:
        return KUBE_SNI_PREFIX + API_DOMAIN
    return KUBE_SNI_PREFIX + host
