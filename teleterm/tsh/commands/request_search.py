"""`tsh request search`: resources that access may be asked for, with their ids."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.tsh import context as contexts
from teleterm.tsh import filters, terminal
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import labels, table
from teleterm.wire.resource_ids import ResourceId

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.auth.v1 import authservice_pb2

# The kind in the listing, and the kind in the id.
_LISTED = {
    "node": "node",
    "db": "db_server",
    "app": "app_server",
    "kube_cluster": "kube_server",
    "windows_desktop": "windows_desktop",
    "user_group": "user_group",
}


def run(parsed: Parsed) -> int:
    """Search."""
    kind = parsed.text("kind")
    if not kind:
        raise BadInput("required flag --kind not provided", field="kind")
    if kind not in _LISTED:
        raise Refused(
            f'Searching for "{kind}" is not supported yet.', code=ErrorCode.NOT_IMPLEMENTED
        )
    wanted = replace(filters.of(parsed), has_requestable=True)
    context = contexts.start(parsed)

    async def ask(client: "ClusterClient") -> list[list[str]]:
        found = await (await client.auth()).list_resources(_LISTED[kind], wanted.query())
        rows = {row[-1]: row for row in (_row(one, kind, client.cluster, parsed) for one in found)}
        return list(rows.values())

    sys.stdout.write(draw(contexts.wait(context.with_cluster(ask)), kind, parsed))
    return 0


def draw(rows: list[list[str]], kind: str, parsed: Parsed) -> str:
    """The table, and how to go on."""
    titles = ["Name", "Hostname", "Labels", "Resource ID"]
    if kind == "db":
        titles = ["Database Name", "Labels", "Resource ID"]
    if parsed.is_on("verbose"):
        text = table.make(titles, rows).draw()
    else:
        text = table.make_cut(titles, rows, cut="Labels", cols=terminal.cols()).draw()
    if rows:
        idents = " --resource ".join(row[-1] for row in rows)
        text += (
            "\nTo request access to these resources, run\n"
            f"> tsh request create --resource {idents} \\\n    --reason <request reason>\n\n"
        )
    return text


def _row(
    one: "authservice_pb2.PaginatedResource", kind: str, cluster: str, parsed: Parsed
) -> list[str]:
    host = ""
    match one.WhichOneof("resource"):
        case "Node":
            metadata, host = one.Node.Metadata, one.Node.Spec.Hostname
        case "DatabaseServer":
            metadata = one.DatabaseServer.Spec.Database.Metadata
        case "AppServer":
            metadata = one.AppServer.Spec.App.Metadata
        case "KubernetesServer":
            metadata = one.KubernetesServer.Spec.Cluster.Metadata
        case "UserGroup":
            metadata = one.UserGroup.Header.Metadata
        case _:
            metadata = one.WindowsDesktop.Header.Metadata
    verbose = parsed.is_on("verbose")
    name = labels.display_name(metadata.Name, metadata.Labels, verbose=verbose)
    shown = labels.text(metadata.Labels, verbose=verbose)
    ident = str(ResourceId(cluster=cluster, kind=kind, name=metadata.Name))
    return [name, shown, ident] if kind == "db" else [name, host, shown, ident]
