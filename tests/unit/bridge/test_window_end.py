"""The window's end of the bridge: answers find who asked, descriptors find their answer."""

import os
import socket
import sys
from collections.abc import Iterator

import pytest

from teleterm.bridge import framing
from teleterm.bridge.contract import (
    Answer,
    AttachTerminal,
    BringForward,
    Done,
    Event,
    Hello,
    Log,
    Reply,
    Tell,
    TerminalOpened,
)
from teleterm.bridge.window_end import WindowEnd
from teleterm.model.errors import PeerBroke


@pytest.fixture
def pair() -> Iterator[tuple[WindowEnd, socket.socket]]:
    ours, theirs = socket.socketpair()
    yield WindowEnd(ours), theirs
    ours.close()
    theirs.close()


def send_descriptors(sock: socket.socket, data: bytes, fds: list[int]) -> None:
    if sys.platform == "win32":
        raise OSError("descriptors don't travel over sockets there")
    else:
        socket.send_fds(sock, [data], fds)


def send(sock: socket.socket, message: Answer | Tell, fds: list[int] | None = None) -> None:
    if fds:
        send_descriptors(sock, framing.pack(message), fds)
    else:
        sock.sendall(framing.pack(message))


def deliver(end: WindowEnd) -> None:
    for message in end.receive() or []:
        end.dispatch(message)


def test_an_answer_reaches_who_asked_and_no_other(pair: tuple[WindowEnd, socket.socket]) -> None:
    end, main = pair
    heard: list[tuple[str, Reply]] = []
    first = end.ask(Log(level="info", text="a"), lambda reply, _fd: heard.append(("a", reply)))
    second = end.ask(Log(level="info", text="b"), lambda reply, _fd: heard.append(("b", reply)))
    asks = framing.main_unpacker().feed(main.recv(65536))
    assert [ask.ask_id for ask in asks] == [first, second] == [1, 2]
    send(main, Answer(ask_id=second, body=Done()))
    deliver(end)
    assert heard == [("b", Done())]


def test_a_forgotten_answer_is_dropped(pair: tuple[WindowEnd, socket.socket]) -> None:
    end, main = pair
    heard: list[Reply] = []
    ask_id = end.ask(Hello(pid=1, seal={}), lambda reply, _fd: heard.append(reply))
    end.forget(ask_id)
    send(main, Answer(ask_id=ask_id, body=Done()))
    deliver(end)
    assert heard == []


def test_events_go_to_the_one_listener(pair: tuple[WindowEnd, socket.socket]) -> None:
    end, main = pair
    heard: list[Event] = []
    end.on_tell = heard.append
    send(main, Tell(body=BringForward()))
    deliver(end)
    assert heard == [BringForward()]


def test_a_descriptor_travels_with_its_answer(pair: tuple[WindowEnd, socket.socket]) -> None:
    end, main = pair
    heard: list[int] = []
    ask_id = end.ask(AttachTerminal(terminal_id="t"), lambda _reply, fd: heard.append(fd))
    read_end, write_end = os.pipe()
    send(
        main, Answer(ask_id=ask_id, body=TerminalOpened(terminal_id="t"), descriptors=1), [read_end]
    )
    os.close(read_end)
    deliver(end)
    os.write(write_end, b"hello")
    assert os.read(heard[0], 5) == b"hello"
    os.close(heard[0])
    os.close(write_end)


def test_a_descriptor_nobody_waits_for_is_closed(pair: tuple[WindowEnd, socket.socket]) -> None:
    end, main = pair
    ask_id = end.ask(AttachTerminal(terminal_id="t"), lambda _reply, _fd: None)
    end.forget(ask_id)
    read_end, write_end = os.pipe()
    send(
        main, Answer(ask_id=ask_id, body=TerminalOpened(terminal_id="t"), descriptors=1), [read_end]
    )
    os.close(read_end)
    deliver(end)
    with pytest.raises(BrokenPipeError):
        os.write(write_end, b"x")
    os.close(write_end)


def test_the_end_of_main_is_told(pair: tuple[WindowEnd, socket.socket]) -> None:
    end, main = pair
    main.close()
    assert end.receive() is None


def test_nothing_to_read_is_no_end(pair: tuple[WindowEnd, socket.socket]) -> None:
    assert pair[0].receive() == []


def test_a_message_of_no_contract_breaks_the_bridge(pair: tuple[WindowEnd, socket.socket]) -> None:
    end, main = pair
    main.sendall(b"\x00\x00\x00\x02\xc0\xc0")
    with pytest.raises(PeerBroke):
        end.receive()


def test_a_full_socket_keeps_the_rest_for_later(pair: tuple[WindowEnd, socket.socket]) -> None:
    end, main = pair
    calls: list[int] = []
    end.on_unsent = lambda: calls.append(1)
    text = "x" * 100_000
    while not end.has_unsent:
        end.ask(Log(level="info", text=text))
    assert calls
    unpacker = framing.main_unpacker()
    count = 0
    main.settimeout(2)
    waits = True
    while waits:
        count += len(unpacker.feed(main.recv(1 << 20)))
        end.flush()
        waits = end.has_unsent
    main.setblocking(False)
    is_dry = False
    while not is_dry:
        try:
            count += len(unpacker.feed(main.recv(1 << 20)))
        except BlockingIOError:
            is_dry = True
    assert count == end.ask(Log(level="info", text="")) - 1
