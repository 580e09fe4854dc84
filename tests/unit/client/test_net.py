"""Which HTTP proxy is used, and what the web API's errors mean."""

import pytest

from teleterm.client.net import proxy_for
from teleterm.client.webapi import error_of
from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError, Unreachable

ENVIRON = {"HTTPS_PROXY": "http://proxy:8080", "NO_PROXY": "example.com, .corp,10.0.0.1"}


@pytest.mark.parametrize(
    ("host", "proxied"),
    [
        ("teleport.sh", True),
        ("example.com", False),
        ("sub.example.com", False),
        ("notexample.com", True),
        ("a.corp", False),
        ("10.0.0.1", False),
        ("localhost", False),
        ("127.0.0.1", False),
        ("::1", False),
    ],
)
def test_who_is_reached_through_a_proxy(host: str, *, proxied: bool) -> None:
    assert proxy_for(host, ENVIRON) == ("http://proxy:8080" if proxied else "")


def test_spellings() -> None:
    assert proxy_for("x", {"https_proxy": "proxy:1"}) == "http://proxy:1"
    assert proxy_for("x", {"HTTPS_PROXY": "p:1", "no_proxy": "*"}) == ""
    assert proxy_for("x", {}) == ""


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, BadInput, ErrorCode.BAD_VALUE),
        (403, Refused, ErrorCode.DENIED),
        (404, Refused, ErrorCode.NOT_FOUND),
        (409, Refused, ErrorCode.ALREADY_EXISTS),
        (412, BadInput, ErrorCode.BAD_VALUE),
        (429, Refused, ErrorCode.LIMIT),
        (500, Refused, ErrorCode.UNKNOWN),
        (501, Refused, ErrorCode.NOT_IMPLEMENTED),
        (504, Unreachable, ErrorCode.NO_ANSWER),
    ],
)
def test_kinds_of_errors(status: int, kind: type[TeletermError], code: ErrorCode) -> None:
    found = error_of(status, '{"error": {"message": "invalid thing"}}', "h:1")
    assert (type(found), found.code) == (kind, code)
    assert found.message == "Invalid thing."


@pytest.mark.parametrize("body", ["<html>", "[]", "{}", '{"error": 3}', ""])
def test_answers_of_load_balancers(body: str) -> None:
    assert error_of(502, body, "h:1").message == "h:1 answered with an error (HTTP 502)."
