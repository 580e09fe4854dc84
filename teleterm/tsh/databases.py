"""Databases for the commands: which one is meant, as whom, with which certificate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleterm.client.identity import DatabaseRoute
from teleterm.client.profile import Profile, split_address
from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError
from teleterm.tsh import database_profiles, filters
from teleterm.tsh.context import Context
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render.labels import DISCOVERED_NAME

if TYPE_CHECKING:
    from teleterm.client.auth import AuthClient
    from teleterm.client.cluster import ClusterClient
    from teleterm.client.database_access import Access
    from teleterm.client.database_commands import Endpoint, TlsFiles
    from teleterm.protogen.teleport.types import types_pb2

# Protocols where a connection needs a database name.
_NEED_NAME = {"postgres", "mongodb", "oracle", "sqlserver", "spanner"}
_POSTGRES = {"postgres", "cockroachdb"}


def needs_name(protocol: str) -> bool:
    """Whether a connection of that protocol names a database."""
    return protocol in _NEED_NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A database with the user and name to take there."""

    database: "types_pb2.DatabaseV3"
    route: DatabaseRoute


async def fetch(auth: "AuthClient", wanted: filters.Filter) -> list["types_pb2.DatabaseV3"]:
    """The databases of a cluster, one of each name, sorted by name."""
    servers = await auth.list_resources("db_server", wanted.query())
    by_name = {
        one.DatabaseServer.Spec.Database.Metadata.Name: one.DatabaseServer.Spec.Database
        for one in servers
    }
    return [by_name[name] for name in sorted(by_name)]


def access(
    client: "ClusterClient",
    roles: Sequence["types_pb2.RoleV6"],
    database: "types_pb2.DatabaseV3",
) -> "Access":
    """What the roles allow on a database."""
    from teleterm.client.database_access import allowed

    return allowed(roles, client.identity.traits, all_labels(database))


def all_labels(database: "types_pb2.DatabaseV3") -> dict[str, str]:
    """Fixed labels and the results of commands."""
    commands = {name: label.Result for name, label in database.Spec.DynamicLabels.items()}
    return {**dict(database.Metadata.Labels), **commands}


def kind(database: "types_pb2.DatabaseV3") -> str:
    """What runs it, as `tsh db ls -v` says."""
    spec = database.Spec
    if spec.AWS.RDS.InstanceID or spec.AWS.RDS.ClusterID:
        return "rds"
    if spec.AWS.Redshift.ClusterID:
        return "redshift"
    if spec.GCP.ProjectID:
        return "gcp"
    if spec.Azure.Name or spec.Azure.ResourceID:
        return "azure"
    return "self-hosted"


def active(client: "ClusterClient", profile: Profile) -> list[DatabaseRoute]:
    """The databases with a certificate for the selected cluster."""
    from teleterm.client.keystore import ResourceFolder

    paths = client.store.keys.paths(profile.name, profile.user)
    folder = paths.resources(ResourceFolder.DATABASE, client.cluster)
    return [
        route for route in client.identity.databases if (folder / f"{route.service}.crt").is_file()
    ]


async def choose(
    client: "ClusterClient", context: Context, *, for_connection: bool = True
) -> Chosen:
    """The database that the command line means, with user and name filled in where only one fits.

    Access to one that is only found among what may be asked for is asked for first.

    Raises: Refused when there is none, BadInput when more than one fits.
    """
    parsed = context.parsed
    auth = await client.auth()
    routes = active(client, client.profile)
    try:
        database = await _find(auth, parsed, routes)
    except Refused as error:
        database = await _ask_for(client, context, routes, error)
        auth, routes = await client.auth(), []
    earlier = next((one for one in routes if one.service == database.Metadata.Name), None)
    route = DatabaseRoute(
        service=database.Metadata.Name,
        protocol=database.Spec.Protocol,
        username=parsed.text("db-user") or (earlier.username if earlier else ""),
        database=parsed.text("db-name") or (earlier.database if earlier else ""),
        roles=tuple(role for role in parsed.text("db-roles").split(",") if role),
    )
    if for_connection:
        route = await with_defaults(client, auth, database, route)
    return Chosen(database=database, route=route)


