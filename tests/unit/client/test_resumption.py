"""What carries an SSH connection: servers with and without resumption, and when it gives up."""

import asyncio
import socket
from collections.abc import Callable, Coroutine

from teleterm.client.resumption import Carried, Patience
from teleterm.model.errors import ErrorCode, Refused, TeletermError, Unreachable
from teleterm.wire import resumption
from teleterm.wire.resumption import Agreement, Link, Offer

AT_ONCE = Patience(first_s=0, most_s=0, give_up_s=60, replace_s=60)
HOST_ID = "0-1"


class FakeStream:
    """A stream in memory; the test is the server."""

    def __init__(self) -> None:
        self._down: asyncio.Queue[bytes] = asyncio.Queue()
        self.up: asyncio.Queue[bytes] = asyncio.Queue()

    async def read(self) -> bytes:
        return await self._down.get()

    async def write(self, data: bytes) -> None:
        self.up.put_nowait(data)

    def close(self) -> None:
        self.say(b"")

    def say(self, data: bytes) -> None:
        self._down.put_nowait(data)

    async def heard(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += await self.up.get()
        return data


class FakeServer:
    """Streams to come, each a stream or the reason why there is none."""

    def __init__(self, *nexts: FakeStream | TeletermError) -> None:
        self.first = FakeStream()
        self.asked: list[str] = []
        self._nexts = list(nexts)
        self._agreement = Agreement()
        self.link = Link()

    async def redial(self, host_id: str) -> FakeStream:
        self.asked.append(host_id)
        found = self._nexts.pop(0) if len(self._nexts) > 1 else self._nexts[0]
        if isinstance(found, TeletermError):
            raise found
        return found

    @property
    def line(self) -> bytes:
        return resumption.encode_offer(Offer(key=self._agreement.public, host_id=HOST_ID))


Talk = Callable[[FakeServer, socket.socket], Coroutine[object, object, None]]


def carried(server: FakeServer, talk: Talk, patience: Patience = AT_ONCE) -> None:
    """Run a connection, and a test at both of its ends."""

    async def run() -> None:
        near, far = socket.socketpair()
        far.setblocking(False)
        with near, far:
            one = Carried(near, server.first, server.redial, patience)
            async with asyncio.timeout(10), asyncio.TaskGroup() as group:
                talking = group.create_task(talk(server, far))
                await one.begin()
                await one.run()
                await talking

    asyncio.run(run())


async def receive(sock: socket.socket) -> bytes:
    return await asyncio.get_running_loop().sock_recv(sock, 1000)


async def accept(server: FakeServer) -> None:
    """Offer resumption, and begin the connection."""
    server.first.say(server.line)
    size = len(resumption.SSH_PREFIX + resumption.CLIENT_SUFFIX) + resumption.KEY_BYTES + 1
    said = await server.first.heard(size)
    assert said.startswith(resumption.SSH_PREFIX + resumption.CLIENT_SUFFIX)
    server.link.begin()


def test_a_server_without_resumption_notices_nothing() -> None:
    async def talk(server: FakeServer, far: socket.socket) -> None:
        server.first.say(b"SSH-2.0-Open")
        server.first.say(b"SSH_9.9\r\nmore")
        assert await receive(far) == b"SSH-2.0-OpenSSH_9.9\r\nmore"
        far.sendall(b"SSH-2.0-asyncssh\r\n")
        assert await server.first.heard(18) == b"SSH-2.0-asyncssh\r\n"
        server.first.say(b"")
        assert await receive(far) == b""

    carried(FakeServer(Unreachable("no")), talk)


def test_it_ends_where_the_server_ends_it() -> None:
    async def talk(server: FakeServer, far: socket.socket) -> None:
        await accept(server)
        server.link.write(b"hello")
        server.first.say(server.link.outgoing() + server.link.end())
        assert await receive(far) == b"hello"
        assert await receive(far) == b""
        assert server.asked == []

    carried(FakeServer(Unreachable("no")), talk)


def test_it_tries_again_until_the_login_has_ended() -> None:
    async def talk(server: FakeServer, far: socket.socket) -> None:
        await accept(server)
        server.first.say(b"")
        assert await receive(far) == b""
        assert server.asked == [HOST_ID] * 3

    silent = Unreachable("nobody answers")
    gone = Refused("the node is away", code=ErrorCode.NOT_FOUND)
    over = Refused("the login ended", code=ErrorCode.NEEDS_LOGIN)
    carried(FakeServer(silent, gone, over), talk)


def test_it_gives_up_after_a_while() -> None:
    async def talk(server: FakeServer, far: socket.socket) -> None:
        await accept(server)
        server.first.say(b"")
        assert await receive(far) == b""
        assert server.asked == []

    no_time = Patience(first_s=0, most_s=0, give_up_s=0, replace_s=60)
    carried(FakeServer(Unreachable("nobody answers")), talk, no_time)


def test_it_gives_up_when_the_server_has() -> None:
    again = FakeStream()

    async def talk(server: FakeServer, far: socket.socket) -> None:
        await accept(server)
        server.first.say(b"")
        again.say(server.line)
        again.say(resumption.UNKNOWN)
        assert await receive(far) == b""
        assert server.asked == [HOST_ID]

    carried(FakeServer(again), talk)


def test_it_goes_on_where_it_was() -> None:
    again = FakeStream()

    async def talk(server: FakeServer, far: socket.socket) -> None:
        await accept(server)
        far.sendall(b"lost on the way")
        await server.first.heard(17)
        server.first.say(b"")
        again.say(server.line)
        again.say(resumption.RESUMED + server.link.resume())
        size = len(resumption.SSH_PREFIX + resumption.CLIENT_SUFFIX) + resumption.KEY_BYTES + 1
        said = await again.heard(size + resumption.TOKEN_BYTES + 18)
        got = server.link.feed(said[size + resumption.TOKEN_BYTES :])
        assert b"".join(map(bytes, got)) == b"lost on the way"
        server.link.write(b"and back")
        again.say(server.link.outgoing() + server.link.end())
        assert await receive(far) == b"and back"

    carried(FakeServer(again), talk)
