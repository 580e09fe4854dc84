"""Questions to the person at the terminal, with the official words."""

import sys
from typing import TextIO

from teleterm.client.prompts import MfaAnswer, MfaChallenge, TotpAnswer
from teleterm.model.errors import ErrorCode, Refused
from teleterm.model.secret import Secret
from teleterm.tsh.terminal import hidden_line

NO_TERMINAL = (
    "cannot perform password login without a terminal\n\tunderlying reader is not a terminal"
)


class TerminalPrompts:
    """Asks on standard error, reads from the terminal without echo."""

    def __init__(self, *, mfa_mode: str = "auto", out: TextIO | None = None) -> None:
        self._mfa_mode = mfa_mode
        self._out = out or sys.stderr
        self.has_asked_mfa = False

    async def password(self, user: str) -> Secret[str]:
        """The password of a Teleport user.

        Raises: Refused when there is no terminal or the person gives up.
        """
        return await self._hidden(f"Enter password for Teleport user {user}:")

    async def mfa(self, challenge: MfaChallenge) -> MfaAnswer:
        """A second factor.

        Raises: Refused when none of the wanted kinds can be given here.
        """
        self.has_asked_mfa = True
        if challenge.totp:
            return TotpAnswer(code=await self._hidden("Enter an OTP code from a device:"))
        raise Refused(
            "This needs a security key, which this program can't use yet.",
            code=ErrorCode.MFA_REFUSED,
        )

    async def _hidden(self, question: str) -> Secret[str]:
        if not sys.stdin.isatty():
            raise Refused(NO_TERMINAL, code=ErrorCode.CANCELLED)
        self._out.write(question + "\n")
        self._out.flush()
        return Secret(await hidden_line(sys.stdin.fileno()))
