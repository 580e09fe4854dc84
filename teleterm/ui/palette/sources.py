"""Where the palette's rows come from: tabs, recent ones, resources, clusters, commands."""

import functools
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from teleterm.bridge.views import DocumentView, ResourceView
from teleterm.ui.documents.identity import KIND_ICONS, KINDS, icon_of, key_of
from teleterm.ui.palette.grammar import Query
from teleterm.ui.palette.ranking import Fit, hits, score
from teleterm.ui.store import is_usable
from teleterm.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

MAX_ROWS, ID_LENGTH = 200, 13
T = TypeVar("T")
LIKELY = ("newTerminalTab", "addCluster", "settings", "shortcuts")
LIKELY_IN_TERMINAL = (
    "newTerminalTab",
    "terminalSearch",
    "clearScrollback",
    "reconnect",
    "closeTab",
)
TERMINAL_KINDS = {"ssh", "shell", "tsh", "gateway_cli"}
HELP = (
    ("> command", "commands of the program"),
    ("@ cluster", "clusters and users"),
    ("# tab", "open tabs"),
    ("= predicate", "search by an expression"),
    ("s:  db:  kube:  app:  rdp:", "only this kind"),
    ("in:cluster", "only this cluster or leaf"),
    ("key=value", "only with this label"),
    ("is:pinned  is:live  is:recent", "only in this state"),
    ("ssh login@host", "open a shell"),
    ("db user@name", "open a database"),
    ("tsh …", "run tsh in a tab"),
)


class Candidate(Struct, frozen=True, kw_only=True):
    """A row that may be shown, with what it does."""

    row: Row
    fit: Fit
    run: Callable[[], object]
    run_behind: Callable[[], object] | None = None
    resource: ResourceView | None = None
    keeps_open: bool = False


def tabs(desk: "Desk") -> Iterable[Candidate]:
    """The open tabs."""
    for document in desk.tabs.documents:
        title = desk.look.clean(document.title, 120)
        cluster = desk.store.cluster_of(document.cluster_uri)
        second = desk.look.clean(cluster.title, 60) if cluster is not None else ""
        row = Row(
            key=f"tab:{document}", title=title, icon=document.icon, second=second, right="open tab"
        )
        fit = Fit(name=document.title, others=(second, document.kind), is_open=True)
        yield Candidate(row=row, fit=fit, run=_caller(desk.tabs.show, document))


def recent(desk: "Desk") -> Iterable[Candidate]:
    """What was used recently and isn't open."""
    for one in desk.store.recent:
        if desk.tabs.by_key(key_of(one.document)) is not None:
            continue
        second = desk.look.clean(one.cluster_title, 60)
        row = Row(
            key=f"recent:{one.key}",
            title=desk.look.clean(one.title, 120),
            icon=icon_of(one.document),
            second=second,
            right="recent",
        )
        root = desk.store.root_of(one.cluster_uri) if one.cluster_uri else None
        fit = Fit(
            name=one.title,
            others=(one.cluster_title,),
            used_at=one.last_used_at,
            is_pinned=one.is_pinned,
            is_locked=root is not None and not is_usable(root, desk.now()),
        )
        yield Candidate(
            row=row,
            fit=fit,
            run=_document(desk, one.document),
            run_behind=_document(desk, one.document, is_background=True),
        )


def resources(
    desk: "Desk", found: Iterable[ResourceView], choose: Callable[[ResourceView], object]
) -> Iterable[Candidate]:
    """Resources of all clusters."""
    current = desk.store.current_cluster()
    found = list(found)
    looks = Counter((one.cluster_uri, one.name, one.address) for one in found)
    for resource in found:
        cluster = desk.store.cluster_of(resource.cluster_uri)
        where = desk.look.clean(cluster.title, 60) if cluster is not None else ""
        labels = tuple(f"{key}={value}" for key, value in resource.labels)
        address = "" if resource.is_tunnel else resource.address
        parts = [where, desk.look.clean(address or resource.description, 60)]
        if looks[resource.cluster_uri, resource.name, resource.address] > 1:
            parts.append(f"id {desk.look.clean(resource.uri.rpartition('/')[2], ID_LENGTH)}")
        row = Row(
            key=f"resource:{resource.uri}",
            title=desk.look.clean(resource.name, 120),
            icon="lock" if resource.requires_request else KIND_ICONS.get(resource.kind, "grid"),
            second=" · ".join(filter(None, parts)),
        )
        fit = Fit(
            name=resource.name,
            others=(resource.address, resource.description, where, resource.protocol),
            labels=labels,
            needs_request=resource.requires_request,
            is_current_cluster=current is not None and current.uri == resource.cluster_uri,
        )
        yield Candidate(
            row=row,
            fit=fit,
            run=_caller(choose, resource),
            resource=resource,
            keeps_open=resource.kind in {"servers", "databases"} and not resource.requires_request,
        )


