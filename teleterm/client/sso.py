"""Logging in by a browser: the identity provider's page, and the answer to a listener here.

The answer is sealed with a key that only this program and the cluster know, so that another
program on this computer that sees the address learns nothing. Source: cluster-login.md 4.1.
"""

import asyncio
import base64
import binascii
import json
import secrets
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from teleterm.client.discovery import ProxyInfo
from teleterm.client.login import LoginResult, Terms, save_login
from teleterm.client.login_messages import key_fields, login_error
from teleterm.client.net import NetOptions
from teleterm.client.profile import join_address, split_address
from teleterm.client.store import ProfileStore
from teleterm.client.version import CLIENT_VERSION
from teleterm.client.webapi import WebApi
from teleterm.model.errors import BadInput, ErrorCode, PeerBroke, Refused, Unreachable

TIMEOUT_S = 180.0
_KINDS = ("github", "oidc", "saml")
_LOOPBACK = "127.0.0.1"
_MAX_HEAD = 64 * 1024
_READ_S = 30.0
_SUCCESS, _FAILURE = "/web/msg/info/login_success", "/web/msg/error/login"
_HEADERS = "Allow: GET, OPTIONS, POST\r\nAccess-Control-Allow-Origin: *\r\n"
OpenPage = Callable[[str], None]


class Redirector:
    """The listener that the browser comes back to; use as `async with`.

    `bind_addr` is host:port to listen on instead of a free port here; `callback` the address that
    the browser shall use for it, when it runs elsewhere.
    """

    def __init__(self, web_addr: str, *, bind_addr: str = "", callback: str = "") -> None:
        self._web_addr = web_addr
        self._bind_addr = bind_addr
        self._callback = callback.rstrip("/")
        self._key = secrets.token_bytes(32)
        self._path = f"/{uuid.uuid4()}"
        self._server: asyncio.Server | None = None
        self._target, self._form = "", b""
        self._answer: asyncio.Future[dict[str, object]] | None = None

    async def __aenter__(self) -> "Redirector":
        host, port = split_address(self._bind_addr) if self._bind_addr else (_LOOPBACK, 0)
        self._answer = asyncio.get_running_loop().create_future()
        try:
            self._server = await asyncio.start_server(self._serve, host, port, limit=_MAX_HEAD)
        except OSError as error:
            raise Unreachable(
                f"could not bind to {self._bind_addr}, make sure the address is host:port format "
                "for ipv4 and [ipv6]:port format for ipv6, and the address is not in use",
                code=ErrorCode.PORT_IN_USE,
                details=str(error),
            ) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()

    @property
    def base_url(self) -> str:
        """Where the browser reaches the listener."""
        if self._callback:
            scheme = "" if "://" in self._callback else "https://"
            return f"{scheme}{self._callback}"
        if self._server is None:
            raise RuntimeError("use `async with`")
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{join_address(host, port)}"

    @property
    def callback_url(self) -> str:
        """What the cluster is told to send the browser back to."""
        return f"{self.base_url}/callback?secret_key={self._key.hex()}"

    def page(self, target: str, form: bytes = b"") -> str:
        """The short address to open: it leads to `target`, or shows the provider's `form`."""
        self._target, self._form = target, form
        return self.base_url + self._path

    async def answer(self, timeout_s: float = TIMEOUT_S) -> dict[str, object]:
        """What the cluster sent back through the browser.

        Raises: Refused when the provider or the cluster said no; Unreachable when nobody came.
        """
        if self._answer is None:
            raise RuntimeError("use `async with`")
        try:
            return await asyncio.wait_for(self._answer, timeout_s)
        except TimeoutError:
            raise Unreachable(
                "timed out waiting for callback",
                hint="Try again, and finish in the browser within three minutes.",
            ) from None

    # ---- the listener ----

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            try:
                async with asyncio.timeout(_READ_S):
                    head = await reader.readuntil(b"\r\n\r\n")
                    writer.write(self._respond(head.decode("latin-1").partition("\r\n")[0]))
                    await writer.drain()
            except TimeoutError:
                pass
        writer.close()

    def _respond(self, request_line: str) -> bytes:
        words = request_line.split(" ")
        if len(words) != 3:
            return _reply("400 Bad Request")
        method, target = words[0], urlsplit(words[1])
        if target.path == self._path and method == "GET":
            if self._form:
                return _reply("200 OK", "Content-Type: text/html; charset=utf-8\r\n", self._form)
            return _reply("302 Found", f"Location: {self._target}\r\n")
        if target.path != "/callback":
            return _reply("404 Not Found")
        if method == "OPTIONS":
            return _reply("200 OK", _HEADERS)
        if method not in {"GET", "POST"}:
            return _reply("405 Method Not Allowed", _HEADERS)
        page = self._take(parse_qs(target.query))
        return _reply("302 Found", f"{_HEADERS}Location: https://{self._web_addr}{page}\r\n")

    def _take(self, query: Mapping[str, list[str]]) -> str:
        """Take what the browser brings; gives the page to show."""
        failure = next(iter(query.get("err", [])), "")
        sealed = next(iter(query.get("response", [])), "")
        future = self._answer
        if future is None or future.done():
            return _FAILURE
        if failure:
            future.set_exception(
                Refused(failure, hint="See what the provider says, and try again.")
            )
            return _FAILURE
        try:
            future.set_result(unseal(self._key, sealed))
        except PeerBroke as error:
            future.set_exception(error)
            return _FAILURE
        return _SUCCESS


