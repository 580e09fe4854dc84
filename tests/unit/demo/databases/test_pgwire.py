"""PostgreSQL's messages as bytes."""

import asyncio

import pytest

from teleterm.demo.databases import pgwire
from teleterm.demo.streams import ExactReader


class Script:
    """A stream that gives prepared bytes."""

    def __init__(self, *incoming: bytes) -> None:
        self._incoming = list(incoming)

    async def read(self) -> bytes:
        return self._incoming.pop(0) if self._incoming else b""

    async def write(self, data: bytes) -> None:
        raise AssertionError("nothing is written here")

    async def close(self) -> None:
        self._incoming.clear()


def startup(data: bytes) -> pgwire.Startup:
    return asyncio.run(pgwire.read_startup(ExactReader(Script(data))))


def test_a_startup_message_survives_both_ways() -> None:
    data = pgwire.encode_startup({"user": "alice", "database": "orders", "application_name": "é"})
    assert data == (
        b"\x00\x00\x00\x38\x00\x03\x00\x00user\0alice\0database\0orders\0"
        b"application_name\0\xc3\xa9\0\0"
    )
    found = startup(data)
    assert found.code == pgwire.PROTOCOL_3
    assert (found.user, found.database) == ("alice", "orders")
    assert found.raw == data


def test_the_database_is_the_users_name_if_none_is_said() -> None:
    assert startup(pgwire.encode_startup({"user": "alice"})).database == "alice"


def test_requests_without_parameters() -> None:
    assert startup(bytes.fromhex("0000000804d2162f")).code == pgwire.SSL_REQUEST
    cancel = bytes.fromhex("0000001004d2162e 00000001 00000002".replace(" ", ""))
    assert startup(cancel).code == pgwire.CANCEL_REQUEST
    assert startup(cancel).raw == cancel


@pytest.mark.parametrize("data", [b"\0\0\0\x07\0\3\0\0", b"\x7f\xff\xff\xff\0\3\0\0"])
def test_impossible_lengths_are_refused(data: bytes) -> None:
    with pytest.raises(pgwire.NotPostgres):
        startup(data)


def test_a_refusal_in_bytes() -> None:
    expected = b"E\x00\x00\x00\x22SFATAL\0VFATAL\0C28000\0Mno way\0\0"
    assert pgwire.encode_fatal("28000", "no way") == expected


def test_waits_for_ready_and_reports_the_servers_error() -> None:
    ready = b"Z\x00\x00\x00\x05I"
    notice = b"N\x00\x00\x00\x05\0"
    asyncio.run(pgwire.read_until_ready(ExactReader(Script(notice + ready))))
    error = b"E\x00\x00\x00\x11SERROR\0Mbad\0\0"
    with pytest.raises(pgwire.ServerError, match="bad"):
        asyncio.run(pgwire.read_until_ready(ExactReader(Script(error + ready))))
    fatal = pgwire.encode_fatal("28000", "no way")
    with pytest.raises(pgwire.ServerError, match="no way"):
        asyncio.run(pgwire.read_until_ready(ExactReader(Script(fatal))))
