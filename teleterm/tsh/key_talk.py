"""What the person at the terminal is told while a security key waits, in the official words."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TextIO

from teleterm.model.secret import Secret
from teleterm.tsh import questions
from teleterm.tsh.render import plain

TOUCHED = "Detected security key tap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said for a touch (nothing when empty) and for a PIN."""

    touch: str = "Tap your security key"
    pin: str = "Enter your security key PIN"


LOGIN = Words()
CONFIRM = Words(touch="Tap any security key")
BESIDE_CODE = Words(touch="")
REGISTER = Words(touch="Tap your *new* security key", pin="Enter your *new* security key PIN")


class TerminalKeyTalk:
    """Speaks for one ceremony; `before_pin` makes room on the terminal for a PIN."""

    def __init__(
        self,
        words: Words,
        *,
        out: TextIO | None = None,
        before_pin: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._words = words
        self._out = out or sys.stderr
        self._before_pin = before_pin

    async def touch(self) -> None:
        """Ask for a touch."""
        if self._words.touch:
            self._say(self._words.touch)

    async def touched(self) -> None:
        """Confirm the touch."""
        self._say(TOUCHED)

    async def pin(self) -> Secret[str]:
        """Ask for the key's PIN."""
        if self._before_pin is not None:
            await self._before_pin()
        return await questions.hidden(self._words.pin, self._out)

    async def choose(self, users: Sequence[str]) -> int:
        """Ask which of the users on the key is meant, by number or by name."""
        order = sorted(range(len(users)), key=lambda at: users[at])
        for number, at in enumerate(order, 1):
            self._say(f"[{number}] {users[at]}")
        while True:
            given = await questions.shown("Choose the user for login", self._out)
            if given in users:
                return users.index(given)
            if given.isdecimal() and 1 <= int(given) <= len(users):
                return order[int(given) - 1]
            self._say(f'Invalid user choice: "{given}"')

    def _say(self, text: str) -> None:
        self._out.write(plain.lines(text) + "\n")
        self._out.flush()
