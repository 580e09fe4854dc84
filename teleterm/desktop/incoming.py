"""What a desktop sends, turned into what the window can show."""

import ctypes
from collections.abc import Callable

from teleterm.bridge import desktop_contract as contract
from teleterm.desktop import pictures
from teleterm.desktop.rdp import RdpScreen
from teleterm.model.errors import PeerBroke
from teleterm.wire.tdp import files
from teleterm.wire.tdp.codec import Message, decode
from teleterm.wire.tdp.messages import (
    Activated,
    Alert,
    Clipboard,
    FastPath,
    Latency,
    Mfa,
    OldError,
    OldPngFrame,
    PngFrame,
    Severity,
)

_NO_DECODER = "This desktop sends RemoteFX pictures, which need FreeRDP's library to be shown."
_GET_IT = "Install it (Debian and Ubuntu: libfreerdp2-2 or libfreerdp3-3), then connect again."


class Incoming:
    """Takes one message after another. `show` tells the window, `answer` the desktop."""

    def __init__(
        self,
        show: Callable[[contract.ToWindow], None],
        answer: Callable[[Message], None],
        width: int,
        height: int,
        library: ctypes.CDLL | None = None,
    ) -> None:
        self._show = show
        self._answer = answer
        self._width, self._height = width, height
        self._library = library
        self._rdp: RdpScreen | None = None

    def take(self, data: bytes) -> bool:
        """Take a whole message; False when the session is over by it.

        Raises: PeerBroke when it is none, or a picture isn't what it should be.
        """
        match decode(data, files.ALL):
            case PngFrame() | OldPngFrame() as frame:
                self._show(pictures.checked(frame, self._width, self._height))
            case Activated() as activated:
                self._activated(activated)
            case Clipboard(data=copied):
                self._show(contract.Copied(copied.decode("utf-8", "replace")))
            case Latency(client_ms=first, server_ms=second):
                self._show(contract.Delay(first + second))
            case files.Acknowledge(error=error):
                self._show(contract.FolderTaken(error == files.FileError.OK))
            case FastPath(data=pdu):
                if self._rdp is None:
                    return self._over(_NO_DECODER, _GET_IT)
                self._rdp.take(pdu)
            case other:
                return self._words(other)
        return True

    def _words(self, message: Message) -> bool:
        match message:
            case Mfa():
                return self._over("The desktop asks for a second factor in a way not known here.")
            case OldError(text=text) | Alert(text=text, severity=Severity.ERROR):
                return self._over(text)
            case Alert(text=text, severity=severity):
                self._show(contract.Notice(text, severity != Severity.INFO))
            case _:
                pass  # what only other clients need
        return True

    def _activated(self, activated: Activated) -> None:
        width, height = activated.width, activated.height
        if not (0 < width <= contract.MAX_SIDE and 0 < height <= contract.MAX_SIDE):
            raise PeerBroke(f"The desktop says it is {width} by {height} pixels large.")
        self._width, self._height = width, height
        self._show(contract.Size(width, height))
        if self._rdp is not None:
            self._rdp.close()
            self._rdp = None
        if self._library is not None:
            self._rdp = RdpScreen(self._library, activated, self._show, self._answer)

    def _over(self, text: str, hint: str = "") -> bool:
        self._show(contract.Ended(text, hint=hint))
        return False
