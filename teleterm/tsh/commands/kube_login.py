"""`tsh kube login`: writes Kubernetes clusters into the kubeconfig."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from teleterm.client import kube_entries, kubeconfig
from teleterm.client.kube_entries import KubeTarget
from teleterm.model.errors import BadInput, Refused, TeletermError
from teleterm.tsh import context as contexts
from teleterm.tsh import fatal, filters, kubernetes
from teleterm.tsh.context import Context
from teleterm.tsh.grammar import Parsed

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2

_BEHIND_BALANCER = """

Your Teleport cluster runs behind a layer 7 load balancer or reverse proxy.

To access the cluster, use "tsh kubectl", or start a local proxy with
"tsh proxy kube" and use the kubeconfig that it names:
  tsh proxy kube -p 8443
"""


def run(parsed: Parsed) -> int:
    """Write them, and say how to go on."""
    check(parsed)
    context = contexts.start(parsed)

    async def work(client: "ClusterClient") -> list[str]:
        return await _login(client, context)

    names = contexts.wait(context.with_cluster(work))
    behind = context.profile().tls_routing_conn_upgrade_required
    sys.stdout.write(_words(parsed, names, behind_balancer=behind))
    return 0


def check(parsed: Parsed) -> None:
    """Refuse flags that don't go together, before anything is asked of the cluster.

    Raises: BadInput.
    """
    choosing = parsed.text("labels") or parsed.text("query")
    if parsed.is_on("all") and choosing:
        raise BadInput("cannot use --labels or --query with --all", field="all")
    if not parsed.is_on("all") and not choosing and not parsed.text("kube-cluster"):
        raise BadInput(
            "kube-cluster name is required. Check 'tsh kube ls' for a list of available clusters.",
            field="kube-cluster",
        )
    if parsed.is_on("all") or choosing:
        kube_entries.check_template(parsed.text("set-context-name"))


async def _login(client: "ClusterClient", context: Context) -> list[str]:
    parsed, name = context.parsed, context.parsed.text("kube-cluster")
    try:
        matching = await _matching(client, parsed)
    except Refused as error:
        await _ask_for(client, context, error)
        matching = await _matching(client, parsed)
    chosen = kubernetes.targets(parsed, client.cluster, matching)
    path = kubeconfig.default_path(context.environ)
    only = chosen[0] if name and len(chosen) == 1 else None
    _write(client, context, path, chosen, only)
    if only is not None:
        _write(client, context, _own_path(client, only), chosen, only)
    return [one.name for one in chosen]


async def _matching(
    client: "ClusterClient", parsed: Parsed, *, has_requestable: bool = False
) -> list["types_pb2.KubernetesClusterV3"]:
    """Those that the command line means.

    Raises: Refused (NOT_FOUND), BadInput (AMBIGUOUS).
    """
    name = parsed.text("kube-cluster")
    wanted = replace(filters.of(parsed), keywords=(), has_requestable=has_requestable)
    found = await kubernetes.fetch(await client.auth(), wanted)
    matching = kubernetes.called(found, name) if name else found
    kubernetes.check_choice(parsed, matching, name)
    return found if parsed.is_on("all") or not name else matching


async def _ask_for(client: "ClusterClient", context: Context, error: Refused) -> None:
    """Ask for access to what was not found.

    Raises: that error where access can't be asked for.
    """
    from teleterm.tsh import auto_request
    from teleterm.wire.resource_ids import ResourceId

    parsed = context.parsed
    if not auto_request.may_ask(context, error):
        raise error
    try:
        found = await _matching(client, parsed, has_requestable=True)
    except TeletermError:
        raise error from None
    idents = [
        ResourceId(cluster=client.cluster, kind="kube_cluster", name=one.Metadata.Name)
        for one in found
    ]
    if not await auto_request.is_allowed(client, idents, context.clock.now()):
        raise error
    fatal.show(fatal.words(error))
    shown = kubernetes.selection(parsed, parsed.text("kube-cluster"))
    await auto_request.ask_for(client, context, idents, shown or "*")


def _write(
    client: "ClusterClient",
    context: Context,
    path: Path,
    chosen: list[KubeTarget],
    only: KubeTarget | None,
) -> None:
    template = context.parsed.text("set-context-name")
    config = kubeconfig.load(path)
    kube_entries.add(
        config,
        chosen,
        kubernetes.endpoint(client),
        lambda target: kubernetes.program_for(context, client, target),
        template,
    )
    if only is not None:
        name = kube_entries.context_name(template, only.teleport_cluster, only.name)
        kube_entries.select(config, name, only.teleport_cluster)
    kubeconfig.save(path, config)


def _own_path(client: "ClusterClient", target: KubeTarget) -> Path:
    """The file of this one Kubernetes cluster, in the profile's own folder."""
    from teleterm.client.keystore import ResourceFolder

    paths = client.store.keys.paths(client.profile.name, client.profile.user)
    folder = paths.resources(ResourceFolder.KUBE, client.cluster)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{target.name}-kubeconfig"


def _words(parsed: Parsed, names: list[str], *, behind_balancer: bool) -> str:
    if parsed.text("kube-cluster"):
        done = f'Logged into Kubernetes cluster "{names[0]}".'
        hint = " Try 'kubectl version' to test the connection.\n"
    elif parsed.is_on("all"):
        done = "Created kubeconfig with every Kubernetes cluster available."
        hint = " Select a context and try 'kubectl version' to test the connection.\n"
    else:
        done = "Logged into Kubernetes clusters:\n" + "\n".join(names)
        hint = "\n\nSelect a context and try 'kubectl version' to test the connection.\n"
    return done + (_BEHIND_BALANCER if behind_balancer else hint)
