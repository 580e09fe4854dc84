"""`~.` and `~?` at the start of a line typed into a shell."""

from dataclasses import dataclass
from enum import Enum, auto

HELP = (
    b"\r\ntsh escape characters:\r\n"
    b"  ~? - display a list of escape characters\r\n"
    b"  ~. - disconnect\r\n\r\n"
)
DISCONNECTED = b"\r\nDisconnected\r\n"
_LINE_ENDS = b"\r\n"
_TILDE = ord("~")


class Asked(Enum):
    """What the person asked of this program."""

    HELP = auto()
    DISCONNECT = auto()


@dataclass(frozen=True, slots=True)
class Typed:
    """What goes on to the shell, and what was asked of us on the way."""

    data: bytes
    asked: tuple[Asked, ...] = ()


class EscapeReader:
    """Takes the escapes out of what is typed; a tilde waits for the key behind it."""

    def __init__(self) -> None:
        self._at_line_start = True
        self._has_tilde = False

    def feed(self, data: bytes) -> Typed:
        """Sort the next bytes."""
        if not self._has_tilde and b"~" not in data:
            if data:
                self._at_line_start = data[-1] in _LINE_ENDS
            return Typed(data)
        kept = bytearray()
        asked: list[Asked] = []
        for byte in data:
            if self._has_tilde:
                self._has_tilde = False
                if byte == ord("?"):
                    asked.append(Asked.HELP)
                    continue
                if byte == ord("."):
                    asked.append(Asked.DISCONNECT)
                    continue
                kept.append(_TILDE)
                if byte == _TILDE:
                    self._at_line_start = False
                    continue
            if byte == _TILDE and self._at_line_start:
                self._has_tilde = True
                continue
            kept.append(byte)
            self._at_line_start = byte in _LINE_ENDS
        return Typed(bytes(kept), tuple(asked))
