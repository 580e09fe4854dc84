"""`tsh apps login`: a certificate for an application, kept for other programs."""

import shlex
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput
from teleterm.tsh import applications
from teleterm.tsh import context as contexts
from teleterm.tsh.commands import apps_config
from teleterm.tsh.context import Context
from teleterm.tsh.grammar import Parsed

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient


def run(parsed: Parsed) -> int:
    """Get it, and say how to use it."""
    context = contexts.start(parsed)

    async def work(client: "ClusterClient") -> str:
        return await _login(client, context)

    words = contexts.wait(context.with_cluster(work))
    if not parsed.is_on("quiet"):
        sys.stdout.write(words)
    return 0


async def _login(client: "ClusterClient", context: Context) -> str:
    name, port = context.parsed.text("app"), context.parsed.number("target-port")
    app = await applications.find(await client.auth(), name)
    kind = applications.protocol(app)
    if kind == "MCP":
        raise BadInput(
            "MCP applications are not supported. Please see 'tsh mcp config --help' for more "
            "details.",
            field="app",
            value=name,
        )
    if app.Spec.URI.startswith("cloud://") or app.Spec.AWS.ExternalID:
        raise BadInput(
            f'The application "{name}" is a cloud console, which this program does not know yet.',
            field="app",
            value=name,
        )
    applications.check_port(app, port)
    route = applications.route(client, app, port)
    await client.issue_app(route, save=True)
    if kind == "TCP":
        return (
            f"Logged into TCP app {name}. Start the local TCP proxy for it:\n\n"
            f"  tsh proxy app {shlex.quote(name)}\n\n"
            "Then connect to the application through this proxy.\n"
        )
    if client.profile.tls_routing_conn_upgrade_required:
        return (
            f"Logged into app {name}. Start the local proxy for it:\n\n"
            f"  tsh proxy app {shlex.quote(name)} -p 8080\n\n"
            "Then connect to the application through this proxy:\n\n"
            "  curl http://127.0.0.1:8080\n"
        )
    if client.cluster != client.root:
        route = replace(route, public_addr=f"{name}.{client.profile.name}")
    insecure = context.parsed.is_on("insecure")
    access = apps_config.access_of(client, route, insecure=insecure)
    warning = (
        "\n\nWARNING: tsh was called with --insecure, so this curl command will be unable to "
        "validate the certificate presented by Teleport."
        if insecure
        else ""
    )
    return f"Logged into app {name}. Example curl command:\n\n{access.curl}{warning}\n"
