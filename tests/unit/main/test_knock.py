import asyncio
import socket
from pathlib import Path

import pytest

from teleterm.main import instance
from teleterm.main.knock import Door
from teleterm.model.errors import Refused, Unreachable


@pytest.mark.parametrize("line", ["", "ssh root@node1", "teleport://prod/vnet"])
def test_a_second_start_hands_its_line_over(tmp_path: Path, line: str) -> None:
    async def go() -> None:
        heard: asyncio.Queue[str] = asyncio.Queue()
        door = Door(tmp_path, heard.put_nowait)
        await asyncio.to_thread(instance.hand_over, tmp_path, line)
        assert await asyncio.wait_for(heard.get(), 5) == line
        door.close()

    asyncio.run(go())
    assert not (tmp_path / instance.SOCKET_NAME).exists()


def test_nonsense_is_not_a_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> None:
        heard: list[str] = []
        door = Door(tmp_path, heard.append)
        for data in (b"x" * 10_000, b"\xff\n"):
            with socket.socket(socket.AF_UNIX) as visitor:
                visitor.connect(str(tmp_path / instance.SOCKET_NAME))
                visitor.sendall(data)
                visitor.shutdown(socket.SHUT_WR)
                visitor.settimeout(5)
                try:
                    answer = await asyncio.to_thread(visitor.recv, 10)
                except ConnectionResetError:
                    answer = b""
                assert answer != instance.ANSWER or data == b"\xff\n"
        assert heard == []
        door.close()

    asyncio.run(go())


def test_a_dead_socket_is_replaced_and_a_missing_one_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "ANSWER_TIMEOUT_S", instance.PAUSE_S)
    with pytest.raises(Unreachable, match="doesn't answer"):
        instance.hand_over(tmp_path, "")
    instance.listen(tmp_path).close()
    instance.listen(tmp_path).close()


def test_a_line_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        instance.hand_over(tmp_path, "ssh a\nssh b")


def test_a_second_start_waits_for_a_first_that_is_not_listening_yet(tmp_path: Path) -> None:
    doors: list[socket.socket] = []

    def listen_now(_seconds: float) -> None:
        doors.append(instance.listen(tmp_path))

    instance.connect(tmp_path, pause=listen_now).close()
    assert len(doors) == 1
    doors[0].close()
