"""main's end of the pty host: blocking calls, each answered within a deadline.

Thread: one at a time; main calls it from one worker thread or under a lock.
"""

import array
import socket
import sys
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from teleterm.bridge import pty_contract as contract
from teleterm.model.errors import ErrorCode, PeerBroke, Refused, TeletermError, Unreachable

R = TypeVar("R")
DEADLINE_S = 10.0
READ_BYTES = 65536


class PtyClient:
    """A connection to a living pty host; while it is open the host doesn't linger away."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._reader = contract.main_reader()

    def __enter__(self) -> "PtyClient":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def fileno(self) -> int:
        """The connection; it reads as ended when the host has gone."""
        return self._connection.fileno()

    def close(self) -> None:
        """Leave; the host lives on for its linger time while it has terminals."""
        self._connection.close()

    def open(self, request: contract.Open) -> contract.Opened:
        """Start a program.

        Blocks: at most DEADLINE_S.
        Raises: TeletermError with the host's own words when the program can't be started;
                Unreachable when the host is gone.
        """
        return self._expect(request, contract.Opened)[0]

    def attach(self, terminal_id: str) -> int:
        """Take over the frame channel of a terminal and give its descriptor; the caller closes it.

        Raises: as `open`.
        """
        _, descriptors = self._expect(contract.Attach(terminal_id=terminal_id), contract.Attached)
        if len(descriptors) != 1:
            raise PeerBroke("The pty host sent no channel along.")
        return descriptors[0]

    def close_terminal(self, terminal_id: str) -> None:
        """Hang a terminal up and forget it.

        Raises: as `open`.
        """
        self._expect(contract.Close(terminal_id=terminal_id), contract.Done)

    def list_all(self) -> tuple[contract.Terminal, ...]:
        """All terminals, oldest first.

        Raises: as `open`.
        """
        return self._expect(contract.ListAll(), contract.Listing)[0].terminals

    def shut_down(self) -> None:
        """Hang everything up; the host leaves.

        Raises: as `open`.
        """
        self._expect(contract.Shutdown(), contract.Done)

    def _expect(self, request: contract.Request, kind: type[R]) -> tuple[R, list[int]]:
        try:
            self._connection.sendall(contract.pack(request))
            reply, descriptors = self._receive()
        except OSError as error:
            raise Unreachable("The terminal host has gone.", details=str(error)) from None
        if isinstance(reply, contract.Refusal):
            raise _as_error(reply)
        if not isinstance(reply, kind):
            raise PeerBroke(f"The pty host answered with {type(reply).__name__}.")
        return reply, descriptors

    def _receive(self) -> tuple[contract.Reply, list[int]]:
        descriptors: list[int] = []
        replies: list[contract.Reply] = []
        while not replies:
            piece, more = _receive_with_descriptors(self._connection, READ_BYTES)
            descriptors += more
            if not piece:
                raise ConnectionResetError("end of the connection")
            replies = self._reader.feed(piece)
        if len(replies) > 1:
            raise PeerBroke("The pty host answered twice.")
        return replies[0], descriptors


if sys.platform == "win32":

    def _receive_with_descriptors(connection: socket.socket, size: int) -> tuple[bytes, list[int]]:
        return connection.recv(size), []

    def _connected(path: Path) -> socket.socket:
        raise OSError(f"there are no Unix sockets here: {path}")

else:

    def _receive_with_descriptors(connection: socket.socket, size: int) -> tuple[bytes, list[int]]:
        data, ancillary, _, _ = connection.recvmsg(size, socket.CMSG_SPACE(4))
        descriptors = array.array("i")
        for level, kind, payload in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                descriptors.frombytes(payload[: len(payload) - len(payload) % 4])
        return data, list(descriptors)

    def _connected(path: Path) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(DEADLINE_S)
        try:
            connection.connect(str(path))
        except OSError:
            connection.close()
            raise
        return connection


def _as_error(refusal: contract.Refusal) -> TeletermError:
    known = {code.value: code for code in ErrorCode}
    return Refused(refusal.message, code=known.get(refusal.code, ErrorCode.UNKNOWN))


def connect(socket_path: Path) -> PtyClient:
    """Connect to the host that listens at `socket_path`.

    Raises: Unreachable when nobody does.
    """
    try:
        return PtyClient(_connected(socket_path))
    except OSError as error:
        raise Unreachable("The terminal host is not running.", details=str(error)) from None
