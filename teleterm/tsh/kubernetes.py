"""Kubernetes clusters for the commands: which ones are meant, and their entries in kubeconfigs."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from teleterm.client import kube_entries
from teleterm.client.kube_entries import KubeTarget
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.tsh import filters, own_program
from teleterm.tsh.context import Context
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import labels, table
from teleterm.tsh.render.labels import DISCOVERED_NAME

if TYPE_CHECKING:
    from teleterm.client.auth import AuthClient
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2

COLUMNS = ("Kube Cluster Name", "Labels", "Selected")


async def fetch(
    auth: "AuthClient", wanted: filters.Filter
) -> list["types_pb2.KubernetesClusterV3"]:
    """The Kubernetes clusters of a cluster, one of each name, sorted by name."""
    servers = await auth.list_resources("kube_server", wanted.query())
    by_name = {
        one.KubernetesServer.Spec.Cluster.Metadata.Name: one.KubernetesServer.Spec.Cluster
        for one in servers
    }
    return [by_name[name] for name in sorted(by_name)]


def all_labels(kube: "types_pb2.KubernetesClusterV3") -> dict[str, str]:
    """Fixed labels and the results of commands."""
    commands = {name: label.Result for name, label in kube.Spec.DynamicLabels.items()}
    return {**dict(kube.Metadata.Labels), **commands}


def row(
    kube: "types_pb2.KubernetesClusterV3", selected: str, *, verbose: bool
) -> tuple[str, str, str]:
    """Name, labels and mark of a Kubernetes cluster."""
    found = all_labels(kube)
    name = labels.display_name(kube.Metadata.Name, found, verbose=verbose)
    mark = "*" if selected and kube.Metadata.Name == selected else ""
    return name, labels.text(found, verbose=verbose), mark


def called(
    found: Sequence["types_pb2.KubernetesClusterV3"], name: str
) -> list["types_pb2.KubernetesClusterV3"]:
    """Those of that name, or known by it."""
    exact = [one for one in found if one.Metadata.Name == name]
    return exact or [one for one in found if all_labels(one).get(DISCOVERED_NAME) == name]


def check_choice(
    parsed: Parsed, found: Sequence["types_pb2.KubernetesClusterV3"], name: str
) -> None:
    """Make sure that there is one, and only one where one is named.

    Raises: Refused (NOT_FOUND), BadInput (AMBIGUOUS).
    """
    if found and (not name or len(found) == 1):
        return
    where = f" --cluster={parsed.text('cluster')}" if parsed.text("cluster") else ""
    listing = f"tsh kube ls{where}"
    selectors = selection(parsed, name)
    if found:
        rows = [row(one, "", verbose=True) for one in found]
        raise BadInput(
            f"{selectors} matches multiple kubernetes clusters:\n\n"
            f"{table.make(COLUMNS, rows).draw()}\n"
            f"Use the full name of one of them, as in {found[0].Metadata.Name}; "
            f"see '{listing} -v'.",
            field="kube-cluster",
            value=name,
            code=ErrorCode.AMBIGUOUS,
        )
    missing = f"{selectors} not found" if selectors else "no kubernetes clusters found"
    raise Refused(
        f"{missing}, check '{listing}' for a list of known clusters", code=ErrorCode.NOT_FOUND
    )


def selection(parsed: Parsed, name: str) -> str:
    """In words, which ones are meant; nothing for all."""
    parts = [f'kubernetes cluster "{name}"'] if name else ["kubernetes cluster"]
    if parsed.text("labels"):
        parts.append(f'with labels "{parsed.text("labels")}"')
    if parsed.text("query"):
        parts.append(f"with query ({parsed.text('query')})")
    return " ".join(parts) if name or len(parts) > 1 else ""


def namespace(parsed: Parsed) -> str:
    """The namespace asked for, by either flag."""
    return parsed.text("namespace") or parsed.text("kube-namespace")


def targets(
    parsed: Parsed, cluster: str, found: Sequence["types_pb2.KubernetesClusterV3"]
) -> list[KubeTarget]:
    """The Kubernetes clusters with what the flags add."""
    return [
        KubeTarget(
            teleport_cluster=cluster,
            name=one.Metadata.Name,
            impersonate=parsed.text("as"),
            impersonate_groups=tuple(parsed.many("as-groups")),
            namespace=namespace(parsed),
        )
        for one in found
    ]


def program_for(
    context: Context, client: "ClusterClient", target: KubeTarget
) -> kube_entries.Program:
    """What kubectl runs to get a certificate: this program."""
    path, *first = own_program.words(sys.argv[0], sys.executable)
    args = [
        *first,
        "kube",
        "credentials",
        f"--kube-cluster={target.name}",
        f"--teleport-cluster={target.teleport_cluster}",
        f"--proxy={context.proxy or client.profile.web_proxy_addr}",
    ]
    if context.parsed.is_on("insecure"):
        args.append("--insecure")
    home = context.environ.get("TELEPORT_HOME", "")
    return kube_entries.Program(
        path=path, args=tuple(args), env={"TELEPORT_HOME": home} if home else {}
    )


def endpoint(client: "ClusterClient") -> kube_entries.Endpoint:
    """Where the Kubernetes API of this proxy is, and who signs for it."""
    chosen = {client.root}
    pems = [
        pem.rstrip(b"\n") + b"\n"
        for one in client.authorities()
        if client.profile.load_all_cas or one.name in chosen
        for pem in one.tls_pems
    ]
    return kube_entries.Endpoint(
        server=kube_entries.server_of(client.profile),
        server_name=kube_entries.server_name_of(client.profile),
        authorities=b"\n".join(pems),
    )
