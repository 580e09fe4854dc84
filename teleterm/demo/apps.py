"""The applications: checks who comes, then is a small web page or an echo.

Source: connections.md 4.
"""

import contextlib
import html
import ssl
import uuid
from collections.abc import Sequence
from http import HTTPStatus

from cryptography import x509

from teleterm.demo import http
from teleterm.demo.http import Request, Response
from teleterm.demo.identity import Identity, identity_of
from teleterm.demo.inventory import DemoApp, DemoMember, lacks_factor
from teleterm.demo.streams import ByteStream

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{app}</title>
<h1>{app}</h1>
<p>A demo application. {user} asked for {path} with {method}.</p>
"""


class AppSessions:
    """The sessions of applications: one for each certificate, until somebody ends it."""

    def __init__(self) -> None:
        self._open: set[str] = set()

    def begin(self) -> str:
        """Start one; gives its id."""
        ident = uuid.uuid4().hex
        self._open.add(ident)
        return ident

    def end(self, ident: str) -> bool:
        """End one; False when there was none such."""
        found = ident in self._open
        self._open.discard(ident)
        return found

    def is_open(self, ident: str) -> bool:
        """Whether certificates of that session still count."""
        return ident in self._open


class AppService:
    """Serves the applications of all members."""

    def __init__(self, members: Sequence[DemoMember], sessions: AppSessions) -> None:
        self._members = members
        self._sessions = sessions

    async def serve_http(self, stream: ByteStream, peer_host: str, certificate: bytes) -> None:
        """Answer the requests of a client that has shown `certificate` (DER)."""
        identity = identity_of(x509.load_der_x509_certificate(certificate))
        app = self._app(identity)

        async def answer(request: Request) -> Response:
            if app is None or app.is_tcp:
                return http.error_response(
                    HTTPStatus.FORBIDDEN, "access denied: no application session"
                )
            return _page(app, identity, request)

        await http.serve(stream, peer_host, answer)

    async def serve_tcp(self, stream: ByteStream, certificate: bytes | None) -> None:
        """Say which port was reached, then give back what comes."""
        identity = None if certificate is None else _identity(certificate)
        app = None if identity is None else self._app(identity)
        if identity is None or app is None or not app.is_tcp:
            return
        port = identity.app.target_port or app.first_port
        if not app.has_port(port):
            return
        with contextlib.suppress(OSError, ssl.SSLError):
            await stream.write(f"{app.name} port {port}\n".encode())
            while data := await stream.read():
                await stream.write(data)

    def _app(self, identity: Identity) -> DemoApp | None:
        if lacks_factor(identity) or not self._sessions.is_open(identity.app.session_id):
            return None
        for member in self._members:
            if member.name == identity.app.cluster:
                return next((one for one in member.apps if one.name == identity.app.name), None)
        return None


def _identity(certificate: bytes) -> Identity:
    return identity_of(x509.load_der_x509_certificate(certificate))


def _page(app: DemoApp, identity: Identity, request: Request) -> Response:
    if request.path == "/echo":
        return Response(body=request.body, content_type="application/octet-stream")
    if request.path == "/whoami":
        return http.json_response(
            {"user": identity.user, "roles": list(identity.roles), "host": request.headers["host"]}
        )
    page = _PAGE.format(
        app=html.escape(app.name),
        user=html.escape(identity.user),
        path=html.escape(request.path),
        method=html.escape(request.method),
    )
    return Response(body=page.encode(), content_type="text/html; charset=utf-8")
