"""`tsh clusters`: the root cluster and its leaf clusters."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh import terminal
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document, labels, table
from teleterm.tsh.render.document import Value

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

_TITLES = ("Cluster Name", "Status", "Cluster Type", "Labels", "Selected")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRow:
    """One cluster; the root has no labels at all."""

    name: str
    status: str
    kind: str
    labels: dict[str, str] | None
    is_selected: bool


def run(parsed: Parsed) -> int:
    """List them."""
    context = contexts.start(parsed)
    selected = ""

    async def ask(client: "ClusterClient") -> list[ClusterRow]:
        nonlocal selected
        known = context.known_profile()
        selected = (known.cluster if known else "") or client.root
        return await _rows(client, selected)

    rows = contexts.wait(context.with_cluster(ask))
    sys.stdout.write(draw(rows, parsed))
    return 0


async def _rows(client: "ClusterClient", selected: str) -> list[ClusterRow]:
    auth = await client.root_auth()
    root = ClusterRow(
        name=client.root,
        status="online",
        kind="root",
        labels=None,
        is_selected=selected == client.root,
    )
    leaves = [
        ClusterRow(
            name=leaf.Metadata.Name,
            status=leaf.Status.Connection,
            kind="leaf",
            labels=dict(leaf.Metadata.Labels) or None,
            is_selected=selected == leaf.Metadata.Name,
        )
        for leaf in await auth.remote_clusters()
    ]
    return [root, *leaves]


def draw(rows: list[ClusterRow], parsed: Parsed) -> str:
    """The list as the flags ask for it."""
    if parsed.text("format") != "text":
        return document.dump([_value(row) for row in rows], parsed.text("format"))
    verbose = parsed.is_on("verbose")
    cells = [
        [
            row.name,
            row.status,
            row.kind,
            labels.text(row.labels or {}, verbose=verbose),
            "*" if row.is_selected else "",
        ]
        for row in rows
    ]
    if parsed.is_on("quiet"):
        drawn = table.make_headless([line[:4] for line in cells], columns=4)
    elif verbose:
        drawn = table.make(_TITLES, cells)
    else:
        drawn = table.make_cut(_TITLES, cells, cut="Labels", cols=terminal.cols())
    return drawn.draw() + "\n"


def _value(row: ClusterRow) -> Value:
    return {
        "cluster_name": row.name,
        "status": row.status,
        "cluster_type": row.kind,
        "labels": row.labels,
        "selected": row.is_selected,
    }
