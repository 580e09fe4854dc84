"""`tsh proxy app`: a local port that leads to an application until this program is stopped."""

import sys
from typing import TYPE_CHECKING

from teleterm.tsh import applications, local_ports, tunnel
from teleterm.tsh import context as contexts
from teleterm.tsh.context import Context
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.stopping import until_stopped

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

_HOST = "127.0.0.1"
_IGNORING = (
    "Warning: Ignoring existing app cert and generating a new one. Connections made through this "
    "proxy will be routed according to command arguments.\n"
)


def run(parsed: Parsed) -> int:
    """Listen until SIGINT or SIGTERM."""
    context = contexts.start(parsed)
    local, target = local_ports.mapping(parsed.text("port"))

    async def work(client: "ClusterClient") -> int:
        return await _serve(client, context, local, target)

    return contexts.wait(context.with_cluster(work))


async def _serve(client: "ClusterClient", context: Context, local: int, target: int) -> int:
    name = context.parsed.text("app")
    app = await applications.find(await client.auth(), name)
    applications.check_port(app, target)
    if app.Spec.TCPPorts and any(one.name == name for one in applications.active(client)):
        sys.stdout.write(_IGNORING)
    proxy = tunnel.make_app(
        client,
        applications.route(client, app, target),
        context.clock,
        is_tcp=applications.protocol(app) == "TCP",
    )
    with local_ports.words_for(_HOST, str(local)):
        port = await proxy.start(_HOST, local)
    try:
        shown = f"{name}:{target}" if target else name
        sys.stdout.write(f"Proxying connections to {shown} on {_HOST}:{port}\n")
        if not local and not target:
            sys.stdout.write(local_ports.RANDOM)
        sys.stdout.flush()
        await until_stopped()
    finally:
        await proxy.close()
    return 0
