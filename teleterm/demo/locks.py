"""Users who are locked out: refused wherever they come, and sent away where they are."""

import asyncio
from collections.abc import Awaitable

from teleterm.model.errors import Refused


class Locks:
    """Who is locked."""

    def __init__(self) -> None:
        self._locked: set[str] = set()
        self._changed: dict[str, asyncio.Event] = {}

    def lock(self, user: str) -> None:
        """Lock a user."""
        self._locked.add(user)
        self._event(user).set()

    def unlock(self, user: str) -> None:
        """Let a user in again."""
        self._locked.discard(user)
        self._event(user).clear()

    def is_locked(self, user: str) -> bool:
        """Whether a user is."""
        return user in self._locked

    def check(self, user: str) -> None:
        """Raises: Refused for a locked user."""
        if user in self._locked:
            raise Refused(f'access denied: lock targeting User:"{user}" is in force')

    async def until_locked(self, user: str, work: Awaitable[object]) -> bool:
        """Wait for `work`, or until the user is locked, which cancels it; gives whether it was."""
        doing = asyncio.ensure_future(work)
        locking = asyncio.ensure_future(self._event(user).wait())
        try:
            await asyncio.wait({doing, locking}, return_when=asyncio.FIRST_COMPLETED)
            is_cut = not doing.done()
        finally:
            doing.cancel()
            locking.cancel()
            await asyncio.wait({doing, locking})
        if not is_cut:
            doing.result()
        return is_cut

    def _event(self, user: str) -> asyncio.Event:
        return self._changed.setdefault(user, asyncio.Event())
