"""`tsh latency ssh`: how long a message to a node and back takes, and one to the proxy."""

import asyncio
import sys
from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh import quick_ssh, reach, targets
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import plain

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from teleterm.client.cluster import ClusterClient

_EVERY_S = 1.0


def run(parsed: Parsed) -> int:
    """Measure once a second until Ctrl-C; once when nobody watches."""
    context = contexts.start(parsed)
    quick_ssh.load()
    target = targets.parse(parsed.text("[user@]host"), login=parsed.text("login"))

    async def work(client: "ClusterClient") -> int:
        from teleterm.client import ssh, ssh_requests

        node = await targets.one(client, target)
        place = ssh.SshTarget(
            host=node.host, login=target.login, resumes=not parsed.is_on("no-resume")
        )
        connection = await reach.node(client, place, node.shown)
        transport = await client.transport()
        try:
            while True:
                to_proxy = await _took_ms(transport.cluster_details)
                to_node = await _took_ms(lambda: ssh_requests.keep_alive(connection))
                sys.stdout.write(f"{client.profile.name}: {to_proxy:.1f} ms   ")
                sys.stdout.write(f"{plain.cell(node.shown)}: {to_node:.1f} ms\n")
                sys.stdout.flush()
                if not sys.stdout.isatty():
                    return 0
                await asyncio.sleep(_EVERY_S)
        finally:
            connection.close()

    try:
        return contexts.wait(context.with_cluster(work))
    except KeyboardInterrupt:
        return 0


async def _took_ms(ask: "Callable[[], Awaitable[object]]") -> float:
    loop = asyncio.get_running_loop()
    started = loop.time()
    await ask()
    return (loop.time() - started) * 1000
