"""What clusters say of the client tools they want. Source: terminal_service.md 17."""

import asyncio
from collections.abc import Mapping

from teleterm.client import discovery
from teleterm.client.net import NetOptions
from teleterm.client.profile import Profile
from teleterm.model.errors import BadInput, TeletermError
from teleterm.model.uri import ClusterUri
from teleterm.protogen.teleport.lib.teleterm.auto_update.v1 import (
    auto_update_service_pb2 as pb,
)
from teleterm.tshd.services.connections import Connections

AT_ONCE = 10
LIMIT_S = 5.0
BASE_URL = "TELEPORT_CDN_BASE_URL"


class Updates:
    """Asks the proxies of all profiles; no login is needed."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def versions(self) -> pb.GetClusterVersionsResponse:
        """Which clusters answer, with what they want, and which don't, with why."""
        gate = asyncio.Semaphore(AT_ONCE)
        found = self._connections.store.profiles().profiles
        answers = await asyncio.gather(*(self._ask(profile, gate) for profile in found))
        response = pb.GetClusterVersionsResponse()
        for answer in answers:
            if isinstance(answer, pb.ClusterVersionInfo):
                response.reachable_clusters.append(answer)
            else:
                response.unreachable_clusters.append(answer)
        return response

    async def _ask(
        self, profile: Profile, gate: asyncio.Semaphore
    ) -> pb.ClusterVersionInfo | pb.UnreachableCluster:
        uri = str(ClusterUri(profile=profile.name))
        base = self._connections.options
        options = NetOptions(insecure=base.insecure, timeout_s=LIMIT_S, environ=base.environ)
        try:
            async with gate, asyncio.timeout(LIMIT_S):
                info = await discovery.ping(profile.web_proxy_addr, options)
        except TimeoutError:
            message = f"{profile.web_proxy_addr} did not answer in time."
            return pb.UnreachableCluster(cluster_uri=uri, error_message=message)
        except TeletermError as error:
            return pb.UnreachableCluster(cluster_uri=uri, error_message=error.message)
        wanted = info.raw.get("auto_update")
        tools: Mapping[object, object] = wanted if isinstance(wanted, dict) else {}
        version = tools.get("tools_version")
        return pb.ClusterVersionInfo(
            cluster_uri=uri,
            tools_auto_update=tools.get("tools_auto_update") is True,
            tools_version=version if isinstance(version, str) else "",
            min_tools_version=info.min_client_version,
        )

    def base_url(self) -> str:
        """Where the client tools are loaded from.

        Raises: BadInput when nobody said so: this program has no such place of its own.
        """
        url = self._connections.options.environ.get(BASE_URL, "")
        if not url:
            raise BadInput(
                f"Updates of the client tools are off. Set {BASE_URL} to load them from a place of"
                " your own.",
                field=BASE_URL,
            )
        return url
