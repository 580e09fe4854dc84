"""The auth server's answers about access requests; only the root cluster has any."""

from collections.abc import AsyncIterator

from google.protobuf.empty_pb2 import Empty

from teleterm.demo import travelling
from teleterm.demo.headless import KIND as HEADLESS
from teleterm.demo.headless import HeadlessDesk
from teleterm.demo.identity import Identity
from teleterm.demo.inventory import OPERATOR, REQUESTABLE, roles_for
from teleterm.demo.requests import RequestDesk
from teleterm.demo.rpc import Gate, Handlers
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.types import types_pb2 as types


class RequestService:
    """Answers from one desk; events of headless logins come from another."""

    def __init__(self, desk: RequestDesk, headless: HeadlessDesk) -> None:
        self._desk = desk
        self._headless = headless

    def handlers(self, gate: Gate) -> Handlers:
        """Give the methods of the auth service that are about access requests."""
        return {
            "GetAccessCapabilities": gate.unary(
                types.AccessCapabilitiesRequest, self.get_access_capabilities
            ),
            "CreateAccessRequestV2": gate.unary(types.AccessRequestV3, self.create),
            "ListAccessRequests": gate.unary(auth.ListAccessRequestsRequest, self.list),
            "SubmitAccessReview": gate.unary(types.AccessReviewSubmission, self.review),
            "DeleteAccessRequest": gate.unary(auth.RequestID, self.delete),
            "WatchEvents": gate.stream(auth.Watch, self.watch),
        }

    async def get_access_capabilities(
        self, asked: types.AccessCapabilitiesRequest, _caller: Identity
    ) -> types.AccessCapabilities:
        """Say what the user may ask for beyond what there is."""
        roles: tuple[str, ...] = REQUESTABLE
        if asked.FilterRequestableRolesByResource and asked.Login:
            roles = roles_for(asked.Login)
        return types.AccessCapabilities(
            RequestableRoles=roles if asked.RequestableRoles else (),
            ApplicableRolesForResources=(OPERATOR,) if asked.ResourceIDs else (),
        )

    async def create(self, asked: types.AccessRequestV3, caller: Identity) -> types.AccessRequestV3:
        """Take a request in."""
        return self._desk.create(asked, caller.user)

    async def list(
        self, asked: auth.ListAccessRequestsRequest, _caller: Identity
    ) -> auth.ListAccessRequestsResponse:
        """List access requests, in pages."""
        found = self._desk.find(asked.Filter)
        at = travelling.place(asked.StartKey)
        limit = asked.Limit if asked.Limit > 0 else len(found)
        more = str(at + limit) if at + limit < len(found) else ""
        return auth.ListAccessRequestsResponse(AccessRequests=found[at : at + limit], NextKey=more)

    async def review(
        self, asked: types.AccessReviewSubmission, caller: Identity
    ) -> types.AccessRequestV3:
        """Take a review in."""
        return self._desk.review(asked, caller.user)

    async def delete(self, asked: auth.RequestID, _caller: Identity) -> Empty:
        """Remove a request."""
        self._desk.delete(asked.ID)
        return Empty()

    async def watch(self, asked: auth.Watch, caller: Identity) -> AsyncIterator[auth.Event]:
        """Say what changes, for as long as the caller listens."""
        if any(kind.Kind == HEADLESS for kind in asked.Kinds):
            source = self._headless.watch(caller.user, is_pending_only=False)
        else:
            source = self._desk.watch()
        async for event in source:
            yield event
