"""How documents are told apart, named and made from what the person picked."""

from teleterm.bridge.views import ClusterView, DocumentView, GatewayView, ResourceView

KINDS = ("servers", "databases", "kubes", "apps", "desktops")

MAX_LABELS, MAX_LABELS_SIZE = 40, 4000

KIND_TITLES = {
    "servers": "Servers",
    "databases": "Databases",
    "kubes": "Kubernetes",
    "apps": "Apps",
    "desktops": "Desktops",
}
KIND_ICONS = {
    "servers": "server",
    "databases": "database",
    "kubes": "kube",
    "apps": "app",
    "desktops": "desktop",
}
DOCUMENT_ICONS = {
    "home": "home",
    "ssh": "server",
    "shell": "prompt",
    "tsh": "prompt",
    "panes": "split_right",
    "kube": "kube",
    "gateway_db": "database",
    "gateway_app": "app",
    "gateway_cli": "prompt",
    "desktop": "desktop",
    "requests": "ticks",
    "sessions": "user",
    "tunnels": "tunnel",
    "settings": "gear",
    "about": "info",
    "logs": "log",
    "shortcuts": "keyboard",
}


def key_of(view: DocumentView) -> str:
    """What makes two views the same document."""
    f = view.fields
    if view.kind == "ssh":
        return f"ssh {f.get('login', '')}@{f.get('server_uri', '')}"
    if view.kind == "gateway_db":
        return f"gateway_db {f.get('target_uri', '')} {f.get('user', '')}"
    if view.kind in {"gateway_app", "kube"}:
        return f"{view.kind} {f.get('target_uri', '')}"
    if view.kind == "gateway_cli":
        return f"gateway_cli {f.get('target_uri', '')} {f.get('user', '')}"
    if view.kind == "desktop":
        return f"desktop {f.get('login', '')}@{f.get('target_uri', '')}"
    if view.kind in {"resources", "requests", "sessions"}:
        return f"{view.kind} {f.get('cluster', '')}"
    if view.kind == "shell":
        return f"shell {f.get('cluster', '')} {f.get('cwd', '')}"
    if view.kind == "tsh":
        return f"tsh {f.get('line', '')} {f.get('cluster', '')}"
    return view.kind


def icon_of(view: DocumentView) -> str:
    """The icon of a document."""
    if view.kind == "resources":
        kinds = [kind for kind in view.fields.get("kinds", "").split(",") if kind]
        return KIND_ICONS.get(kinds[0], "grid") if len(kinds) == 1 else "grid"
    return DOCUMENT_ICONS.get(view.kind, "grid")


def ssh_document(server: ResourceView, login: str) -> DocumentView:
    """A shell on a server as `login`."""
    fields = {
        "cluster": server.cluster_uri,
        "server_uri": server.uri,
        "hostname": server.name,
        "login": login,
    } | _labels(server)
    return DocumentView(kind="ssh", title=f"{login}@{server.name}", fields=fields)


def _labels(resource: ResourceView) -> dict[str, str]:
    """The labels that rules of the settings may look for, a line each, where there are any."""
    lines = [f"{key}={value}" for key, value in resource.labels[:MAX_LABELS]]
    return {"labels": "\n".join(lines)[:MAX_LABELS_SIZE]} if lines else {}


def shell_document(cluster: ClusterView | None, *, cwd: str = "", shell: str = "") -> DocumentView:
    """A local shell, bound to a cluster if there is one."""
    fields = {"shell": shell, "cwd": cwd, "cluster": cluster.uri if cluster else ""}
    title = "Terminal" if cluster is None else f"Terminal · {cluster.title}"
    return DocumentView(kind="shell", title=title, fields=fields)


def requests_document(root: ClusterView) -> DocumentView:
    """The access requests of a root cluster."""
    return DocumentView(kind="requests", title="Access requests", fields={"cluster": root.uri})


def sessions_document(cluster: ClusterView, which: str) -> DocumentView:
    """The sessions of a cluster: those that go on (`active`), or the `recorded` ones."""
    fields = {"cluster": cluster.uri, "which": which}
    return DocumentView(kind="sessions", title="Sessions", fields=fields)


