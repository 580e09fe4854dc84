"""A database server's programs that fail: why is told, in the words they ended with."""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from teleterm.demo.databases.process import ServerProcess
from teleterm.model.errors import Unreachable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs Unix sockets")


@pytest.fixture
def server() -> Iterator[ServerProcess]:
    """A process as an unprivileged user, who must be able to reach its folder."""
    with tempfile.TemporaryDirectory() as folder:
        made = ServerProcess(Path(folder) / "server", users=("nobody",), stop_signal="INT")
        made.prepare()
        yield made


def shell(script: str) -> list[str]:
    return ["/bin/sh", "-c", script]


def test_a_setup_that_fails_tells_its_last_words(server: ServerProcess) -> None:
    with pytest.raises(Unreachable) as caught:
        asyncio.run(server.run(shell("echo begun; echo no room >&2; echo; exit 3"), what="It"))
    assert caught.value.message == "It could not be set up: sh ended with 3: no room"


def test_a_server_that_ends_at_once_tells_its_last_words(server: ServerProcess) -> None:

    async def never() -> None:
        raise ConnectionRefusedError

    with pytest.raises(Unreachable) as caught:
        asyncio.run(server.start(shell("echo port taken >&2; exit 1"), never, what="It"))
    message = "It did not start: the server ended at once: port taken"
    assert caught.value.message == message


def test_a_server_that_writes_much_is_not_held_up(server: ServerProcess) -> None:
    is_there = server.folder / "there"

    async def up() -> None:
        if not is_there.exists():
            raise ConnectionRefusedError

    async def steps() -> None:
        script = f"seq 1 200000 >&2; touch {is_there}; exec sleep 60"
        await server.start(shell(script), up, what="It")
        await server.stop()

    asyncio.run(steps())
