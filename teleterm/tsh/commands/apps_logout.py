"""`tsh apps logout`: ends the session of an application, or of all, and deletes its certificate."""

import sys
from typing import TYPE_CHECKING

from teleterm.client.keystore import ResourceFolder
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.tsh import applications
from teleterm.tsh import context as contexts
from teleterm.tsh.grammar import Parsed
from teleterm.wire import tls_identity, x509

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.client.keystore import ResourceFiles


def run(parsed: Parsed) -> int:
    """End them and say so."""
    context = contexts.start(parsed)
    name = parsed.text("app")

    async def work(client: "ClusterClient") -> str:
        names = [one.name for one in applications.active(client) if name in {"", one.name}]
        if name and not names:
            client.store.keys.delete_resource(_files(client, name))
            raise BadInput(f'not logged into app "{name}"', field="app", value=name)
        for one in names:
            await _end(client, one)
        if not name:
            client.store.keys.delete_resources(
                ResourceFolder.APP, client.profile.name, client.profile.user, client.cluster
            )
        return f'Logged out of app "{names[0]}"\n' if len(names) == 1 else _ALL

    sys.stdout.write(contexts.wait(context.with_cluster(work)))
    return 0


_ALL = "Logged out of all apps\n"


async def _end(client: "ClusterClient", name: str) -> None:
    """End a session on the cluster too; one that is gone there already is no failure."""
    files = _files(client, name)
    pair = client.store.keys.resource_pair(files)
    if pair is not None:
        session = tls_identity.decode(x509.parse_pem(pair[1]).subject).app_session_id
        try:
            await (await client.root_auth()).delete_app_session(session)
        except Refused as error:
            if error.code is not ErrorCode.NOT_FOUND:
                raise
    client.store.keys.delete_resource(files)


def _files(client: "ClusterClient", name: str) -> "ResourceFiles":
    profile = client.profile
    return client.store.keys.resource_files(
        ResourceFolder.APP, profile.name, profile.user, client.cluster, name
    )
