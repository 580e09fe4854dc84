"""`tsh request create`: asks for roles or resources, and uses them once they are granted."""

from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput
from teleterm.tsh import context as contexts
from teleterm.tsh import requests, standing
from teleterm.tsh.grammar import Parsed
from teleterm.wire import resource_ids

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient


def run(parsed: Parsed) -> int:
    """Ask."""
    wanted = requests.Wanted(
        roles=requests.words(parsed.text("roles")),
        resources=tuple(parsed.many("resource")),
        reason=parsed.text("reason"),
        reviewers=requests.words(parsed.text("reviewers")),
        request_ttl=requests.span(parsed.text("request-ttl"), "request-ttl"),
        session_ttl=requests.span(parsed.text("session-ttl"), "session-ttl"),
        max_duration=requests.span(parsed.text("max-duration"), "max-duration"),
        assume_start=requests.moment(parsed.text("assume-start-time"), "assume-start-time"),
    )
    if not (wanted.roles or wanted.resources):
        raise BadInput(
            "at least one role or resource or a request ID must be specified", field="roles"
        )
    for text in wanted.resources:
        resource_ids.parse(text)  # before anybody is told that a request is being made
    context = contexts.start(parsed)

    async def work(client: "ClusterClient") -> None:
        waits = not parsed.is_on("nowait")
        await requests.execute(client, wanted, waits=waits, now=context.clock.now())

    contexts.wait(context.with_cluster(work))
    standing.show(context, *standing.rows(context))
    return 0
