"""The demo's decoders raise their own error and nothing else, whatever comes in."""

import asyncio
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleterm.demo import http
from teleterm.demo.clienthello import NotAClientHello, read_client_hello
from teleterm.demo.databases import mysqlwire, pgwire
from teleterm.demo.predicate import BadPredicate, Subject, compile_predicate
from teleterm.demo.streams import ExactReader, PingStream

pytestmark = pytest.mark.slow

SUBJECT = Subject(name="n", hostname="h", labels={"a": "b"})
HELLO_STARTS = st.sampled_from([b"", b"\x16\x03\x01", b"\x16\x03\x01\x00\x20\x01\x00\x00\x1c"])
WORDS = st.sampled_from(
    ["name", "labels", ".", "[", "]", "(", ")", '"a"', "==", "!=", "&&", "||", "!", ",", "search"]
)


class Given:
    """A stream that gives prepared bytes, cut somewhere."""

    def __init__(self, data: bytes, cut: int) -> None:
        self._parts = [part for part in (data[:cut], data[cut:]) if part]

    async def read(self) -> bytes:
        return self._parts.pop(0) if self._parts else b""

    async def write(self, data: bytes) -> None:
        pass

    async def close(self) -> None:
        pass


@given(HELLO_STARTS, st.binary(max_size=200))
def test_client_hellos(start: bytes, rest: bytes) -> None:
    with contextlib.suppress(NotAClientHello):
        read_client_hello(start + rest)


@given(st.binary(max_size=100), st.integers(0, 100))
def test_postgres_startups(data: bytes, cut: int) -> None:
    with contextlib.suppress(pgwire.NotPostgres, EOFError):
        asyncio.run(pgwire.read_startup(ExactReader(Given(data, cut))))


@given(st.binary(max_size=120))
def test_mysql_greetings_and_answers(data: bytes) -> None:
    packet = mysqlwire.Packet(sequence=0, body=data)
    for read in (mysqlwire.read_greeting, mysqlwire.read_response):
        with contextlib.suppress(mysqlwire.NotMysql):
            read(packet)
    with contextlib.suppress(mysqlwire.NotMysql):
        mysqlwire.encode_switched(packet, "secret")


@given(st.lists(WORDS | st.text(max_size=5), max_size=12))
def test_predicates(words: list[str]) -> None:
    with contextlib.suppress(BadPredicate):
        assert compile_predicate(" ".join(words))(SUBJECT) in (True, False)


@given(st.binary(max_size=200))
def test_request_heads(data: bytes) -> None:
    with contextlib.suppress(http.BadRequest):
        http.body_length(http.parse_head(data))


@given(st.lists(st.binary(max_size=20), max_size=5), st.integers(0, 100))
def test_ping_frames_give_what_was_framed(bodies: list[bytes], cut: int) -> None:
    framed = b"".join(len(body).to_bytes(4) + body for body in bodies)

    async def everything() -> bytes:
        stream = PingStream(Given(framed, cut))
        found = b""
        while data := await stream.read():
            found += data
        return found

    assert asyncio.run(everything()) == b"".join(bodies)
