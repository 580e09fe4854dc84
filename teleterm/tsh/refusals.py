"""Why a node could not be reached, in the words where scripts look for them."""

from teleterm.model.errors import ErrorCode, Refused, TeletermError


def reworded(error: TeletermError, login: str, shown: str) -> TeletermError:
    """The same failure in the words of the official program."""
    if error.code is ErrorCode.DENIED and isinstance(error, Refused):
        words, hint = f"access denied to {login} connecting to {shown}", ""
    elif error.code is ErrorCode.NOT_FOUND:
        why = f"target host {shown} is offline or does not exist"
        if "remote cluster" in error.details:
            why = error.details.partition("remote cluster")[2].partition("\n")[0].strip()
            why = f"looking up remote cluster {why}\n\tnot found"
        words, hint = f"failed connecting to host {shown}: {why}", ""
    else:
        return error
    return Refused(words, code=error.code, hint=hint, details=error.details)
