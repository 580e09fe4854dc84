"""Errors of several things done at once."""

from teleterm.model.errors import TeletermError


def first_error(group: BaseExceptionGroup[BaseException]) -> TeletermError:
    """The first of our own errors in a group; anything else is a bug and goes on its way."""
    ours, others = group.split(TeletermError)
    if others is not None or ours is None:
        raise group
    found: BaseException = ours
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    assert isinstance(found, TeletermError)  # noqa: S101 - split gave nothing else
    return found
