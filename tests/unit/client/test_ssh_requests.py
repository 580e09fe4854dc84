"""Requests of nodes that the SSH library knows nothing of, as they come off the wire."""

from typing import cast

import asyncssh
import pytest
from asyncssh.packet import SSHPacket

from teleterm.client import ssh_requests
from teleterm.client.ssh_requests import SessionSize


class FakeConnection:
    """Looks a handler up by name, as the library does, and notes what is answered."""

    def __init__(self) -> None:
        self.answers: list[bool] = []

    def _report_global_response(self, result: bool) -> None:  # as the library's
        self.answers.append(result)

    def receive(self, name: str, payload: bytes) -> None:
        getattr(self, f"_process_{name}_global_request")(SSHPacket(payload))


def sizes(payload: bytes) -> list[SessionSize]:
    connection = FakeConnection()
    found: list[SessionSize] = []
    ssh_requests.on_resize(cast(asyncssh.SSHClientConnection, connection), found.append)
    connection.receive("x_teleport_event", payload)
    assert connection.answers == [True], "or the library waits for ever before the next"
    return found


def test_a_resize() -> None:
    event = b'{"event":"resize","code":"T2002I","size":"111:33","sid":"x"}'
    assert sizes(event) == [SessionSize(111, 33)]


@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"[]", b"{}", b'{"event":"session.join","size":"1:2"}', b'{"event":"resize"}',
     b'{"event":"resize","size":"0:5"}', b'{"event":"resize","size":"5:99999"}',
     b'{"event":"resize","size":"5"}', b'{"event":"resize","size":"a:b"}', b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_resize(payload: bytes) -> None:
    assert sizes(payload) == []


def test_the_question_for_presence() -> None:
    connection = FakeConnection()
    asked: list[str] = []
    ssh_requests.on_presence(
        cast(asyncssh.SSHClientConnection, connection), lambda: asked.append("there?")
    )
    connection.receive("x_teleport_mfa_presence", b"")
    assert (asked, connection.answers) == (["there?"], [True])
