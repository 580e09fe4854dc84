"""`tsh sessions ls`: the sessions that are going on in a cluster."""

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
        auth = await client.auth()
        return [
            one
            for one in await auth.sessions()
            if one.Spec.State in (_PENDING, _RUNNING) and one.Spec.Kind in kinds
        ]

    found = contexts.wait(context.with_cluster(ask))
    found.sort(key=lambda one: (one.Spec.Created.seconds, one.Spec.Created.nanos))
    sys.stdout.write(draw(found, parsed.text("format"), now=context.clock.now()))
    return 0


def draw(found: "list[types_pb2.SessionTrackerV1]", format_name: str, *, now: datetime) -> str:
    """The list in a format."""
    if format_name != "text":
        values = [trackers.document(one) for one in found]
        return document.dump(values or None, format_name)  # the official list of none is null
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
    asked = parsed.many("kind") or list(SESSION_KINDS)
    for kind in asked:
        if kind not in SESSION_KINDS:
            listed = ",".join(SESSION_KINDS)
            raise BadInput(f"enum value must be one of {listed}, got '{kind}'", field="kind")
    return {"k8s" if kind == "kube" else kind for kind in asked}