def tsh_document(line: str, cluster_uri: str, title: str = "") -> DocumentView:
    """`tsh <line>` in a tab; one with a title of its own is for once: neither kept nor recent."""
    fields = {"line": line, "cluster": cluster_uri}
    if title:
        fields["once"] = "yes"
    return DocumentView(kind="tsh", title=title or f"tsh {line}", fields=fields)


def database_document(database: ResourceView, user: str, database_name: str = "") -> DocumentView:
    """The page of a database connection."""
    fields = {
        "cluster": database.cluster_uri,
        "target_uri": database.uri,
        "target_name": database.name,
        "protocol": database.protocol,
        "user": user,
        "db_name": database_name,
        "port": "",
    }
    return DocumentView(kind="gateway_db", title=f"{database.name} ({user})", fields=fields)


def kube_document(kube: ResourceView) -> DocumentView:
    """A shell whose kubectl reaches a Kubernetes cluster."""
    fields = {"cluster": kube.cluster_uri, "target_uri": kube.uri, "target_name": kube.name}
    fields |= _labels(kube)
    return DocumentView(kind="kube", title=kube.name, fields=fields)


def app_document(app: ResourceView) -> DocumentView:
    """The page of an application."""
    fields = {
        "cluster": app.cluster_uri,
        "target_uri": app.uri,
        "target_name": app.name,
        "protocol": app.protocol,
        "description": app.description,
        "target_port": str(app.ports[0]) if app.ports else "",
        "port": "",
    }
    return DocumentView(kind="gateway_app", title=app.name, fields=fields)


def desktop_document(desktop: ResourceView, login: str) -> DocumentView:
    """A session on a desktop as `login`."""
    fields = {"cluster": desktop.cluster_uri, "target_uri": desktop.uri, "login": login}
    return DocumentView(kind="desktop", title=f"{login}@{desktop.name}", fields=fields)


def gateway_document(gateway: GatewayView) -> DocumentView:
    """The page, or the terminal, of a local proxy that runs."""
    fields = {
        "cluster": gateway.cluster_uri,
        "target_uri": gateway.target_uri,
        "target_name": gateway.target_name,
    }
    if gateway_kind(gateway) == "kubes":
        return DocumentView(kind="kube", title=gateway.target_name, fields=fields)
    fields |= {"protocol": gateway.protocol, "port": ""}
    if gateway_kind(gateway) == "apps":
        fields["target_port"] = gateway.subresource
        return DocumentView(kind="gateway_app", title=gateway.target_name, fields=fields)
    fields |= {"user": gateway.user, "db_name": gateway.subresource}
    title = f"{gateway.target_name} ({gateway.user})"
    return DocumentView(kind="gateway_db", title=title, fields=fields)


def gateway_kind(gateway: GatewayView) -> str:
    """The kind of what a local proxy leads to."""
    parts = gateway.target_uri.split("/")
    known = {"dbs": "databases", "apps": "apps", "kubes": "kubes"}
    return known.get(parts[-2] if len(parts) > 1 else "", "")


def client_document(gateway: GatewayView) -> DocumentView:
    """The command-line client of a database connection."""
    fields = {
        "cluster": gateway.cluster_uri,
        "gateway_uri": gateway.uri,
        "target_uri": gateway.target_uri,
        "user": gateway.user,
    }
    client = gateway.client_name or "client"
    return DocumentView(
        kind="gateway_cli", title=f"{client} · {gateway.target_name}", fields=fields
    )


def resources_document(
    cluster: ClusterView, kinds: tuple[str, ...], search: str = ""
) -> DocumentView:
    """The resources of a cluster."""
    title = KIND_TITLES[kinds[0]] if len(kinds) == 1 else "Resources"
    fields = {"cluster": cluster.uri, "kinds": ",".join(kinds), "search": search}
    return DocumentView(kind="resources", title=title, fields=fields)
