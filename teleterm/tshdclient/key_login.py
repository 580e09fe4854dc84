"""Logging in with a security key alone: a stream on which the daemon asks step by step."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import grpc

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb

if TYPE_CHECKING:
    Call = grpc.aio.StreamStreamCall[pb.LoginPasswordlessRequest, pb.LoginPasswordlessResponse]


class KeySteps(Protocol):
    """Whoever shows the steps; raising gives the login up."""

    def touch(self) -> None:
        """The key waits for a touch."""

    async def pin(self) -> str:
        """Ask for the key's PIN."""

    async def choose(self, users: Sequence[str]) -> int:
        """Ask which of the key's users is meant."""


async def run(call: "Call", cluster_uri: str, steps: KeySteps) -> None:
    """Talk until the login is done.

    Raises: grpc.aio.AioRpcError, and what `steps` raise; the call is over in each case.
    """
    try:
        init = pb.LoginPasswordlessRequest.LoginPasswordlessRequestInit(cluster_uri=cluster_uri)
        await call.write(pb.LoginPasswordlessRequest(init=init))
        async for asked in call:
            answer = await _answer(asked, steps)
            if answer is not None:
                await call.write(answer)
    finally:
        call.cancel()


async def _answer(
    asked: pb.LoginPasswordlessResponse, steps: KeySteps
) -> pb.LoginPasswordlessRequest | None:
    request = pb.LoginPasswordlessRequest
    match asked.prompt:
        case pb.PASSWORDLESS_PROMPT_TAP:
            steps.touch()
        case pb.PASSWORDLESS_PROMPT_PIN:
            pin = await steps.pin()
            return request(pin=request.LoginPasswordlessPINResponse(pin=pin))
        case pb.PASSWORDLESS_PROMPT_CREDENTIAL:
            index = await steps.choose([one.username for one in asked.credentials])
            return request(credential=request.LoginPasswordlessCredentialResponse(index=index))
        case _:
            pass
    return None
