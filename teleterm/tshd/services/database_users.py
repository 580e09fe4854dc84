"""Which names a user may connect to a database as, worked out from the roles.

Source: terminal_service.md 10.4, ListDatabaseUsers; connections.md 2.
"""

from teleterm.client.database_access import ANY, allowed
from teleterm.model.uri import ResourceUri
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.labels import merged
from teleterm.tshd.services.resources import Resources


class DatabaseUsers:
    """Asks the cluster for the database and the roles."""

    def __init__(self, connections: Connections, resources: Resources) -> None:
        self._connections = connections
        self._resources = resources

    async def of(self, uri: ResourceUri) -> list[str]:
        """The names that are listed one by one; `*` stands for any and is left out."""
        database = await self._resources.database(uri)
        labels = merged(database.Metadata.Labels, database.Spec.DynamicLabels)
        async with self._connections.client(uri.cluster) as client:
            server = await client.auth(uri.cluster.leaf or client.root)
            access = allowed(await server.current_roles(), client.identity.traits, labels)
        return [name for name in access.users if name != ANY]
