"""Security keys: FIDO2 and U2F devices, asked to sign and to make credentials.

`fido.py` speaks to them; here is who waits for which, and what the person is told. Another finder
of devices may be handed in; nothing outside the program can put a key in the place of a real one.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from teleterm.client.prompts import (
    RegisteredKey,
    RegistrationChallenge,
    WebauthnAnswer,
    WebauthnChallenge,
)
from teleterm.model.errors import ErrorCode, Refused, TeletermError
from teleterm.model.secret import Secret
from teleterm.osutil.tasks import spawn

if TYPE_CHECKING:
    from teleterm.client.fido import Key

T = TypeVar("T")
Finder = Callable[[], "Sequence[Key]"]
LOOK_AGAIN_S = 0.5
WAIT_S = 120.0


class KeyTalk(Protocol):
    """Tells the person what a key waits for; called on the event loop.

    Raising Refused from any of these ends the ceremony.
    """

    async def touch(self) -> None:
        """Keys wait to be touched."""

    async def touched(self) -> None:
        """One was."""

    async def pin(self) -> Secret[str]:
        """Ask for the PIN of the key."""

    async def choose(self, users: Sequence[str]) -> int:
        """Ask which user of the key is meant; gives the index."""


def plugged_in() -> "Sequence[Key]":
    """The keys of this computer that this program may use. Blocks, shortly."""
    from teleterm.client import fido

    return fido.keys()


class SecurityKeys:
    """The security keys of this computer; `find` looks for them, in a thread."""

    def __init__(self, find: Finder | None = None, *, wait_s: float = WAIT_S) -> None:
        self._find = find or plugged_in
        self._wait_s = wait_s

    async def sign(self, challenge: WebauthnChallenge, talk: KeyTalk) -> WebauthnAnswer:
        """Have a key touched that holds one of the credentials, and give what it signed.

        With no credential in the challenge the key tells who the user is: a login without password.
        Raises: Refused (MFA_REFUSED): another key was touched, none in time, a wrong PIN.
        """
        needs_pin = challenge.user_verification == "required"
        found = await self._ask(
            talk, lambda key, asker: key.sign(challenge, asker), needs_pin=needs_pin
        )
        at = 0
        if not challenge.allow and len(found) > 1:
            at = await talk.choose([one.user_name for one in found])
        return found[at].answer

    async def register(self, challenge: RegistrationChallenge, talk: KeyTalk) -> RegisteredKey:
        """Have a key touched, and give the credential it made.

        Raises: Refused (MFA_REFUSED), also when the key holds one of the user's credentials.
        """
        needs_pin = challenge.is_resident or challenge.user_verification == "required"
        return await self._ask(
            talk, lambda key, asker: key.register(challenge, asker), needs_pin=needs_pin
        )

    async def are_there(self) -> bool:
        """Whether a key is plugged in now."""
        return bool(await asyncio.to_thread(self._find))

    async def _ask(self, talk: KeyTalk, work: "Callable[[Key, Asker], T]", *, needs_pin: bool) -> T:
        try:
            async with asyncio.timeout(self._wait_s):
                keys = await self._wait_for_keys()
                asker = Asker(talk, asyncio.get_running_loop())
                if needs_pin and len(keys) > 1:
                    # A PIN belongs to one key: let it be picked by a touch first.
                    keys = [await _first(keys, asker, lambda key, one: key.pick(one))]
                    asker = asker.again()
                answer = await _first(keys, asker, work)
        except TimeoutError:
            raise Refused(
                "No security key was touched in time.",
                code=ErrorCode.MFA_REFUSED,
                hint="Plug in your key, and try again.",
            ) from None
        await talk.touched()
        return answer

    async def _wait_for_keys(self) -> "Sequence[Key]":
        while True:
            keys = await asyncio.to_thread(self._find)
            if keys:
                return keys
            await asyncio.sleep(LOOK_AGAIN_S)


class Asker:
    """What a key's thread asks the person through; the keys of one ceremony share it."""

    def __init__(self, talk: KeyTalk, loop: asyncio.AbstractEventLoop) -> None:
        self.end = threading.Event()
        self._talk = talk
        self._loop = loop
        self._has_said = threading.Event()

    def again(self) -> "Asker":
        """One for the next step with the same person."""
        return Asker(self._talk, self._loop)

    def touch(self) -> None:
        """A key waits for a touch; the person is told once."""
        if not self._has_said.is_set():
            self._has_said.set()
            asyncio.run_coroutine_threadsafe(self._talk.touch(), self._loop).result()

    def pin(self) -> Secret[str]:
        """Ask for the PIN. Blocks."""
        return asyncio.run_coroutine_threadsafe(self._talk.pin(), self._loop).result()


async def _first(keys: "Sequence[Key]", asker: Asker, work: "Callable[[Key, Asker], T]") -> T:
    """What the first key gives that is touched; a failure counts once all others failed too.

    Raises: Refused at once for a touched key that isn't the right one.
    """
    waiting = {spawn(_attempt(key, asker, work), name="security key") for key in keys}
    failure: TeletermError | None = None
    try:
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                result = task.result()
                if not isinstance(result, TeletermError):
                    return result
                if result.code is ErrorCode.MFA_REFUSED:
                    raise result
                failure = result
    finally:
        asker.end.set()
        if waiting:
            await asyncio.wait(waiting)
    raise failure or Refused("No security key answered.", code=ErrorCode.MFA_REFUSED)


async def _attempt(
    key: "Key", asker: Asker, work: "Callable[[Key, Asker], T]"
) -> T | TeletermError:
    try:
        return await asyncio.to_thread(work, key, asker)
    except TeletermError as error:
        return error
