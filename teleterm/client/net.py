"""Opening connections: TCP and TLS, through an HTTP proxy if one is set, errors in words."""

import asyncio
import base64
import os
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from teleterm.client.profile import join_address, split_address
from teleterm.client.tls_errors import explain
from teleterm.model.errors import BadInput, PeerBroke, Unreachable

P = TypeVar("P", bound=asyncio.BaseProtocol)
_HAPPY_EYEBALLS_S = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class NetOptions:
    """How connections are made.

    `insecure` switches off the check of the web certificate (never that of cluster authorities).
    `environ` is where SSL_CERT_FILE, HTTPS_PROXY and NO_PROXY are read.
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
            proxy = proxy_for(host, options.environ)
            if proxy:
                tunnel = await _tunnel(proxy, host, port)
                return await loop.create_connection(
                    factory, sock=tunnel, ssl=context, server_hostname=server_name
                )
            return await loop.create_connection(
                factory,
                host,
                port,
                ssl=context,
                server_hostname=server_name,
                happy_eyeballs_delay=_HAPPY_EYEBALLS_S,
            )
    except (OSError, TimeoutError) as error:
        raise explain(error, address, timeout_s=options.timeout_s) from error
    except UnicodeError as error:  # "." or a label of 64 letters
        raise BadInput(
            f'"{address}" is no address of a computer.', field="address", value=address
        ) from error


def proxy_for(host: str, environ: Mapping[str, str]) -> str:
    """The HTTP proxy to go through to reach `host`; empty for none.

    This computer is always reached directly, and so is what NO_PROXY names: a host, a domain with
    its subdomains, `*`.
    """
    proxy = environ.get("HTTPS_PROXY") or environ.get("https_proxy") or ""
    if not proxy or host in {"localhost", "::1"} or host.startswith("127."):
        return ""
    excluded = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
    for entry in excluded.split(","):
        name = entry.strip().lower().lstrip(".")
        if name == "*" or (name and (host.lower() == name or host.lower().endswith("." + name))):
            return ""
    return proxy if "://" in proxy else f"http://{proxy}"


async def _tunnel(proxy: str, host: str, port: int) -> socket.socket:
    """A socket to `host` through an HTTP proxy."""
    parts = urlsplit(proxy)
    if parts.scheme != "http" or not parts.hostname:
        raise Unreachable(
            f"The proxy {parts.hostname or proxy} can't be used: only http:// proxies are known.",
            hint="Correct HTTPS_PROXY.",
        )
    loop = asyncio.get_running_loop()
    infos = await loop.getaddrinfo(parts.hostname, parts.port or 8080, type=socket.SOCK_STREAM)
    family, kind, number, _, place = infos[0]
    tunnel = socket.socket(family, kind, number)
    tunnel.setblocking(False)
    try:
        await loop.sock_connect(tunnel, place)
        target = join_address(host, port)
        request = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"
        if parts.username:
            user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            request += f"Proxy-Authorization: Basic {base64.b64encode(user.encode()).decode()}\r\n"
        await loop.sock_sendall(tunnel, f"{request}\r\n".encode())
        await _read_tunnel_reply(tunnel, parts.hostname)
    except BaseException:
        tunnel.close()
        raise
    return tunnel


async def _read_tunnel_reply(tunnel: socket.socket, proxy_host: str) -> None:
    loop = asyncio.get_running_loop()
    reply = b""
    while not reply.endswith(b"\r\n\r\n"):
        # one byte at a time: what follows the reply is not ours to read
        byte = await loop.sock_recv(tunnel, 1)
        if not byte or len(reply) > 65536:
            raise PeerBroke(f"The proxy {proxy_host} gave no answer that HTTP knows.")
        reply += byte
    status = reply.split(b"\r\n", 1)[0].decode("latin-1")
    if " 200" not in status:
        raise Unreachable(f"The proxy {proxy_host} did not open a connection.", details=status)
