"""HTTP's answers, whole, in pieces, cut off, and those that are none."""

import pytest

from teleterm.wire.http1 import Answer, AnswerReader, NotHttp, encode_request

COUNTED = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;note=1\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: 1\r\n\r\n"
)
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


def read(data: bytes, *, has_body: bool = True) -> Answer | None:
    return AnswerReader(has_body=has_body).feed(data)


@pytest.mark.parametrize("data", [COUNTED, CHUNKED, GO_ON + COUNTED, GO_ON + GO_ON + CHUNKED])
def test_any_cut_gives_the_same_answer(data: bytes) -> None:
    whole = read(data)
    assert whole is not None
    assert (whole.status, whole.reason, whole.body, whole.is_last) == (200, "OK", b"hello", False)
    reader = AnswerReader()
    found = [reader.feed(data[at : at + 1]) for at in range(len(data))]
    assert found[-1] == whole
    assert not any(found[:-1])


def test_names_of_headers_are_in_small_letters() -> None:
    found = read(COUNTED)
    assert found is not None
    assert found.headers == {"content-length": "5", "x": "y"}


def test_an_answer_that_ends_with_its_connection() -> None:
    reader = AnswerReader()
    assert reader.feed(b"HTTP/1.1 502 Bad Gateway\r\n\r\n<html>") is None
    found = reader.end()
    assert (found.status, found.text, found.is_last) == (502, "<html>", True)
    assert not found.is_success


@pytest.mark.parametrize(
    "data",
    [
        COUNTED.replace(b"X: y", b"Connection: Close"),
        COUNTED.replace(b"HTTP/1.1", b"HTTP/1.0"),
        COUNTED + b"more",
    ],
)
def test_answers_after_which_the_connection_is_of_no_use(data: bytes) -> None:
    found = read(data)
    assert found is not None
    assert found.is_last


def test_answers_without_a_body() -> None:
    found = read(COUNTED.replace(b"hello", b""), has_body=False)
    assert found is not None
    assert found.body == b""
    empty = read(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert empty is not None
    assert empty.is_success


@pytest.mark.parametrize("data", [b"", COUNTED[:10], COUNTED[:-1], CHUNKED[:-2], CHUNKED[:60]])
def test_answers_that_are_cut_off(data: bytes) -> None:
    reader = AnswerReader()
    assert reader.feed(data) is None
    with pytest.raises(NotHttp):
        reader.end()


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-Go",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 20\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_answer(data: bytes) -> None:
    with pytest.raises(NotHttp):
        read(data)


def test_requests() -> None:
    assert encode_request("GET", "/a", "h:1", {"Accept": "x"}) == (
        b"GET /a HTTP/1.1\r\nHost: h:1\r\nAccept: x\r\n\r\n"
    )
    assert encode_request("GET", "/a b\r\n\u0100?x=1", "h", {}).startswith(
        b"GET /a%20b%0D%0A%C4%80?x=1 HTTP/1.1\r\n"
    )
    assert encode_request("POST", "/", "h", {}, b"{}") == (
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"
    )
