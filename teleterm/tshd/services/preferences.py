"""The user's preferences, which the clusters keep. Source: terminal_service.md 16."""

import asyncio

from teleterm.model.uri import ClusterUri
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.userpreferences.v1 import service_pb2 as service
from teleterm.tshd.services.connections import Connections

_FIELDS = ("default_tab", "view_mode", "labels_view_mode", "available_resource_mode")


class Preferences:
    """How lists look (kept by the root) and what is pinned (kept by each cluster)."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def get(self, cluster: ClusterUri) -> pb.UserPreferences:
        """The preferences as they are."""
        async with self._connections.client(cluster) as client:
            root = await (await client.root_auth()).preferences()
            leaf = root
            if cluster.is_leaf:
                leaf = await (await client.auth(cluster.leaf)).preferences()
        return _merged(root, leaf)

    async def update(self, cluster: ClusterUri, wanted: pb.UserPreferences) -> pb.UserPreferences:
        """Change what `wanted` names; the rest stays as it is."""
        async with self._connections.client(cluster) as client:
            server = await client.root_auth()
            root = await server.preferences()
            place, leaf = server, root
            if cluster.is_leaf:
                place = await client.auth(cluster.leaf)
                leaf = await place.preferences()
            if wanted.HasField("unified_resource_preferences"):
                for name in _FIELDS:
                    value = getattr(wanted.unified_resource_preferences, name)
                    setattr(root.unified_resource_preferences, name, value)
            pins = wanted.cluster_preferences.pinned_resources
            if wanted.HasField("cluster_preferences"):
                kept = leaf.cluster_preferences.pinned_resources
                del kept.resource_ids[:]
                kept.resource_ids.extend(pins.resource_ids)
            writes = [server.upsert_preferences(root)]
            if cluster.is_leaf:
                writes.append(place.upsert_preferences(leaf))
            done = await asyncio.gather(*writes, return_exceptions=True)
        for result in done:
            if result is not None:
                raise result
        return _merged(root, leaf)


def _merged(root: service.UserPreferences, leaf: service.UserPreferences) -> pb.UserPreferences:
    return pb.UserPreferences(
        cluster_preferences=leaf.cluster_preferences,
        unified_resource_preferences=root.unified_resource_preferences,
    )