async def _ask_for(
    client: "ClusterClient", context: Context, routes: Sequence[DatabaseRoute], error: Refused
) -> "types_pb2.DatabaseV3":
    """The database that was not found, once access to it is granted.

    Raises: that error where access can't be asked for.
    """
    from teleterm.tsh import auto_request
    from teleterm.wire.resource_ids import ResourceId

    if not auto_request.may_ask(context, error):
        raise error
    try:
        found = await _find(await client.auth(), context.parsed, routes, has_requestable=True)
    except TeletermError:
        raise error from None
    name = found.Metadata.Name
    ident = ResourceId(cluster=client.cluster, kind="db", name=name)
    await auto_request.ask_for(client, context, [ident], name)
    return found


async def _find(
    auth: "AuthClient",
    parsed: Parsed,
    routes: Sequence[DatabaseRoute],
    *,
    has_requestable: bool = False,
) -> "types_pb2.DatabaseV3":
    name = parsed.text("db")
    wanted = filters.Filter(
        labels=filters.parse_labels(parsed.text("labels")),
        expression=parsed.text("query"),
        has_requestable=has_requestable,
    )
    if not name and not wanted.labels and not wanted.expression:
        if not routes:
            raise BadInput(
                "please specify a database service by name, --labels, or --query", field="db"
            )
        name = only_active(routes).service
    found = await fetch(auth, wanted)
    if name:
        exact = [one for one in found if one.Metadata.Name == name]
        known = [one for one in found if one.Metadata.Labels.get(DISCOVERED_NAME) == name]
        found = exact or known
    if not found:
        shown = f'"{name}"' if name else "with these labels"
        raise Refused(
            f"database {shown} not found, use 'tsh db ls' to see registered databases",
            code=ErrorCode.NOT_FOUND,
        )
    if len(found) > 1:
        names = ", ".join(one.Metadata.Name for one in found)
        raise BadInput(
            f"more than one database fits: {names}", field="db", code=ErrorCode.AMBIGUOUS
        )
    return found[0]


def only_active(routes: Sequence[DatabaseRoute]) -> DatabaseRoute:
    """The one database somebody is logged in to.

    Raises: Refused when there is none, BadInput when there are more.
    """
    if not routes:
        raise Refused(
            "please login using 'tsh db login' first (use 'tsh db ls' to see registered databases)",
            code=ErrorCode.NOT_FOUND,
        )
    if len(routes) > 1:
        names = ", ".join(route.service for route in routes)
        raise BadInput(
            f"multiple databases are available ({names}), please specify one by name, --labels, "
            "or --query",
            field="db",
            code=ErrorCode.AMBIGUOUS,
        )
    return routes[0]


async def with_defaults(
    client: "ClusterClient",
    auth: "AuthClient",
    database: "types_pb2.DatabaseV3",
    route: DatabaseRoute,
) -> DatabaseRoute:
    """The route with user and name filled in where only one is allowed.

    Raises: Refused when none is, BadInput when several are.
    """
    from dataclasses import replace

    wants_name = needs_name(route.protocol)
    if route.username and (route.database or not wants_name):
        return route
    may = access(client, await auth.current_roles(), database)
    name = route.service
    user = route.username or _single(may.users, name, what="user")
    chosen = route.database
    if wants_name and not chosen:
        chosen = _single(may.names, name, what="name")
    return replace(route, username=user, database=chosen)


def _single(values: Sequence[str], database: str, *, what: str) -> str:
    if len(values) == 1 and values[0] != "*":
        return values[0]
    if not values:
        raise Refused(
            f"you are not allowed access to any database {what} for {database}, ask a cluster "
            f"administrator to ensure your Teleport user has appropriate db_{what}s set"
        )
    raise BadInput(
        f"please provide the database {what} using the --db-{what} flag, allowed database "
        f"{what}s for {database}: [{' '.join(values)}]",
        field=f"db-{what}",
    )


def logged_in(client: "ClusterClient", name: str) -> DatabaseRoute:
    """The database of that name one is logged in to, or the only one when there is no name.

    Raises: Refused when there is none.
    """
    routes = active(client, client.profile)
    if not name:
        return only_active(routes)
    for route in routes:
        if route.service == name:
            return route
    raise Refused(f'not logged into database "{name}"', code=ErrorCode.NOT_FOUND)


