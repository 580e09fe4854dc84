"""`tsh mfa rm`: remove a device for the second factor."""

import sys
from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import plain

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient


def run(parsed: Parsed) -> int:
    """Remove it, confirmed with any device."""
    name = parsed.text("name")
    context = contexts.start(parsed)

    async def work(client: "ClusterClient") -> None:
        from teleterm.client import devices

        await devices.remove(client, name)

    contexts.wait(context.with_cluster(work))
    sys.stdout.write(plain.lines(f'MFA device "{name}" removed.\n'))
    return 0
