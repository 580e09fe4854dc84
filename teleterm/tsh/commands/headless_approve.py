"""`tsh headless approve`: let another computer in that shows the request's id."""

import sys
from typing import TYPE_CHECKING

from teleterm.model.errors import Refused
from teleterm.tsh import context as contexts
from teleterm.tsh import questions
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import plain

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

_STATES = {0: "unspecified", 1: "pending", 2: "denied", 3: "approved"}
_PENDING = 1


def run(parsed: Parsed) -> int:
    """Show where the login comes from, ask, and approve or deny it."""
    context = contexts.start(parsed)
    ident, skips = parsed.text("request id"), parsed.is_on("skip-confirm")

    async def work(client: "ClusterClient") -> None:
        from teleterm.client import headless

        found = await headless.find(await client.root_auth(), ident)
        if found.state != _PENDING:
            raise Refused(
                "cannot approve a headless authentication from a non-pending state: "
                f"{_STATES.get(found.state, found.state)}"
            )
        sys.stdout.write(
            plain.lines(
                f'Headless login attempt from IP address "{found.client_ip_address}" requires '
                "approval.\nContact your administrator if you didn't initiate this login attempt.\n"
            )
        )
        sys.stdout.flush()
        if skips or await questions.agreed("Approve?", sys.stdout):
            await headless.approve(client, ident)
        else:
            await headless.deny(client, ident)

    contexts.wait(context.with_cluster(work))
    return 0
