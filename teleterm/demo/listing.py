"""Listing resources: filters, order and pages, for both of the auth service's listings."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from teleterm.demo import messages
from teleterm.demo.inventory import DemoDatabase, DemoKube, DemoMember, DemoNode, may_enter
from teleterm.demo.predicate import BadPredicate, Subject, compile_predicate
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth

D = TypeVar("D", DemoNode, DemoDatabase, DemoKube)
# Kinds that the unified listing takes; the demo has some of the first four.
UNIFIED_KINDS = frozenset(
    {
        "node",
        "db",
        "kube_cluster",
        "app",
        "mcp",
        "windows_desktop",
        "git_server",
        "saml_idp_service_provider",
    }
)
# Kinds of the other listing, with what they are called in the unified one.
SERVER_KINDS = {
    "node": "node",
    "db_server": "db",
    "app_server": "app",
    "kube_server": "kube_cluster",
    "kube_cluster": "kube_cluster",
    "windows_desktop": "windows_desktop",
    "windows_desktop_service": "windows_desktop_service",
    "db_service": "db_service",
    "user_group": "user_group",
}

Make = Callable[[], auth.PaginatedResource]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which resources, in which order, how many, and from where on; a `limit` of 0 is none.

    What `roles` don't let in is listed only for one who `asks`.
    """

    kinds: frozenset[str]
    words: tuple[str, ...] = ()
    labels: Mapping[str, str]
    predicate: str = ""
    sort_field: str = ""
    is_descending: bool = False
    limit: int = 0
    start_key: str = ""
    roles: tuple[str, ...] = ()
    asks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One resource of a listing; `key` names it in pages."""

    kind: str
    subject: Subject
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page; an empty `next_key` is the end."""

    resources: Sequence[auth.PaginatedResource]
    next_key: str
    total: int


def unified_kinds(asked: Sequence[str]) -> frozenset[str]:
    """Give the kinds a unified listing is for.

    Raises: Refused when none of those asked for exists there.
    """
    known = frozenset(asked) & UNIFIED_KINDS if asked else UNIFIED_KINDS
    if not known:
        raise Refused("access denied: none of the requested kinds can be listed")
    return known


def server_kinds(asked: str) -> frozenset[str]:
    """Give the kind that the other listing is for.

    Raises: BadInput when it has no such kind.
    """
    if asked not in SERVER_KINDS:
        message = f'resource type "{asked}" is not supported for pagination'
        raise BadInput(message, code=ErrorCode.NOT_IMPLEMENTED)
    return frozenset({SERVER_KINDS[asked]})


def list_page(member: DemoMember, query: Query, logins: Sequence[str]) -> Page:
    """Give one page of a cluster's resources; nodes carry `logins`.

    Raises: BadInput when the query makes no sense.
    """
    try:
        matches = compile_predicate(query.predicate)
    except BadPredicate as error:
        raise BadInput(f"failed to parse predicate expression: {error}") from None
    found = [
        (row, make)
        for row, make in _all(member, query, logins)
        if row.kind in query.kinds
        and (not query.words or row.subject.matches_words(query.words))
        and (not query.labels or row.subject.matches_labels(query.labels))
        and (not query.predicate or matches(row.subject))
    ]
    order = _order(query.sort_field)
    found.sort(key=lambda pair: order(pair[0]), reverse=query.is_descending)
    keys = [row.key for row, _ in found]
    start = keys.index(query.start_key) if query.start_key in keys else 0
    end = start + query.limit if query.limit > 0 else len(found)
    return Page(
        resources=[make() for _, make in found[start:end]],
        next_key=keys[end] if end < len(keys) else "",
        total=len(found),
    )


def key_of(resource: auth.PaginatedResource) -> str:
    """Give the key of a resource in pages, which is what users' pins name too."""
    if resource.HasField("Node"):
        node = resource.Node
        return f"{node.Spec.Hostname}/{node.Metadata.Name}/node"
    if resource.HasField("KubernetesServer"):
        kube = resource.KubernetesServer
        return f"{kube.Metadata.Name}/{kube.Spec.HostID}/kube_cluster"
    if resource.HasField("AppServer"):
        app = resource.AppServer
        return f"{app.Metadata.Name}/{app.Spec.HostID}/app"
    if resource.HasField("WindowsDesktop"):
        head = resource.WindowsDesktop
        return f"{head.Header.Metadata.Name}/{head.Spec.HostID}/windows_desktop"
    server = resource.DatabaseServer
    return f"{server.Metadata.Name}/{server.Spec.HostID}/db"


def _order(field: str) -> Callable[[Row], tuple[str, ...]]:
    match field:
        case "" | "name" | "hostname":
            return lambda row: (row.subject.hostname or row.subject.name, row.kind, row.key)
        case "kind":
            return lambda row: (row.kind, row.subject.hostname or row.subject.name, row.key)
        case _:
            message = f'sorting by "{field}" is not supported'
            raise BadInput(message, code=ErrorCode.NOT_IMPLEMENTED)


def _all(member: DemoMember, query: Query, logins: Sequence[str]) -> list[tuple[Row, Make]]:
    """Every resource; its message is made only where it is shown: there may be thousands."""
    rows: list[tuple[Row, Make]] = []
    for node, is_closed in _seen(member.nodes, query):
        subject = Subject(name=node.uuid, hostname=node.hostname, labels=node.labels)
        row = Row(kind="node", subject=subject, key=f"{node.hostname}/{node.uuid}/node")
        rows.append((row, partial(_node, node, logins, is_closed=is_closed)))
    others: list[tuple[str, Subject, auth.PaginatedResource]] = []
    for database, is_closed in _seen(member.databases, query):
        words = (database.description, database.protocol)
        subject = Subject(name=database.name, hostname="", labels=database.labels, words=words)
        server = messages.database_message(database)
        message = auth.PaginatedResource(DatabaseServer=server, RequiresRequest=is_closed)
        others.append(("db", subject, message))
    for kube, is_closed in _seen(member.kubes, query):
        subject = Subject(name=kube.name, hostname="", labels=kube.labels)
        kube_server = messages.kube_message(kube)
        message = auth.PaginatedResource(KubernetesServer=kube_server, RequiresRequest=is_closed)
        others.append(("kube_cluster", subject, message))
    for app in member.apps:
        words = (app.description, app.uri)
        subject = Subject(name=app.name, hostname="", labels=app.labels, words=words)
        others.append(("app", subject, auth.PaginatedResource(AppServer=messages.app_message(app))))
    for desktop in member.desktops:
        subject = Subject(name=desktop.name, hostname="", labels=desktop.labels)
        shown = messages.desktop_message(desktop)
        message = auth.PaginatedResource(WindowsDesktop=shown, Logins=desktop.logins)
        others.append(("windows_desktop", subject, message))
    for kind, subject, message in others:
        row = Row(kind=kind, subject=subject, key=key_of(message))
        rows.append((row, partial(_as_it_is, message)))
    return rows


def _seen(every: Iterable[D], query: Query) -> Iterator[tuple[D, bool]]:
    """What the one who lists may see, and whether it is closed to them until they asked."""
    for one in every:
        is_closed = not may_enter(one, query.roles)
        if query.asks or not is_closed:
            yield one, is_closed


def _node(node: DemoNode, logins: Sequence[str], *, is_closed: bool) -> auth.PaginatedResource:
    message = messages.node_message(node)
    return auth.PaginatedResource(Node=message, Logins=logins, RequiresRequest=is_closed)


def _as_it_is(message: auth.PaginatedResource) -> auth.PaginatedResource:
    return message
