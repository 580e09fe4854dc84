"""A desktop's process fed with damaged sessions: it draws within, or ends with a sentence.

The damage follows from a seed, so that what fails once fails again.
"""

import contextlib
import random
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from teleterm.bridge import desktop_contract as contract
from teleterm.bridge.desktop_contract import Data
from teleterm.desktop import freerdp
from teleterm.wire.tdp.codec import encode
from teleterm.wire.tdp.messages import (
    Activated,
    Alert,
    Clipboard,
    FastPath,
    OldPngFrame,
    PngFrame,
    Severity,
)
from tests.support.desktop_process import LIMIT_S, Session, running_session
from tests.support.pictures import REMOTEFX, REMOTEFX_SIZE, make_png, pdus

pytestmark = pytest.mark.slow
WIDTH, HEIGHT = REMOTEFX_SIZE
MAX_KB = 250_000
"""Of memory, resident: a decoder of this size, what may be under way, an interpreter."""
THE_END = "the end of this session"
FRAGMENT_BYTES = 16_000
FIRST, NEXT = 0x24, 0x34
"""Heads of a surface update that goes on."""

needs_freerdp = pytest.mark.skipif(
    freerdp.load() is None, reason="FreeRDP's library is not installed"
)


def recorded() -> list[bytes]:
    """A session of every kind of message that draws."""
    whole = [encode(FastPath(one)) for one in pdus(REMOTEFX.read_bytes())]
    png = make_png(40, 30)
    others = [
        encode(PngFrame(10, 10, 50, 40, png)),
        encode(OldPngFrame(0, 0, 40, 30, png)),
        encode(Alert("a word", Severity.INFO)),
        encode(Activated(1003, 1007, WIDTH, HEIGHT)),
        encode(FastPath(b"\0" + (0x8000 | 9).to_bytes(2, "big") + b"\x01\x04\0\x01\0\0\0")),
    ]
    return [encode(Activated(1003, 1007, WIDTH, HEIGHT)), *others[:3], *whole, *others[3:]]


def damaged(messages: list[bytes], chance: random.Random) -> Iterator[bytes]:
    """The session with some of its messages changed, cut, repeated, left out or swapped."""
    for number, message in enumerate(messages):
        if not number or chance.random() > 0.2:
            yield message
            continue
        match chance.randrange(6):
            case 0:
                changed = bytearray(message)
                for _ in range(chance.randint(1, 8)):
                    changed[chance.randrange(len(changed))] = chance.randrange(256)
                yield bytes(changed)
            case 1:
                yield message[: chance.randrange(len(message))]
            case 2:
                yield from (message, message)
            case 3:
                yield chance.choice(messages)
            case 4:
                yield message + chance.randbytes(chance.randint(1, 40))
            case _:
                pass


def feed(session: Session, messages: Iterator[bytes]) -> None:
    """Send all of it, as far as it is taken."""
    try:
        for one in messages:
            session.main.sendall(contract.pack(Data(one)))
        session.raw(encode(Clipboard(THE_END.encode())))
    except (BrokenPipeError, ConnectionResetError):
        return  # it has ended, which `watched` sees


def outcome(session: Session, messages: Iterator[bytes]) -> contract.Ended | None:
    """Feed it, and look on; gives how it ended, None when it took everything.

    Fails at a picture outside the desktop, or of another length than it says.
    """
    feeding = threading.Thread(target=feed, args=(session, messages))
    feeding.start()
    try:
        return watched(session)
    finally:
        session.process.kill()
        with contextlib.suppress(OSError):
            session.main.shutdown(socket.SHUT_RDWR)
        feeding.join()


def watched(session: Session) -> contract.Ended | None:
    """Look at all that is shown."""
    while True:
        match session.shown():
            case contract.Ended() as ended:
                assert session.process.wait(LIMIT_S) == 0
                return ended
            case contract.Copied(text=text) if text == THE_END:
                assert peak_kb(session) < MAX_KB
                return None
            case contract.Picture() as picture:
                assert 0 <= picture.left < picture.left + picture.width <= WIDTH
                assert 0 <= picture.top < picture.top + picture.height <= HEIGHT
                if picture.form == "ppm":
                    pixels = picture.data.split(b" 255\n", 1)[1]
                    assert len(pixels) == picture.width * picture.height * 3
            case _:
                pass


def peak_kb(session: Session) -> int:
    """The most memory that the process has had."""
    status = Path(f"/proc/{session.process.pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0])


@needs_freerdp
@pytest.mark.parametrize("seed", range(16))
def test_damaged_sessions(seed: int) -> None:
    with running_session(WIDTH, HEIGHT) as session:
        ended = outcome(session, damaged(recorded() * 3, random.Random(seed)))
        assert ended is None or ended.message.startswith("The desktop's connection broke: ")


@needs_freerdp
def test_fragments_without_an_end() -> None:
    body = bytes(FRAGMENT_BYTES)

    def fragment(head: int) -> bytes:
        update = bytes([head]) + len(body).to_bytes(2, "little") + body
        return encode(FastPath(b"\0" + (0x8000 | len(update) + 3).to_bytes(2, "big") + update))

    def endless() -> Iterator[bytes]:
        yield encode(Activated(1003, 1007, WIDTH, HEIGHT))
        yield fragment(0x20 | FIRST & 15)
        for _ in range((40 << 20) // FRAGMENT_BYTES):
            yield fragment(0x30 | NEXT & 15)

    with running_session(WIDTH, HEIGHT) as session:
        ended = outcome(session, endless())
        assert ended is not None
        assert "longer than it may be" in ended.message
