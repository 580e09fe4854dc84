"""Second factors asked through the window, as the client library wants them.

Source: terminal_service.md 12, "PromptMFA ceremony".
"""

import asyncio
from typing import Protocol

from teleterm.client.prompts import MfaAnswer, MfaChallenge, TotpAnswer, WebauthnChallenge
from teleterm.model.errors import ErrorCode, Refused, TeletermError
from teleterm.model.secret import Secret
from teleterm.model.uri import ClusterUri
from teleterm.osutil import tasks
from teleterm.tshd.services.events import MfaPrompt, Window


class SecurityKeys(Protocol):
    """The keys that are plugged in to this computer."""

    async def sign(self, challenge: WebauthnChallenge) -> MfaAnswer:
        """Have a registered key touched, and give what it signed.

        Raises: Refused when an unregistered one was touched, or none can be used.
        """


class WindowPrompts:
    """Asks in the window. `root_name` is the root cluster's name, to tell leaves from it."""

    def __init__(
        self,
        window: Window,
        root: ClusterUri,
        *,
        root_name: str = "",
        password: Secret[str] | None = None,
        keys: SecurityKeys | None = None,
    ) -> None:
        self._window = window
        self._root = root.root
        self._root_name = root_name
        self._password = password
        self._keys = keys

    async def password(self, user: str) -> Secret[str]:
        """The password that came with the login call."""
        if self._password is None:
            raise Refused(f"The password of {user} is not known here.", code=ErrorCode.NEEDS_LOGIN)
        return self._password

    async def mfa(self, challenge: MfaChallenge) -> MfaAnswer:
        """Ask for a code in the window and wait for a touched key, whatever comes first.

        Raises: Refused (mfa_refused) when the dialog is closed, or nothing that is offered works.
        """
        key = challenge.webauthn if self._keys is not None else None
        if not challenge.totp and key is None:
            raise Refused(
                f"{challenge.cluster} asks for a security key or a browser, and no code of an"
                " authenticator app would do.",
                code=ErrorCode.NOT_IMPLEMENTED,
            )
        window = tasks.spawn(self._in_window(challenge, has_key=key is not None), name="PromptMFA")
        racers: set[asyncio.Task[MfaAnswer]] = {window}
        if key is not None and self._keys is not None:
            racers.add(tasks.spawn(self._keys.sign(key), name="security key"))
        try:
            return await _first_answer(racers, window)
        finally:
            for racer in racers:
                racer.cancel()

    async def _in_window(self, challenge: MfaChallenge, *, has_key: bool) -> MfaAnswer:
        code = await self._window.prompt_mfa(
            MfaPrompt(
                cluster_uri=str(self._cluster(challenge.cluster)),
                reason=challenge.reason,
                totp=challenge.totp,
                webauthn=has_key,
                is_per_session=challenge.is_session,
            )
        )
        if not code:
            raise Refused("No code was given.", code=ErrorCode.MFA_REFUSED)
        return TotpAnswer(code=Secret(code))

    def _cluster(self, name: str) -> ClusterUri:
        """The cluster that a resource is in, by the name the challenge gives."""
        if not self._root_name or name in {"", self._root_name}:
            return self._root
        return ClusterUri(profile=self._root.profile, leaf=name)


async def _first_answer(
    racers: set[asyncio.Task[MfaAnswer]], window: asyncio.Task[MfaAnswer]
) -> MfaAnswer:
    """The first answer; a dialog that was closed ends it for all.

    Raises: Refused (mfa_refused) when every way failed.
    """
    waiting, failures = set(racers), list[TeletermError]()
    while waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for racer in done:
            try:
                return racer.result()
            except TeletermError as error:
                if racer is window and error.code is ErrorCode.MFA_REFUSED:
                    raise
                failures.append(error)
    if len(failures) == 1:
        raise failures[0]
    raise Refused(
        "None of the ways to confirm who you are worked.",
        code=ErrorCode.MFA_REFUSED,
        details="; ".join(str(one) for one in failures),
    )
