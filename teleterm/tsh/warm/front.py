"""The front of a command: hands it to a warm worker, passes on signals, ends as the worker ends.

The worker is forked off a process that has loaded everything already. It gets our standard
streams, folder and environment; the terminal stays ours, so what it sends (Ctrl-C, a new size)
comes here and is passed on. Whatever is unusual is left to this process: then `run` gives None.
Light: every `tsh` loads this first.
"""

import os
import signal
import socket
import struct
import sys
import termios
import time
from contextlib import suppress
from types import FrameType

from teleterm.osutil import forks, warm_place
from teleterm.tsh.warm import request

assert sys.platform == "linux"  # noqa: S101 - what follows exists only there

SWITCH = "TELETERM_WARM"
"""`off` runs every command in its own process; `wait` waits for a daemon that is being started."""
_ALONE = frozenset({"clusters", "ls", "resolve", "ssh", "status", "version"})
_WITH_SECOND = frozenset({("kube", "credentials"), *((n, "ls") for n in ("apps", "db", "kube"))})
_NEEDS_TERMINAL = frozenset({"--local", "--no-local", "-f"})
"""These start a program here, in our own session."""
_VALUED = frozenset({"--proxy", "--user", "--cluster", "-c", "--ttl", "--format", "--mfa-mode"})
_ACTS_ON_PROGRAMS = ("OPENSSL_", "SSLKEYLOGFILE", "MALLOC_", "GLIBC_")
_WAIT_S = 3.0
_DAEMON_WAIT_S = 1.5
_LOOK_S = 0.01
_PASSED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGWINCH", "SIGUSR1", "SIGUSR2", "SIGCONT")
_GONE_STATUS = 1


def run(argv: list[str]) -> int | None:
    """Run the command by a warm worker, and give its status; None when it has to run here."""
    if not (suits(argv[1:]) and is_plain(os.environ) and _is_in_front()):
        return None
    path = warm_place.socket_path(os.environ)
    if not _is_there(path) or not warm_place.is_private(path):
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
        try:
            pid = _hand_over(channel, path, argv)
        except (OSError, request.Broken):
            pid = None
        # from here on the worker may have begun: never run it here as well
        return None if pid is None else _live(channel, pid)


def suits(words: list[str]) -> bool:
    """Whether a worker can do it as well: no program of its own, nothing that needs a session."""
    found: list[str] = []
    skips = False
    for word in words:
        if skips:
            skips = False
        elif word in _NEEDS_TERMINAL:
            return False
        elif word.startswith("-"):
            skips = word in _VALUED
        else:
            found.append(word)
            if len(found) == 2:
                break
    if not found:
        return False
    if found[0] in _ALONE:
        return not (found[0] == "ssh" and any(map(_stays_here, words)))
    return tuple(found[:2]) in _WITH_SECOND


def _stays_here(word: str) -> bool:
    """Whether a word may be one of the flags that start a program: `-f` also hides in `-Nf`."""
    if word.startswith("-") and not word.startswith("--"):
        return "f" in word
    return word in _NEEDS_TERMINAL or word.startswith("--fork-")


def is_plain(environ: os._Environ[str]) -> bool:
    """Whether nothing in the environment acts on a program while it is loaded."""
    if environ.get(SWITCH) == "off" or not forks.is_safe():
        return False
    return not any(name.startswith(_ACTS_ON_PROGRAMS) for name in environ)


def _is_there(path: str) -> bool:
    """Whether a daemon listens, now or, if we are to wait, soon."""
    left_s = _DAEMON_WAIT_S if os.environ.get(SWITCH) == "wait" else 0.0
    while not os.path.exists(path):  # noqa: PTH110 - pathlib is heavy
        if left_s <= 0:
            return False
        time.sleep(_LOOK_S)
        left_s -= _LOOK_S
    return True


def _is_in_front() -> bool:
    """Whether we may read the terminal: a worker would not be stopped if we may not."""
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return True  # no terminal of ours


def _hand_over(channel: socket.socket, path: str, argv: list[str]) -> int | None:
    """Send everything; the worker's pid once it stands ready, None when nobody takes it."""
    channel.settimeout(_WAIT_S)
    channel.connect(path)
    if _owner(channel) != os.geteuid():
        return None
    umask = os.umask(0o077)
    os.umask(umask)
    head, body = request.encode(
        request.Request(
            argv=[os.fsencode(word) for word in argv],
            environ=dict(os.environb),
            umask=umask,
            streams=_encodings(),
            spaces=request.spaces(),
        )
    )
    folder = os.open(".", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        socket.send_fds(channel, [head], [0, 1, 2, folder])
    finally:
        os.close(folder)
    channel.sendall(body)
    kind, pid = request.unpack_answer(_read(channel))
    return pid if kind == request.PID else None


def _encodings() -> list[str]:
    """How this process would read its input and write its output."""
    found = (sys.stdin.encoding, sys.stdin.errors, sys.stdout.encoding, sys.stdout.errors)
    return [name or "" for name in found]


def _live(channel: socket.socket, pid: int) -> int:
    """Let the worker begin, and be its stand-in until it ends."""
    channel.settimeout(None)
    modes = _terminal_modes()
    for number in (getattr(signal, name) for name in _PASSED_ON):
        if signal.getsignal(number) is not signal.SIG_IGN:  # by `nohup`, say
            signal.signal(number, lambda number, _: _pass_on(pid, number))
    signal.signal(signal.SIGTSTP, lambda _, frame: _stop(pid, frame))
    try:
        channel.sendall(request.GO)
        kind, status = request.unpack_answer(_read(channel))
    except (OSError, request.Broken):
        kind, status = b"", _GONE_STATUS  # killed, and so was its parent
    if kind != request.END:
        _give_back(modes)
        from teleterm.tsh import fatal

        fatal.show("the process that ran this command was killed: run it again")
        return _GONE_STATUS
    if status < 0:
        _give_back(modes)
        with suppress(OSError):  # some can't be set
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    return status


def _terminal_modes() -> "list[int | list[bytes | int]] | None":
    """How the terminal takes keys now, if standard input is one."""
    try:
        return termios.tcgetattr(0)
    except termios.error:
        return None


def _give_back(modes: "list[int | list[bytes | int]] | None") -> None:
    """A worker that was killed had no time to leave the terminal as it was."""
    if modes is not None:
        with suppress(termios.error):
            termios.tcsetattr(0, termios.TCSANOW, modes)


def _read(channel: socket.socket) -> bytes:
    data = b""
    while len(data) < request.ANSWER_BYTES:
        more = channel.recv(request.ANSWER_BYTES - len(data))
        if not more:
            break
        data += more
    return data


def _pass_on(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _stop(pid: int, _: FrameType | None) -> None:
    _pass_on(pid, signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGSTOP)


def _owner(channel: socket.socket) -> int:
    """The user at the other end."""
    data = channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", data)[1])
