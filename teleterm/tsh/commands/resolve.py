"""`tsh resolve`: which node a name means; for the `Match` lines of OpenSSH's settings."""

import sys
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.tsh import context as contexts
from teleterm.tsh import targets
from teleterm.tsh.commands import ls
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document, events, resources

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2


def run(parsed: Parsed) -> int:
    """Say it, or only with the exit status."""
    target = targets.parse(parsed.text("host"))
    context = contexts.start(parsed)

    async def ask(client: "ClusterClient") -> "list[types_pb2.ServerV2]":
        from teleterm.client.auth import ResourceQuery

        auth = await client.auth()
        if '"' in target.host:
            return []
        expression = "" if target.labels else f'name == "{target.host}"'
        query = ResourceQuery(
            kinds=("node",), labels=target.labels, predicate=expression, sort_by="kind", limit=2
        )
        return [one.Node for one in (await auth.unified_resources(query)).items]

    quiet = parsed.is_on("quiet")
    found = contexts.wait(context.on_files(ask) if quiet else context.with_cluster(ask))
    if quiet:
        return 0 if len(found) == 1 else 1
    if not found:
        raise Refused("no matching hosts found", code=ErrorCode.NOT_FOUND)
    if len(found) > 1:
        raise BadInput("multiple matching hosts found", field="host")
    sys.stdout.write(draw(found[0], parsed.text("format")))
    return 0


def draw(server: "types_pb2.ServerV2", format_name: str) -> str:
    """The node in a format."""
    if format_name == "json":
        return events.to_json(resources.node(server)) + "\n"
    if format_name == "yaml":
        return document.to_yaml(resources.node(server))
    return ls.details([server])
