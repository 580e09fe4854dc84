"""A free port out of the range that the setting gateway.portRange names."""

import socket

from teleterm.model import port
from teleterm.model.errors import ErrorCode, Unreachable


def first_free(range_text: str) -> int:
    """The first free port of a range `a-b`; 0 (any free port) when there is no range.

    Raises: Unreachable (port_in_use) when every port of it is taken.
    """
    first, _, last = range_text.partition("-")
    lowest, highest = port.read(first), port.read(last)
    if not (lowest and highest):
        return 0
    for number in range(lowest, highest + 1):
        if is_free(number):
            return number
    raise Unreachable(
        f"Every port of {range_text} is in use. See gateway.portRange in the settings.",
        code=ErrorCode.PORT_IN_USE,
    )


def is_free(number: int) -> bool:
    """Whether nobody listens on this port of this computer."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True
