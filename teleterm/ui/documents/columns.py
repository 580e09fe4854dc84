"""The columns of the resources table for each kind, and what stands in them."""

from msgspec import Struct

from teleterm.bridge.views import ResourceView
from teleterm.ui.documents.identity import KIND_TITLES

MAX_LABELS = 3


class Column(Struct, frozen=True, kw_only=True):
    """A column; `share` is its part of the width."""

    title: str
    share: int


COLUMNS: dict[str, Column] = {
    "name": Column(title="Name", share=26),
    "kind": Column(title="Kind", share=12),
    "address": Column(title="Address", share=20),
    "protocol": Column(title="Type", share=18),
    "description": Column(title="Description", share=24),
    "labels": Column(title="Labels", share=34),
    "login": Column(title="Login", share=18),
}
"""All columns; the first of a kind's is the tree column."""

_BY_KIND: dict[str, tuple[str, ...]] = {
    "servers": ("name", "address", "labels", "login"),
    "databases": ("name", "protocol", "description", "labels"),
    "kubes": ("name", "labels"),
    "apps": ("name", "address", "description", "labels"),
    "desktops": ("name", "address", "labels"),
}


def columns_for(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a table of these kinds."""
    if len(kinds) == 1 and kinds[0] in _BY_KIND:
        return _BY_KIND[kinds[0]]
    return ("name", "kind", "address", "description", "labels")


def cells_of(row: ResourceView) -> dict[str, str]:
    """What stands in each column, not cleaned yet."""
    labels = [f"{key}={value}" for key, value in row.labels]
    shown = "  ".join(labels[:MAX_LABELS])
    if len(labels) > MAX_LABELS:
        shown += f"  +{len(labels) - MAX_LABELS}"
    logins = ", ".join(row.logins[:2])
    if len(row.logins) > 2:
        logins += f"  +{len(row.logins) - 2}"
    return {
        "name": row.name,
        "kind": KIND_TITLES.get(row.kind, row.kind).removesuffix("s"),
        "address": "↵ tunnel" if row.is_tunnel else row.address,
        "protocol": row.protocol,
        "description": row.description,
        "labels": shown,
        "login": logins,
    }
