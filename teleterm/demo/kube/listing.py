"""The proxy's service that lists what is in Kubernetes clusters, for access requests."""

from collections.abc import Mapping

from teleterm.demo import travelling
from teleterm.demo.identity import Identity
from teleterm.demo.kube.api import KubeApi
from teleterm.demo.kube.objects import RESOURCES, Object, Resource
from teleterm.demo.kube.tables import at
from teleterm.demo.rpc import Gate, RpcServer
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.protogen.teleport.kube.v1 import kube_service_pb2 as kube
from teleterm.protogen.teleport.types import types_pb2 as types

_NOTHING = "<none>"


class KubeListing:
    """Lists from the clusters that `apis` hold, by cluster and name."""

    def __init__(self, apis: Mapping[tuple[str, str], KubeApi]) -> None:
        self._apis = apis

    def register(self, server: RpcServer, gate: Gate) -> None:
        """Add the service to a server."""
        asked = kube.ListKubernetesResourcesRequest
        server.add(
            "teleport.kube.v1.KubeService",
            {"ListKubernetesResources": gate.unary(asked, self.list_resources)},
        )

    async def list_resources(
        self, asked: kube.ListKubernetesResourcesRequest, _caller: Identity
    ) -> kube.ListKubernetesResourcesResponse:
        """List the objects of one type; a page begins behind the name in `start_key`."""
        api = self._apis.get((asked.teleport_cluster, asked.kubernetes_cluster))
        if api is None:
            message = f'kubernetes cluster "{asked.kubernetes_cluster}" not found'
            raise Refused(message, code=ErrorCode.NOT_FOUND)
        resource = _resource(asked.resource_type)
        found = [
            _message(resource, one)
            for one in api.world.all(resource)
            if asked.kubernetes_namespace in {"", at(one, "metadata", "namespace")}
        ]
        words = [word.lower() for word in asked.search_keywords]
        found = [one for one in found if all(word in one.Metadata.Name for word in words)]
        start = travelling.place(asked.start_key)
        end = start + asked.limit if asked.limit > 0 else len(found)
        return kube.ListKubernetesResourcesResponse(
            resources=found[start:end],
            next_key=str(end) if end < len(found) else "",
            total_count=len(found),
        )


def _resource(name: str) -> Resource:
    for one in RESOURCES:
        if one.singular == name:
            return one
    raise BadInput(f'unsupported resource type "{name}"')


def _message(resource: Resource, one: Object) -> types.KubernetesResourceV1:
    namespace = at(one, "metadata", "namespace")
    return types.KubernetesResourceV1(
        Kind=resource.singular,
        Version="v1",
        Metadata=types.Metadata(Name=at(one, "metadata", "name")),
        Spec=types.KubernetesResourceSpecV1(Namespace="" if namespace == _NOTHING else namespace),
    )
