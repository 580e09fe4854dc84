"""The steps of a login by security key alone, shown by the window and answered there."""

from collections.abc import Awaitable, Callable, Sequence

from teleterm.bridge.contract import AnswerKeyLogin, Event, KeyLoginAsked
from teleterm.model.errors import ErrorCode, Refused


class KeyLogin:
    """One login; `ask` shows a question and gives its answer, `tell` shows a touch."""

    def __init__(
        self,
        cluster_uri: str,
        ident: Callable[[], str],
        tell: Callable[[Event], None],
        ask: Callable[[str, Event], Awaitable[object]],
    ) -> None:
        self._cluster_uri = cluster_uri
        self._ident = ident
        self._tell = tell
        self._ask = ask

    def touch(self) -> None:
        """Show that a touch is awaited; nobody answers that."""
        self._tell(
            KeyLoginAsked(prompt_id=self._ident(), kind="touch", cluster_uri=self._cluster_uri)
        )

    async def pin(self) -> str:
        """Ask for the key's PIN.

        Raises: Refused (CANCELLED).
        """
        ident = self._ident()
        answer = await self._ask(
            ident, KeyLoginAsked(prompt_id=ident, kind="pin", cluster_uri=self._cluster_uri)
        )
        if not isinstance(answer, AnswerKeyLogin) or not answer.pin:
            raise _given_up()
        return answer.pin

    async def choose(self, users: Sequence[str]) -> int:
        """Ask which of the key's users is meant.

        Raises: Refused (CANCELLED).
        """
        ident = self._ident()
        answer = await self._ask(
            ident,
            KeyLoginAsked(
                prompt_id=ident,
                kind="user",
                cluster_uri=self._cluster_uri,
                users=tuple(users),
            ),
        )
        if not isinstance(answer, AnswerKeyLogin) or not 0 <= answer.index < len(users):
            raise _given_up()
        return answer.index


def _given_up() -> Refused:
    return Refused("The login was given up.", code=ErrorCode.CANCELLED)
