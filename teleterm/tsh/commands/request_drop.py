"""`tsh request drop`: gives up access that was granted."""

import sys
from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh import requests, standing
from teleterm.tsh.grammar import Parsed

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

_ALL = ["*"]


def run(parsed: Parsed) -> int:
    """Take the requests out of the login's certificates."""
    drop = parsed.many("request-id") or _ALL
    context = contexts.start(parsed)
    if drop == _ALL:
        sys.stdout.write("Dropping all active access requests...\n\n")
    else:
        sys.stdout.write(f"Dropping access request(s): {', '.join(drop)}...\n\n")
    sys.stdout.flush()

    async def work(client: "ClusterClient") -> None:
        await requests.take(client, (), drop=drop)

    contexts.wait(context.with_cluster(work))
    standing.show(context, *standing.rows(context))
    return 0
