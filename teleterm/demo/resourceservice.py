"""The auth server's answers about resources: listings, targets, and what runs on nodes."""

import datetime
from collections.abc import AsyncIterator

from google.protobuf.empty_pb2 import Empty

from teleterm.demo import listing, messages, travelling
from teleterm.demo.authconfig import AuthConfig
from teleterm.demo.identity import Identity
from teleterm.demo.inventory import DemoNode
from teleterm.demo.rpc import Gate, Handlers
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.events import events_pb2 as events
from teleterm.protogen.teleport.types import types_pb2
from teleterm.protogen.teleport.userpreferences.v1 import service_pb2 as preferences

_AMBIGUOUS = "ambiguous host could match multiple nodes"
_TRACKER_LIFE = datetime.timedelta(hours=1)


class ResourceService:
    """Answers about the resources of one cluster."""

    def __init__(self, config: AuthConfig) -> None:
        self._config = config
        self._member = config.member

    def handlers(self, gate: Gate) -> Handlers:
        """Give the methods of the auth service that are about resources."""
        return {
            "ListUnifiedResources": gate.unary(
                auth.ListUnifiedResourcesRequest, self.list_unified_resources
            ),
            "ListResources": gate.unary(auth.ListResourcesRequest, self.list_resources),
            "GetNode": gate.unary(types_pb2.ResourceInNamespaceRequest, self.get_node),
            "ResolveSSHTarget": gate.unary(auth.ResolveSSHTargetRequest, self.resolve_ssh_target),
            "GetSSHTargets": gate.unary(auth.GetSSHTargetsRequest, self.get_ssh_targets),
            "GetActiveSessionTrackers": gate.stream(Empty, self.get_active_session_trackers),
            "GetSessionTracker": gate.unary(
                auth.GetSessionTrackerRequest, self.get_session_tracker
            ),
            "GetSessionEvents": gate.unary(auth.GetSessionEventsRequest, self.get_session_events),
            "StreamSessionEvents": gate.stream(
                auth.StreamSessionEventsRequest, self.stream_session_events
            ),
        }

    async def list_unified_resources(
        self, asked: auth.ListUnifiedResourcesRequest, caller: Identity
    ) -> auth.ListUnifiedResourcesResponse:
        """List resources of several kinds."""
        if asked.PinnedOnly:
            return self._pinned(caller)
        query = listing.Query(
            kinds=listing.unified_kinds(asked.Kinds),
            words=tuple(asked.SearchKeywords),
            labels=dict(asked.Labels),
            predicate=asked.PredicateExpression,
            sort_field=asked.SortBy.Field,
            is_descending=asked.SortBy.IsDesc,
            limit=asked.Limit,
            start_key=asked.StartKey,
            roles=caller.roles,
            asks=asked.IncludeRequestable or asked.UseSearchAsRoles,
        )
        if query.sort_field not in {"", "name", "kind"}:
            message = f'sorting by "{query.sort_field}" is not supported'
            raise BadInput(message, code=ErrorCode.NOT_IMPLEMENTED)
        logins = _logins_of(caller) if asked.IncludeLogins else ()
        page = listing.list_page(self._member, query, logins)
        return auth.ListUnifiedResourcesResponse(Resources=page.resources, NextKey=page.next_key)

    async def list_resources(
        self, asked: auth.ListResourcesRequest, caller: Identity
    ) -> auth.ListResourcesResponse:
        """List resources of one kind."""
        query = listing.Query(
            kinds=listing.server_kinds(asked.ResourceType),
            words=tuple(asked.SearchKeywords),
            labels=dict(asked.Labels),
            predicate=asked.PredicateExpression,
            sort_field=asked.SortBy.Field,
            is_descending=asked.SortBy.IsDesc,
            limit=asked.Limit,
            start_key=asked.StartKey,
            roles=caller.roles,
            asks=asked.UseSearchAsRoles,
        )
        logins = _logins_of(caller) if asked.IncludeLogins else ()
        page = listing.list_page(self._member, query, logins)
        resources = page.resources
        if asked.ResourceType == "kube_cluster":  # without the services that serve it
            clusters = [one.KubernetesServer.Spec.Cluster for one in resources]
            resources = [auth.PaginatedResource(KubeCluster=one) for one in clusters]
        return auth.ListResourcesResponse(
            Resources=resources, NextKey=page.next_key, TotalCount=page.total
        )

    async def resolve_ssh_target(
        self, asked: auth.ResolveSSHTargetRequest, _caller: Identity
    ) -> auth.ResolveSSHTargetResponse:
        """Find the one node that is meant."""
        if asked.host:
            found = self._nodes_called(asked.host)
        else:
            query = listing.Query(
                kinds=frozenset({"node"}),
                words=tuple(asked.search_keywords),
                labels=dict(asked.labels),
                predicate=asked.predicate_expression,
            )
            page = listing.list_page(self._member, query, ())
            uuids = {resource.Node.Metadata.Name for resource in page.resources}
            found = [node for node in self._member.nodes if node.uuid in uuids]
        if not found:
            raise Refused("no matching hosts", code=ErrorCode.NOT_FOUND)
        if len(found) > 1:
            raise Refused(_AMBIGUOUS, code=ErrorCode.AMBIGUOUS)
        return auth.ResolveSSHTargetResponse(server=messages.node_message(found[0]))

    async def get_node(
        self, asked: types_pb2.ResourceInNamespaceRequest, _caller: Identity
    ) -> types_pb2.ServerV2:
        """Describe the node with a UUID."""
        for node in self._member.nodes:
            if node.uuid == asked.Name:
                return messages.node_message(node)
        message = f'node "{asked.Name}" is not found'
        raise Refused(message, code=ErrorCode.NOT_FOUND)

    async def get_ssh_targets(
        self, asked: auth.GetSSHTargetsRequest, _caller: Identity
    ) -> auth.GetSSHTargetsResponse:
        """Give every node that a host name may mean."""
        servers = [messages.node_message(node) for node in self._nodes_called(asked.Host)]
        return auth.GetSSHTargetsResponse(Servers=servers)

    async def get_active_session_trackers(
        self, _asked: Empty, _caller: Identity
    ) -> AsyncIterator[types_pb2.SessionTrackerV1]:
        """List what runs on the nodes now."""
        end = self._config.clock.now() + _TRACKER_LIFE
        for session in self._config.active.in_cluster(self._member.name):
            room = self._config.active.room(session.id)
            yield messages.tracker_message(session, end, room)

    async def get_session_tracker(
        self, asked: auth.GetSessionTrackerRequest, _caller: Identity
    ) -> types_pb2.SessionTrackerV1:
        """Describe one session."""
        active = self._config.active
        found = active.get(self._member.name, asked.SessionID)
        if found is None:
            message = f'session tracker "{asked.SessionID}" is not found'
            raise Refused(message, code=ErrorCode.NOT_FOUND)
        end = self._config.clock.now() + _TRACKER_LIFE
        return messages.tracker_message(found, end, active.room(found.id))

    async def get_session_events(
        self, asked: auth.GetSessionEventsRequest, _caller: Identity
    ) -> auth.Events:
        """List the recordings, the newest first, in pages."""
        start = travelling.moment(asked.StartDate)
        end = travelling.moment(asked.EndDate)
        found = self._config.active.recordings.ended(self._member.name, start, end)
        at = travelling.place(asked.StartKey)
        limit = max(asked.Limit, 1)
        more = str(at + limit) if at + limit < len(found) else ""
        return auth.Events(Items=found[at : at + limit], LastKey=more)

    async def stream_session_events(
        self, asked: auth.StreamSessionEventsRequest, _caller: Identity
    ) -> AsyncIterator[events.OneOf]:
        """Give what happened in a session, from an event on."""
        found = self._config.active.recordings.events_of(self._member.name, asked.SessionID)
        if found is None:
            message = f"a recording for session {asked.SessionID} was not found"
            raise Refused(message, code=ErrorCode.NOT_FOUND)
        for event in found[max(asked.StartIndex, 0) :]:
            yield event

    def _nodes_called(self, host: str) -> list[DemoNode]:
        return [node for node in self._member.nodes if host in {node.uuid, node.hostname}]

    def _pinned(self, caller: Identity) -> auth.ListUnifiedResourcesResponse:
        kept = self._config.preferences.get(caller.user, preferences.UserPreferences())
        pinned = set(kept.cluster_preferences.pinned_resources.resource_ids)
        query = listing.Query(kinds=listing.UNIFIED_KINDS, labels={}, roles=caller.roles, asks=True)
        every = listing.list_page(self._member, query, _logins_of(caller))
        chosen = [one for one in every.resources if listing.key_of(one) in pinned]
        return auth.ListUnifiedResourcesResponse(Resources=chosen)


def _logins_of(caller: Identity) -> tuple[str, ...]:
    """The logins of a caller, also those that a granted request brought."""
    return tuple(login for login in caller.logins if not login.startswith("-teleport-"))
