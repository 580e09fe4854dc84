"""Sessions of others and recordings: what the window asks, what main answers."""

from typing import Literal

from msgspec import Struct


class SessionView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A session that goes on, or a recording of one.

    Shape: `kind` as the cluster calls it: ssh, k8s, db, app, desktop; `began_at` in seconds since
           1970; `lasted_s` of a recording; `is_waiting` for one that waits for a moderator.
    """

    id: str
    kind: str
    target: str
    people: tuple[str, ...] = ()
    began_at: float = 0
    lasted_s: float = 0
    is_waiting: bool = False


class ListSessions(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The sessions that go on in a cluster, or those that were recorded in the last days."""

    cluster_uri: str
    which: Literal["active", "recorded"]


class Sessions(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The sessions, newest first."""

    sessions: tuple[SessionView, ...]
