"""`tsh proxy kube`: a local port that leads to Kubernetes clusters until one stops it."""

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from teleterm.client import kube_entries, kubeconfig
from teleterm.client.kube_entries import KubeTarget
from teleterm.model.errors import BadInput
from teleterm.tsh import context as contexts
from teleterm.tsh import filters, kubernetes, local_ports
from teleterm.tsh.context import Context
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.kube_tunnel import KubeTunnel
from teleterm.tsh.render import table
from teleterm.tsh.stopping import until_stopped

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

_HOST = "127.0.0.1"
_COLUMNS = ("Teleport Cluster Name", "Kube Cluster Name", "Context Name")
_NOTHING = """No Kubernetes clusters found to proxy.

Please provide Kubernetes cluster names or labels or predicate expression to this command:
    tsh proxy kube <kube-cluster-1> <kube-cluster-2>
    tsh proxy kube --labels env=root
    tsh proxy kube --query 'labels["env"]=="root"'

Or login the Kubernetes cluster first:
    tsh kube login <kube-cluster-1>
    tsh proxy kube"""


def run(parsed: Parsed) -> int:
    """Listen until SIGINT or SIGTERM, or until the shell of `--exec` ends."""
    context = contexts.start(parsed)
    names = parsed.many("kube-cluster")
    if len(names) > 1 or parsed.text("labels") or parsed.text("query"):
        kube_entries.check_template(parsed.text("set-context-name"))

    async def work(client: "ClusterClient") -> int:
        original = kubeconfig.load(kubeconfig.default_path(context.environ))
        targets = await _targets(client, context, original)
        return await _serve(KubeTunnel(client, context, targets, original), parsed)

    return contexts.wait(context.with_cluster(work))


async def _targets(
    client: "ClusterClient", context: Context, original: kubeconfig.KubeConfig
) -> list[KubeTarget]:
    """The clusters that are meant, shown on standard output.

    Raises: BadInput, Refused (NOT_FOUND).
    """
    parsed = context.parsed
    names = parsed.many("kube-cluster")
    if not names and not parsed.text("labels") and not parsed.text("query"):
        targets = kube_entries.logged_in(original, kube_entries.server_of(client.profile))
        if not targets:
            raise BadInput(_NOTHING, field="kube-cluster")
        _show("Preparing the following Teleport Kubernetes clusters from the default kubeconfig:",
              targets, parsed)  # fmt: skip
        return targets
    wanted = replace(filters.of(parsed), keywords=())
    found = await kubernetes.fetch(await client.auth(), wanted)
    if not names:
        kubernetes.check_choice(parsed, found, "")
    chosen = {} if names else {one.Metadata.Name: one for one in found}
    for name in names:
        matching = kubernetes.called(found, name)
        kubernetes.check_choice(parsed, matching, name)
        chosen[matching[0].Metadata.Name] = matching[0]
    targets = kubernetes.targets(parsed, client.cluster, list(chosen.values()))
    _show("Preparing the following Teleport Kubernetes clusters:", targets, parsed)
    return targets


def _show(title: str, targets: Sequence[KubeTarget], parsed: Parsed) -> None:
    template = parsed.text("set-context-name")
    rows = [
        (
            one.teleport_cluster,
            one.name,
            kube_entries.context_name(template, one.teleport_cluster, one.name),
        )
        for one in targets
    ]
    sys.stdout.write(f"{title}\n{table.make(_COLUMNS, rows).draw()}\n")
    sys.stdout.flush()


async def _serve(proxy: KubeTunnel, parsed: Parsed) -> int:
    with local_ports.words_for(_HOST, parsed.text("port")) as port:
        got = await proxy.start(_HOST, port)
    try:
        if parsed.is_on("exec"):
            return await _shell(proxy)
        sys.stdout.write(_words(proxy, got, parsed))
        sys.stdout.flush()
        await until_stopped()
    finally:
        await proxy.close()
    return 0


def _words(proxy: KubeTunnel, port: int, parsed: Parsed) -> str:
    path = str(proxy.path)
    setting = {
        "unix": f'export KUBECONFIG="{path}"',
        "command-prompt": f"set KUBECONFIG={path}",
        "powershell": f'$Env:KUBECONFIG="{path}"',
    }[parsed.text("format")]
    random = "" if parsed.text("port") else local_ports.RANDOM
    return (
        f"Started local proxy for Kubernetes on {_HOST}:{port}\n{random}\n"
        "Use the following config for your Kubernetes applications. For example:\n"
        f"{setting}\nkubectl version\n\n"
    )


async def _shell(proxy: KubeTunnel) -> int:
    """Run the user's shell, which finds the proxy in its environment."""
    from teleterm.osutil import env, procs

    program = os.environ.get("SHELL") or ("cmd.exe" if sys.platform == "win32" else "/bin/sh")
    sys.stdout.write(
        "Started local proxy for Kubernetes Access in the background.\n\n"
        'A new shell is configured for it; "exit" ends both.\n'
        'Try issuing a command, for example "kubectl version".\n'
    )
    sys.stdout.flush()
    process = procs.spawn(
        [program], stdin=0, env=env.foreign_env(os.environ, {"KUBECONFIG": str(proxy.path)})
    )
    await asyncio.to_thread(process.wait)
    sys.stdout.write("Local proxy for Kubernetes is closed.\n")
    return 0
