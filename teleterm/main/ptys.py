"""The pty host as main sees it; until it is joined, no terminal can be opened."""

from teleterm.main.commands import Command
from teleterm.main.terminals import Living
from teleterm.model.errors import ErrorCode, Unreachable
from teleterm.osutil import dirs


class Ptys:
    """Speaks to the pty host."""

    def __init__(self, folders: dirs.Folders) -> None:
        self._folders = folders

    async def start(self) -> None:
        """Find it or start it."""

    async def open(
        self, command: Command, *, cols: int, rows: int, scrollback: int, note: str
    ) -> str:
        """Start a terminal and give its name."""
        raise _missing()

    async def attach(self, terminal_id: str) -> int:
        """A descriptor of the terminal's frame channel."""
        raise _missing()

    async def close(self, terminal_id: str) -> None:
        """Hang a terminal up."""

    async def living(self) -> list[Living]:
        """The terminals that live."""
        return []

    async def leave(self, *, keep_terminals: bool, linger_s: float) -> None:
        """We leave."""


def _missing() -> Unreachable:
    return Unreachable("The pty host can't be reached.", code=ErrorCode.NO_ANSWER)
