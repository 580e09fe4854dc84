"""The command line of a database's own client.

Source: connections.md 2.6.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from teleterm.model.errors import BadInput, ErrorCode, Unreachable

Find = Callable[[str], str | None]
_MONGO_WAIT_MS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """Where the client finds what it needs to speak TLS itself."""

    ca: str
    certificate: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the database is reached and as whom; no `tls` behind an authenticated tunnel.

    `group` names the section of the user's own settings (MySQL), as `<cluster>-<database>`.
    """

    host: str
    port: int
    user: str = ""
    database: str = ""
    tls: TlsFiles | None = None
    insecure: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCommand:
    """What to run: `path` is the program's full path, or its name when it isn't installed."""

    path: str
    args: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    is_installed: bool = True


def command(protocol: str, endpoint: Endpoint, *, find: Find = shutil.which) -> ClientCommand:
    """The command for a database of that protocol. A missing program is named, not refused.

    Raises: BadInput for protocols without a known client.
    """
    builders = {
        "postgres": _postgres,
        "cockroachdb": _cockroach,
        "mysql": _mysql,
        "mongodb": _mongo,
        "redis": _redis,
    }
    builder = builders.get(protocol)
    if builder is not None:
        return builder(endpoint, find)
    if protocol == "clickhouse-http" and endpoint.tls is not None:
        return _clickhouse_http(endpoint, endpoint.tls, find)
    return _through_tunnel(protocol, endpoint, find)


def require(found: ClientCommand) -> ClientCommand:
    """The same command.

    Raises: Unreachable (client_missing) when its program isn't installed.
    """
    if not found.is_installed:
        raise Unreachable(
            f'"{found.path}" is not installed, or not in PATH.',
            code=ErrorCode.CLIENT_MISSING,
            hint="Install it, or use another client with: tsh proxy db --tunnel",
        )
    return found


def postgres_url(endpoint: Endpoint) -> str:
    """`postgres://user@host:port/database?...`."""
    user = f"{quote(endpoint.user, safe='$&+=:;,')}@" if endpoint.user else ""
    database = f"/{quote(endpoint.database, safe='$&+=:@')}" if endpoint.database else ""
    url = f"postgres://{user}{endpoint.host}:{endpoint.port}{database}"
    if endpoint.tls is None:
        return url
    mode = "verify-ca" if endpoint.insecure else "verify-full"
    pairs = (
        ("sslrootcert", endpoint.tls.ca),
        ("sslcert", endpoint.tls.certificate),
        ("sslkey", endpoint.tls.key),
        ("sslmode", mode),
    )
    # Paths stay readable: the official program doesn't escape them either.
    return f"{url}?{'&'.join(f'{key}={value}' for key, value in pairs)}"


def _made(
    find: Find, name: str, args: tuple[str, ...], env: dict[str, str] | None = None
) -> ClientCommand:
    path = find(name)
    return ClientCommand(path=path or name, args=args, env=env or {}, is_installed=path is not None)


def _postgres(endpoint: Endpoint, find: Find) -> ClientCommand:
    return _made(find, "psql", (postgres_url(endpoint),))


def _cockroach(endpoint: Endpoint, find: Find) -> ClientCommand:
    if find("cockroach") is None:
        return _postgres(endpoint, find)
    return _made(find, "cockroach", ("sql", "--url", postgres_url(endpoint)))


def _mysql(endpoint: Endpoint, find: Find) -> ClientCommand:
    args = ["--skip-password"]
    for flag, value in (("--user", endpoint.user), ("--database", endpoint.database)):
        if value:
            args += [flag, value]
    args += ["--port", str(endpoint.port), "--host", endpoint.host, "--protocol", "TCP"]
    is_mariadb = find("mariadb") is not None
    if endpoint.tls is None:
        return _made(find, "mariadb" if is_mariadb else "mysql", tuple(args))
    if is_mariadb:
        files = endpoint.tls
        args += ["--ssl-key", files.key, "--ssl-ca", files.ca, "--ssl-cert", files.certificate]
        args += [] if endpoint.insecure else ["--ssl-verify-server-cert"]
        return _made(find, "mariadb", tuple(args))
    if endpoint.insecure:
        args.append("--ssl-mode=VERIFY_CA")
    return _made(find, "mysql", (f"--defaults-group-suffix=_{endpoint.group}", *args))


def _mongo(endpoint: Endpoint, find: Find) -> ClientCommand:
    url = (
        f"mongodb://{endpoint.host}:{endpoint.port}/{quote_plus(endpoint.database)}"
        f"?directConnection=true&serverSelectionTimeoutMS={_MONGO_WAIT_MS}"
    )
    if endpoint.tls is None:
        return _made(find, "mongosh", (url,))
    files = endpoint.tls
    args = ("--tls", "--tlsCertificateKeyFile", files.certificate, "--tlsUseSystemCA", url)
    return _made(find, "mongosh", args)


def _clickhouse_http(endpoint: Endpoint, files: TlsFiles, find: Find) -> ClientCommand:
    args = [f"https://{endpoint.host}:{endpoint.port}/", "--key", files.key]
    args += ["--cert", files.certificate]
    return _made(find, "curl", (*args, *(["--insecure"] if endpoint.insecure else [])))


def _through_tunnel(protocol: str, endpoint: Endpoint, find: Find) -> ClientCommand:
    """The command for a protocol whose client can't show a certificate itself.

    Raises: BadInput for protocols without a known client.
    """
    from teleterm.client import database_programs as programs

    end = programs.Endpoint(
        protocol=protocol,
        host=endpoint.host,
        port=endpoint.port,
        user=endpoint.user,
        database=endpoint.database,
    )
    make = programs.MAKERS.get(protocol)
    if make is None:
        raise BadInput(
            f'There is no known client for databases of the kind "{protocol}".',
            field="protocol",
            value=protocol,
            code=ErrorCode.NOT_IMPLEMENTED,
        )
    made = make(end, find)
    env = dict(pair.split("=", 1) for pair in made.env)
    name, *args = made.args or made.preview_args
    if protocol == "elasticsearch" and find(name) is None:
        name, args = "curl", [f"http://{end.host}:{end.port}/"]
    elif protocol == "sqlserver" and find(name) is None:
        name = "mssql-cli"
    return _made(find, name, tuple(args), env)


def _redis(endpoint: Endpoint, find: Find) -> ClientCommand:
    args = ["-h", endpoint.host, "-p", str(endpoint.port)]
    if endpoint.tls is not None:
        args += ["--tls", "--key", endpoint.tls.key, "--cert", endpoint.tls.certificate]
        args += ["--insecure"] if endpoint.insecure else []
        args += ["--sni", endpoint.host]
    if endpoint.database:
        args += ["-n", endpoint.database]
    return _made(find, "redis-cli", tuple(args))
