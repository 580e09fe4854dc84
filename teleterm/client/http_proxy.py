"""HTTP proxies on the way to a cluster: whom they are for, and connections through them.

Source: RFC 9110 9.3.6 (CONNECT). Which hosts, and what NO_PROXY holds: as Go's `httpproxy` reads
it, which the official programs go by.
"""

import asyncio
import base64
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from teleterm.client import joint, race
from teleterm.client.profile import join_address, split_address
from teleterm.client.tls_errors import explain
from teleterm.model.errors import ErrorCode, PeerBroke, Refused, TeletermError, Unreachable

_PORTS = {"http": 80, "https": 443}
_MAX_HEAD = 1 << 16
_END, _HTTP = b"\r\n\r\n", b"HTTP/1."
_HINT = "Correct HTTPS_PROXY, or name the host in NO_PROXY."


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpProxy:
    """A proxy: its address, whether it speaks TLS, and who one is there (`user:password`)."""

    host: str
    port: int
    has_tls: bool = False
    credentials: str = ""

    @property
    def address(self) -> str:
        """Host and port."""
        return join_address(self.host, self.port)

    @property
    def url(self) -> str:
        """The address as libraries want it, without credentials."""
        return f"{'https' if self.has_tls else 'http'}://{self.address}"


def find(address: str, environ: Mapping[str, str]) -> HttpProxy | None:
    """The proxy to go through to reach `address` (host:port); None for none.

    This computer is always reached directly, and so is what NO_PROXY names: a host or a domain with
    its subdomains, `.domain` for these alone, an address, a range of addresses, each with a port if
    that matters, `*`.
    Raises: Unreachable for a proxy of another kind.
    """
    text = ""
    for name in ("HTTPS_PROXY", "HTTP_PROXY"):
        text = text or environ.get(name) or environ.get(name.lower()) or ""
    host, port = split_address(address)
    if not text or _is_here(host):
        return None
    excluded = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
    entries = [entry for part in excluded.split(",") if (entry := part.strip().lower())]
    if any(_excludes(entry, host.lower().rstrip("."), port) for entry in entries):
        return None
    return _parse(text)


def _is_here(host: str) -> bool:
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _excludes(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    address = _address(host)
    if "/" in entry:
        try:
            return address is not None and address in ipaddress.ip_network(entry, strict=False)
        except ValueError:
            return False
    name, wanted = split_address(entry)
    if wanted and wanted != port:
        return False
    excluded = _address(name)
    if excluded is not None:
        return excluded == address
    name = name.removeprefix("*")
    if not name:
        return False
    return host == name or host.endswith(name if name.startswith(".") else f".{name}")


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _parse(text: str) -> HttpProxy:
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        port = parts.port
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), None
    if parts.scheme not in _PORTS or not parts.hostname:
        shown = parts.hostname or text.rpartition("@")[2]
        raise Unreachable(
            f"The proxy {shown} can't be used: only http:// and https:// proxies are known.",
            hint=_HINT,
        )
    credentials = ""
    if parts.username is not None:
        credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return HttpProxy(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        has_tls=parts.scheme == "https",
        credentials=credentials,
    )


async def open_tunnel(
    proxy: HttpProxy, address: str, environ: Mapping[str, str], *, timeout_s: float
) -> socket.socket:
    """A socket that leads to `address` through the proxy.

    Raises: Unreachable, PeerBroke; Refused when the proxy wants a user, or shows a certificate that
            nobody trusts. They name the proxy.
    """
    try:
        async with asyncio.timeout(timeout_s):
            if proxy.has_tls:
                return await _through_tls(proxy, address, environ)
            return await _in_the_clear(proxy, address)
    except (OSError, TimeoutError) as error:
        raise _named(error, proxy, timeout_s) from error


async def _in_the_clear(proxy: HttpProxy, address: str) -> socket.socket:
    tunnel = await race.connect(proxy.host, proxy.port)
    try:
        await asyncio.get_running_loop().sock_sendall(tunnel, _request(proxy, address))
        check_answer(await _read_head(tunnel), proxy)
    except BaseException:
        tunnel.close()
        raise
    return tunnel


