"""One window per user: a second start hands its arguments to the first and leaves."""

import os
import socket
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path

from teleterm.model.errors import ErrorCode, Refused, Unreachable

LOCK_NAME = "main.lock"
SOCKET_NAME = "main.sock"
MAX_LINE_BYTES = 4096
ANSWER = b"ok\n"
ANSWER_TIMEOUT_S = 5.0
PAUSE_S = 0.05


if sys.platform == "win32":

    def hand_over(run_folder: Path, line: str) -> None:
        """Ask the main process that runs already to open `line`: not built for this system."""
        raise Unreachable("teleterm runs already.")

    def listen(run_folder: Path) -> socket.socket:
        """Listen for second starts: not built for this system, so nobody can knock."""
        return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def is_own_peer(sock: socket.socket) -> bool:
        """Whether the peer may talk to us; nobody can connect here."""
        return False

else:

    def hand_over(run_folder: Path, line: str) -> None:
        """Ask the main process that runs already to open `line` (empty: just come forward).

        Blocks: at most twice ANSWER_TIMEOUT_S.
        Raises: Unreachable when it doesn't answer.
        """
        data = line.encode()
        if len(data) > MAX_LINE_BYTES or b"\n" in data:
            raise Refused("The line to open is too long.", code=ErrorCode.BAD_VALUE)
        try:
            with connect(run_folder) as sock:
                sock.sendall(data + b"\n")
                answer = sock.recv(len(ANSWER))
        except OSError as error:
            raise Unreachable(
                "teleterm runs already, but its window doesn't answer.",
                details=str(error),
                hint="End the other teleterm and start again.",
            ) from None
        if answer != ANSWER:
            raise Unreachable("teleterm runs already, but it refused to take this over.")

    def connect(run_folder: Path, *, pause: Callable[[float], None] = time.sleep) -> socket.socket:
        """Reach the first main, which may hold the lock and not listen yet, or be overrun.

        Blocks: at most ANSWER_TIMEOUT_S.
        """
        tries = round(ANSWER_TIMEOUT_S / PAUSE_S)
        while True:
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            sock.settimeout(ANSWER_TIMEOUT_S)
            try:
                sock.connect(str(run_folder / SOCKET_NAME))
            except OSError as error:
                sock.close()
                is_early = isinstance(
                    error, FileNotFoundError | ConnectionRefusedError | BlockingIOError
                )
                tries -= 1
                if not is_early or tries <= 0:
                    raise
                pause(PAUSE_S)
            else:
                return sock

    def listen(run_folder: Path) -> socket.socket:
        """Listen for second starts; the caller holds main.lock, so an old socket is a dead one."""
        place = run_folder / SOCKET_NAME
        place.unlink(missing_ok=True)
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.bind(str(place))
        place.chmod(0o600)
        sock.listen(8)
        sock.setblocking(False)
        return sock

    def is_own_peer(sock: socket.socket) -> bool:
        """Whether the other end belongs to the same user; else the 0700 folder is the fence."""
        if sys.platform == "linux":
            data = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
            user: int = struct.unpack("3i", data)[1]
            return user == os.geteuid()
        else:
            return sock.family == socket.AF_UNIX
