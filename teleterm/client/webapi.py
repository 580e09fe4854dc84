"""Requests to the proxy's web API: JSON in, JSON out, errors in words.

Never with a client certificate: the proxy would take the request for an application's.
Source: cluster-login.md 1.1, 1.6.
"""

import asyncio
import json
import ssl
import time
from dataclasses import replace

from teleterm.client.net import NetOptions
from teleterm.client.profile import join_address, split_address
from teleterm.client.tls_errors import HAS_EXPIRED, NOT_YET_VALID, clock_is_off, explain
from teleterm.client.trust import web_context
from teleterm.client.web_connection import WebConnection, ask_once
from teleterm.model.errors import (
    BadInput,
    ErrorCode,
    PeerBroke,
    Refused,
    TeletermError,
    Unreachable,
)
from teleterm.wire import alpn, http1

_CLOCK_SLACK_S = 120
_CLOCK_S = 5.0
_HEADERS = {"Accept": "application/json", "User-Agent": "teleterm"}


class WebApi:
    """Speaks to the web API of one proxy; closes its connections at the end of `async with`."""

    def __init__(self, web_addr: str, options: NetOptions) -> None:
        self._addr = web_addr
        self._options = options
        self._idle: list[WebConnection] = []
        self._context: ssl.SSLContext | None = None

    async def __aenter__(self) -> "WebApi":
        self._context = web_context(
            self._options.environ, insecure=self._options.insecure, protocols=[alpn.HTTP_1]
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        idle, self._idle = self._idle, []
        for connection in idle:
            await connection.close()

    async def get(self, path: str) -> dict[str, object]:
        """The JSON object at `path`."""
        return self._object(await self._send("GET", path, None))

    async def get_text(self, path: str) -> str:
        """The text at `path`."""
        return (await self._send("GET", path, None)).text

    async def post(
        self, path: str, body: dict[str, object], *, timeout_s: float | None = None
    ) -> dict[str, object]:
        """The JSON object that answers `body`."""
        return self._object(await self._send("POST", path, body, timeout_s=timeout_s))

    async def _send(
        self,
        method: str,
        path: str,
        body: dict[str, object] | None,
        *,
        timeout_s: float | None = None,
    ) -> http1.Answer:
        headers = dict(_HEADERS)
        data: bytes | None = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        request = http1.encode_request(method, path, _host_of(self._addr), headers, data)
        wait_s = timeout_s or self._options.timeout_s
        try:
            async with asyncio.timeout(wait_s):
                answer = await self._ask(request, may_repeat=method == "GET")
        except (OSError, TimeoutError) as error:
            raise explain(error, self._addr, timeout_s=wait_s) from error
        except http1.NotHttp as error:
            raise _no_proxy(self._addr, str(error)) from error
        except TeletermError as error:
            raise await self._explain(error) from error
        if answer.is_success:
            return answer
        raise error_of(answer.status, answer.text, self._addr)

    async def _ask(self, request: bytes, *, may_repeat: bool) -> http1.Answer:
        if self._context is None:
            raise RuntimeError("use `async with`")
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_open:
                continue
            try:
                return await self._use(connection, request)
            except ConnectionError:
                if not may_repeat:
                    raise
        return await self._use(
            await WebConnection.open(self._addr, self._options, self._context), request
        )

    async def _use(self, connection: WebConnection, request: bytes) -> http1.Answer:
        try:
            answer = await connection.ask(request)
        except BaseException:
            await connection.close()
            raise
        self._idle.append(connection)
        return answer

    def _object(self, answer: http1.Answer) -> dict[str, object]:
        try:
            found: object = json.loads(answer.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise _no_proxy(self._addr, answer.text[:200])
        return found

    async def _explain(self, error: TeletermError) -> TeletermError:
        cause = error.__cause__
        if isinstance(cause, ssl.SSLCertVerificationError) and cause.verify_code in {
            NOT_YET_VALID,
            HAS_EXPIRED,
        }:
            offset_s = await self._clock_offset_s()
            if abs(offset_s) > _CLOCK_SLACK_S:
                return clock_is_off(offset_s, str(cause))
        return error

    async def _clock_offset_s(self) -> float:
        """How far our clock is from the proxy's, by the Date of an answer; 0 when it can't be told.

        Nothing of the answer but its date is used, so that the certificate needn't be trusted.
        """
        from email.utils import parsedate_to_datetime

        context = web_context(self._options.environ, insecure=True, protocols=[alpn.HTTP_1])
        options = replace(self._options, insecure=True, timeout_s=_CLOCK_S)
        request = http1.encode_request("HEAD", "/webapi/find", _host_of(self._addr), _HEADERS)
        try:
            answer = await ask_once(self._addr, options, context, request)
            date = parsedate_to_datetime(answer.headers["date"])
        except (TeletermError, KeyError, ValueError):  # NotHttp is one of these
            return 0.0
        return time.time() - date.timestamp()


def _host_of(address: str) -> str:
    """The address as it stands in a request.

    Raises: BadInput for letters that no name of a computer has.
    """
    if address.isascii() and address.isprintable():
        return address
    host, port = split_address(address)
    try:
        return join_address(host.encode("idna").decode("ascii"), port)
    except UnicodeError as error:
        raise BadInput(
            f"{address} is no address: a host name can't have these letters.",
            field="address",
            value=address,
            details=str(error),
        ) from error


def _no_proxy(address: str, details: str) -> PeerBroke:
    return PeerBroke(f"{address} is no Teleport proxy.", hint="Check the address.", details=details)


def error_of(status: int, body: str, address: str) -> TeletermError:
    """The error in an answer that isn't a success.

    Source: cluster-login.md 1.6.
    """
    message = _error_message(body)
    details = f"HTTP {status}: {message or body[:200]}"
    text = _sentence(message) if message else f"{address} answered with an error (HTTP {status})."
    if status == 403:
        return Refused(text, details=details)
    if status == 404:
        return Refused(text, code=ErrorCode.NOT_FOUND, details=details)
    if status == 409:
        return Refused(text, code=ErrorCode.ALREADY_EXISTS, details=details)
    if status == 429:
        return Refused(text, code=ErrorCode.LIMIT, hint="Wait a moment.", details=details)
    if status == 501:
        return Refused(text, code=ErrorCode.NOT_IMPLEMENTED, details=details)
    if status in {502, 503, 504}:
        return Unreachable(text, hint="Try again.", details=details)
    if status in {400, 412}:
        return BadInput(text, details=details)
    return Refused(text, code=ErrorCode.UNKNOWN, details=details)


def _error_message(body: str) -> str:
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(found, dict):
        return ""
    inner = found.get("error")
    message = inner.get("message") if isinstance(inner, dict) else found.get("message")
    return message if isinstance(message, str) else ""


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
