"""The rows of "recently used": newest first, pinned ones above, never two of the same thing."""

from msgspec import structs

from teleterm.bridge.views import DocumentView, RecentView

_IDENTITY: dict[str, tuple[str, ...]] = {
    "ssh": ("cluster_uri", "cluster", "server_uri", "login"),
    "shell": ("shell", "cwd", "cluster", "cluster_uri"),
    "gateway_db": ("target_uri", "target", "user"),
    "gateway_cli": ("target_uri", "target", "user"),
    "gateway_app": ("target_uri", "target"),
    "kube": ("target_uri", "target"),
    "desktop": ("target_uri", "target", "login"),
}
"""Fields that make a document the same thing when it is opened again; the rest may differ."""

UNWANTED = frozenset({"home", "settings", "logs", "about", "tunnels"})


def key_of(document: DocumentView) -> str:
    """A name for the thing a document shows, the same each time it is opened."""
    names = _IDENTITY.get(document.kind)
    parts = [
        f"{name}={value}"
        for name, value in sorted(document.fields.items())
        if names is None or name in names
    ]
    return " ".join([document.kind, *parts])


def note(
    rows: list[RecentView], document: DocumentView, *, cluster_uri: str, title: str, now: float,
    limit: int,
) -> list[RecentView]:  # fmt: skip
    """The rows after `document` was opened; a name the person gave and a pin are kept."""
    if document.kind in UNWANTED:
        return rows
    key = key_of(document)
    old = next((row for row in rows if row.key == key), None)
    row = RecentView(
        key=key,
        title=old.title if old and old.title != old.document.title else document.title,
        document=document,
        cluster_uri=cluster_uri,
        cluster_title=title,
        is_pinned=bool(old and old.is_pinned),
        last_used_at=now,
    )
    return order([row, *(other for other in rows if other.key != key)], limit=limit)


def change(rows: list[RecentView], key: str, what: str, *, title: str) -> list[RecentView]:
    """The rows after the person changed one."""
    if what == "remove":
        return [row for row in rows if row.key != key]
    changed: list[RecentView] = []
    for row in rows:
        new = row
        if row.key == key and what in {"pin", "unpin"}:
            new = structs.replace(row, is_pinned=what == "pin")
        elif row.key == key and what == "rename" and title.strip():
            new = structs.replace(row, title=title.strip()[:120])
        changed.append(new)
    return order(changed, limit=len(changed))


def order(rows: list[RecentView], *, limit: int) -> list[RecentView]:
    """Pinned first, then newest first; of the others only as many as `limit` leaves room for."""
    newest = sorted(rows, key=lambda row: -row.last_used_at)
    pinned = [row for row in newest if row.is_pinned]
    return pinned + [row for row in newest if not row.is_pinned][: max(0, limit - len(pinned))]
