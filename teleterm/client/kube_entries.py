"""What a login to Kubernetes clusters leaves in a kubeconfig, and how it is taken out again.

Source: connections.md 3.2; compared with files the official program wrote.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleterm.client import kubeconfig
from teleterm.client.kubeconfig import Entry, KubeConfig, Node, encoded, text_of
from teleterm.client.profile import Profile, join_address, split_address
from teleterm.model.errors import BadInput
from teleterm.wire import alpn

if TYPE_CHECKING:
    from teleterm.client.local_authority import LocalPair

_KUBE_NAME = "teleport.kube.name"
_SELECTED_BEFORE = "teleport-prev-selec-ctx"
_EXEC_VERSION = "client.authentication.k8s.io/v1beta1"
_DEFAULT_KUBE_PORT = 3026
USUAL_NAME = "{{.ClusterName}}-{{.KubeName}}"
_FIELD = re.compile(r"{{-?\s*\.(\w+)\s*-?}}")
_FUNCTIONS = (
    "Supported template functions:\n"
    "  - `{{ .KubeName }}` - the name of the Kubernetes cluster\n"
    "  - `{{ .ClusterName }}` - the name of the Teleport cluster\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KubeTarget:
    """A Kubernetes cluster and as whom to act there."""

    teleport_cluster: str
    name: str
    impersonate: str = ""
    impersonate_groups: tuple[str, ...] = ()
    namespace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What kubectl runs to get a certificate."""

    path: str
    args: tuple[str, ...] = ()
    env: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the API of all Kubernetes clusters of a proxy is; `authorities` are PEM."""

    server: str
    server_name: str
    authorities: bytes


def server_of(profile: Profile) -> str:
    """The address that kubeconfigs name."""
    host, port = _kube_address(profile)
    return f"https://{join_address(host, port)}"


def server_name_of(profile: Profile) -> str:
    """The name that routes to Kubernetes; empty where it has a port of its own."""
    return alpn.kube_server_name(_kube_address(profile)[0]) if profile.tls_routing_enabled else ""


def _kube_address(profile: Profile) -> tuple[str, int]:
    host, port = split_address(profile.kube_proxy_addr or profile.name)
    return host, port or _DEFAULT_KUBE_PORT


def context_name(template: str, teleport_cluster: str, name: str) -> str:
    """The name of a context.

    Raises: BadInput when the template names something else than the two clusters.
    """
    values = {"ClusterName": teleport_cluster, "KubeName": name}

    def fill(found: re.Match[str]) -> str:
        if found[1] not in values:
            at = found.start() + found[0].index(".")
            raise BadInput(
                f'template: context_override:1:{at}: executing "context_override" at <.{found[1]}>'
                f": can't evaluate field {found[1]} in type struct {{ ClusterName string; KubeName "
                "string }",
                field="set-context-name",
                value=template,
            )
        return values[found[1]]

    if "{{" in _FIELD.sub("", template):
        raise BadInput(
            "failed to parse context override template.\nPlease check the template syntax and try "
            f"again.\n{_FUNCTIONS}",
            field="set-context-name",
            value=template,
        )
    return _FIELD.sub(fill, template or USUAL_NAME)


def check_template(template: str) -> None:
    """Make sure that several clusters get several names.

    Raises: BadInput.
    """
    try:
        names = {context_name(template, "cluster", name) for name in ("kube1", "kube2")}
    except BadInput as error:
        raise BadInput(
            "failed to parse context override template.\nPlease check the template syntax and try "
            f"again.\n{_FUNCTIONS}",
            field="set-context-name",
            value=template,
        ) from error
    if len(names) == 1:
        raise BadInput(
            "using the same context override template for different clusters is not allowed.\n"
            f"Please ensure the template syntax includes {{{{ .KubeName }}}} and try again.\n"
            f"{_FUNCTIONS}",
            field="set-context-name",
            value=template,
        )


def add(
    config: KubeConfig,
    targets: Sequence[KubeTarget],
    endpoint: Endpoint,
    program: Callable[[KubeTarget], Program],
    template: str,
) -> None:
    """Add or replace the entries of some clusters."""
    for target in targets:
        config.clusters[target.teleport_cluster] = _pruned(
            {
                "certificate-authority-data": encoded(endpoint.authorities),
                "server": endpoint.server,
                "tls-server-name": endpoint.server_name,
            }
        )
        user = f"{target.teleport_cluster}-{target.name}"
        config.users[user] = _user(target, program(target))
        name = context_name(template, target.teleport_cluster, target.name)
        config.contexts[name] = _context(config.contexts.get(name), target, user)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalAccess:
    """A local proxy: its URL, the server it leads to, and its certificates by cluster."""

    url: str
    server: str
    pairs: "Mapping[str, LocalPair]"


def of_proxy(
    original: KubeConfig, access: LocalAccess, targets: Sequence[KubeTarget], template: str
) -> KubeConfig:
    """The kubeconfig that leads through a local proxy: what others have in theirs stays."""
    config, before = deepcopy(original), original.current
    config.current = ""
    remove_server(config, access.server)
    for target in targets:
        pair = access.pairs[target.teleport_cluster]
        certificate = encoded(pair.certificate)
        name = context_name(template, target.teleport_cluster, target.name)
        config.clusters[name] = {
            "certificate-authority-data": certificate,
            "proxy-url": access.url,
            "server": access.server,
            "tls-server-name": f"{target.name.encode().hex()}.{target.teleport_cluster}",
        }
        config.contexts[name] = _pruned(
            {"cluster": name, "namespace": target.namespace, "user": name}
        )
        config.users[name] = _pruned(
            {
                "as": target.impersonate,
                "as-groups": list(target.impersonate_groups),
                "client-certificate-data": certificate,
                "client-key-data": encoded(pair.key.reveal()),
            }
        )
        if not config.current or before == name:
            config.current = name
    return config


def select(config: KubeConfig, name: str, teleport_cluster: str) -> None:
    """Make a context the current one, and remember which other one was."""
    before = config.contexts.get(config.current)
    if before is not None and config.current and not config.current.startswith(teleport_cluster):
        for context in config.contexts.values():
            _drop_extension(context, _SELECTED_BEFORE)
        _add_extension(before, _SELECTED_BEFORE, None)
    config.current = name


def selected(config: KubeConfig, teleport_cluster: str) -> str:
    """The Kubernetes cluster of the current context; empty when it is none of that cluster."""
    return kube_name(config, config.current, teleport_cluster)


def kube_name(config: KubeConfig, context: str, teleport_cluster: str) -> str:
    """The Kubernetes cluster that a context stands for; empty when it is none of that cluster."""
    prefix = f"{teleport_cluster}-"
    if context.startswith(prefix):
        return context.removeprefix(prefix)
    entry = config.contexts.get(context)
    if entry is None or text_of(entry, "cluster") != teleport_cluster:
        return ""
    listed = entry.get("extensions")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and one.get("name") == _KUBE_NAME and one.get("extension"):
            return str(one["extension"])
    return context


def logged_in(config: KubeConfig, server: str) -> list[KubeTarget]:
    """The clusters behind an address that have entries."""
    found: list[KubeTarget] = []
    for teleport_cluster in sorted(config.clusters):
        if text_of(config.clusters[teleport_cluster], "server") != server:
            continue
        for name in sorted(config.contexts):
            context, user = config.contexts[name], config.users.get(name)
            if user is None or text_of(context, "cluster") != teleport_cluster:
                continue
            groups = user.get("as-groups")
            found.append(
                KubeTarget(
                    teleport_cluster=teleport_cluster,
                    name=kube_name(config, name, teleport_cluster),
                    impersonate=text_of(user, "as"),
                    impersonate_groups=tuple(
                        str(one) for one in (groups if isinstance(groups, list) else [])
                    ),
                    namespace=text_of(context, "namespace"),
                )
            )
    return found


def forget(environ: Mapping[str, str], servers: Sequence[str], clusters: Sequence[str]) -> None:
    """Take what is behind some addresses, and some clusters, out of the kubeconfig.

    Raises: BadInput when the file can't be read. A file that has nothing of it stays as it is.
    """
    path = kubeconfig.default_path(environ)
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    if not any(word in text for word in (*servers, *clusters)):
        return
    config = kubeconfig.load(path)
    for server in servers:
        remove_server(config, server)
    for cluster in clusters:
        remove_cluster(config, cluster)
    kubeconfig.save(path, config)


def remove_server(config: KubeConfig, server: str) -> None:
    """Take out all clusters behind an address."""
    for name in list(config.clusters):
        if name in config.clusters and text_of(config.clusters[name], "server") == server:
            remove_cluster(config, name)


def remove_cluster(config: KubeConfig, teleport_cluster: str) -> None:
    """Take out a cluster; the context that was current before it is so again."""
    for name, context in list(config.contexts.items()):
        cluster = text_of(context, "cluster")
        if name.startswith(teleport_cluster) or cluster == teleport_cluster:
            config.users.pop(text_of(context, "user"), None)
            config.clusters.pop(cluster, None)
            del config.contexts[name]
    marked = [
        name
        for name, context in config.contexts.items()
        if _drop_extension(context, _SELECTED_BEFORE)
    ]
    if config.current.startswith(teleport_cluster) or config.current not in config.contexts:
        config.current = marked[0] if len(marked) == 1 else ""


def _user(target: KubeTarget, program: Program) -> Entry:
    env: list[Node] = [{"name": name, "value": value} for name, value in program.env.items()]
    return _pruned(
        {
            "as": target.impersonate,
            "as-groups": list(target.impersonate_groups),
            "exec": {
                "apiVersion": _EXEC_VERSION,
                "args": list(program.args),
                "command": program.path,
                "env": env or None,
                "provideClusterInfo": False,
            },
        }
    )


def _context(before: Entry | None, target: KubeTarget, user: str) -> Entry:
    context: Entry = {"cluster": target.teleport_cluster, "user": user}
    if before is not None:
        context |= {key: before[key] for key in ("namespace", "extensions") if key in before}
    if target.namespace:
        context["namespace"] = target.namespace
    _add_extension(context, _KUBE_NAME, target.name)
    return context


def _add_extension(context: Entry, name: str, value: Node) -> None:
    _drop_extension(context, name)
    listed = context.get("extensions")
    others = listed if isinstance(listed, list) else []
    added: Entry = {"extension": value, "name": name}
    context["extensions"] = sorted(
        [*others, added], key=lambda one: str(one.get("name")) if isinstance(one, dict) else ""
    )


def _drop_extension(context: Entry, name: str) -> bool:
    """Take an extension out; False when it isn't there."""
    listed = context.get("extensions")
    if not isinstance(listed, list):
        return False
    kept = [one for one in listed if not (isinstance(one, dict) and one.get("name") == name)]
    context["extensions"] = kept
    if not kept:
        del context["extensions"]
    return len(kept) < len(listed)


def _pruned(entry: Entry) -> Entry:
    return {key: value for key, value in entry.items() if value not in ("", [], None)}
