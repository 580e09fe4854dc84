"""What is in a Kubernetes cluster, as the proxy's own service lists it.

Source: terminal_service.md 10.4; Teleport `lib/client/api.go`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleterm.client import grpc_errors
from teleterm.client.channel import Channel
from teleterm.protogen.teleport.kube.v1 import kube_service_pb2 as kube
from teleterm.protogen.teleport.kube.v1.kube_service_pb2_grpc import KubeServiceStub
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.wire import alpn

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.kube.v1.kube_service_pb2_grpc import KubeServiceAsyncStub

_CALL_S = 30.0
USUAL_LIMIT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class KubeQuery:
    """One type of object in one Kubernetes cluster; `limit` is the length of a page."""

    resource_type: str
    cluster: str
    kube_cluster: str
    namespace: str = ""
    predicate: str = ""
    keywords: Sequence[str] = ()
    use_search_as_roles: bool = False
    start_key: str = ""
    limit: int = 0


async def list_all(client: "ClusterClient", query: KubeQuery) -> list[types.KubernetesResourceV1]:
    """Every page, through a connection of its own.

    Raises: Refused, BadInput, Unreachable.
    """
    channel = Channel(
        lambda: client.dial_proxy([alpn.PROXY_GRPC_MTLS, alpn.HTTP_2]),
        alpn.encode_cluster(client.root),
    )
    await channel.open()
    try:
        stub: KubeServiceAsyncStub = KubeServiceStub(channel.grpc)
        return await _pages(channel, stub, query)
    finally:
        await channel.close()


async def _pages(
    channel: Channel, stub: "KubeServiceAsyncStub", query: KubeQuery
) -> list[types.KubernetesResourceV1]:
    request = kube.ListKubernetesResourcesRequest(
        resource_type=query.resource_type,
        limit=query.limit or USUAL_LIMIT,
        start_key=query.start_key,
        predicate_expression=query.predicate,
        search_keywords=query.keywords,
        use_search_as_roles=query.use_search_as_roles,
        teleport_cluster=query.cluster,
        kubernetes_cluster=query.kube_cluster,
        kubernetes_namespace=query.namespace,
    )
    found: list[types.KubernetesResourceV1] = []
    while True:
        answer = await grpc_errors.call(
            channel,
            stub.ListKubernetesResources,
            request,
            timeout_s=_CALL_S,
            cluster=query.cluster,
        )
        found += answer.resources
        if not answer.next_key:
            return found
        request.start_key = answer.next_key
