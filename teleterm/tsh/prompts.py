"""The password and the second factor, asked of the person at the terminal in the official words."""

import asyncio
import sys
from collections.abc import Awaitable
from typing import TextIO

from teleterm.client.prompts import (
    MfaAnswer,
    MfaChallenge,
    TotpAnswer,
    WebauthnChallenge,
)
from teleterm.client.security_keys import SecurityKeys
from teleterm.model.errors import ErrorCode, Refused, TeletermError
from teleterm.model.secret import Secret
from teleterm.osutil.tasks import spawn
from teleterm.tsh import key_talk, questions
from teleterm.tsh.key_talk import TerminalKeyTalk
from teleterm.tsh.render import plain

NO_TERMINAL = (
    "cannot perform password login without a terminal\n\tunderlying reader is not a terminal"
)
CODE_QUESTION = "Enter an OTP code from a device"
KEY_OR_CODE = "Tap any security key or enter a code from a OTP device"
_KEY, _SSO, _CODE = "WEBAUTHN", "SSO", "OTP"


class TerminalPrompts:
    """Asks on standard error, reads from the terminal; `mfa_mode` as `--mfa-mode` has it."""

    def __init__(
        self,
        *,
        mfa_mode: str = "auto",
        out: TextIO | None = None,
        keys: SecurityKeys | None = None,
    ) -> None:
        self._mfa_mode = mfa_mode
        self._out = out or sys.stderr
        self._keys = keys or SecurityKeys()
        self.has_asked_mfa = False

    async def password(self, user: str) -> Secret[str]:
        """The password of a Teleport user.

        Raises: Refused when there is no terminal or the person gives up.
        """
        question = f"Enter password for Teleport user {user}"
        return await questions.hidden(question, self._out, no_terminal=NO_TERMINAL)

    async def mfa(self, challenge: MfaChallenge) -> MfaAnswer:
        """A second factor, of the strongest kind that is offered unless another one is preferred.

        Raises: Refused when none of the wanted kinds can be given here.
        """
        self.has_asked_mfa = True
        if challenge.reason:
            self._say(challenge.reason)
        if challenge.is_session and self._mfa_mode == "otp":
            raise Refused(
                "only WebAuthn and SSO MFA methods are supported with per-session MFA, "
                "can not specify --mfa-mode=otp",
                code=ErrorCode.MFA_REFUSED,
            )
        ways = self._choose(challenge)
        key = challenge.webauthn
        if key is None or _KEY not in ways:
            if _CODE in ways:
                return await self._code(CODE_QUESTION)
            raise Refused(
                f"client does not support any available MFA methods [{', '.join(ways)}]",
                code=ErrorCode.MFA_REFUSED,
                hint="Add a security key: tsh mfa add",
            )
        if _CODE in ways:
            return await self._key_or_code(key)
        return await self._keys.sign(key, TerminalKeyTalk(key_talk.CONFIRM, out=self._out))

    def _choose(self, challenge: MfaChallenge) -> list[str]:
        """The ways to take now; tells of the others unless the person has chosen."""
        offered = _offered(challenge)
        wanted = {"otp": _CODE, "sso": _SSO}.get(self._mfa_mode, _KEY)
        if self._mfa_mode != "auto":
            return [wanted] if wanted in offered or wanted == _KEY else offered[:1]
        chosen = offered[:1]
        if challenge.is_login and chosen == [_KEY] and _CODE in offered:
            chosen.append(_CODE)  # nothing else reads the terminal during a login
        if len(offered) > len(chosen) > 0:
            names = ",".join(offered).lower()
            self._say(
                f"Available MFA methods [{', '.join(offered)}]. "
                f"Continuing with {' and '.join(chosen)}.\n"
                "If you wish to perform MFA with another method, specify with flag "
                f"--mfa-mode=<{names}> or environment variable TELEPORT_MFA_MODE=<{names}>.\n"
            )
        return chosen

    async def _code(self, question: str) -> TotpAnswer:
        return TotpAnswer(code=await questions.hidden(question, self._out))

    async def _key_or_code(self, challenge: WebauthnChallenge) -> MfaAnswer:
        """Whatever comes first. A PIN that the key wants has the terminal for itself."""
        self._say(KEY_OR_CODE)
        typing = spawn(_attempt(self._code("")), name="code")

        async def stop_typing() -> None:
            typing.cancel()
            await asyncio.wait([typing])

        talk = TerminalKeyTalk(key_talk.BESIDE_CODE, out=self._out, before_pin=stop_typing)
        touching = spawn(_attempt(self._keys.sign(challenge, talk)), name="security key")
        waiting: set[asyncio.Task[MfaAnswer | TeletermError]] = {typing, touching}
        failures: list[TeletermError] = []
        try:
            while waiting:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    result = None if task.cancelled() else task.result()
                    if isinstance(result, TeletermError):
                        failures.append(result)
                    elif result is not None:
                        return result
        finally:
            typing.cancel()
            touching.cancel()
            await asyncio.wait([typing, touching])
        raise failures[-1]

    def _say(self, text: str) -> None:
        self._out.write(plain.lines(text) + "\n")
        self._out.flush()


def _offered(challenge: MfaChallenge) -> list[str]:
    """What the cluster would take, the strongest first."""
    ways = ((_KEY, challenge.webauthn), (_SSO, challenge.sso), (_CODE, challenge.totp or None))
    return [name for name, there in ways if there is not None]


async def _attempt(work: Awaitable[MfaAnswer]) -> MfaAnswer | TeletermError:
    try:
        return await work
    except TeletermError as error:
        return error
