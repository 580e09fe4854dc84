"""The process of a desktop as main starts it: sealed, fed with recorded and broken messages."""

from collections.abc import Iterator

import pytest

from teleterm.bridge import desktop_contract as contract
from teleterm.desktop import freerdp
from teleterm.wire.tdp.codec import encode
from teleterm.wire.tdp.messages import Activated, FastPath, PngFrame
from tests.support.desktop_process import LIMIT_S, Session, running_session
from tests.support.pictures import REMOTEFX, REMOTEFX_SIZE

pytestmark = pytest.mark.slow
needs_freerdp = pytest.mark.skipif(
    freerdp.load() is None, reason="FreeRDP's library is not installed"
)
WIDTH, HEIGHT = REMOTEFX_SIZE


@pytest.fixture
def session() -> Iterator[Session]:
    with running_session(WIDTH, HEIGHT) as made:
        yield made


@needs_freerdp
def test_remotefx_is_decoded_behind_the_seal(session: Session) -> None:
    session.gives(Activated(1003, 1007, WIDTH, HEIGHT))
    assert session.shown() == contract.Size(WIDTH, HEIGHT)
    session.gives(FastPath(REMOTEFX.read_bytes()))
    while not isinstance(picture := session.shown(), contract.Picture):
        pass
    assert (picture.width, picture.height, picture.form) == (WIDTH, HEIGHT, "ppm")
    assert len(picture.data) > WIDTH * HEIGHT * 3
    assert type(session.sent()).__name__ == "RdpResponse"


def test_it_leaves_with_the_window(session: Session) -> None:
    session.window.close()
    assert session.process.wait(LIMIT_S) == 0


def test_it_leaves_with_main(session: Session) -> None:
    session.main.close()
    assert session.process.wait(LIMIT_S) == 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"\x05\x00",
        encode(PngFrame(0, 0, 9, 9, b"no picture")),
        encode(Activated(1003, 1007, 65535, 65535)),
        bytes([FastPath.TYPE]) + b"\xff\xff\xff\xff",
    ],
)
def test_broken_messages_end_it_with_a_sentence(session: Session, data: bytes) -> None:
    session.raw(data)
    ended = session.ended()
    assert ended.message.startswith("The desktop's connection broke: ")
    assert ended.hint == "Connect again."


@needs_freerdp
@pytest.mark.parametrize("at", range(40, 44000, 4391))
def test_damaged_remotefx_ends_it_or_is_drawn(session: Session, at: int) -> None:
    recorded = bytearray(REMOTEFX.read_bytes())
    recorded[at] ^= 0xFF
    session.gives(Activated(1003, 1007, WIDTH, HEIGHT), FastPath(bytes(recorded)))
    assert session.shown() == contract.Size(WIDTH, HEIGHT)
    seen = session.shown()
    if isinstance(seen, contract.Picture):
        assert seen.left + seen.width <= WIDTH
        assert seen.top + seen.height <= HEIGHT


def test_main_says_how_it_ended(session: Session) -> None:
    session.main.sendall(contract.pack(contract.Ended("Your login has ended.", needs_login=True)))
    assert session.ended() == contract.Ended("Your login has ended.", needs_login=True)
