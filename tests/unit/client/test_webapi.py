"""What the web API's errors mean."""

import asyncio

import pytest

from teleterm.client.net import NetOptions
from teleterm.client.webapi import WebApi, error_of
from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError, Unreachable


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


def test_names_with_letters_of_other_alphabets() -> None:
    """They are asked for as resolvers know them; some are no names at all."""

    async def ask(address: str) -> None:
        options = NetOptions(environ={"HTTPS_PROXY": "socks5://none"})
        async with WebApi(address, options) as web:
            await web.get("/")

    with pytest.raises(Unreachable, match="can't be used"):  # that far it came
        asyncio.run(ask("b\u00fccher.example:443"))
    with pytest.raises(BadInput, match="can't have these letters"):
        asyncio.run(ask("\u0100" * 70 + ":443"))


@pytest.mark.parametrize("body", ["<html>", "[]", "{}", '{"error": 3}', ""])
def test_answers_of_load_balancers(body: str) -> None:
    assert error_of(502, body, "h:1").message == "h:1 answered with an error (HTTP 502)."
