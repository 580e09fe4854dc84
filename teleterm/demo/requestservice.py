"""The auth server's answers about access requests; only the root cluster has any."""

from collections.abc import AsyncIterator

from google.protobuf.empty_pb2 import Empty

from teleterm.demo.identity import Identity
from teleterm.demo.inventory import OPERATOR, REQUESTABLE
from teleterm.demo.requests import RequestDesk
from teleterm.demo.rpc import Gate, Handlers
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.types import types_pb2 as types


class RequestService:
    """Answers from one desk."""

    def __init__(self, desk: RequestDesk) -> None:
        self._desk = desk

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
        return types.AccessCapabilities(
            RequestableRoles=REQUESTABLE if asked.RequestableRoles else (),
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
        at = int(asked.StartKey) if asked.StartKey.isascii() and asked.StartKey.isdigit() else 0
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

    async def watch(self, _asked: auth.Watch, _caller: Identity) -> AsyncIterator[auth.Event]:
        """Say what changes, for as long as the caller listens."""
        async for event in self._desk.watch():
            yield event
