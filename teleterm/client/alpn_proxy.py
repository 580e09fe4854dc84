"""A local port that leads to a resource behind the cluster's proxy.

Every connection is let through only after `before` agreed: that is where certificates are renewed
and second factors asked for. Source: connections.md 2.1, 2.4; cluster-login.md 2.3.
"""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from teleterm.client.joint import End, join
from teleterm.client.listener import Listener
from teleterm.client.net import NetOptions, open_tls
from teleterm.client.profile import Profile
from teleterm.client.trust import cluster_context, show_certificate, web_context
from teleterm.model.errors import BadInput, TeletermError
from teleterm.model.secret import Secret
from teleterm.wire import alpn

_log = logging.getLogger("teleterm.client.alpn_proxy")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyTarget:
    """Where connections go: the web port of the proxy and the ids that choose what is behind it.

    Where connections have to be `upgraded`, the cluster's own `authorities` (PEM) vouch for it.
    """

    web_addr: str
    server_name: str
    protocols: tuple[str, ...]
    options: NetOptions
    upgraded: bool = False
    authorities: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCert:
    """The certificate to show; without one, the local client speaks TLS with its own."""

    key: Secret[bytes]
    certificate: bytes


Before = Callable[[], Awaitable[ClientCert | None]]


class ProxyEvents(Protocol):
    """Told what happens; called in the event loop, in order, for each connection by number."""

    def opened(self, number: int) -> None:
        """A connection reached the resource."""

    def closed(self, number: int, *, up: int, down: int) -> None:
        """It ended; `up` and `down` are bytes from and to the local client."""

    def failed(self, error: TeletermError) -> None:
        """A local connection was closed because the resource couldn't be reached."""


class Silent:
    """Nobody listens."""

    def opened(self, number: int) -> None:
        """Do nothing."""

    def closed(self, number: int, *, up: int, down: int) -> None:
        """Do nothing."""

    def failed(self, error: TeletermError) -> None:
        """Do nothing."""


class LocalProxy:
    """Listens on a local port from `start` to `close`."""

    def __init__(
        self, target: ProxyTarget, *, before: Before, events: ProxyEvents | None = None
    ) -> None:
        self._target = target
        self._before = before
        self._events: ProxyEvents = events or Silent()
        self._listener = Listener()
        self._count = 0
        self._context: tuple[bytes, ssl.SSLContext] | None = None

    @property
    def port(self) -> int:
        """The port it listens on; 0 before `start` and after `close`."""
        return self._listener.port

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Begin to listen; port 0 takes a free one. Gives the port.

        Raises: BadInput (PORT_IN_USE).
        """
        return await self._listener.start(self._accept, host, port)

    async def close(self) -> None:
        """Stop listening and close every connection."""
        await self._listener.close()

    def _accept(self) -> End:
        near = End()
        self._listener.serve(self._serve(near), name="local proxy connection")
        return near

    async def _serve(self, near: End) -> None:
        await near.opened
        try:
            far = await self._reach()
        except TeletermError as error:
            _log.info("local connection closed: %s (%s)", error.message, error.details)
            near.abort()
            self._events.failed(error)
            return
        except BaseException:
            near.abort()
            raise
        self._count += 1
        number = self._count
        self._listener.ends |= {near, far}
        try:
            join(near, far)
            self._events.opened(number)
            await asyncio.wait([near.ended, far.ended])
        finally:
            near.close()
            far.close()
            self._listener.ends -= {near, far}
            self._events.closed(number, up=near.received, down=far.received)

    async def _reach(self) -> End:
        context = self._context_for(await self._before())
        target = self._target
        _, far = await open_tls(
            End,
            target.web_addr,
            target.options,
            context=context,
            server_name=target.server_name,
            upgraded=target.upgraded,
        )
        if alpn.is_ping(far.protocol()):
            far.frame()
        return far

    def _context_for(self, cert: ClientCert | None) -> ssl.SSLContext:
        """Settings that show `cert`; reading the computer's authorities anew takes 20 ms."""
        shown = cert.certificate if cert is not None else b""
        if self._context is not None and self._context[0] == shown:
            return self._context[1]
        target = self._target
        if target.upgraded:
            context = cluster_context(
                target.authorities, target.protocols, cluster=target.server_name
            )
        else:
            context = web_context(
                target.options.environ, insecure=target.options.insecure, protocols=target.protocols
            )
        if cert is not None:
            show_certificate(context, cert.key, cert.certificate)
        self._context = (shown, context)
        return context


def database_target(
    profile: Profile,
    protocol: str,
    options: NetOptions,
    *,
    mysql_version: str = "",
    authorities: Sequence[bytes] = (),
) -> ProxyTarget:
    """The way to a database of that protocol.

    Raises: BadInput for a protocol nobody knows.
    """
    protocols = alpn.database(protocol, mysql_version=mysql_version)
    if not protocols:
        raise BadInput(
            f'Databases of the kind "{protocol}" are not known.', field="protocol", value=protocol
        )
    return _target(profile, protocols, options, authorities)


def tcp_app_target(
    profile: Profile, options: NetOptions, authorities: Sequence[bytes] = ()
) -> ProxyTarget:
    """The way to an application that speaks plain TCP."""
    return _target(profile, alpn.with_ping(alpn.TCP), options, authorities)


def http_app_target(
    profile: Profile, options: NetOptions, authorities: Sequence[bytes] = ()
) -> ProxyTarget:
    """The way to an application that speaks HTTP."""
    return _target(profile, (alpn.HTTP_1,), options, authorities)


def _target(
    profile: Profile,
    protocols: tuple[str, ...],
    options: NetOptions,
    authorities: Sequence[bytes],
) -> ProxyTarget:
    return ProxyTarget(
        web_addr=profile.web_proxy_addr,
        server_name=profile.name,
        protocols=protocols,
        options=options,
        upgraded=profile.tls_routing_conn_upgrade_required,
        authorities=tuple(authorities),
    )