def clusters(desk: "Desk") -> Iterable[Candidate]:
    """All clusters."""
    for cluster in desk.store.clusters.values():
        usable = is_usable(desk.store.root_of(cluster.uri), desk.now())
        row = Row(
            key=f"cluster:{cluster.uri}",
            title=desk.look.clean(cluster.title, 120),
            icon="leaf" if cluster.is_leaf else "cluster",
            second=desk.look.clean(cluster.user, 60),
            right="" if usable else "log in",
            right_token="muted" if usable else "warning",
        )
        fit = Fit(name=cluster.title, others=(cluster.user, cluster.name), is_locked=not usable)
        if usable:
            run = _resources(desk, cluster.uri)
        else:
            run = _caller(desk.dialogs.login, cluster.root_uri)
        yield Candidate(row=row, fit=fit, run=run)


def commands(desk: "Desk") -> Iterable[Candidate]:
    """What the program can do now."""
    for action in desk.actions.listed():
        if action.can_run() and action.name != "openSearchBar":
            key = desk.actions.key_of(action.name)
            row = Row(
                key=f"command:{action.name}",
                title=action.title,
                icon="right",
                icon_token="muted",
                right=key,
            )
            yield Candidate(
                row=row, fit=Fit(name=action.title, others=(action.name,)), run=action.run
            )


def snippets(desk: "Desk") -> Iterable[Candidate]:
    """One's own words, for the terminal in front."""
    active = desk.tabs.active.inner if desk.tabs.active is not None else None
    put = getattr(active, "put", None)
    if put is None:
        return
    for number, one in enumerate(desk.store.settings.snippets):
        row = Row(
            key=f"snippet:{number}",
            title=desk.look.clean(one.name, 80),
            icon="right",
            icon_token="accent",
            second=desk.look.clean(one.text, 80),
            right="run" if one.run else "paste",
        )
        run = functools.partial(put, one.text, is_run=one.run)
        yield Candidate(row=row, fit=Fit(name=one.name, others=(one.text,)), run=run)


def likely_commands(desk: "Desk") -> Iterable[Candidate]:
    """The commands that fit the document in front."""
    is_terminal = desk.tabs.active is not None and desk.tabs.active.kind in TERMINAL_KINDS
    likely = LIKELY_IN_TERMINAL if is_terminal else LIKELY
    return [c for c in commands(desk) if c.row.key.partition(":")[2] in likely]


def help_rows() -> list[Row]:
    """What can be typed."""
    return [
        Row(key=f"help:{index}", kind="message", title=what, second=words)
        for index, (what, words) in enumerate(HELP)
    ]


def passes(query: Query, candidate: Candidate, desk: "Desk") -> bool:
    """Whether tokens let a candidate through."""
    if not query.has_tokens:
        return True
    resource = candidate.resource
    if query.states:
        is_recent = candidate.row.key.startswith("recent:")
        states = {
            "pinned": candidate.fit.is_pinned,
            "live": candidate.fit.is_open,
            "requestable": candidate.fit.needs_request,
            "recent": is_recent,
        }
        if not all(states[state] for state in query.states):
            return False
        if not (query.kinds or query.cluster or query.labels):
            return True
    if resource is None:
        return False
    cluster = desk.store.cluster_of(resource.cluster_uri)
    names = (cluster.title, cluster.name) if cluster is not None else ()
    return (
        (not query.kinds or resource.kind in query.kinds)
        and (not query.cluster or any(name.startswith(query.cluster) for name in names))
        and all(label in resource.labels for label in query.labels)
    )


def ranked(candidates: Iterable[Candidate], query: Query, desk: "Desk") -> list[Candidate]:
    """Those that fit, best first; equal ones by name."""
    now = desk.now()
    scored = []
    for candidate in candidates:
        if passes(query, candidate, desk):
            points = score(query.words, candidate.fit, now)
            if points >= 0:
                scored.append((-points, candidate.fit.name.lower(), candidate))
    scored.sort(key=lambda one: one[:2])
    shows_points = desk.store.settings.debug_search_results_score
    return [
        _marked(candidate if not shows_points else _with_points(candidate, -points), query.words)
        for points, _name, candidate in scored[:MAX_ROWS]
    ]


def _with_points(candidate: Candidate, points: float) -> Candidate:
    words = " · ".join(filter(None, (candidate.row.right, f"{points:.0f}")))
    return replace(candidate, row=replace(candidate.row, right=words))


def _marked(candidate: Candidate, words: tuple[str, ...]) -> Candidate:
    if not words:
        return candidate
    return replace(candidate, row=replace(candidate.row, hits=hits(words, candidate.row.title)))


def _caller(function: Callable[[T], object], value: T) -> Callable[[], object]:
    return lambda: function(value)


def _document(
    desk: "Desk", view: DocumentView, *, is_background: bool = False
) -> Callable[[], object]:
    return lambda: desk.opener.document(view, is_background=is_background)


def _resources(desk: "Desk", uri: str) -> Callable[[], object]:
    cluster = desk.store.clusters.get(uri)
    kinds = tuple(cluster.kinds) if cluster is not None else KINDS
    return lambda: desk.opener.resources(uri, kinds[:1] or KINDS)
