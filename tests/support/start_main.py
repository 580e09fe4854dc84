"""Start the real main process with a stand-in for the window.

python start_main.py SOCKET [arguments of teleterm ...]
"""

import os
import socket
import sys
from pathlib import Path

from teleterm.main import app, arguments, instance
from teleterm.osutil import dirs, env, locks, procs

RELAY = Path(__file__).with_name("relay_ui.py")


def start_relay() -> tuple[procs.Process, socket.socket]:
    """What launch.window does, with the stand-in."""
    ours, theirs = socket.socketpair()
    with theirs:
        number = theirs.fileno()
        process = procs.spawn(
            [sys.executable, str(RELAY), "--fd", str(number), sys.argv[1]],
            env=env.window_env(),
            pass_fds=(number,),
        )
    return process, ours


def main() -> int:
    """Do what entry.run does, with the stand-in."""
    os.umask(0o077)
    folders = dirs.find()
    folders.prepare()
    given = arguments.parse(sys.argv[2:])
    lock = locks.try_take(folders.run / instance.LOCK_NAME)
    if lock is None:
        instance.hand_over(folders.run, given.line)
        return 0
    return app.run(folders, lock, start_relay(), given, start_window=start_relay)


if __name__ == "__main__":
    sys.exit(main())
