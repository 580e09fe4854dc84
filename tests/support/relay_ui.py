"""Stands in for the window's process: hands the bridge, bytes and descriptors, on to a test.

    python relay_ui.py --fd N SOCKET

Like the real one it leaves at once when the bridge ends.
"""

import array
import select
import socket
import sys


def move(source: socket.socket, target: socket.socket) -> bool:
    """Pass on what there is; whether both sides are still there."""
    try:
        data, ancillary, _, _ = source.recvmsg(65536, socket.CMSG_SPACE(4 * 16))
    except ConnectionResetError:
        return False
    fds = array.array("i")
    for level, kind, body in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            fds.frombytes(body)
    if not data:
        return False
    extra = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)] if fds else []
    sent = target.sendmsg([data], extra)
    target.sendall(data[sent:])
    for fd in fds:
        socket.close(fd)
    return True


def main() -> None:
    """Relay until one side is gone."""
    bridge = socket.socket(fileno=int(sys.argv[2]))
    with socket.socket(socket.AF_UNIX) as test:
        test.connect(sys.argv[3])
        while True:
            ready, _, _ = select.select([bridge, test], [], [])
            for one in ready:
                if not move(one, test if one is bridge else bridge):
                    return


if __name__ == "__main__":
    main()