def direct_endpoint(client: "ClusterClient", route: DatabaseRoute) -> "Endpoint":
    """Where a client with its own certificate connects: the proxy itself."""
    from teleterm.client.database_commands import Endpoint

    profile = client.profile
    address = profile.web_proxy_addr
    if not profile.tls_routing_enabled:
        own = {"postgres": profile.postgres_proxy_addr, "mysql": profile.mysql_proxy_addr}
        address = own.get(route.protocol) or address
    host, port = split_address(address)
    return Endpoint(
        host=host,
        port=port,
        user=route.username,
        database=route.database,
        tls=tls_files(client, route.service),
        group=section(client, route.service),
    )


def tls_files(client: "ClusterClient", name: str) -> "TlsFiles":
    """The files a client of that database needs."""
    from teleterm.client.database_commands import TlsFiles
    from teleterm.client.keystore import ResourceFolder

    paths = client.store.keys.paths(client.profile.name, client.profile.user)
    folder = paths.resources(ResourceFolder.DATABASE, client.cluster)
    return TlsFiles(
        ca=str(paths.cas / f"{client.root}.pem"),
        certificate=str(folder / f"{name}.crt"),
        key=str(folder / f"{name}.key"),
    )


def section(client: "ClusterClient", name: str) -> str:
    """The section of PostgreSQL's and MySQL's own settings for a database."""
    return f"{client.cluster}-{name}"


def mysql_version(database: "types_pb2.DatabaseV3") -> str:
    """What the proxy shall say in its greeting; empty when nobody knows."""
    return database.Status.MySQL.ServerVersion or database.Spec.MySQL.ServerVersion


def environment(endpoint: "Endpoint", *, insecure: bool) -> dict[str, str]:
    """Variables for PostgreSQL's clients, sorted by name."""
    values = {
        "PGDATABASE": endpoint.database,
        "PGGSSENCMODE": "disable",
        "PGHOST": endpoint.host,
        "PGPORT": str(endpoint.port),
        "PGSSLMODE": "verify-ca" if insecure else "verify-full",
        "PGUSER": endpoint.user,
    }
    if endpoint.tls is not None:
        values |= {
            "PGSSLCERT": endpoint.tls.certificate,
            "PGSSLKEY": endpoint.tls.key,
            "PGSSLROOTCERT": endpoint.tls.ca,
        }
    return {name: values[name] for name in sorted(values) if values[name]}


def remember(context: Context, client: "ClusterClient", route: DatabaseRoute) -> None:
    """Write the connection into the settings of PostgreSQL's or MySQL's own clients."""
    if route.protocol in _POSTGRES:
        values = _postgres_settings(context, client, route)
        path = database_profiles.postgres_path(context.environ)
        database_profiles.remember(path, section(client, route.service), values)
    elif route.protocol == "mysql":
        name = f"client_{section(client, route.service)}"
        values = _mysql_settings(context, client, route)
        database_profiles.remember(database_profiles.mysql_path(), name, values)


def _postgres_settings(
    context: Context, client: "ClusterClient", route: DatabaseRoute
) -> dict[str, str | None]:
    endpoint, files = direct_endpoint(client, route), tls_files(client, route.service)
    values = {
        "host": endpoint.host,
        "port": str(endpoint.port),
        "user": endpoint.user,
        "dbname": endpoint.database,
        "sslmode": "verify-ca" if context.parsed.is_on("insecure") else "verify-full",
        "sslrootcert": files.ca,
        "sslcert": files.certificate,
        "sslkey": files.key,
        "gssencmode": "disable",
    }
    return {key: value for key, value in values.items() if value}


def _mysql_settings(
    context: Context, client: "ClusterClient", route: DatabaseRoute
) -> dict[str, str | None]:
    endpoint, files = direct_endpoint(client, route), tls_files(client, route.service)
    values: dict[str, str | None] = {
        "skip-password": None,
        "host": endpoint.host,
        "port": str(endpoint.port),
        "user": endpoint.user,
        "database": endpoint.database,
        "ssl-mode": "VERIFY_CA" if context.parsed.is_on("insecure") else "VERIFY_IDENTITY",
        "ssl-ca": files.ca,
        "ssl-cert": files.certificate,
        "ssl-key": files.key,
    }
    return {key: value for key, value in values.items() if value != ""}
