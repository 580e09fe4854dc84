"""gRPC plumbing: who calls, which function answers, and how its refusals travel."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import NoReturn, TypeVar

import grpc
import grpc.aio
from cryptography import x509
from google.protobuf.message import Message

from teleterm.demo.authorities import KeyPair
from teleterm.demo.identity import Identity, identity_of
from teleterm.demo.inventory import VERSION
from teleterm.demo.locks import Locks
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError, Unreachable

_EXPIRED = "access denied: client credentials have expired, please relogin."
_NO_USER = "access denied: this service takes ordinary user certificates only"
_STOP_GRACE_S = 0.2

Asked = TypeVar("Asked", bound=Message)
Given = TypeVar("Given", bound=Message)
Handlers = Mapping[str, "grpc.RpcMethodHandler[Message, Message]"]

_CODES = {
    ErrorCode.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    ErrorCode.AMBIGUOUS: grpc.StatusCode.NOT_FOUND,
    ErrorCode.ALREADY_EXISTS: grpc.StatusCode.ALREADY_EXISTS,
    ErrorCode.LIMIT: grpc.StatusCode.RESOURCE_EXHAUSTED,
    ErrorCode.NOT_IMPLEMENTED: grpc.StatusCode.UNIMPLEMENTED,
}


def status_of(error: TeletermError) -> grpc.StatusCode:
    """Give the gRPC code an error travels under."""
    if (code := _CODES.get(error.code)) is not None:
        return code
    match error:
        case Refused():
            return grpc.StatusCode.PERMISSION_DENIED
        case BadInput():
            return grpc.StatusCode.INVALID_ARGUMENT
        case Unreachable():
            return grpc.StatusCode.UNAVAILABLE
        case _:
            return grpc.StatusCode.UNKNOWN


class Gate:
    """Lets calls through to functions that take the request and its caller.

    Shape: `is_silent`: a locked user is cut off without a reason, as a proxy does.
    """

    def __init__(self, clock: Clock, locks: Locks, *, is_silent: bool = False) -> None:
        self._clock = clock
        self._locks = locks
        self._is_silent = is_silent

    def unary(
        self,
        asked: type[Asked],
        function: Callable[[Asked, Identity], Awaitable[Given]],
    ) -> "grpc.RpcMethodHandler[Message, Message]":
        """Answer one request with one message."""

        async def handle(
            request: Asked, context: "grpc.aio.ServicerContext[Asked, Given]"
        ) -> Given:
            await context.send_initial_metadata((("version", VERSION),))
            try:
                return await function(request, self._caller(context))
            except TeletermError as error:
                await _abort(context, error)

        return grpc.unary_unary_rpc_method_handler(
            handle, request_deserializer=asked.FromString, response_serializer=_serialize
        )

    def stream(
        self,
        asked: type[Asked],
        function: Callable[[Asked, Identity], AsyncIterator[Given]],
    ) -> "grpc.RpcMethodHandler[Message, Message]":
        """Answer one request with a stream of messages."""

        async def handle(
            request: Asked, context: "grpc.aio.ServicerContext[Asked, Given]"
        ) -> AsyncIterator[Given]:
            await context.send_initial_metadata((("version", VERSION),))
            try:
                async for message in function(request, self._caller(context)):
                    yield message
            except TeletermError as error:
                await _abort(context, error)

        return grpc.unary_stream_rpc_method_handler(
            handle, request_deserializer=asked.FromString, response_serializer=_serialize
        )

    def duplex(
        self,
        asked: type[Asked],
        function: Callable[[AsyncIterator[Asked], Identity], AsyncIterator[Given]],
    ) -> "grpc.RpcMethodHandler[Message, Message]":
        """Answer a stream of messages with another, at the same time."""

        async def handle(
            requests: AsyncIterator[Asked], context: "grpc.aio.ServicerContext[Asked, Given]"
        ) -> AsyncIterator[Given]:
            await context.send_initial_metadata((("version", VERSION),))
            try:
                async for message in function(requests, self._caller(context)):
                    yield message
            except TeletermError as error:
                await _abort(context, error)

        return grpc.stream_stream_rpc_method_handler(
            handle, request_deserializer=asked.FromString, response_serializer=_serialize
        )

    def _caller(self, context: "grpc.aio.ServicerContext[Asked, Given]") -> Identity:
        """Read who calls from the client certificate that TLS has verified."""
        shown = list(context.auth_context().get("x509_pem_cert", ()))
        if not shown:
            raise Refused(_NO_USER)
        certificate = x509.load_pem_x509_certificate(shown[0])
        if certificate.not_valid_after_utc <= self._clock.now():
            raise Refused(_EXPIRED, code=ErrorCode.NEEDS_LOGIN)
        identity = identity_of(certificate)
        if identity.usages:
            raise Refused(_NO_USER)
        if self._is_silent and self._locks.is_locked(identity.user):
            raise Unreachable("Socket closed")
        self._locks.check(identity.user)
        return identity


class RpcServer:
    """A gRPC server with mutual TLS at a local address."""

    def __init__(self, address: str, pair: KeyPair, client_authorities: Sequence[bytes]) -> None:
        self._server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        credentials = grpc.ssl_server_credentials(
            [(pair.key, pair.certificate)],
            root_certificates=b"".join(client_authorities),
            require_client_auth=True,
        )
        self._port = self._server.add_secure_port(address, credentials)

    @property
    def port(self) -> int:
        """The TCP port, if the address is one."""
        return self._port

    def add(self, service: str, handlers: Handlers) -> None:
        """Serve the methods of one service; those it lacks are answered UNIMPLEMENTED."""
        generic = grpc.method_handlers_generic_handler(service, dict(handlers))
        self._server.add_generic_rpc_handlers((generic,))

    async def start(self) -> None:
        """Begin to serve."""
        await self._server.start()

    async def stop(self) -> None:
        """End all calls."""
        await self._server.stop(_STOP_GRACE_S)


def _serialize(message: Message) -> bytes:
    return message.SerializeToString()


async def _abort(
    context: "grpc.aio.ServicerContext[Asked, Given]", error: TeletermError
) -> NoReturn:
    await context.abort(status_of(error), error.message)
    raise AssertionError("abort raises")
