"""What stands between a database's own client and the database, and what to say then.

Source: connections.md 2.3.
"""

from teleterm.client.identity import DatabaseRoute
from teleterm.client.profile import Profile
from teleterm.model.errors import BadInput

_TUNNEL_ONLY = {
    "snowflake", "dynamodb", "sqlserver", "cassandra", "oracle", "clickhouse", "spanner",
}  # fmt: skip
_WITH_VARIABLES = {"postgres", "mysql"}
NOT_INTERACTIVE = {"dynamodb", "clickhouse-http"}
"""Protocols without a client to type into."""

_KINDS = {
    "postgres": "PostgreSQL",
    "mysql": "MySQL",
    "mongodb": "MongoDB",
    "oracle": "Oracle",
    "cockroachdb": "CockroachDB",
    "redis": "Redis",
    "snowflake": "Snowflake",
    "elasticsearch": "Elasticsearch",
    "opensearch": "OpenSearch",
    "sqlserver": "Microsoft SQL Server",
    "cassandra": "Cassandra",
    "dynamodb": "DynamoDB",
    "clickhouse": "Clickhouse",
    "clickhouse-http": "Clickhouse (HTTP)",
    "spanner": "GCloud Spanner",
}


def kind(protocol: str) -> str:
    """The protocol's name for people."""
    return _KINDS.get(protocol, protocol)


def tunnel_reasons(route: DatabaseRoute) -> list[str]:
    """Why the client can't use a certificate of its own; empty when it can."""
    return [_protocol(route)] if route.protocol in _TUNNEL_ONLY else []


def proxy_reasons(profile: Profile, cluster: str, route: DatabaseRoute) -> list[str]:
    """Why a local proxy is needed, be it a tunnel or not; empty when none is."""
    reasons: list[str] = []
    on_web_port = _uses_web_port(profile, route)
    if profile.tls_routing_conn_upgrade_required and on_web_port:
        reasons.append("Teleport Proxy is behind a layer 7 load balancer or reverse proxy")
    reasons += tunnel_reasons(route)
    if route.protocol == "mysql" and profile.tls_routing_enabled and on_web_port:
        reasons.append(f"{_protocol(route)} and cluster {cluster} proxy is using TLS routing")
    return reasons


def without_variables(route: DatabaseRoute) -> list[str]:
    """Why there are no variables for the client; empty when there are."""
    return [] if route.protocol in _WITH_VARIABLES else [_protocol(route)]


def refuse(command: str, reasons: list[str], route: DatabaseRoute, cluster_flag: str) -> None:
    """Say what to use instead, if there are reasons.

    Raises: BadInput.
    """
    if not reasons:
        return
    named = f"--cluster={cluster_flag} " if cluster_flag else ""
    others = [f"tsh proxy db --tunnel {named}{route.service}"]
    if route.protocol not in NOT_INTERACTIVE:
        others.insert(0, f"tsh db connect {named}{route.service}")
    which = "one of the following commands" if len(others) > 1 else "the following command"
    raise BadInput(
        f'"{command}" is not supported when:\n'
        + "".join(f"  - {reason}.\n" for reason in reasons)
        + f"\nPlease use {which} to connect to the database:\n"
        + "\n".join(f"    {other}" for other in others),
        field="db",
        value=route.service,
    )


def _protocol(route: DatabaseRoute) -> str:
    return f"database protocol is {kind(route.protocol)}"


def _uses_web_port(profile: Profile, route: DatabaseRoute) -> bool:
    own = {"postgres": profile.postgres_proxy_addr, "mysql": profile.mysql_proxy_addr}
    address = own.get(route.protocol, "")
    return not address or address == profile.web_proxy_addr
