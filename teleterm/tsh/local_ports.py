"""The port a local proxy listens on: what flags say, and the words when it is taken."""

import contextlib
from collections.abc import Iterator

from teleterm.model.errors import BadInput, ErrorCode

RANDOM = "To avoid port randomization, you can choose the listening port using the --port flag.\n"
_MOST = 65535


@contextlib.contextmanager
def words_for(host: str, port_text: str) -> Iterator[int]:
    """The port that was asked for; a failure to listen there is told as the official one is.

    Raises: BadInput.
    """
    port = number(port_text)
    try:
        yield port
    except BadInput as error:
        if error.code is ErrorCode.PORT_IN_USE:
            raise BadInput(
                f"listen tcp {host}:{port}: bind: address already in use",
                field="port",
                value=str(port),
                code=error.code,
            ) from error
        raise


def number(text: str) -> int:
    """A port to listen on; 0 for none.

    Raises: BadInput.
    """
    if text and not (text.isascii() and text.isdigit() and int(text) <= _MOST):
        raise BadInput(
            f'"{text}" is no port: it is a number up to {_MOST}', field="port", value=text
        )
    return int(text or 0)


def mapping(text: str) -> tuple[int, int]:
    """`1234` or `1234:5678` as the local port and the target's; 0 for none.

    Raises: BadInput.
    """
    if not text:
        return 0, 0
    local, colon, target = text.partition(":")
    return _parse(local, "local"), _parse(target, "target") if colon else 0


def _parse(text: str, which: str) -> int:
    if not (text.isascii() and text.isdigit()):
        wrong = "invalid syntax"
    elif int(text) > _MOST:
        wrong = "value out of range"
    else:
        return int(text)
    raise BadInput(
        f'parsing {which} port\n\tstrconv.ParseUint: parsing "{text}": {wrong}',
        field="port",
        value=text,
    )
