"""The command line of a database's own client, one function for each protocol.

Everything goes to a local port in plain text: the TLS is the local proxy's own.
Source: terminal_service.md 11.5; connections.md 2.6.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote
from uuid import uuid4

Which = Callable[[str], str | None]
LOCALHOST = "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """What a command line is made of; `uri` is the database's own address."""

    protocol: str
    host: str
    port: int
    user: str = ""
    database: str = ""
    uri: str = ""
    gcp_project_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A program, its arguments and what is added to its environment; a quoted preview if given."""

    args: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    preview_args: tuple[str, ...] = ()
    is_preview_only: bool = False


def _postgres_url(end: Endpoint) -> str:
    user = f"{quote(end.user, safe='')}@" if end.user else ""
    database = f"/{end.database}" if end.database else ""
    return f"postgres://{user}{end.host}:{end.port}{database}"


def _postgres(end: Endpoint, which: Which) -> Command:
    return Command(args=("psql", _postgres_url(end)))


def _cockroach(end: Endpoint, which: Which) -> Command:
    if which("cockroach") is None:
        return _postgres(end, which)
    return Command(args=("cockroach", "sql", "--url", _postgres_url(end)))


def _mysql(end: Endpoint, which: Which) -> Command:
    program = "mariadb" if which("mariadb") else "mysql"
    return Command(
        args=(
            program,
            "--skip-password",
            *_option("--user", end.user),
            *_option("--database", end.database),
            "--port",
            str(end.port),
            "--host",
            end.host,
            *(("--protocol", "TCP") if end.host == LOCALHOST else ()),
        )
    )


def _mongodb(end: Endpoint, which: Which) -> Command:
    is_documentdb = ".docdb." in end.uri
    newer, older = "mongosh", "mongo"
    if is_documentdb:
        program = newer if which(older) is None and which(newer) else older
    else:
        program = older if which(newer) is None and which(older) else newer
    query = "directConnection=true&serverSelectionTimeoutMS=5000"
    url = f"mongodb://{end.host}:{end.port}/{end.database}?{query}"
    extra = ("--retryWrites=false",) if is_documentdb and program == newer else ()
    return Command(args=(program, *extra, url), preview_args=(program, *extra, _double_quoted(url)))


def _redis(end: Endpoint, which: Which) -> Command:
    address = ("-h", end.host, "-p", str(end.port))
    return Command(args=("redis-cli", *address, *_option("-n", end.database)))


def _sqlserver(end: Endpoint, which: Which) -> Command:
    program = "mssql-cli" if which("sqlcmd") is None and which("mssql-cli") else "sqlcmd"
    address = ("-S", f"{end.host},{end.port}")
    login = ("-U", end.user, "-P", str(uuid4()))
    return Command(args=(program, *address, *login, *_option("-d", end.database)))


def _snowflake(end: Endpoint, which: Which) -> Command:
    address = ("-h", end.host, "-p", str(end.port))
    start = ("snowsql", "-a", "teleport", "-u", end.user)
    return Command(
        args=(*start, *address, *_option("-w", end.database)), env=(f"SNOWSQL_PWD={uuid4()}",)
    )


def _cassandra(end: Endpoint, which: Which) -> Command:
    return Command(args=("cqlsh", "-u", end.user, end.host, str(end.port)))


def _elasticsearch(end: Endpoint, which: Which) -> Command:
    return Command(args=("elasticsearch-sql-cli", f"http://{end.host}:{end.port}/"))


def _opensearch(end: Endpoint, which: Which) -> Command:
    return Command(args=("opensearchsql", f"http://{end.host}:{end.port}"))


def _dynamodb(end: Endpoint, which: Which) -> Command:
    start = ("aws", "--endpoint", f"http://{end.host}:{end.port}/")
    tail = ("[dynamodb|dynamodbstreams|dax]", "<command>")
    return Command(preview_args=(*start, *tail), is_preview_only=True)


def _oracle(end: Endpoint, which: Which) -> Command:
    return Command(args=("sql", "-L", f"/@{end.host}:{end.port}/{end.database}"))


def _clickhouse_http(end: Endpoint, which: Which) -> Command:
    return Command(args=("curl", f"http://{end.host}:{end.port}/"))


def _clickhouse(end: Endpoint, which: Which) -> Command:
    address = ("--host", end.host, "--port", str(end.port))
    return Command(args=("clickhouse-client", *address, *_option("--user", end.user)))


def _spanner(end: Endpoint, which: Which) -> Command:
    project, instance = end.gcp_project_id or "<project>", "<instance>"
    target = ("-p", project, "-i", instance, "-d", end.database or "<database>")
    return Command(
        preview_args=("spanner-cli", *target),
        env=(f"SPANNER_EMULATOR_HOST={end.host}:{end.port}",),
        is_preview_only=True,
    )


def _option(name: str, value: str) -> tuple[str, ...]:
    return (name, value) if value else ()


def _double_quoted(text: str) -> str:
    """Quoted so that the line can be pasted to a shell of any system."""
    return f'"{text}"'


MAKERS: dict[str, Callable[[Endpoint, Which], Command]] = {
    "postgres": _postgres,
    "cockroachdb": _cockroach,
    "mysql": _mysql,
    "mongodb": _mongodb,
    "redis": _redis,
    "sqlserver": _sqlserver,
    "snowflake": _snowflake,
    "cassandra": _cassandra,
    "elasticsearch": _elasticsearch,
    "opensearch": _opensearch,
    "dynamodb": _dynamodb,
    "oracle": _oracle,
    "clickhouse": _clickhouse,
    "clickhouse-http": _clickhouse_http,
    "spanner": _spanner,
}
"""A function for each protocol that is known."""