async def _read_head(tunnel: socket.socket) -> bytes:
    loop = asyncio.get_running_loop()
    head = b""
    while not head.endswith(_END) and len(head) < _MAX_HEAD:
        # one byte at a time: what follows the head is not ours to read
        byte = await loop.sock_recv(tunnel, 1)
        head += byte
        if not byte or not _may_be_http(head):
            return b""
    return head


def _may_be_http(head: bytes) -> bool:
    return head.startswith(_HTTP[: len(head)])


async def _through_tls(proxy: HttpProxy, address: str, environ: Mapping[str, str]) -> socket.socket:
    """A socket whose other end is joined to TLS with the proxy."""
    from teleterm.client.trust import web_context

    loop = asyncio.get_running_loop()
    context = web_context(environ, protocols=["http/1.1"])
    reached = await race.connect(proxy.host, proxy.port)
    _, asking = await loop.create_connection(
        _Asking, sock=reached, ssl=context, server_hostname=proxy.host
    )
    ours, theirs = socket.socketpair()
    try:
        ours.setblocking(False)
        theirs.setblocking(False)
        check_answer(await asking.ask(_request(proxy, address)), proxy)
        _, end = await loop.create_connection(joint.End, sock=ours)
    except BaseException:
        ours.close()
        theirs.close()
        await joint.abort_all([asking])
        raise
    joint.join(asking, end)
    return theirs


def _named(error: BaseException, proxy: HttpProxy, timeout_s: float) -> TeletermError:
    """The error for a proxy that can't be reached or trusted; others name it already."""
    if isinstance(error, TeletermError):
        return error
    found = explain(error, proxy.address, timeout_s=timeout_s)
    return type(found)(
        f"The proxy of HTTPS_PROXY can't be used. {found.message}",
        code=found.code,
        hint=_HINT,
        details=found.details,
    )


def _request(proxy: HttpProxy, address: str) -> bytes:
    request = f"CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n"
    if proxy.credentials:
        secret = base64.b64encode(proxy.credentials.encode()).decode("ascii")
        request += f"Proxy-Authorization: Basic {secret}\r\n"
    return f"{request}\r\n".encode()


def check_answer(head: bytes, proxy: HttpProxy) -> None:
    """Look at what the proxy answered.

    Raises: PeerBroke when that was no HTTP, Refused when it wants a user, Unreachable.
    """
    status = head.split(b"\r\n", 1)[0].decode("latin-1")
    version, _, rest = status.partition(" ")
    if not version.startswith("HTTP/1."):
        raise PeerBroke(f"The proxy {proxy.host} gave no answer that HTTP knows.", hint=_HINT)
    if rest.startswith("200"):
        return
    raise refusal(rest, proxy)


def refusal(status: str, proxy: HttpProxy) -> TeletermError:
    """The error for a proxy that answered with `status` (number and words)."""
    if status.startswith("407"):
        return Refused(
            f"The proxy {proxy.host} wants another user or password.",
            code=ErrorCode.DENIED,
            hint="Write them into HTTPS_PROXY: http://user:password@host:port.",
            details=status,
        )
    return Unreachable(
        f"The proxy {proxy.host} did not open a connection: it answered {status.strip()}.",
        hint=_HINT,
        details=status,
    )


class _Asking(joint.End):
    """The connection to the proxy: first the answer to CONNECT, then what it leads to."""

    def __init__(self) -> None:
        super().__init__()
        self._head: bytearray | None = bytearray()
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def ask(self, request: bytes) -> bytes:
        """Send the request; gives the head of the answer.

        Raises: PeerBroke when there is none, ConnectionError when the connection ends instead.
        """
        self.send(request)
        self.transport.resume_reading()
        return await self._answer

    def data_received(self, data: bytes) -> None:
        """Collect the head, then go on as any end does."""
        if self._head is None:
            super().data_received(data)
            return
        self._head += data
        head, end, rest = bytes(self._head).partition(_END)
        if not end and len(head) < _MAX_HEAD and _may_be_http(head[: len(_HTTP)]):
            return
        self._head = None
        self.transport.pause_reading()
        if not self._answer.done():
            self._answer.set_result(head if end else b"")  # no HTTP without an end
        if rest:
            super().data_received(rest)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits for the answer."""
        if not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("closed"))
        super().connection_lost(exc)
