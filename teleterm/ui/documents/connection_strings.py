"""What other programs need to use a local database proxy, by protocol."""

from teleterm.bridge.views import GatewayView


def strings_for(gateway: GatewayView) -> list[tuple[str, str]]:
    """Title and text of each form; none holds a password, since none is needed."""
    host, port = gateway.local_address or "127.0.0.1", gateway.local_port
    user, name = gateway.user, gateway.subresource
    slash_name = f"/{name}" if name else ""
    at_user = f"{user}@" if user else ""
    if gateway.protocol in {"postgres", "cockroachdb"}:
        variables = [f"PGHOST={host}", f"PGPORT={port}", f"PGUSER={user}", "PGSSLMODE=disable"]
        parts = [f"host={host}", f"port={port}", f"user={user}", "sslmode=disable"]
        if name:
            variables.append(f"PGDATABASE={name}")
            parts.insert(2, f"dbname={name}")
        return [
            ("URL", f"postgresql://{at_user}{host}:{port}{slash_name}?sslmode=disable"),
            (
                "JDBC",
                f"jdbc:postgresql://{host}:{port}{slash_name or '/'}?user={user}&sslmode=disable",
            ),
            ("DSN", " ".join(parts)),
            ("Variables", " ".join(variables)),
        ]
    if gateway.protocol in {"mysql", "mariadb"}:
        return [
            ("URL", f"mysql://{at_user}{host}:{port}{slash_name}"),
            ("JDBC", f"jdbc:mysql://{host}:{port}{slash_name or '/'}?user={user}"),
            ("Options", f"--host={host} --port={port} --user={user} {name}".rstrip()),
        ]
    if gateway.protocol == "mongodb":
        return [("URL", f"mongodb://{host}:{port}{slash_name or '/'}?directConnection=true")]
    if gateway.protocol == "redis":
        return [("URL", f"redis://{host}:{port}")]
    return [("Address", f"{host}:{port}")]
