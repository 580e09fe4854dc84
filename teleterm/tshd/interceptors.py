"""The border of every call: errors become statuses, unary calls and streams alike."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NoReturn, TypeAlias, TypeVar, cast

import grpc

from teleterm.model.errors import TeletermError
from teleterm.tshd import failures

_log = logging.getLogger("teleterm.tshd")

Q = TypeVar("Q")
R = TypeVar("R")
Context: TypeAlias = "grpc.aio.ServicerContext[Q, R]"
Unary: TypeAlias = Callable[[Q, "Context[Q, R]"], Awaitable[R]]
Streaming: TypeAlias = Callable[[Q, "Context[Q, R]"], AsyncIterator[R]]


class ErrorBorder(grpc.aio.ServerInterceptor):
    """Turns what a handler raises into a status, a text and the re-login trailer."""

    async def intercept_service(
        self,
        continuation: Callable[
            [grpc.HandlerCallDetails], Awaitable["grpc.RpcMethodHandler[Q, R] | None"]
        ],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> "grpc.RpcMethodHandler[Q, R] | None":
        """Wrap the handler of one call; unknown methods stay unknown."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        method = handler_call_details.method
        given = handler.request_deserializer
        packed = handler.response_serializer
        if handler.request_streaming and handler.response_streaming:
            stream = _stream(cast("Streaming[object, object]", handler.stream_stream), method)
            made = grpc.stream_stream_rpc_method_handler(stream, given, packed)
        elif handler.response_streaming:
            stream = _stream(cast("Streaming[object, object]", handler.unary_stream), method)
            made = grpc.unary_stream_rpc_method_handler(stream, given, packed)
        else:
            unary = _unary(cast("Unary[object, object]", handler.unary_unary), method)
            made = grpc.unary_unary_rpc_method_handler(unary, given, packed)
        return made


def _unary(call: "Unary[Q, R]", method: str) -> "Unary[Q, R]":
    async def guarded(request: Q, context: "Context[Q, R]") -> R:
        try:
            return await call(request, context)
        except grpc.aio.AbortError:
            raise
        except Exception as error:  # noqa: BLE001 - the border of the process
            await _abort(context, error, method)

    return guarded


def _stream(call: "Streaming[Q, R]", method: str) -> "Streaming[Q, R]":
    async def guarded(request: Q, context: "Context[Q, R]") -> AsyncIterator[R]:
        try:
            async for message in call(request, context):
                yield message
        except grpc.aio.AbortError:
            raise
        except Exception as error:  # noqa: BLE001 - the border of the process
            await _abort(context, error, method)

    return guarded


async def _abort(context: "Context[Q, R]", error: Exception, method: str) -> NoReturn:
    failure = failures.of(error)
    if failure.is_bug:
        _log.error("%s: %s", method, failure.status.name, exc_info=error)
    else:
        details = error.details if isinstance(error, TeletermError) else ""
        _log.info("%s: %s %s %s", method, failure.status.name, failure.text, details)
    await context.abort(failure.status, failure.text, failure.trailers)
