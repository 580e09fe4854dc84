"""A local port that leads to Kubernetes clusters behind the cluster's proxy.

kubectl comes through a plain CONNECT and then speaks TLS with a certificate of ours; the name it
asks for there says which Kubernetes cluster it means. That TLS ends here, and another begins, with
that cluster's certificate. Source: connections.md 3.3; terminal_service.md 11.3.
"""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from teleterm.client.alpn_proxy import ClientCert
from teleterm.client.joint import End, join
from teleterm.client.kube_http import ACCEPTED, ConnectRequest, Refusal
from teleterm.client.listener import Listener
from teleterm.client.local_authority import LocalPair
from teleterm.client.net import NetOptions, open_tls
from teleterm.client.profile import Profile
from teleterm.client.trust import cluster_context, show_certificate
from teleterm.model.errors import TeletermError
from teleterm.osutil.tasks import spawn
from teleterm.wire import alpn

_log = logging.getLogger("teleterm.client.kube_proxy")
_HANDSHAKE_S = 10.0
PATIENCE_S = 3.0
WAITING = "The local proxy waits for an answer of the user."


@dataclass(frozen=True, slots=True, kw_only=True)
class KubeRoute:
    """A Kubernetes cluster: of which cluster, and its name there."""

    cluster: str
    name: str

    @property
    def server_name(self) -> str:
        """A host name that holds any name of a Kubernetes cluster."""
        return f"{self.name.encode().hex()}.{self.cluster}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KubeWay:
    """How the API behind the proxy is reached; `authorities` (PEM) are those of the root."""

    profile: Profile
    root: str
    authorities: Sequence[bytes]
    options: NetOptions


Obtain = Callable[[KubeRoute], Awaitable[ClientCert]]
Failed = Callable[[KubeRoute, TeletermError], None]


class KubeProxy:
    """Listens from `start` to `close`; `pairs` are the local certificates by cluster.

    `obtain` gives the certificate for each connection that comes in; `failed` hears of those that
    got nowhere.
    """

    def __init__(
        self,
        routes: Sequence[KubeRoute],
        pairs: Mapping[str, LocalPair],
        way: Callable[[], KubeWay],
        *,
        obtain: Obtain,
        failed: Failed,
    ) -> None:
        self._routes = {route.server_name: route for route in routes}
        self._way = way
        self._obtain = obtain
        self._failed = failed
        self._listener = Listener()
        self._asked: WeakKeyDictionary[ssl.SSLObject | ssl.SSLSocket, str] = WeakKeyDictionary()
        self._contexts = {cluster: self._context(pair) for cluster, pair in pairs.items()}

    async def start(self, host: str, port: int) -> int:
        """Begin to listen; port 0 takes a free one. Gives the port.

        Raises: BadInput (PORT_IN_USE).
        """
        return await self._listener.start(self._accept, host, port)

    async def close(self) -> None:
        """Stop listening and close every connection."""
        await self._listener.close()

    def _accept(self) -> ConnectRequest:
        request = ConnectRequest()
        self._listener.serve(self._serve(request), name="kubernetes proxy connection")
        return request

    async def _serve(self, request: ConnectRequest) -> None:
        is_connect = await request.asked
        plain = request.transport
        if not is_connect or plain is None:
            return
        near = End()
        try:
            route = await self._secure(plain, near)
        except (OSError, ssl.SSLError, TimeoutError) as error:
            _log.info("a client was refused: %s", error)
            plain.abort()
            return
        self._listener.ends.add(near)
        try:
            await self._serve_route(near, route)
        finally:
            near.close()
            self._listener.ends.discard(near)

    async def _secure(self, plain: asyncio.Transport, near: End) -> KubeRoute:
        """Speak TLS with the client; gives the Kubernetes cluster it asked for."""
        plain.write(ACCEPTED)
        first = next(iter(self._contexts.values()))
        secure = await asyncio.get_running_loop().start_tls(
            plain, near, first, server_side=True, ssl_handshake_timeout=_HANDSHAKE_S
        )
        if secure is None:
            raise ConnectionAbortedError("the client went away")
        near.connection_made(secure)
        route = self._routes.get(self._asked.pop(secure.get_extra_info("ssl_object"), ""))
        if route is None:
            secure.abort()
            raise ConnectionRefusedError("it asked for a Kubernetes cluster that isn't served")
        return route

    async def _serve_route(self, near: End, route: KubeRoute) -> None:
        reaching = spawn(self._reach(route), name=f"reach {route.name}")
        done, _ = await asyncio.wait({reaching}, timeout=PATIENCE_S)
        if not done:
            reaching.add_done_callback(_hang_up)
            await self._refuse(near, WAITING)
            return
        try:
            far = reaching.result()
        except TeletermError as error:
            _log.warning("a connection to %s failed: %s", route.name, error)
            self._failed(route, error)
            await self._refuse(near, error.message)
            return
        self._listener.ends.add(far)
        try:
            join(near, far)
            await asyncio.wait([near.ended, far.ended])
        finally:
            far.close()
            self._listener.ends.discard(far)

    async def _refuse(self, near: End, message: str) -> None:
        near.start(Refusal(near, message))
        await asyncio.wait([near.ended], timeout=_HANDSHAKE_S)

    async def _reach(self, route: KubeRoute) -> End:
        """A connection to the cluster's API through the proxy."""
        cert = await self._obtain(route)
        way = self._way()
        profile = way.profile
        context = cluster_context(way.authorities, [alpn.HTTP_1], cluster=way.root)
        show_certificate(context, cert.key, cert.certificate)
        _, far = await open_tls(
            End,
            profile.kube_proxy_addr or profile.web_proxy_addr,
            way.options,
            context=context,
            server_name=alpn.kube_server_name(profile.name),
            upgraded=profile.tls_routing_conn_upgrade_required,
        )
        return far

    def _context(self, pair: LocalPair) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=pair.certificate.decode("ascii"))
        context.set_alpn_protocols([alpn.HTTP_1])
        show_certificate(context, pair.key, pair.certificate)
        context.sni_callback = self._choose
        return context

    def _choose(
        self, connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext
    ) -> int | None:
        """Note which name a client asks for, and show it the certificate of that cluster."""
        route = self._routes.get(name or "")
        if route is None:
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        self._asked[connection] = route.server_name
        connection.context = self._contexts[route.cluster]
        return None


def _hang_up(reaching: asyncio.Task[End]) -> None:
    """Nobody waits for that connection any more; the certificate is kept for the next."""
    if not reaching.cancelled() and reaching.exception() is None:
        reaching.result().abort()
