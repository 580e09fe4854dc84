"""Security keys asked through the window."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from teleterm.model.errors import BadInput, Refused
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.tshd.services.key_talks import StreamTalk


async def given(
    *requests: pb.LoginPasswordlessRequest,
) -> AsyncIterator[pb.LoginPasswordlessRequest]:
    for request in requests:
        yield request


def pin(text: str) -> pb.LoginPasswordlessRequest:
    return pb.LoginPasswordlessRequest(
        pin=pb.LoginPasswordlessRequest.LoginPasswordlessPINResponse(pin=text)
    )


def choice(index: int) -> pb.LoginPasswordlessRequest:
    return pb.LoginPasswordlessRequest(
        credential=pb.LoginPasswordlessRequest.LoginPasswordlessCredentialResponse(index=index)
    )


def test_pin() -> None:
    async def scenario() -> None:
        talk = StreamTalk(given(pin("1234")))
        assert (await talk.pin()).reveal() == "1234"
        assert talk.prompts.get_nowait().prompt == pb.PASSWORDLESS_PROMPT_PIN

    asyncio.run(scenario())


def test_no_pin_and_nobody_there() -> None:
    with pytest.raises(BadInput, match="pin is required"):
        asyncio.run(StreamTalk(given(pin(""))).pin())
    with pytest.raises(Refused, match="given up"):
        asyncio.run(StreamTalk(given()).pin())


def test_users_are_shown_by_name_and_chosen_as_shown() -> None:
    async def scenario() -> None:
        talk = StreamTalk(given(choice(0)))
        assert await talk.choose(["carol", "alice"]) == 1
        shown = talk.prompts.get_nowait().credentials
        assert [one.username for one in shown] == ["alice", "carol"]

    asyncio.run(scenario())


@pytest.mark.parametrize("index", [-1, 2])
def test_a_choice_that_is_none(index: int) -> None:
    with pytest.raises(BadInput, match="invalid login name"):
        asyncio.run(StreamTalk(given(choice(index))).choose(["carol", "alice"]))
