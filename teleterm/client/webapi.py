"""Requests to the proxy's web API: JSON in, JSON out, errors in words.

Never with a client certificate: the proxy would take the request for an application's.
Source: cluster-login.md 1.1, 1.6.
"""

import json
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from teleterm.client import quick_http
from teleterm.client.net import NetOptions, proxy_for
from teleterm.client.profile import split_address
from teleterm.client.tls_errors import HAS_EXPIRED, NOT_YET_VALID, clock_is_off, explain
from teleterm.client.trust import web_context
from teleterm.model.errors import (
    BadInput,
    ErrorCode,
    PeerBroke,
    Refused,
    TeletermError,
    Unreachable,
)

if TYPE_CHECKING:
    import httpx

_CLOCK_SLACK_S = 120
_CAUSES = 8


class WebApi:
    """Speaks to the web API of one proxy; closes its connections at the end of `async with`."""

    def __init__(self, web_addr: str, options: NetOptions) -> None:
        self._addr = web_addr
        self._options = options
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> "WebApi":
        quick_http.load()
        import httpx

        context = web_context(self._options.environ, insecure=self._options.insecure)
        try:
            self._client = httpx.AsyncClient(
                base_url=f"https://{self._addr}",
                verify=context,
                timeout=self._options.timeout_s,
                proxy=proxy_for(split_address(self._addr)[0], self._options.environ) or None,
                trust_env=False,
            )
        except httpx.InvalidURL as error:
            raise BadInput(
                f"{self._addr} is no address: a host name can't have these letters.",
                field="address",
                value=self._addr,
                details=str(error),
            ) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._client is not None:
            await self._client.aclose()

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
    ) -> "httpx.Response":
        import httpx

        if self._client is None:
            raise RuntimeError("use `async with`")
        wait_s = timeout_s or self._options.timeout_s
        try:
            answer = await self._client.request(method, path, json=body, timeout=wait_s)
        except httpx.TimeoutException as error:
            raise explain(TimeoutError(), self._addr, timeout_s=wait_s) from error
        except httpx.HTTPError as error:
            raise await self._explain(error) from error
        if answer.is_success:
            return answer
        raise error_of(answer.status_code, answer.text, self._addr)

    def _object(self, answer: "httpx.Response") -> dict[str, object]:
        try:
            found: object = answer.json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise PeerBroke(
                f"{self._addr} is no Teleport proxy.",
                hint="Check the address.",
                details=answer.text[:200],
            )
        return found

    async def _explain(self, error: "httpx.HTTPError") -> TeletermError:
        import ssl

        cause = _root_cause(error)
        if isinstance(cause, ssl.SSLCertVerificationError) and cause.verify_code in {
            NOT_YET_VALID,
            HAS_EXPIRED,
        }:
            offset_s = await self._clock_offset_s()
            if abs(offset_s) > _CLOCK_SLACK_S:
                return clock_is_off(offset_s, str(cause))
        if isinstance(cause, OSError | TimeoutError):
            return explain(cause, self._addr, timeout_s=self._options.timeout_s)
        return Unreachable(
            f"Could not reach {self._addr}: the connection was closed.",
            hint="Try again.",
            details=repr(cause),
        )

    async def _clock_offset_s(self) -> float:
        """How far our clock is from the proxy's, by the Date of an answer; 0 when it can't be told.

        Nothing of the answer but its date is used, so that the certificate needn't be trusted.
        """
        import httpx

        context = web_context(self._options.environ, insecure=True)
        try:
            async with httpx.AsyncClient(verify=context, timeout=5) as client:
                answer = await client.head(f"https://{self._addr}/webapi/find")
            date = parsedate_to_datetime(answer.headers["date"])
        except (httpx.HTTPError, KeyError, ValueError):
            return 0.0
        return time.time() - date.timestamp()


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
    except ValueError:
        return ""
    if not isinstance(found, dict):
        return ""
    inner = found.get("error")
    message = inner.get("message") if isinstance(inner, dict) else found.get("message")
    return message if isinstance(message, str) else ""


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _root_cause(error: BaseException) -> BaseException:
    for _ in range(_CAUSES):
        inner = error.__cause__ or error.__context__
        if inner is None:
            break
        error = inner
    return error
