"""Addresses of clusters, their resources and gateways, as the daemon's API spells them."""

from dataclasses import dataclass
from enum import StrEnum

from teleterm.model.errors import BadInput


class ResourceKind(StrEnum):
    """The path segment that names a kind of resource."""

    SERVER = "servers"
    DATABASE = "dbs"
    DATABASE_SERVER = "db_servers"
    KUBE = "kubes"
    KUBE_SERVER = "kube_servers"
    APP = "apps"
    DESKTOP = "windows_desktops"
    ACCESS_REQUEST = "access_requests"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterUri:
    """A root cluster, or with `leaf` a leaf below it.

    Shape: `/clusters/<profile>` or `/clusters/<profile>/leaves/<leaf>`; `profile` is the host of
           the web proxy without its port. Nothing is percent-encoded.
    """

    profile: str
    leaf: str = ""

    @property
    def root(self) -> "ClusterUri":
        """The root cluster this one belongs to (itself, if it is one)."""
        return ClusterUri(profile=self.profile) if self.leaf else self

    @property
    def is_leaf(self) -> bool:
        """Whether it is a leaf cluster."""
        return bool(self.leaf)

    def resource(self, kind: ResourceKind, name: str, *, namespace: str = "") -> "ResourceUri":
        """The address of a resource of this cluster."""
        return ResourceUri(cluster=self, kind=kind, name=name, namespace=namespace)

    def __str__(self) -> str:
        text = f"/clusters/{self.profile}"
        return f"{text}/leaves/{self.leaf}" if self.leaf else text


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceUri:
    """A resource of a cluster; a server's `name` is its host UUID."""

    cluster: ClusterUri
    kind: ResourceKind
    name: str
    namespace: str = ""

    def __str__(self) -> str:
        text = f"{self.cluster}/{self.kind.value}/{self.name}"
        return f"{text}/namespaces/{self.namespace}" if self.namespace else text


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayUri:
    """A gateway of the daemon: `/gateways/<uuid>`."""

    ident: str

    def __str__(self) -> str:
        return f"/gateways/{self.ident}"


def parse_cluster(uri_text: str) -> ClusterUri:
    """Give the cluster part of any cluster or resource address.

    Raises: BadInput when there is no profile name. What follows the cluster part isn't checked, as
            the reference daemon doesn't.
    Source: terminal_service.md 8.
    """
    parts = uri_text.split("/")
    if len(parts) < 3 or parts[0] or parts[1] != "clusters" or not parts[2]:
        raise BadInput(
            f'malformed URI "{uri_text}", missing profile name', field="uri", value=uri_text
        )
    leaf = parts[4] if len(parts) > 4 and parts[3] == "leaves" else ""
    return ClusterUri(profile=parts[2], leaf=leaf)


def parse_resource(uri_text: str) -> ResourceUri:
    """Parse the address of a resource.

    Raises: BadInput when the text is no such address.
    """
    cluster = parse_cluster(uri_text)
    tail = uri_text[len(str(cluster)) + 1 :].split("/")
    wrong = BadInput(f'malformed resource URI "{uri_text}"', field="uri", value=uri_text)
    if len(tail) not in {2, 4} or not tail[1]:
        raise wrong
    try:
        kind = ResourceKind(tail[0])
    except ValueError:
        raise wrong from None
    if len(tail) == 2:
        return ResourceUri(cluster=cluster, kind=kind, name=tail[1])
    if kind is not ResourceKind.KUBE or tail[2] != "namespaces" or not tail[3]:
        raise wrong
    return ResourceUri(cluster=cluster, kind=kind, name=tail[1], namespace=tail[3])


def parse_gateway(uri_text: str) -> GatewayUri:
    """Parse the address of a gateway.

    Raises: BadInput when the text is no such address.
    """
    parts = uri_text.split("/")
    if len(parts) != 3 or parts[0] or parts[1] != "gateways" or not parts[2]:
        raise BadInput(f'malformed gateway URI "{uri_text}"', field="uri", value=uri_text)
    return GatewayUri(ident=parts[2])
