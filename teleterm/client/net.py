"""Opening connections: TCP and TLS, through an HTTP proxy if one is set, errors in words."""

import asyncio
import os
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from teleterm.client import race
from teleterm.client.profile import join_address, split_address
from teleterm.client.tls_errors import explain
from teleterm.model.errors import BadInput

P = TypeVar("P", bound=asyncio.BaseProtocol)
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetOptions:
    """How connections are made.

    `insecure` switches off the check of the web certificate (never that of cluster authorities).
    `environ` is where SSL_CERT_FILE, HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read.
    """

    insecure: bool = False
    timeout_s: float = 30.0
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))


async def open_plain(
    factory: Callable[[], P], address: str, options: NetOptions
) -> tuple[asyncio.BaseTransport, P]:
    """Open a TCP connection.

    Raises: Unreachable.
    """
    return await _open(factory, address, options, context=None, server_name=None)


async def open_tls(
    factory: Callable[[], P],
    address: str,
    options: NetOptions,
    *,
    context: ssl.SSLContext,
    server_name: str,
    upgraded: bool = False,
) -> tuple[asyncio.BaseTransport, P]:
    """Open a TLS connection; `server_name` is both sent and checked.

    `upgraded` leads it through a WebSocket, for a proxy behind a load balancer (see `upgrade`).

    Raises: Unreachable; Refused (UNTRUSTED, CLOCK, NEEDS_LOGIN); PeerBroke when nobody speaks TLS.
    """
    if upgraded:
        return await _open_upgraded(factory, address, options, context, server_name)
    return await _open(factory, address, options, context=context, server_name=server_name)


async def _open_upgraded(
    factory: Callable[[], P],
    address: str,
    options: NetOptions,
    context: ssl.SSLContext,
    server_name: str,
) -> tuple[asyncio.BaseTransport, P]:
    from teleterm.client import upgrade

    tunnel = await upgrade.dial(address, options)
    try:
        async with asyncio.timeout(options.timeout_s):
            return await asyncio.get_running_loop().create_connection(
                factory, sock=tunnel, ssl=context, server_hostname=server_name
            )
    except (OSError, TimeoutError) as error:
        raise explain(error, address, timeout_s=options.timeout_s) from error


async def _open(
    factory: Callable[[], P],
    address: str,
    options: NetOptions,
    *,
    context: ssl.SSLContext | None,
    server_name: str | None,
) -> tuple[asyncio.BaseTransport, P]:
    host, port = split_address(address)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(options.timeout_s):
            way = await _through_proxy(join_address(host, port), options)
            return await loop.create_connection(
                factory,
                sock=way or await race.connect(host, port),
                ssl=context,
                server_hostname=server_name,
            )
    except (OSError, TimeoutError) as error:
        raise explain(error, address, timeout_s=options.timeout_s) from error
    except UnicodeError as error:  # "." or a label of 64 letters
        raise BadInput(
            f'"{address}" is no address of a computer.', field="address", value=address
        ) from error


def is_proxy_set(environ: Mapping[str, str]) -> bool:
    """Whether the environment names a proxy for any connection."""
    return any(environ.get(name) or environ.get(name.lower()) for name in _PROXIES)


async def _through_proxy(address: str, options: NetOptions) -> socket.socket | None:
    if not is_proxy_set(options.environ):
        return None
    from teleterm.client import http_proxy

    proxy = http_proxy.find(address, options.environ)
    if proxy is None:
        return None
    return await http_proxy.open_tunnel(
        proxy, address, options.environ, timeout_s=options.timeout_s
    )
