"""Access requests: to see, make, review and use them. Source: terminal_service.md 10.5."""

from collections.abc import Sequence
from uuid import uuid4

from teleterm.client.auth import AuthClient
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.model.uri import ClusterUri
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tshd.services import access_request_messages as messages
from teleterm.tshd.services.connections import Connections

KIND, VERSION = "access_request", "v3"


class AccessRequests:
    """Everything about access requests of one profile folder."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def all(self, cluster: ClusterUri) -> list[pb.AccessRequest]:
        """Every request that the user may see, without details of resources."""
        async with self._connections.auth(cluster) as server:
            return [messages.request(one) for one in await server.access_requests()]

    async def get(self, cluster: ClusterUri, ident: str) -> pb.AccessRequest:
        """One request.

        Raises: BadInput without an id; Refused (not_found).
        """
        _check_id(ident)
        async with self._connections.auth(cluster) as server:
            found = await server.access_requests(types.AccessRequestFilter(ID=ident))
            if not found:
                raise Refused("Access request not found.", code=ErrorCode.NOT_FOUND)
            wanted = found[0].Spec.RequestedResourceIDs
            details = await self._details(server, cluster, wanted)
        return messages.request(found[0], details)

    async def create(
        self, cluster: ClusterUri, request: pb.CreateAccessRequestRequest
    ) -> pb.AccessRequest:
        """Ask for roles or for resources; a dry run only says what would come."""
        spec = types.AccessRequestSpecV3(
            Roles=request.roles,
            RequestReason=request.reason,
            SuggestedReviewers=request.suggested_reviewers,
            DryRun=request.dry_run,
            State=types.PENDING,
            RequestedResourceIDs=[messages.resource_id(one) for one in request.resource_ids],
        )
        if request.HasField("max_duration"):
            spec.MaxDuration.CopyFrom(request.max_duration)
        if request.HasField("request_ttl"):
            spec.Expires.CopyFrom(request.request_ttl)
        if request.HasField("assume_start_time"):
            spec.AssumeStartTime.CopyFrom(request.assume_start_time)
        async with self._connections.client(cluster) as client:
            spec.User = client.identity.username
            server = await client.root_auth()
            made = await server.create_access_request(
                types.AccessRequestV3(
                    Kind=KIND,
                    Version=VERSION,
                    Metadata=types.Metadata(Name=str(uuid4())),
                    Spec=spec,
                )
            )
        return messages.request(made)

    async def review(
        self, cluster: ClusterUri, request: pb.ReviewAccessRequestRequest
    ) -> pb.AccessRequest:
        """Approve or deny somebody's request.

        Raises: BadInput for a state nobody knows.
        """
        _check_id(request.access_request_id)
        review = types.AccessReview(
            Roles=request.roles,
            ProposedState=messages.state(request.state),
            Reason=request.reason,
        )
        if request.HasField("assume_start_time"):
            review.AssumeStartTime.CopyFrom(request.assume_start_time)
        async with self._connections.client(cluster) as client:
            review.Author = client.identity.username
            review.Created.GetCurrentTime()
            server = await client.root_auth()
            changed = await server.review_access_request(
                types.AccessReviewSubmission(RequestID=request.access_request_id, Review=review)
            )
        return messages.request(changed)

    async def delete(self, cluster: ClusterUri, ident: str) -> None:
        """Remove a request."""
        _check_id(ident)
        async with self._connections.auth(cluster) as server:
            await server.delete_access_request(ident)

    async def requestable(
        self, cluster: ClusterUri, resource_ids: Sequence[pb.ResourceID]
    ) -> pb.GetRequestableRolesResponse:
        """The roles the user may ask for, and those that fit some resources."""
        async with self._connections.auth(cluster) as server:
            found = await server.access_capabilities(
                requestable_roles=True,
                resource_ids=[messages.resource_id(one) for one in resource_ids],
            )
        return pb.GetRequestableRolesResponse(
            roles=found.RequestableRoles, applicable_roles=found.ApplicableRolesForResources
        )

    async def assume(self, cluster: ClusterUri, take: Sequence[str], drop: Sequence[str]) -> None:
        """Take requests into the login's certificates, or out; resources' ones are dropped."""
        async with self._connections.client(cluster) as client:
            kept = tuple(one for one in client.identity.active_requests if one not in drop)
            await client.use_requests(tuple(dict.fromkeys((*take, *kept))), drop=tuple(drop))
            name = client.profile.name
        self._connections.store.set_current(name)
        await self._connections.drop(name)

    async def _details(
        self, server: AuthClient, cluster: ClusterUri, wanted: Sequence[types.ResourceID]
    ) -> dict[str, str]:
        """Host names of the servers among some resources, by their names."""
        from teleterm.client.auth import ResourceQuery

        idents = {one.Name for one in wanted if one.Kind == "node"}
        if not idents or cluster.is_leaf:
            return {}
        tests = [f'resource.metadata.name == "{one}"' for one in sorted(idents) if '"' not in one]
        query = ResourceQuery(
            kinds=("node",), predicate=" || ".join(tests), include_requestable=True
        )
        found = await server.all_unified_resources(query)
        return {one.Node.Metadata.Name: one.Node.Spec.Hostname for one in found}


def _check_id(ident: str) -> None:
    if not ident:
        raise BadInput("missing request id", field="access_request_id")
