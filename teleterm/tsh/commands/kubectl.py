"""`tsh kubectl`: the computer's own kubectl, through a local proxy where one is needed."""

from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh import kubectl
from teleterm.tsh.grammar import Parsed

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient


def run(parsed: Parsed) -> int:
    """Run it and end as it ends."""
    context = contexts.start(parsed)
    kubectl.program()

    async def work(client: "ClusterClient") -> int:
        return await kubectl.run(client, context, parsed.many("command"))

    return contexts.wait(context.on_files(work))
