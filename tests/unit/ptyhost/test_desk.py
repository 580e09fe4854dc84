"""What a window asks of one terminal: keys, and what they do to the view."""

import pytest

from teleterm.bridge import frames
from teleterm.ptyhost.desk import Desk
from teleterm.terminal.engine import Engine


class NoPty:
    """A backend that nothing reaches here."""

    pid = 0

    def fileno(self) -> int:
        return -1

    def read(self, size: int) -> bytes | None:
        return None

    def write(self, data: bytes) -> int:
        return len(data)

    def resize(self, cols: int, rows: int) -> None:
        return None

    def signal_group(self, number: int) -> None:
        return None

    def poll(self) -> tuple[int, int] | None:
        return None

    def close(self) -> None:
        return None


class Seat:
    """A desk over an engine that has painted everything."""

    def __init__(self) -> None:
        self.engine = Engine(20, 5, scrollback=100)
        self.engine.feed(b"".join(b"%d\r\n" % number for number in range(20)))
        self.engine.frame(full=True)
        self.typed = b""
        self.said: list[frames.ToWindow] = []
        self.desk = Desk(
            self.engine, NoPty(), say=self.said.append, keys_in=self._keys, paste_in=self._paste
        )

    def _keys(self, data: bytes) -> None:
        self.typed += data

    def _paste(self, data: bytes) -> bool:
        self.typed += data
        return True


@pytest.mark.parametrize(
    ("message", "bytes_sent"),
    [
        (frames.Pressed("x", 0), b"x"),
        (frames.Committed("é"), "é".encode()),
        (frames.Pasted("one"), b"one"),
    ],
)
def test_typing_at_the_end_makes_no_frame_that_its_echo_would_wait_for(
    message: frames.ToEngine, bytes_sent: bytes
) -> None:
    seat = Seat()
    seat.desk.take(message)
    assert seat.typed == bytes_sent
    assert not seat.engine.has_damage


def test_typing_while_looking_back_shows_the_end() -> None:
    seat = Seat()
    seat.desk.take(frames.Scrolled(-8, is_wheel=False))
    seat.engine.frame()
    places = [seat.engine.is_at_end]
    seat.desk.take(frames.Pressed("x", 0))
    places.append(seat.engine.is_at_end)
    assert places == [False, True]
    assert seat.engine.has_damage


def test_the_scrollback_is_as_large_as_the_engine_says() -> None:
    seat = Seat()
    seat.desk.take(frames.AskKept(7))
    [kept] = seat.said
    assert isinstance(kept, frames.Kept)
    assert (kept.ask, kept.lines) == (7, 16)
    assert 16 * 50 < kept.size_bytes < 16 * 200
    seat.engine.clear_scrollback()
    seat.desk.take(frames.AskKept(8))
    assert seat.said[1] == frames.Kept(8, 0, 0)
