"""Access requests from the command line: made, waited for, and taken into the login.

`tsh request create` and `tsh login --request-…` do the same, so it is here.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.tsh.render import plain, requests
from teleterm.wire import durations, resource_ids

if TYPE_CHECKING:
    from teleterm.client.auth import AuthClient
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to ask for. The spans are counted from now; nought leaves them to the cluster."""

    roles: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    reason: str = ""
    reviewers: tuple[str, ...] = ()
    request_ttl: timedelta = field(default_factory=timedelta)
    session_ttl: timedelta = field(default_factory=timedelta)
    max_duration: timedelta = field(default_factory=timedelta)
    assume_start: datetime | None = None
    login_hint: str = ""
    is_dry_run: bool = False


def span(text: str, name: str) -> timedelta:
    """`8h`, `3d12h30m` as a span; nothing is nought.

    Raises: BadInput.
    """
    days, is_long, rest = text.partition("d") if "d" in text else ("", "", text)
    try:
        whole = timedelta(days=float(days)) if is_long else timedelta()
        part = timedelta(microseconds=durations.decode_ns(rest) // 1000) if rest else timedelta()
    except (ValueError, OverflowError):
        raise BadInput(f'invalid duration "{text}"', field=name, value=text) from None
    if whole + part < timedelta():
        raise BadInput(f"--{name} must be greater than zero", field=name, value=text)
    return whole + part


def moment(text: str, name: str) -> datetime | None:
    """`2026-01-31T08:00:00Z`; nothing is None.

    Raises: BadInput.
    """
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadInput(
            f'--{name} can\'t be read: "{text}". Write it as 2026-01-31T08:00:00Z.',
            field=name,
            value=text,
        )
    return found


def words(text: str) -> tuple[str, ...]:
    """The parts between commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


async def execute(
    client: "ClusterClient",
    wanted: Wanted,
    *,
    ident: str = "",
    waits: bool = True,
    now: datetime,
) -> None:
    """Ask (or take up the request `ident`), show it, wait for the decision, use what was granted.

    Raises: BadInput when nothing is asked for; Refused when the request is denied or gone.
    """
    if not (ident or wanted.roles or wanted.resources):
        raise BadInput(
            "at least one role or resource or a request ID must be specified", field="roles"
        )
    auth = await client.root_auth()
    if ident:
        request = await fetch(auth, ident)
        if requests.state(request) != "PENDING":
            await resolve(client, request)
            return
        sys.stdout.write("Request pending...\n")
    else:
        sys.stdout.write("Creating request...\n")
        sys.stdout.flush()
        request = await create(client, wanted, now)
    sys.stdout.write(plain.lines(requests.block(await fetch(auth, request.Metadata.Name))) + "\n")
    if waits:
        sys.stdout.write("Waiting for request approval...\n")
        sys.stdout.flush()
        await resolve(client, await decided(auth, request))


async def create(
    client: "ClusterClient", wanted: Wanted, now: datetime
) -> "types_pb2.AccessRequestV3":
    """Hand a request in; a dry run only says what would come of it.

    Raises: Refused, BadInput.
    """
    auth = await client.root_auth()
    return await auth.create_access_request(_message(client, wanted, now))


async def fetch(auth: "AuthClient", ident: str) -> "types_pb2.AccessRequestV3":
    """One request.

    Raises: Refused (NOT_FOUND).
    """
    from teleterm.protogen.teleport.types import types_pb2

    found = await auth.access_requests(types_pb2.AccessRequestFilter(ID=ident))
    if not found:
        raise Refused(f'no access request matching "{ident}"', code=ErrorCode.NOT_FOUND)
    return found[0]


async def decided(
    auth: "AuthClient", request: "types_pb2.AccessRequestV3"
) -> "types_pb2.AccessRequestV3":
    """The request once it is decided.

    Raises: Refused when it is removed before that.
    """
    from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth_messages
    from teleterm.protogen.teleport.types import types_pb2

    ident = request.Metadata.Name
    kind = types_pb2.WatchKind(Kind="access_request", Filter={"user": request.Spec.User})
    watch = auth_messages.Watch(Kinds=[kind])
    async for event in auth.stream(auth.stub.WatchEvents, watch, timeout_s=None):
        if event.Type == auth_messages.INIT:
            now = await fetch(auth, ident)
        elif event.Type == auth_messages.PUT and event.AccessRequest.Metadata.Name == ident:
            now = event.AccessRequest
        elif event.Type == auth_messages.DELETE and event.ResourceHeader.Metadata.Name == ident:
            raise Refused(f"request {ident} has expired or been deleted", code=ErrorCode.NOT_FOUND)
        else:
            continue
        if requests.state(now) != "PENDING":
            return now
    raise Refused(f"{auth.cluster} ended the wait for the decision on {ident}.")


async def resolve(client: "ClusterClient", request: "types_pb2.AccessRequestV3") -> None:
    """Take an approved request into the login.

    Raises: Refused when it wasn't approved.
    """
    reason = request.Spec.ResolveReason
    state = requests.state(request)
    if state != "APPROVED":
        why = f"request {request.Metadata.Name} has been {state.lower()}"
        raise Refused(f"{why}: {reason}" if reason else why)
    note = f", reason={requests.quoted(reason)}" if reason else ""
    text = f"Approval received{note}\nGetting updated certificates...\n\n"
    sys.stdout.write(plain.lines(text))
    sys.stdout.flush()  # what comes next may write past Python's buffer
    await take(client, (request.Metadata.Name,))


async def take(client: "ClusterClient", idents: Sequence[str], *, drop: Sequence[str] = ()) -> None:
    """Take requests into the login's certificates and others out; `["*"]` drops all."""
    kept = (
        () if "*" in drop else (one for one in client.identity.active_requests if one not in drop)
    )
    await client.use_requests(tuple(dict.fromkeys((*idents, *kept))), drop=tuple(drop))


def resource_message(text: str) -> "types_pb2.ResourceID":
    """An id as `/<cluster>/<kind>/<name>` for the wire.

    Raises: BadInput.
    """
    from teleterm.protogen.teleport.types import types_pb2

    one = resource_ids.parse(text)
    return types_pb2.ResourceID(
        ClusterName=one.cluster,
        Kind=one.kind,
        Name=one.name,
        SubResourceName=one.sub_resource,
    )


def _message(client: "ClusterClient", wanted: Wanted, now: datetime) -> "types_pb2.AccessRequestV3":
    from teleterm.protogen.teleport.types import types_pb2

    spec = types_pb2.AccessRequestSpecV3(
        User=client.identity.username,
        Roles=wanted.roles,
        RequestReason=wanted.reason,
        SuggestedReviewers=wanted.reviewers,
        State=types_pb2.PENDING,
        RequestedResourceIDs=[resource_message(text) for text in wanted.resources],
        LoginHint=wanted.login_hint,
        DryRun=wanted.is_dry_run,
    )
    made = types_pb2.AccessRequestV3(
        Kind="access_request", Version="v3", Metadata=types_pb2.Metadata(Name=str(uuid4()))
    )
    if wanted.session_ttl:
        spec.Expires.FromDatetime((now + wanted.session_ttl).astimezone(UTC))
        spec.SessionTTL.CopyFrom(spec.Expires)
    if wanted.max_duration:
        spec.MaxDuration.FromDatetime((now + wanted.max_duration).astimezone(UTC))
    if wanted.assume_start is not None:
        spec.AssumeStartTime.FromDatetime(wanted.assume_start.astimezone(UTC))
    if wanted.request_ttl:
        made.Metadata.Expires.FromDatetime((now + wanted.request_ttl).astimezone(UTC))
    made.Spec.CopyFrom(spec)
    return made
