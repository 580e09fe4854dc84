"""gRPC over connections of our own, with a real gRPC server behind them."""

import asyncio
import contextlib
import ssl
import sys
from collections.abc import AsyncIterator

import grpc
import pytest

from teleterm.client import grpc_errors, private_leg
from teleterm.client.channel import Channel
from teleterm.client.joint import End
from teleterm.model.errors import Refused, Unreachable
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.auth.v1.authservice_pb2_grpc import (
    AuthServiceServicer,
    AuthServiceStub,
    add_AuthServiceServicer_to_server,
)

WAIT_S = 20.0
LEGS = [private_leg.listen, private_leg.by_certificate]


class Cluster(AuthServiceServicer):
    """Answers with what it was called."""

    async def Ping(  # noqa: N802 - the method's name on the wire
        self,
        request: auth.PingRequest,
        context: "grpc.aio.ServicerContext[auth.PingRequest, auth.PingResponse]",
    ) -> auth.PingResponse:
        metadata = dict(context.invocation_metadata() or ())
        return auth.PingResponse(ServerVersion=str(metadata["version"]))


@contextlib.asynccontextmanager
async def _server() -> AsyncIterator[int]:
    server = grpc.aio.server()
    add_AuthServiceServicer_to_server(Cluster(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield port
    await server.stop(None)


async def _ping(channel: Channel) -> str:
    stub = AuthServiceStub(channel.grpc)
    answer = await grpc_errors.call(
        channel, stub.Ping, auth.PingRequest(), timeout_s=WAIT_S, cluster="root"
    )
    return answer.ServerVersion


@pytest.mark.parametrize("listen", LEGS, ids=["usual", "by certificate"])
def test_calls_pass_and_a_lost_connection_is_made_anew(listen: private_leg.Listen) -> None:
    async def scenario() -> None:
        dialled: list[End] = []
        async with _server() as port:

            async def dial() -> End:
                loop = asyncio.get_running_loop()
                _, end = await loop.create_connection(End, "127.0.0.1", port)
                dialled.append(end)
                return end

            channel = Channel(dial, "root", listen=listen)
            await channel.open()
            assert await _ping(channel) == "18.3.0"
            assert len(dialled) == 1
            dialled[0].abort()
            await dialled[0].ended
            assert await _ping(channel) == "18.3.0"
            assert len(dialled) == 2
            await channel.close()
            assert all(end.ended.done() for end in dialled)

    asyncio.run(scenario())


def test_the_reason_of_a_failed_dial_is_told() -> None:
    async def scenario() -> None:
        ends: list[End] = []

        async with _server() as port:

            async def dial() -> End:
                if ends:
                    raise Refused("Your login has ended.")
                _, end = await asyncio.get_running_loop().create_connection(End, "127.0.0.1", port)
                ends.append(end)
                return end

            channel = Channel(dial, "root")
            await channel.open()
            ends[0].abort()
            await ends[0].ended
            with pytest.raises(Refused, match="has ended"):
                await _ping(channel)
            await channel.close()

    asyncio.run(scenario())


def test_nobody_else_can_use_the_local_port() -> None:
    async def scenario() -> None:
        accepted: list[End] = []

        def accept() -> End:
            accepted.append(End())
            return accepted[-1]

        leg = await private_leg.by_certificate(accept)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_alpn_protocols(["h2"])
        host, _, port = leg.target.rpartition(":")

        with contextlib.suppress(ssl.SSLError, ConnectionError):
            reader, writer = await asyncio.open_connection(host, int(port), ssl=context)
            try:
                assert await reader.read() == b""
            finally:
                writer.close()
        assert not any(end.opened.done() for end in accepted)
        leg.close()

    asyncio.run(scenario())


@pytest.mark.skipif(sys.platform == "win32", reason="there are no unix sockets in asyncio")
def test_the_socket_lies_in_a_folder_of_ours_and_goes_away() -> None:
    async def scenario() -> None:
        leg = await private_leg.listen(End)
        assert leg.folder is not None
        assert leg.folder.stat().st_mode & 0o077 == 0
        leg.close()
        assert not leg.folder.exists()

    asyncio.run(scenario())


def test_a_dial_that_failed_is_made_again_when_somebody_calls() -> None:
    async def scenario() -> None:
        is_broken = False
        dialled: list[End] = []
        async with _server() as port:

            async def dial() -> End:
                if is_broken:
                    raise Unreachable("Nobody is there.")
                _, end = await asyncio.get_running_loop().create_connection(End, "127.0.0.1", port)
                dialled.append(end)
                return end

            channel = Channel(dial, "root")
            await channel.open()
            assert await _ping(channel) == "18.3.0"
            is_broken = True
            dialled[0].abort()
            await dialled[0].ended
            for _ in range(3):
                with pytest.raises(Unreachable):
                    await _ping(channel)
            tried = channel.dials
            is_broken = False
            assert await _ping(channel) == "18.3.0"
            assert (len(dialled), channel.dials) == (2, tried + 1)
            await channel.close()
            assert all(end.ended.done() for end in dialled)

    asyncio.run(scenario())
