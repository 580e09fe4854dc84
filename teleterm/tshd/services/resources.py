"""Lists of what a cluster gives access to. Source: terminal_service.md 10.4."""

import json

from teleterm.client.auth import ResourceQuery
from teleterm.client.kube_resources import KubeQuery, list_all
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.model.uri import ClusterUri, ResourceKind, ResourceUri
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tshd.services import keywords, labels
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.resource_messages import (
    ResourceMessages,
    kube_server_message,
    server_message,
)

KINDS = (
    "node",
    "db",
    "kube_cluster",
    "app",
    "saml_idp_service_provider",
    "windows_desktop",
    "mcp",
)
LONGEST_PAGE = 1000


class Resources:
    """Asks the auth services and gives messages of the terminal service."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def page(
        self, cluster: ClusterUri, request: pb.ListUnifiedResourcesRequest
    ) -> pb.ListUnifiedResourcesResponse:
        """One page of all kinds.

        Raises: BadInput for a kind nobody knows.
        """
        for kind in request.kinds:
            if kind not in KINDS:
                raise BadInput(f"unsupported resource kind: {kind}", field="kinds", value=kind)
        limit = request.limit if 0 < request.limit <= LONGEST_PAGE else LONGEST_PAGE
        query = ResourceQuery(
            kinds=tuple(request.kinds) or KINDS,
            keywords=keywords.split(request.search),
            predicate=request.query,
            sort_by=request.sort_by.field,
            descending=request.sort_by.is_desc,
            start_key=request.start_key,
            limit=limit,
            pinned_only=request.pinned_only,
            include_logins=True,
            include_requestable=request.include_requestable,
            use_search_as_roles=request.search_as_roles,
        )
        async with self._connections.client(cluster) as client:
            server = await client.auth(cluster.leaf or client.root)
            page = await server.unified_resources(query)
            names = ResourceMessages(
                cluster=cluster,
                proxy_host=client.profile.name,
                logins=client.identity.logins,
            )
        found = [names.paginated(item) for item in page.items]
        return pb.ListUnifiedResourcesResponse(
            resources=[item for item in found if item is not None], next_key=page.next_key
        )

    async def app(self, uri: ResourceUri) -> pb.App:
        """An application by its name, as the terminal service describes it.

        Raises: Refused (not_found).
        """
        names = ResourceMessages(cluster=uri.cluster, proxy_host="", logins=())
        return names.app(await self.app_of(uri))

    async def app_of(self, uri: ResourceUri) -> types.AppV3:
        """An application by its name.

        Raises: Refused (not_found).
        """
        _check_kind(uri, ResourceKind.APP)
        query = ResourceQuery(predicate=f"name == {json.dumps(uri.name)}")
        async with self._connections.auth(uri.cluster) as server:
            found = await server.list_resources("app_server", query)
        if not found:
            raise Refused(f'app "{uri.name}" not found', code=ErrorCode.NOT_FOUND)
        return found[0].AppServer.Spec.App

    async def check_kube(self, uri: ResourceUri) -> None:
        """Make sure that there is such a Kubernetes cluster.

        Raises: Refused (not_found).
        """
        _check_kind(uri, ResourceKind.KUBE)
        query = ResourceQuery(predicate=f"name == {json.dumps(uri.name)}")
        async with self._connections.auth(uri.cluster) as server:
            if not await server.list_resources("kube_server", query):
                raise Refused(
                    f'kubernetes cluster "{uri.name}" not found', code=ErrorCode.NOT_FOUND
                )

    async def database_servers(
        self, cluster: ClusterUri, params: pb.ListResourcesParams
    ) -> pb.ListDatabaseServersResponse:
        """One page of database agents' reports."""
        answer = await self._servers(cluster, "db_server", params)
        return pb.ListDatabaseServersResponse(
            resources=[
                server_message(cluster, item.DatabaseServer)
                for item in answer.Resources
                if item.HasField("DatabaseServer")
            ],
            next_key=answer.NextKey,
        )

    async def kubernetes_servers(
        self, cluster: ClusterUri, params: pb.ListResourcesParams
    ) -> pb.ListKubernetesServersResponse:
        """One page of Kubernetes agents' reports."""
        answer = await self._servers(cluster, "kube_server", params)
        message = pb.ListKubernetesServersResponse(next_page_token=answer.NextKey)
        for item in answer.Resources:
            if item.HasField("KubernetesServer"):
                message.resources.append(kube_server_message(cluster, item.KubernetesServer))
        return message

    async def kubernetes_resources(
        self, cluster: ClusterUri, request: pb.ListKubernetesResourcesRequest
    ) -> pb.ListKubernetesResourcesResponse:
        """Every object of one type in a Kubernetes cluster; whatever it is, its URI names it."""
        async with self._connections.client(cluster) as client:
            query = KubeQuery(
                resource_type=request.resource_type,
                cluster=cluster.leaf or client.root,
                kube_cluster=request.kubernetes_cluster,
                namespace=request.kubernetes_namespace,
                predicate=request.predicate_expression,
                keywords=keywords.split(request.search_keywords),
                use_search_as_roles=request.use_search_as_roles,
                start_key=request.next_key,
                limit=request.limit,
            )
            found = await list_all(client, query)
        message = pb.ListKubernetesResourcesResponse()
        for one in found:
            kube = cluster.resource(ResourceKind.KUBE, request.kubernetes_cluster)
            message.resources.add(
                uri=f"{kube}/namespaces/{one.Metadata.Name}",
                kind=one.Kind,
                name=one.Metadata.Name,
                labels=labels.shown(one.Metadata.Labels),
                cluster=request.kubernetes_cluster,
                namespace=one.Spec.Namespace,
            )
        return message

    async def _servers(
        self, cluster: ClusterUri, kind: str, params: pb.ListResourcesParams
    ) -> auth.ListResourcesResponse:
        limit = params.limit if 0 < params.limit <= LONGEST_PAGE else LONGEST_PAGE
        request = auth.ListResourcesRequest(
            ResourceType=kind,
            Namespace="default",
            Limit=limit,
            StartKey=params.start_key,
            PredicateExpression=params.predicate_expression,
            UseSearchAsRoles=params.use_search_as_roles,
        )
        async with self._connections.auth(cluster) as server:
            return await server.call(server.stub.ListResources, request)

    async def database(self, uri: ResourceUri) -> types.DatabaseV3:
        """A database by its name.

        Raises: Refused (not_found).
        """
        _check_kind(uri, ResourceKind.DATABASE)
        query = ResourceQuery(predicate=f"name == {json.dumps(uri.name)}", limit=LONGEST_PAGE)
        async with self._connections.auth(uri.cluster) as server:
            found = await server.list_resources("db_server", query)
        if not found:
            raise Refused(f'database "{uri.name}" not found', code=ErrorCode.NOT_FOUND)
        return found[0].DatabaseServer.Spec.Database


def _check_kind(uri: ResourceUri, kind: ResourceKind) -> None:
    if uri.kind is not kind:
        raise BadInput(f'malformed URI "{uri}"', field="uri", value=str(uri))
