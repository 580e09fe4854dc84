"""`tsh status`: the profiles with their certificates. Asks no server."""

from teleterm.model.errors import ErrorCode, Refused
from teleterm.tsh import context as contexts
from teleterm.tsh import standing
from teleterm.tsh.grammar import Parsed


def run(parsed: Parsed) -> int:
    """Print them; fail when nobody is logged in or the active login has ended."""
    context = contexts.start(parsed)
    active, others = standing.rows(context)
    if active is None and not others:
        raise Refused("Not logged in.", code=ErrorCode.NOT_FOUND)
    standing.show(context, active, others, format_name=parsed.text("format"))
    if active is None:
        raise Refused("Not logged in.", code=ErrorCode.NOT_FOUND)
    if active.identity.is_expired(context.clock.now()):
        raise Refused("Active profile expired.", code=ErrorCode.NOT_FOUND)
    return 0
