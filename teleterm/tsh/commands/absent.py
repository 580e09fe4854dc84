"""What every command that is not here answers."""

from teleterm.model.errors import ErrorCode, Refused
from teleterm.tsh.catalogue_absent import why
from teleterm.tsh.grammar import Parsed


def run(parsed: Parsed) -> int:
    """Say that it is not here.

    Raises: Refused, always.
    """
    raise Refused(
        f"tsh {parsed.command.name} is not part of this program: {why(parsed.command.path)}.",
        code=ErrorCode.NOT_IMPLEMENTED,
    )
