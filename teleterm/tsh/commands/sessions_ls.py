"""`tsh sessions ls` and `tsh kube sessions`: the sessions that are going on in a cluster."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput
from teleterm.tsh import context as contexts
from teleterm.tsh.catalogue_sessions import SESSION_KINDS
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document, table, times, trackers

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2

_TITLES = ("ID", "Kind", "Created", "User", "Target", "Address")
_PENDING, _RUNNING = 0, 1


def run(parsed: Parsed) -> int:
    """List them, the oldest first."""
    kinds = _kinds(parsed)
    context = contexts.start(parsed)

    async def ask(client: "ClusterClient") -> "list[types_pb2.SessionTrackerV1]":
        return list(await (await client.auth()).sessions())

    everything = contexts.wait(context.with_cluster(ask))
    format_name = parsed.text("format")
    if not everything and format_name != "text":
        # the official program prints null where the cluster knows of none, [] where none fits
        sys.stdout.write(document.dump(None, format_name))
        return 0
    found = [
        one
        for one in everything
        if one.Spec.State in (_PENDING, _RUNNING) and one.Spec.Kind in kinds
    ]
    found.sort(key=lambda one: (one.Spec.Created.seconds, one.Spec.Created.nanos))
    sys.stdout.write(draw(found, format_name, now=context.clock.now()))
    return 0


def draw(found: "list[types_pb2.SessionTrackerV1]", format_name: str, *, now: datetime) -> str:
    """The list in a format."""
    if format_name != "text":
        return document.dump([trackers.document(one) for one in found], format_name)
    rows = [
        [
            one.Spec.SessionID,
            one.Spec.Kind,
            times.ago(now - times.moment(one.Spec.Created)),
            one.Spec.HostUser,
            trackers.target(one.Spec),
            trackers.address(one.Spec),
        ]
        for one in found
    ]
    return table.make(_TITLES, rows).draw() + "\n"


def _kinds(parsed: Parsed) -> set[str]:
    if parsed.command.path == ("kube", "sessions"):
        return {"k8s"}
    asked = parsed.many("kind") or list(SESSION_KINDS)
    for kind in asked:
        if kind not in SESSION_KINDS:
            listed = ",".join(SESSION_KINDS)
            raise BadInput(f"enum value must be one of {listed}, got '{kind}'", field="kind")
    return {"k8s" if kind == "kube" else kind for kind in asked}
