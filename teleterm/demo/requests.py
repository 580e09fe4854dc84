"""Access requests: made by the user, decided by the demo itself, by a reviewer or by a command."""

import asyncio
import datetime
import uuid
from collections.abc import AsyncIterator, Callable

from google.protobuf.timestamp_pb2 import Timestamp

from teleterm.demo import travelling
from teleterm.demo.inventory import OPERATOR, REQUESTABLE, roles_for
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.types import types_pb2 as types

_DAY = datetime.timedelta(days=1)
_MOST = 1000


class RequestDesk:
    """All requests of one demo. Requests for the operator's role are granted at once."""

    def __init__(self, clock: Clock, session_ttl: datetime.timedelta) -> None:
        self._clock = clock
        self._session_ttl = session_ttl
        self._requests: dict[str, types.AccessRequestV3] = {}
        self._watchers: set[asyncio.Queue[auth.Event]] = set()

    def create(self, asked: types.AccessRequestV3, user: str) -> types.AccessRequestV3:
        """Take a request in; a dry run only says what would come of it."""
        roles = list(asked.Spec.Roles)
        if not roles and asked.Spec.RequestedResourceIDs:
            hint = asked.Spec.LoginHint
            if hint and OPERATOR not in roles_for(hint):
                raise Refused(f'no role that may be asked for lets "{hint}" in')
            roles = [OPERATOR]
        if roles == ["*"]:
            roles = list(REQUESTABLE)
        for role in roles:
            if role not in REQUESTABLE:
                raise BadInput(f'user "{user}" can not request role "{role}"')
        if not roles:
            raise BadInput("access request roles are required")
        if len(self._requests) >= _MOST:
            raise Refused("there are too many access requests", code=ErrorCode.LIMIT)
        made = types.AccessRequestV3()
        made.CopyFrom(asked)
        made.Kind, made.Version = "access_request", "v3"
        made.Metadata.Name = str(uuid.uuid4())
        self._settle(made, roles, user)
        if asked.Spec.DryRun:
            return made
        self._put(made)
        if set(roles) == {OPERATOR}:
            loop = asyncio.get_running_loop()
            loop.call_soon(self.decide, made.Metadata.Name, types.APPROVED, "granted by the demo")
        return made

    def _settle(self, made: types.AccessRequestV3, roles: list[str], user: str) -> None:
        now = self._clock.now()
        spec = made.Spec
        del spec.Roles[:]
        spec.Roles.extend(roles)
        spec.User = user
        spec.State = types.PENDING
        spec.Created.FromDatetime(now)
        latest = now + self._session_ttl
        # What is unset may come as the year 1.
        if not now < _moment(spec.Expires) < latest:
            spec.Expires.FromDatetime(latest)
        if not now < _moment(spec.MaxDuration) < now + 7 * _DAY:
            spec.MaxDuration.CopyFrom(spec.Expires)
        spec.SessionTTL.CopyFrom(spec.Expires)
        spec.ResourceExpiry.CopyFrom(spec.Expires)
        del spec.Thresholds[:]
        spec.Thresholds.append(types.AccessReviewThreshold(Name="default", Approve=1, Deny=1))

    def find(self, wanted: types.AccessRequestFilter) -> list[types.AccessRequestV3]:
        """Give the requests that a filter means, the newest first."""
        tests: list[Callable[[types.AccessRequestV3], bool]] = []
        if wanted.ID:
            tests.append(lambda one: one.Metadata.Name == wanted.ID)
        if wanted.User:
            tests.append(lambda one: one.Spec.User == wanted.User)
        if wanted.State:
            tests.append(lambda one: one.Spec.State == wanted.State)
        found = [one for one in self._requests.values() if all(test(one) for test in tests)]
        return found[::-1]

    def review(self, asked: types.AccessReviewSubmission, author: str) -> types.AccessRequestV3:
        """Take a review in; one is enough."""
        request = self._get(asked.RequestID)
        if request.Spec.User == author:
            raise Refused(f'user "{author}" cannot review their own access requests')
        if request.Spec.State != types.PENDING:
            raise Refused("the access request has been resolved already")
        review = types.AccessReview()
        review.CopyFrom(asked.Review)
        review.Author = author
        review.Created.FromDatetime(self._clock.now())
        request.Spec.Reviews.append(review)
        return self.decide(asked.RequestID, review.ProposedState, review.Reason)

    def decide(
        self, ident: str, state: "types.RequestState.ValueType", reason: str
    ) -> types.AccessRequestV3:
        """Approve or deny."""
        request = self._get(ident)
        if request.Spec.State == types.PENDING:
            request.Spec.State = state
            request.Spec.ResolveReason = reason
            self._put(request)
        return request

    def delete(self, ident: str) -> None:
        """Remove one."""
        self._get(ident)
        del self._requests[ident]
        header = types.ResourceHeader(Kind="access_request")
        header.Metadata.Name = ident
        self._tell(auth.Event(Type=auth.DELETE, ResourceHeader=header))

    def roles_of(self, idents: tuple[str, ...], user: str) -> tuple[str, ...]:
        """The roles that approved requests of a user grant.

        Raises: Refused for others.
        """
        roles: list[str] = []
        for ident in idents:
            request = self._get(ident)
            if request.Spec.User != user or request.Spec.State != types.APPROVED:
                raise Refused(f'access request "{ident}" can not be assumed')
            if _moment(request.Spec.Expires) <= self._clock.now():
                raise Refused(f'access request "{ident}" has expired')
            roles += [role for role in request.Spec.Roles if role not in roles]
        return tuple(roles)

    async def watch(self) -> AsyncIterator[auth.Event]:
        """Say what changes, for as long as somebody listens."""
        queue: asyncio.Queue[auth.Event] = asyncio.Queue()
        self._watchers.add(queue)
        try:
            yield auth.Event(Type=auth.INIT)
            while True:
                yield await queue.get()
        finally:
            self._watchers.discard(queue)

    def _get(self, ident: str) -> types.AccessRequestV3:
        found = self._requests.get(ident)
        if found is None:
            raise Refused(f'access request "{ident}" is not found', code=ErrorCode.NOT_FOUND)
        return found

    def _put(self, request: types.AccessRequestV3) -> None:
        self._requests[request.Metadata.Name] = request
        told = types.AccessRequestV3()
        told.CopyFrom(request)
        self._tell(auth.Event(Type=auth.PUT, AccessRequest=told))

    def _tell(self, event: auth.Event) -> None:
        for queue in self._watchers:
            queue.put_nowait(event)


def _moment(stamp: Timestamp) -> datetime.datetime:
    return travelling.moment(stamp)
