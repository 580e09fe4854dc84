"""The loop of a desktop's process: main on one side, the window on the other.

Everything that a desktop sends is read here, in a process that can reach nothing: when it breaks,
one tab ends.
"""

import ctypes
import os
import selectors
import time

from teleterm.bridge import desktop_contract as contract
from teleterm.desktop.channel import Channel
from teleterm.desktop.incoming import Incoming
from teleterm.desktop.outgoing import encoded
from teleterm.model.errors import PeerBroke
from teleterm.wire.tdp.codec import Message, encode
from teleterm.wire.tdp.messages import KeyboardLayout, Ping, ScreenSpec

PING_EVERY_S = 5.0
LAST_WORDS_S = 2.0
US_LAYOUT = 0x409
PING_BYTES = 16


class Worker:
    """One session."""

    def __init__(
        self,
        main_end: int,
        window_end: int,
        width: int,
        height: int,
        library: ctypes.CDLL | None = None,
    ) -> None:
        self._main = Channel(main_end, contract.from_main_reader())
        self._window = Channel(window_end, contract.from_window_reader())
        self._incoming = Incoming(self._window.send, self._to_desktop, width, height, library)
        self._ping = b""
        self._pinged_at = 0.0
        self._next_ping = time.monotonic() + PING_EVERY_S
        self._to_desktop(ScreenSpec(width, height))
        self._to_desktop(KeyboardLayout(US_LAYOUT))

    def _to_desktop(self, message: Message) -> None:
        self._main.send(contract.Data(encode(message)))

    def run(self) -> int:
        """Live until either side is gone or the session is over."""
        try:
            with selectors.DefaultSelector() as selector:
                for channel in (self._main, self._window):
                    selector.register(channel.descriptor, selectors.EVENT_READ, channel)
                while self._step(selector):
                    self._ping_if_due()
        except PeerBroke as error:
            self._window.send(
                contract.Ended(
                    f"The desktop's connection broke: {error.message}",
                    hint="Connect again.",
                    details=error.details,
                )
            )
        except ConnectionError:
            return 0
        self._window.drain(LAST_WORDS_S)
        return 0

    def _step(self, selector: selectors.BaseSelector) -> bool:
        """Wait and do what can be done; False at the end."""
        for channel, other in ((self._main, self._window), (self._window, self._main)):
            wanted = 0 if other.is_full else selectors.EVENT_READ
            wanted |= selectors.EVENT_WRITE if channel.has_unsent else 0
            # with nothing wanted it waits for the other side, which is full, to be writable
            selector.modify(channel.descriptor, wanted or selectors.EVENT_WRITE, channel)
        for key, mask in selector.select(max(0.0, self._next_ping - time.monotonic())):
            channel = self._main if key.fd == self._main.descriptor else self._window
            if mask & selectors.EVENT_WRITE:
                channel.flush()
            if mask & selectors.EVENT_READ and not self._read(key.fd == self._main.descriptor):
                return False
        return True

    def _read(self, is_main: bool) -> bool:  # noqa: FBT001 - which of the two
        if is_main:
            given = self._main.receive()
            return given is not None and all(self._from_main(one) for one in given)
        asked = self._window.receive()
        if asked is None:
            return False
        for one in asked:
            for message in encoded(one):
                self._to_desktop(message)
        return True

    def _from_main(self, message: contract.FromMain) -> bool:
        if isinstance(message, contract.Ended):
            self._window.send(message)
            return False
        if message.data[:1] == bytes([Ping.TYPE]):
            self._pong(message.data[1:])
            return True
        return self._incoming.take(message.data)

    def _ping_if_due(self) -> None:
        now = time.monotonic()
        if now < self._next_ping:
            return
        self._next_ping = now + PING_EVERY_S
        self._ping, self._pinged_at = os.urandom(PING_BYTES), now
        self._to_desktop(Ping(self._ping))

    def _pong(self, uuid: bytes) -> None:
        if self._ping and uuid == self._ping:
            self._ping = b""
            self._window.send(contract.Delay(round((time.monotonic() - self._pinged_at) * 1000)))


def main(arguments: list[str], library: ctypes.CDLL | None = None) -> int:
    """Run a session: descriptors of main and the window, width and height.

    `library` decodes RDP's own pictures (freerdp.load); it must be there before the seal is.
    """
    main_end, window_end, width, height = (int(one) for one in arguments)
    return Worker(main_end, window_end, width, height, library).run()
