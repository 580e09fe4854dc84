"""Calls about access requests. The names are the wire's."""
# ruff: noqa: N802, D102 - the wire's names, which the contract describes

from typing import TypeAlias

import grpc

from teleterm.model.uri import parse_cluster
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from teleterm.tshd.services.assembly import Services

Context: TypeAlias = "grpc.aio.ServicerContext[object, object]"


class AccessRequestHandlers(pb_grpc.TerminalServiceServicer):
    """Access requests."""

    _services: Services

    async def GetAccessRequests(
        self, request: pb.GetAccessRequestsRequest, context: Context
    ) -> pb.GetAccessRequestsResponse:
        found = await self._services.access_requests.all(parse_cluster(request.cluster_uri))
        return pb.GetAccessRequestsResponse(requests=found)

    async def GetAccessRequest(
        self, request: pb.GetAccessRequestRequest, context: Context
    ) -> pb.GetAccessRequestResponse:
        found = await self._services.access_requests.get(
            parse_cluster(request.cluster_uri), request.access_request_id
        )
        return pb.GetAccessRequestResponse(request=found)

    async def CreateAccessRequest(
        self, request: pb.CreateAccessRequestRequest, context: Context
    ) -> pb.CreateAccessRequestResponse:
        cluster = parse_cluster(request.root_cluster_uri)
        made = await self._services.access_requests.create(cluster, request)
        return pb.CreateAccessRequestResponse(request=made)

    async def ReviewAccessRequest(
        self, request: pb.ReviewAccessRequestRequest, context: Context
    ) -> pb.ReviewAccessRequestResponse:
        cluster = parse_cluster(request.root_cluster_uri)
        changed = await self._services.access_requests.review(cluster, request)
        return pb.ReviewAccessRequestResponse(request=changed)

    async def DeleteAccessRequest(
        self, request: pb.DeleteAccessRequestRequest, context: Context
    ) -> pb.EmptyResponse:
        cluster = parse_cluster(request.root_cluster_uri)
        await self._services.access_requests.delete(cluster, request.access_request_id)
        return pb.EmptyResponse()

    async def GetRequestableRoles(
        self, request: pb.GetRequestableRolesRequest, context: Context
    ) -> pb.GetRequestableRolesResponse:
        cluster = parse_cluster(request.cluster_uri)
        return await self._services.access_requests.requestable(cluster, request.resource_ids)

    async def AssumeRole(self, request: pb.AssumeRoleRequest, context: Context) -> pb.EmptyResponse:
        await self._services.access_requests.assume(
            parse_cluster(request.root_cluster_uri),
            request.access_request_ids,
            request.drop_request_ids,
        )
        return pb.EmptyResponse()
