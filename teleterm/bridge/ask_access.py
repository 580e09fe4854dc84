"""Access requests: what the window asks, what main answers."""

from msgspec import Struct


class ReviewView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody said about an access request; `at` in seconds since 1970."""

    author: str
    state: str
    reason: str = ""
    at: float = 0


class AccessRequestView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An access request as the page shows it.

    Shape: `state` in the daemon's words: PENDING, APPROVED, DENIED, PROMOTED; `is_assumed` whether
           the login has it now; times in seconds since 1970, 0 when not known.
    """

    id: str
    state: str
    user: str
    roles: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    reason: str = ""
    resolve_reason: str = ""
    created_at: float = 0
    expires_at: float = 0
    reviews: tuple[ReviewView, ...] = ()
    is_assumed: bool = False


class ListAccessRequests(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Every access request of a root cluster that the user may see."""

    cluster_uri: str


class ListRequestableRoles(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The roles that the user may ask for; the answer is Names."""

    cluster_uri: str


class CreateAccessRequest(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Ask for roles, or for resources by their addresses.

    Shape: `hours` is how long the access is to last; 0 leaves that to the cluster.
    """

    cluster_uri: str
    roles: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    hours: int = 0
    reason: str = ""
    reviewers: tuple[str, ...] = ()


class ReviewAccessRequest(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Approve or deny somebody's request."""

    cluster_uri: str
    request_id: str
    is_approved: bool
    reason: str = ""


class DeleteAccessRequest(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Remove a request."""

    cluster_uri: str
    request_id: str


class AssumeAccessRequest(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Take an approved request into the login, or with `is_dropped` out of it."""

    cluster_uri: str
    request_id: str
    is_dropped: bool = False


class AccessRequests(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The requests, newest first."""

    requests: tuple[AccessRequestView, ...]
