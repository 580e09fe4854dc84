"""Which access requests a login has taken, and what they gave it."""

from typing import TYPE_CHECKING

from teleterm.bridge.views import AssumedView
from teleterm.model.errors import TeletermError

if TYPE_CHECKING:
    from teleterm.tshdclient.client import TerminalClient
    from teleterm.tshdclient.records import Cluster


async def of(client: "TerminalClient", root: "Cluster") -> tuple[AssumedView, ...]:
    """The requests that the certificates of a root cluster hold.

    One that can't be read any more (it was deleted, or is no business of this login) is still
    there, with its id alone: it can be dropped.
    """
    if not root.active_requests:
        return ()
    try:
        every = await client.access.all(root.uri)
        mine = [one for one in every if one.id in root.active_requests]
        known = {one.id: one for one in await client.access.named(root.uri, mine)}
    except TeletermError:
        known = {}
    found = []
    for ident in root.active_requests:
        one = known.get(ident)
        if one is None:
            found.append(AssumedView(id=ident))
        else:
            found.append(
                AssumedView(
                    id=ident, roles=one.roles, resources=one.resources, expires_at=one.expires_at
                )
            )
    return tuple(found)
