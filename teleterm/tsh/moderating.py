"""What a moderator's terminal does while the session goes on: confirms that they are there."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from teleterm.model.errors import ErrorCode, Refused, TeletermError
from teleterm.tsh.render import plain

if TYPE_CHECKING:
    from teleterm.client.prompts import WebauthnAnswer, WebauthnChallenge
    from teleterm.client.security_keys import SecurityKeys
    from teleterm.model.secret import Secret

Say = Callable[[str], None]


class Questions(Protocol):
    """Where the questions come from, and the answers go."""

    async def challenge(self) -> "WebauthnChallenge":
        """The next one."""

    async def answer(self, signed: "WebauthnAnswer") -> None:
        """Answer it."""


async def confirm(asker: Questions, keys: "SecurityKeys", say: Say, *, every_s: float) -> None:
    """Have a security key touched, time and again, until that fails or this is cancelled."""
    say("MFA presence enabled")
    try:
        while True:
            await asyncio.sleep(every_s)
            challenge = await asker.challenge()
            say("Please tap your MFA key")
            await asker.answer(await keys.sign(challenge, _Talk()))
            say("Received MFA presence confirmation")
    except TeletermError as error:
        say(f"Failed to confirm presence: {plain.lines(error.message)}")


class _Talk:
    """The terminal belongs to the session: nothing can be asked on it."""

    async def touch(self) -> None:
        """Asked for already."""

    async def touched(self) -> None:
        """Said once the answer is sent."""

    async def pin(self) -> "Secret[str]":
        """Refuse."""
        raise Refused("The security key wants a PIN.", code=ErrorCode.MFA_REFUSED)

    async def choose(self, users: Sequence[str]) -> int:
        """Refuse."""
        raise Refused("The security key has several users.", code=ErrorCode.MFA_REFUSED)
