"""Second factors asked through the window, as the client library wants them.

Source: terminal_service.md 12, "PromptMFA ceremony".
"""

from teleterm.client.prompts import MfaAnswer, MfaChallenge, TotpAnswer
from teleterm.model.errors import ErrorCode, Refused
from teleterm.model.secret import Secret
from teleterm.model.uri import ClusterUri
from teleterm.tshd.services.events import MfaPrompt, Window


class WindowPrompts:
    """Asks in the window. `root_name` is the root cluster's name, to tell leaves from it."""

    def __init__(
        self,
        window: Window,
        root: ClusterUri,
        *,
        root_name: str = "",
        password: Secret[str] | None = None,
    ) -> None:
        self._window = window
        self._root = root.root
        self._root_name = root_name
        self._password = password

    async def password(self, user: str) -> Secret[str]:
        """The password that came with the login call."""
        if self._password is None:
            raise Refused(f"The password of {user} is not known here.", code=ErrorCode.NEEDS_LOGIN)
        return self._password

    async def mfa(self, challenge: MfaChallenge) -> MfaAnswer:
        """Ask for a code of an authenticator app.

        Raises: Refused (mfa_refused) when the dialog is closed, or when only ways are offered that
                this daemon can't go.
        """
        if not challenge.totp:
            raise Refused(
                f"{challenge.cluster} asks for a security key or a browser, and no code of an"
                " authenticator app would do.",
                code=ErrorCode.NOT_IMPLEMENTED,
            )
        code = await self._window.prompt_mfa(
            MfaPrompt(
                cluster_uri=str(self._cluster(challenge.cluster)),
                reason=challenge.reason,
                totp=True,
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
