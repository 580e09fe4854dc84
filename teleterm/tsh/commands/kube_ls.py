"""`tsh kube ls`: the Kubernetes clusters of a cluster, or of all clusters one is logged in to."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh import everywhere, filters, kubernetes, standing, terminal
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document, resources, table

if TYPE_CHECKING:
    from teleterm.client.auth import AuthClient
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2

_EVERYWHERE = ("Proxy", "Cluster", "Kube Cluster Name", "Labels")


def run(parsed: Parsed) -> int:
    """List them."""
    context = contexts.start(parsed)
    wanted = filters.of(parsed)

    async def of_auth(
        client: "ClusterClient", auth: "AuthClient"
    ) -> list["types_pb2.KubernetesClusterV3"]:
        return await kubernetes.fetch(auth, wanted)

    async def of_cluster(
        client: "ClusterClient",
    ) -> tuple[str, list["types_pb2.KubernetesClusterV3"]]:
        return client.cluster, await kubernetes.fetch(await client.auth(), wanted)

    if parsed.is_on("all"):
        places = contexts.wait(everywhere.ask(context, of_auth))
        places.sort(key=lambda place: (place.proxy, place.cluster))
        sys.stdout.write(draw_everywhere(places, parsed))
        return 0
    cluster, found = contexts.wait(context.with_cluster(of_cluster))
    sys.stdout.write(
        draw(found, standing.selected_kube(context, context.profile(), cluster), parsed)
    )
    return 0


def draw(found: list["types_pb2.KubernetesClusterV3"], selected: str, parsed: Parsed) -> str:
    """The list as the flags ask for it."""
    format_name, verbose = parsed.text("format"), parsed.is_on("verbose")
    if format_name != "text":
        return document.dump([_value(one, selected) for one in found], format_name)
    rows = [kubernetes.row(one, selected, verbose=verbose) for one in found]
    if parsed.is_on("quiet"):
        return table.make_headless(rows, columns=2).draw() + "\n"
    return _table(kubernetes.COLUMNS, rows, verbose=verbose)


def draw_everywhere(
    places: list[everywhere.Place["types_pb2.KubernetesClusterV3"]], parsed: Parsed
) -> str:
    """The list of all clusters."""
    format_name, verbose = parsed.text("format"), parsed.is_on("verbose")
    if format_name != "text":
        values: list[document.Value] = [
            {
                "proxy": place.proxy,
                "cluster": place.cluster,
                "kube_cluster": resources.kube_cluster(one),
            }
            for place in places
            for one in place.items
        ]
        return document.dump(values or None, format_name)  # the official list of none is null
    rows = [
        (place.proxy, place.cluster, *kubernetes.row(one, "", verbose=verbose)[:2])
        for place in places
        for one in place.items
    ]
    if parsed.is_on("quiet"):
        return table.make_headless(rows, columns=4).draw() + "\n"
    return _table(_EVERYWHERE, rows, verbose=verbose)


def _value(kube: "types_pb2.KubernetesClusterV3", selected: str) -> document.Value:
    return {
        "kube_cluster_name": kube.Metadata.Name,
        "labels": dict(sorted(kubernetes.all_labels(kube).items())) or None,
        "selected": kube.Metadata.Name == selected,
    }


def _table(titles: tuple[str, ...], rows: Sequence[Sequence[str]], *, verbose: bool) -> str:
    if verbose:
        return table.make(titles, rows).draw() + "\n"
    return table.make_cut(titles, rows, cut="Labels", cols=terminal.cols()).draw() + "\n"
