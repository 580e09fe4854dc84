"""A local proxy to Kubernetes clusters for as long as a command runs, with its kubeconfig."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from teleterm.client import kube_entries, kubeconfig
from teleterm.client.keystore import ResourceFolder
from teleterm.client.kube_entries import KubeTarget
from teleterm.model.errors import TeletermError
from teleterm.tsh import fatal, tunnel
from teleterm.tsh.context import Context

if TYPE_CHECKING:
    from teleterm.client.alpn_proxy import ClientCert
    from teleterm.client.certs import IssuedCerts
    from teleterm.client.cluster import ClusterClient
    from teleterm.client.kube_proxy import KubeRoute, KubeWay

_PATH = "TELEPORT_KUBECONFIG"


class KubeTunnel:
    """Listens from `start` to `close`; `path` is where the kubeconfig is meanwhile."""

    def __init__(
        self,
        client: "ClusterClient",
        context: Context,
        targets: Sequence[KubeTarget],
        original: kubeconfig.KubeConfig,
    ) -> None:
        from teleterm.client import local_authority
        from teleterm.client.kube_proxy import KubeProxy, KubeRoute

        self._client = client
        self._context = context
        self._targets = tuple(targets)
        self._original = original
        clusters = {target.teleport_cluster for target in targets}
        self._pairs = {name: local_authority.make(name, context.clock) for name in clusters}
        routes = [KubeRoute(cluster=one.teleport_cluster, name=one.name) for one in targets]
        self._certificates = {
            route: tunnel.Certificates(self._issuer(route), context.clock) for route in routes
        }
        self._proxy = KubeProxy(
            routes, self._pairs, self._way, obtain=self._obtain, failed=_complain
        )
        self.path = Path()

    async def start(self, host: str, port: int) -> int:
        """Get the certificates, listen, and write the kubeconfig. Gives the port."""
        for one in self._certificates.values():
            await one.get()
        got = await self._proxy.start(host, port)
        self.path = self._place(got)
        access = kube_entries.LocalAccess(
            url=f"http://127.0.0.1:{got}",
            server=kube_entries.server_of(self._client.profile),
            pairs=self._pairs,
        )
        template = self._context.parsed.text("set-context-name")
        config = kube_entries.of_proxy(self._original, access, self._targets, template)
        await asyncio.to_thread(kubeconfig.save, self.path, config)
        return got

    async def close(self) -> None:
        """Stop listening; the kubeconfig goes."""
        await self._proxy.close()
        if self.path != Path():
            await asyncio.to_thread(self.path.unlink, missing_ok=True)

    def _place(self, port: int) -> Path:
        chosen = self._context.environ.get(_PATH, "")
        if chosen:
            return Path(chosen)
        profile = self._client.profile
        paths = self._client.store.keys.paths(profile.name, profile.user)
        folder = paths.resources(ResourceFolder.KUBE, self._client.cluster)
        return folder / f"localproxy-{port}-kubeconfig"

    def _issuer(self, route: "KubeRoute") -> "tunnel.Issue":
        async def issue() -> "IssuedCerts":
            return await self._client.issue_kube(route.name, cluster=route.cluster, proxy=True)

        return issue

    async def _obtain(self, route: "KubeRoute") -> "ClientCert":
        return await self._certificates[route].get()

    def _way(self) -> "KubeWay":
        from teleterm.client.kube_proxy import KubeWay

        client = self._client
        known = [one for one in client.authorities() if one.name == client.root]
        return KubeWay(
            profile=client.profile,
            root=client.root,
            authorities=[pem for one in known for pem in one.tls_pems],
            options=client.options,
        )


def _complain(route: "KubeRoute", error: TeletermError) -> None:
    fatal.show(fatal.words(error))