async def log_in(
    store: ProfileStore,
    info: ProxyInfo,
    *,
    redirector: Redirector,
    open_page: OpenPage,
    options: NetOptions,
    terms: Terms,
) -> LoginResult:
    """Log in at the identity provider of the connector that `info` describes.

    `open_page` gets the address to open; it is called once.
    Raises: Refused, Unreachable, PeerBroke.
    """
    kind = info.auth.type
    if kind not in _KINDS:
        raise BadInput(f'"{kind}" is no way to log in by a browser.', field="auth", value=kind)
    keys = await asyncio.to_thread(terms.keys, info)
    async with redirector:
        body: dict[str, object] = {
            "redirect_url": redirector.callback_url,
            **key_fields(keys),
            "cert_ttl": terms.ttl_ns(info),
            "connector_id": info.auth.connector_name,
            "RouteToCluster": terms.cluster,
            "KubernetesCluster": "",
            "PKCEVerifier": secrets.token_urlsafe(32),
            "client_version": CLIENT_VERSION,
        }
        async with WebApi(info.web_addr, options) as web:
            try:
                begun = await web.post(f"/webapi/{kind}/login/console", body)
            except (Refused, BadInput) as error:
                raise login_error(error, with_code=False) from error
        open_page(redirector.page(*_where(begun)))
        reply = await redirector.answer()
    return await save_login(store, info, reply, keys, options=options, terms=terms)


def _where(begun: Mapping[str, object]) -> tuple[str, bytes]:
    """The provider's address, or the form that leads there."""
    url, form = begun.get("redirect_url"), begun.get("post_form")
    page = b""
    if isinstance(form, str) and form:
        with suppress(binascii.Error):
            page = base64.b64decode(form)
    target = url if isinstance(url, str) else ""
    if not page and urlsplit(target).scheme not in {"http", "https"}:
        raise PeerBroke("The cluster named no page to log in on.")
    if any(ord(letter) <= ord(" ") for letter in target):
        raise PeerBroke("The cluster named a page whose address is none.")
    return target, page


def unseal(key: bytes, text: str) -> dict[str, object]:
    """The login's reply in what the browser brought.

    Raises: PeerBroke when it wasn't sealed with our key.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        box = json.loads(text)
        nonce, sealed = base64.b64decode(box["nonce"]), base64.b64decode(box["ciphertext"])
        found: object = json.loads(AESGCM(key).decrypt(nonce, sealed, None))
    except (InvalidTag, KeyError, TypeError, ValueError, RecursionError) as error:
        raise PeerBroke("The answer to the login can't be read.", details=repr(error)) from error
    if not isinstance(found, dict):
        raise PeerBroke("The answer to the login can't be read.")
    return found


def _reply(status: str, headers: str = "", body: bytes = b"") -> bytes:
    head = f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode("latin-1", "replace") + body
