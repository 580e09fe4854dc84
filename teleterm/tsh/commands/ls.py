"""`tsh ls`: the nodes of a cluster, or of all clusters one is logged in to."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh import everywhere, filters, terminal
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document, labels, resources, table

if TYPE_CHECKING:
    from teleterm.client.auth import AuthClient
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2

NO_NODES = """
  Not seeing nodes? Either no nodes are available or your user's roles do not match the labels \
of at least one node.

  Check with your Teleport cluster administrator that your user's roles should have nodes available.
  
"""  # noqa: W293  # the official text has two blanks on its last line


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRow:
    """A node with where it was found; both names are empty when only one cluster was asked."""

    server: "types_pb2.ServerV2"
    proxy: str = ""
    cluster: str = ""


def run(parsed: Parsed) -> int:
    """List them."""
    context = contexts.start(parsed)
    wanted = filters.of(parsed)

    async def of_auth(_: "ClusterClient", auth: "AuthClient") -> list["types_pb2.ServerV2"]:
        return [one.Node for one in await auth.list_resources("node", wanted.query())]

    async def of_cluster(client: "ClusterClient") -> list["types_pb2.ServerV2"]:
        return await of_auth(client, await client.auth())

    if parsed.is_on("all"):
        found = contexts.wait(everywhere.ask(context, of_auth))
        rows = [
            NodeRow(server=server, proxy=place.proxy, cluster=place.cluster)
            for place in found
            for server in place.items
        ]
        rows.sort(key=lambda row: (row.proxy, row.cluster, row.server.Spec.Hostname))
    else:
        servers = contexts.wait(context.with_cluster(of_cluster))
        rows = [NodeRow(server=server) for server in servers]
        rows.sort(key=lambda row: row.server.Spec.Hostname)
    sys.stdout.write(draw(rows, parsed))
    sys.stdout.flush()
    if not rows:
        sys.stderr.write(NO_NODES)
    return 0


def draw(rows: list[NodeRow], parsed: Parsed) -> str:
    """The list as the flags ask for it."""
    format_name, everything = parsed.text("format"), parsed.is_on("all")
    if format_name == "names":
        return "".join(f"{row.server.Spec.Hostname}\n" for row in rows)
    if format_name != "text":
        nodes = [resources.node(row.server) for row in rows]
        if not everything:
            return document.dump(nodes, format_name)
        return document.dump(
            [
                {"proxy": row.proxy, "cluster": row.cluster, "node": node}
                for row, node in zip(rows, nodes, strict=True)
            ]
            or None,  # the official list of none is null
            format_name,
        )
    verbose = parsed.is_on("verbose")
    titles = ["Node Name", *(["Node ID"] if verbose else []), "Address", "Labels"]
    if everything:
        titles = ["Proxy", "Cluster", *titles]
    cells = [_cells(row, verbose=verbose, everything=everything) for row in rows]
    if verbose:
        return table.make(titles, cells).draw() + "\n"
    return table.make_cut(titles, cells, cut="Labels", cols=terminal.cols()).draw() + "\n"


def details(servers: "Sequence[types_pb2.ServerV2]") -> str:
    """The table of `ls -v`."""
    cells = [_cells(NodeRow(server=one), verbose=True, everything=False) for one in servers]
    return table.make(["Node Name", "Node ID", "Address", "Labels"], cells).draw() + "\n"


def _cells(row: NodeRow, *, verbose: bool, everything: bool) -> list[str]:
    server = row.server
    return [
        *([row.proxy, row.cluster] if everything else []),
        server.Spec.Hostname,
        *([server.Metadata.Name] if verbose else []),
        _address(server),
        labels.text(all_labels(server), verbose=verbose),
    ]


def _address(server: "types_pb2.ServerV2") -> str:
    if not server.Spec.UseTunnel:
        return server.Spec.Addr
    return "⟵ Tunnel (relay)" if server.Spec.relay_group else "⟵ Tunnel"


def all_labels(server: "types_pb2.ServerV2") -> dict[str, str]:
    """Static labels and the results of commands."""
    commands = {name: label.Result for name, label in server.Spec.CmdLabels.items()}
    return {**dict(server.Metadata.Labels), **commands}
