"""Clusters, logins and resources: what the window asks, what main answers and tells."""

from typing import Literal

from msgspec import Struct

from teleterm.bridge.views import AuthView, ClusterView, CountView, ResourceView


class AddCluster(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Add a cluster by whatever the person typed; main takes it apart."""

    address: str


class GetAuth(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """How one may log in."""

    cluster_uri: str


class LoginLocal(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Log in with name and password; a second factor is asked by MfaAsked meanwhile."""

    cluster_uri: str
    user: str
    password: str


class LoginSso(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Log in in the browser through a connector."""

    cluster_uri: str
    connector_type: str
    connector_name: str


class LoginPasswordless(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Log in with a security key alone; its steps come as KeyLoginAsked."""

    cluster_uri: str


class Logout(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """End the login of a root cluster; with `forget` remove the cluster too."""

    cluster_uri: str
    forget: bool = False


class RefreshClusters(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Ask the daemon again for clusters and their leaves."""


class CountResources(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Count the resources of a cluster; the counts come as CountsChanged."""

    cluster_uri: str


class ListResources(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """One page of resources; sorted and filtered by the server."""

    cluster_uri: str
    kinds: tuple[str, ...]
    search: str = ""
    predicate: str = ""
    sort_by: Literal["name", "kind"] = "name"
    descending: bool = False
    start_key: str = ""
    limit: int = 50


class SearchResources(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Search every cluster that is logged in; results come as one answer."""

    words: str
    kinds: tuple[str, ...] = ()
    limit_per_cluster: int = 100


class ListDatabaseUsers(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The names one may connect to a database as."""

    database_uri: str


class SetClusterColor(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Change the colour of a cluster."""

    cluster_uri: str
    color: str


class ClusterAdded(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The cluster is known now."""

    cluster: ClusterView


class AuthFound(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """How one may log in."""

    auth: AuthView


class ResourcePage(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """One page of resources; an empty `next_key` ends the list."""

    rows: tuple[ResourceView, ...]
    next_key: str = ""


class SearchResult(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What a search of all clusters found, and where it could not look."""

    rows: tuple[ResourceView, ...]
    problems: tuple[tuple[str, str], ...] = ()
    locked: tuple[str, ...] = ()


class Names(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A list of names (database users)."""

    names: tuple[str, ...]


class ClustersChanged(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """All clusters as they are now, roots followed by their leaves."""

    clusters: tuple[ClusterView, ...]


class CountsChanged(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Counts of one cluster."""

    cluster_uri: str
    counts: tuple[CountView, ...]
