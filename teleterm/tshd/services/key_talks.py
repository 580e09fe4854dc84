"""Security keys asked on behalf of the window: beside its dialog, or step by step over a stream.

Source: terminal_service.md 10.3, LoginPasswordless.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence

from teleterm.client.prompts import MfaAnswer, WebauthnChallenge
from teleterm.client.security_keys import SecurityKeys
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.model.secret import Secret
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb


class QuietKeys:
    """Keys that are touched while the window shows its own dialog: nothing can be asked."""

    def __init__(self, keys: SecurityKeys) -> None:
        self._keys = keys

    async def sign(self, challenge: WebauthnChallenge) -> MfaAnswer:
        """Have a registered key touched.

        Raises: Refused (MFA_REFUSED), also when the key wants its PIN.
        """
        return await self._keys.sign(challenge, _QuietTalk())


class _QuietTalk:
    async def touch(self) -> None:
        """The dialog says so already."""

    async def touched(self) -> None:
        """The dialog goes."""

    async def pin(self) -> Secret[str]:
        """There is no place to type one."""
        raise Refused(
            "The security key wants its PIN, which can't be asked for here.",
            code=ErrorCode.MFA_REFUSED,
            hint="Run the same in a terminal with tsh.",
        )

    async def choose(self, users: Sequence[str]) -> int:
        """The challenge names the credentials, so there is nothing to choose."""
        return 0


class StreamTalk:
    """A login without password, spoken with the window: prompts go out, answers come in."""

    def __init__(self, requests: AsyncIterator[pb.LoginPasswordlessRequest]) -> None:
        self._requests = requests
        self.prompts: asyncio.Queue[pb.LoginPasswordlessResponse] = asyncio.Queue()

    async def touch(self) -> None:
        """Tell that a key waits; no answer comes."""
        self._ask(pb.PASSWORDLESS_PROMPT_TAP)

    async def touched(self) -> None:
        """There is no message for this."""

    async def pin(self) -> Secret[str]:
        """Ask for the key's PIN.

        Raises: BadInput when it is empty; Refused when the window gives up.
        """
        self._ask(pb.PASSWORDLESS_PROMPT_PIN)
        answer = await self._answer()
        if not answer.pin.pin:
            raise BadInput("pin is required", field="pin")
        return Secret(answer.pin.pin)

    async def choose(self, users: Sequence[str]) -> int:
        """Ask which user of the key is meant; they are shown by name.

        Raises: BadInput for one that isn't there.
        """
        order = sorted(range(len(users)), key=lambda at: users[at])
        shown = [pb.CredentialInfo(username=users[at]) for at in order]
        self._ask(pb.PASSWORDLESS_PROMPT_CREDENTIAL, shown)
        index = (await self._answer()).credential.index
        if not 0 <= index < len(order):
            raise BadInput("invalid login name", field="index", value=str(index))
        return order[index]

    def _ask(
        self,
        prompt: "pb.PasswordlessPrompt.ValueType",
        credentials: Sequence[pb.CredentialInfo] = (),
    ) -> None:
        message = pb.LoginPasswordlessResponse(prompt=prompt, credentials=credentials)
        self.prompts.put_nowait(message)

    async def _answer(self) -> pb.LoginPasswordlessRequest:
        async for request in self._requests:
            return request
        raise Refused("The login was given up.", code=ErrorCode.CANCELLED)
