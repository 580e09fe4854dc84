"""The window's end of a channel of framed messages, on a bare descriptor."""

import os
import sys
import tkinter as tk
from collections.abc import Callable
from typing import Generic, TypeVar

from teleterm.bridge.splitter import Splitter
from teleterm.model.errors import PeerBroke

In = TypeVar("In")
Out = TypeVar("Out")

READ_BYTES = 256 * 1024
MAX_UNSENT_BYTES = 2 * 1024 * 1024


if sys.platform == "win32":

    def _watch(
        root: tk.Misc, descriptor: int, mask: int, ready: Callable[[object, int], None]
    ) -> None:
        raise OSError("Tk can't wait for descriptors here.")

    def _unwatch(root: tk.Misc, descriptor: int) -> None:
        return None

else:

    def _watch(
        root: tk.Misc, descriptor: int, mask: int, ready: Callable[[object, int], None]
    ) -> None:
        os.set_blocking(descriptor, False)
        root.tk.createfilehandler(descriptor, mask, ready)

    def _unwatch(root: tk.Misc, descriptor: int) -> None:
        root.tk.deletefilehandler(descriptor)


class FrameChannel(Generic[In, Out]):
    """Reads and writes without ever waiting.

    `on_message` is called for each message, on the Tk thread; `on_end(why)` once, when the
    other side has gone or broke the contract.
    """

    def __init__(
        self,
        root: tk.Misc,
        descriptor: int,
        reader: Splitter[In],
        pack: Callable[[Out], bytes],
        on_message: Callable[[In], None],
        on_end: Callable[[str], None],
    ) -> None:
        self._root, self._descriptor = root, descriptor
        self._on_message, self._on_end = on_message, on_end
        self._reader, self._pack = reader, pack
        self._unsent = bytearray()
        self._listen()

    def _listen(self) -> None:
        mask = tk.READABLE | (tk.WRITABLE if self._unsent else 0)
        _watch(self._root, self._descriptor, mask, self._ready)

    def _ready(self, _file: object, mask: int) -> None:
        if mask & tk.WRITABLE:
            self._flush()
            if self._descriptor >= 0:
                self._listen()
        if mask & tk.READABLE and self._descriptor >= 0:
            self._read()

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._end(str(error))
            return
        if not data:
            self._end("")
            return
        try:
            messages = self._reader.feed(data)
            for message in messages:
                self._check(message)
        except PeerBroke as error:
            self._end(f"{error.message} {error.details}")
            return
        for message in messages:
            if self._descriptor < 0:
                return
            self._on_message(message)

    def _check(self, message: In) -> None:
        """Look at a message before any of its read is handed on. Raises: PeerBroke."""

    def send(self, message: Out) -> bool:
        """Send a message; False when it isn't taken because too much waits to leave."""
        if self._descriptor < 0:
            return False
        packed = self._pack(message)
        if len(self._unsent) + len(packed) > MAX_UNSENT_BYTES:
            return False
        had_unsent = bool(self._unsent)
        self._unsent += packed
        if not had_unsent:
            self._flush()
            if self._unsent and self._descriptor >= 0:
                self._listen()
        return True

    def _flush(self) -> None:
        while self._unsent:
            try:
                sent = os.write(self._descriptor, self._unsent[:65536])
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                self._unsent.clear()  # reading says that the other side has gone
                return
            del self._unsent[:sent]

    def _end(self, why: str) -> None:
        self.close()
        self._on_end(why)

    def close(self) -> None:
        """Give the descriptor back."""
        if self._descriptor >= 0:
            _unwatch(self._root, self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1
