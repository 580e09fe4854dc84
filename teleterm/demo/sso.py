"""A stand-in for identity providers: one page that asks for the password of a user.

It plays the part of GitHub, OIDC or SAML in a login by browser: the proxy begins, the browser comes
to the page, and goes back to the client's listener with an answer that only the client can open.
"""

import base64
import datetime
import hmac
import html
import json
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from teleterm.demo.http import Request, Response, error_response, json_response
from teleterm.demo.inventory import DemoUser
from teleterm.demo.locks import Locks
from teleterm.model.errors import Refused

PAGE = "/demo/identity"
_KEY_BYTES = 32
_MAX_OPEN = 32
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_HTML = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Demo identity provider</title>
<body style="font-family: sans-serif; max-width: 30em; margin: 4em auto">
<h1>Demo identity provider</h1>
<p>{text}</p>
<form method="post" action="{page}?state={state}">
<label>The user's password: <input type="password" name="password" autofocus></label>
{buttons}
</form>
"""
# What a browser shows of a provider that is reached by a form: it sends itself.
_FORM = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Demo identity provider</title>
<body onload="document.forms[0].submit()">
<form method="post" action="https://{proxy}{page}?state={state}">
<input type="hidden" name="SAMLRequest" value="demo"><noscript><button>Go on</button></noscript>
</form>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """A way to log in by browser."""

    kind: str
    name: str
    display: str


CONNECTORS = (
    Connector(kind="github", name="demo-sso", display="Demo identity provider"),
    Connector(kind="oidc", name="demo-oidc", display="Demo OIDC"),
    Connector(kind="saml", name="demo-saml", display="Demo SAML"),
)


class _ConsoleBody(msgspec.Struct, forbid_unknown_fields=False):
    redirect_url: str = ""
    connector_id: str = ""
    ssh_pub_key: bytes | None = None
    tls_pub_key: bytes | None = None
    cert_ttl: int = 0
    route_to_cluster: str = msgspec.field(default="", name="RouteToCluster")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The certificates that a login is for."""

    user: str
    ssh_public_key: bytes
    tls_public_key: bytes
    ttl: datetime.timedelta
    route_to_cluster: str
    login_ip: str
    mfa_device: str = ""
    is_sso: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    wanted: Wanted
    callback: str
    key: bytes


class SsoDesk:
    """Logins by browser that are under way; `issue` gives the reply of a finished one."""

    def __init__(
        self,
        proxy: str,
        users: Sequence[DemoUser],
        locks: Locks,
        issue: Callable[[Wanted], dict[str, object]],
    ) -> None:
        self._proxy = proxy
        self._users = {user.name: user for user in users}
        self._locks = locks
        self._issue = issue
        self._open: dict[str, _Open] = {}

    def begin(self, request: Request) -> Response:
        """Take a client's wish, and tell it which page to open."""
        try:
            body = msgspec.json.decode(request.body, type=_ConsoleBody)
        except (msgspec.MsgspecError, RecursionError) as error:
            return error_response(HTTPStatus.BAD_REQUEST, str(error))
        kind = request.path.split("/")[2]
        if (kind, body.connector_id) not in {(one.kind, one.name) for one in CONNECTORS}:
            message = f'{kind} connector "{body.connector_id}" not found'
            return error_response(HTTPStatus.NOT_FOUND, message)
        parsed = _callback(body.redirect_url)
        if parsed is None:
            message = "Failed to login due to a disallowed callback URL."
            return error_response(HTTPStatus.FORBIDDEN, message)
        callback, key = parsed
        state = secrets.token_urlsafe(16)
        while len(self._open) >= _MAX_OPEN:
            self._open.pop(next(iter(self._open)))
        wanted = Wanted(
            user="",
            is_sso=True,
            ssh_public_key=body.ssh_pub_key or b"",
            tls_public_key=body.tls_pub_key or b"",
            ttl=datetime.timedelta(microseconds=max(body.cert_ttl, 0) // 1000),
            route_to_cluster=body.route_to_cluster,
            login_ip=request.peer_host,
        )
        self._open[state] = _Open(wanted=wanted, callback=callback, key=key)
        if kind == "saml":
            form = _FORM.format(proxy=self._proxy, page=PAGE, state=state)
            posted = base64.b64encode(form.encode()).decode("ascii")
            return json_response({"redirect_url": "", "post_form": posted})
        return json_response({"redirect_url": f"https://{self._proxy}{PAGE}?state={state}"})

    def page(self, request: Request) -> Response:
        """Show the form."""
        return self._form(request, f"Log in to {self._proxy}.")

    def confirm(self, request: Request) -> Response:
        """Check the password, and send the browser back to the client."""
        state = _first(request.query.get("state", ()))
        given = parse_qs(request.body.decode("utf-8", "replace"))
        if "SAMLRequest" in given:
            return self.page(request)
        name = _first(given.get("user", [])) or next(iter(self._users))
        user = self._users.get(name)
        right = user.password if user is not None else ""
        password = _first(given.get("password", []))
        if not right or not hmac.compare_digest(password.encode(), right.encode()):
            return self._form(request, "That was not the user's password.")
        login = self._open.pop(state, None)
        if login is None:
            return self._form(request, "This login has been forgotten: begin anew.")
        try:
            self._locks.check(name)
            reply = self._issue(replace(login.wanted, user=name))
        except (Refused, ValueError) as error:
            return _redirect(f"{login.callback}?{urlencode({'err': str(error)})}")
        sealed = seal(login.key, reply)
        return _redirect(f"{login.callback}?{urlencode({'response': sealed})}")

    def _form(self, request: Request, text: str) -> Response:
        state = html.escape(_first(request.query.get("state", ())))
        names = [html.escape(name) for name in self._users]
        buttons = "\n".join(
            f'<button name="user" value="{name}">Log in as {name}</button>' for name in names
        )
        page = _HTML.format(text=html.escape(text), page=PAGE, state=state, buttons=buttons)
        return Response(body=page.encode(), content_type="text/html; charset=utf-8")


def seal(key: bytes, reply: dict[str, object]) -> str:
    """The text that only the client can open."""
    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, json.dumps(reply).encode(), None)
    return json.dumps(
        {
            "ciphertext": base64.b64encode(sealed).decode(),
            "nonce": base64.b64encode(nonce).decode(),
        }
    )


def _callback(url: str) -> tuple[str, bytes] | None:
    """Where the client listens and its key; None unless it is a listener on this computer."""
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query, strict_parsing=True)
        key = bytes.fromhex(_first(query.get("secret_key", [])))
        is_good = (
            parts.scheme == "http"
            and parts.hostname in _LOOPBACK
            and parts.path == "/callback"
            and "@" not in parts.netloc
            and not parts.fragment
            and set(query) == {"secret_key"}
        )
    except ValueError:
        return None
    if not is_good or len(key) != _KEY_BYTES:
        return None
    return f"http://{parts.netloc}/callback", key


def _redirect(url: str) -> Response:
    return Response(status=HTTPStatus.FOUND, location=url, content_type="text/plain")


def _first(values: "tuple[str, ...] | list[str] | object") -> str:
    return str(values[0]) if isinstance(values, tuple | list) and values else ""
