"""The Kubernetes service: checks who comes, finds the cluster that is meant, and answers there.

Source: connections.md 3.1.
"""

import base64
import binascii
import contextlib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from cryptography import x509

from teleterm.demo import http
from teleterm.demo.identity import Identity, identity_of
from teleterm.demo.inventory import lacks_factor, may_enter
from teleterm.demo.kube.api import Answer, Asked, KubeApi, failure, forbidden, not_found, parse
from teleterm.demo.kube.exec import PROTOCOLS, ExecSession, Wanted
from teleterm.demo.streams import ByteStream, ExactReader, FrontedStream
from teleterm.wire import websocket

_MAX_HEAD_BYTES = 64 * 1024
_PATH_ROUTE = "/v1/teleport/"
_NO_CERTIFICATE = failure(
    HTTPStatus.UNAUTHORIZED, "Unauthorized", "a client certificate of this cluster is needed"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Which Kubernetes cluster of which cluster, and the path there."""

    cluster: str
    kube: str
    path: str


class KubeService:
    """Serves the Kubernetes clusters of all members: `apis` by cluster and name."""

    def __init__(self, root: str, apis: Mapping[tuple[str, str], KubeApi], folder: Path) -> None:
        self._root = root
        self._apis = apis
        self._folder = folder

    async def serve(self, stream: ByteStream, certificate: bytes | None) -> None:
        """Answer the requests of one connection; `certificate` is what its TLS has shown."""
        shown = certificate
        identity = None if shown is None else identity_of(x509.load_der_x509_certificate(shown))
        with contextlib.suppress(EOFError, OSError, ssl.SSLError, ValueError):
            reader = ExactReader(stream)
            while await self._serve_one(stream, reader, identity):
                pass

    async def _serve_one(
        self, stream: ByteStream, reader: ExactReader, identity: Identity | None
    ) -> bool:
        """Answer one request; False when the connection is done with."""
        request = http.parse_head(await reader.take_until(b"\r\n\r\n", limit=_MAX_HEAD_BYTES))
        await reader.take(http.body_length(request))  # what is asked of reviews doesn't matter here
        if identity is None:
            await stream.write(_encode(_NO_CERTIFICATE, keep_open=False))
            return False
        if lacks_factor(identity):
            await stream.write(
                _encode(forbidden("access to resource requires MFA"), keep_open=True)
            )
            return True
        target = self.target(request.path, identity)
        if isinstance(target, Answer):
            await stream.write(_encode(target, keep_open=True))
            return True
        api = self._apis.get((target.cluster, target.kube))
        if api is None:
            missing = not_found(f'Kubernetes cluster "{target.kube}" not found')
            await stream.write(_encode(missing, keep_open=True))
            return True
        if not may_enter(api.kube, identity.roles):
            refusal = forbidden(f'access to Kubernetes cluster "{target.kube}" denied')
            await stream.write(_encode(refusal, keep_open=True))
            return True
        if "upgrade" in request.headers.get("connection", "").lower():
            await self._upgrade(FrontedStream(stream, reader.rest()), request, target, api)
            return False
        answer = api.answer(_asked(request, target, identity))
        if answer.stays_open:
            await _stay(stream, answer)
            return False
        await stream.write(_encode(answer, keep_open=request.keeps_open))
        return request.keeps_open

    def target(self, path: str, identity: Identity) -> Target | Answer:
        """What a request is for, by its path or by the certificate."""
        if not path.startswith(_PATH_ROUTE):
            cluster = identity.route_to_cluster or self._root
            if not identity.kube_cluster:
                return not_found("no Kubernetes cluster is named by the certificate or the path")
            return Target(cluster=cluster, kube=identity.kube_cluster, path=path)
        words = path.removeprefix(_PATH_ROUTE).split("/", 2)
        try:
            cluster, kube = (_unpadded(word) for word in words[:2])
        except ValueError:
            return failure(HTTPStatus.BAD_REQUEST, "BadRequest", "the path names no cluster")
        route = (identity.route_to_cluster or self._root, identity.kube_cluster)
        if identity.kube_cluster and route != (cluster, kube):
            return forbidden("the certificate is for another Kubernetes cluster than the path")
        return Target(cluster=cluster, kube=kube, path="/" + "".join(words[2:]))

    async def _upgrade(
        self, stream: ByteStream, request: http.Request, target: Target, api: KubeApi
    ) -> None:
        """Run a program in a pod, if that is what is wanted."""
        place = parse(target.path)
        offered = request.headers.get("sec-websocket-protocol", "").replace(" ", "").split(",")
        chosen = next((one for one in PROTOCOLS if one in offered), "")
        refusal = None
        if place is None or place.subresource != "exec" or not chosen:
            refusal = failure(
                HTTPStatus.BAD_REQUEST, "BadRequest", "the demo can only exec, over a WebSocket"
            )
        elif (place.namespace, place.name) not in api.world.pod_names():
            refusal = not_found(f'pods "{place.name}" not found')
        if refusal is not None or place is None:
            await stream.write(_encode(refusal or not_found("not found"), keep_open=False))
            return
        head = (
            "HTTP/1.1 101 Switching Protocols\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {websocket.accept(request.headers['sec-websocket-key'])}\r\n"
            f"Sec-WebSocket-Protocol: {chosen}\r\n\r\n"
        )
        await stream.write(head.encode("latin-1"))
        wanted = Wanted(
            pod=place.name,
            command=request.query.get("command", ("/bin/sh",)),
            has_terminal=_is_true(request, "tty"),
            has_input=_is_true(request, "stdin"),
        )
        await ExecSession(stream, wanted, self._folder).run()


def _is_true(request: http.Request, name: str) -> bool:
    return request.query.get(name, ("",))[-1] in {"true", "1"}


def _unpadded(word: str) -> str:
    try:
        return base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None


def _asked(request: http.Request, target: Target, identity: Identity) -> Asked:
    groups = request.headers.get("impersonate-group", "")
    return Asked(
        method=request.method,
        path=target.path,
        user=request.headers.get("impersonate-user", identity.user),
        groups=tuple(groups.split(",")) if groups else ("system:authenticated",),
        query={name: values[-1] for name, values in request.query.items()},
        accept=request.headers.get("accept", ""),
    )


def _encode(answer: Answer, *, keep_open: bool) -> bytes:
    response = http.Response(
        status=answer.status,
        body=answer.body,
        content_type="text/plain" if answer.is_text else "application/json",
    )
    return http.encode(response, keep_open=keep_open)


async def _stay(stream: ByteStream, answer: Answer) -> None:
    """Answer with nothing more to come, and wait until the client has seen enough."""
    kind = "text/plain" if answer.is_text else "application/json"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"%x\r\n%b\r\n" % (len(answer.body), answer.body) if answer.body else b""
    await stream.write(head.encode("latin-1") + chunk)
    while await stream.read():
        pass
