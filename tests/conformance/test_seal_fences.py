"""Every way out of the window's process, tried behind each single fence, behind all and none.

A table says which fence stops what; an attack that a fence is said to stop and doesn't, or that
fails without any fence, breaks the test: so none of them passes because the attack was wrong.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from teleterm.ui.seal import landlock

REPOSITORY = Path(__file__).parents[2]
FENCES = ("none", "landlock", "seccomp", "audit", "all")
ABI = landlock.abi()

ATTACKER = """
import ctypes, json, os, socket, sys, threading, traceback
from teleterm.ui.seal import kernel, landlock, seal, seccomp
fence, folder, tcp_port, abstract = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
libc = ctypes.CDLL(None, use_errno=True)
native = {n: getattr(libc, n) for n in
    "open mkdir unlink chmod fork socket kill memfd_create process_vm_readv posix_spawn "
    "connect pthread_kill waitpid rename".split()}
tcp = socket.socket()
local = socket.socket(socket.AF_UNIX)
buffer = ctypes.create_string_buffer(8)
class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
vector = Vector(ctypes.addressof(buffer), 8)
pid = ctypes.c_int()
argv = (ctypes.c_char_p * 2)(b"true", None)
mine = folder.encode() + b"/mine"
other = folder.encode() + b"/other"
open(mine, "w").close()
open(other, "w").close()
address = b"\\2\\0" + tcp_port.to_bytes(2, "big") + b"\\x7f\\0\\0\\1" + bytes(8)
name = b"\\1\\0\\0" + abstract.encode()
me, parent = os.getpid(), os.getppid()

def native_fork():
    child = native["fork"]()
    if child == 0:
        os._exit(0)
    if child > 0:
        native["waitpid"](child, None, 0)
    return child

attacks = {
    "python reads": lambda: open("/etc/passwd").close(),
    "python writes": lambda: open(folder + "/written", "w").close(),
    "python lists": lambda: os.listdir("/"),
    "python forks": lambda: os.fork() or os._exit(0),
    "python runs": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "python makes a socket": lambda: socket.socket().close(),
    "python imports": lambda: __import__("sqlite3"),
    "native read": lambda: native["open"](b"/etc/passwd", 0),
    "native write": lambda: native["open"](folder.encode() + b"/new", 0o101, 0o600),
    "native truncate": lambda: native["open"](mine, 0o1001),
    "native unlink": lambda: native["unlink"](other),
    "native rename": lambda: native["rename"](mine, folder.encode() + b"/moved"),
    "native mkdir": lambda: native["mkdir"](folder.encode() + b"/made", 0o700),
    "native chmod": lambda: native["chmod"](folder.encode(), 0o755),
    "native fork": native_fork,
    "native run": lambda: -native["posix_spawn"](
        ctypes.byref(pid), b"/bin/true", None, None, argv, None),
    "native socket": lambda: native["socket"](2, 1, 0),
    "native TCP": lambda: native["connect"](tcp.fileno(), address, len(address)),
    "native abstract socket": lambda: native["connect"](local.fileno(), name, len(name)),
    "native signal": lambda: native["kill"](parent, 0),
    "native memory file": lambda: native["memfd_create"](b"x", 0),
    "native read of memory": lambda: native["process_vm_readv"](
        me, ctypes.byref(vector), 1, ctypes.byref(vector), 1, 0),
}
for late in seal.LATE_IMPORTS:
    __import__(late)
if fence in ("landlock", "all"):
    landlock.restrict(seal._readable())
if fence in ("seccomp", "all"):
    seccomp.restrict()
if fence in ("audit", "all"):
    seal.close_audit()
results = {}
for title, attack in attacks.items():
    try:
        answer = attack()
    except OSError:
        answer = -1
    results[title] = "refused" if isinstance(answer, int) and answer < 0 else "got through"
running = threading.Thread(target=lambda: results.update({"a thread": "runs"}))
running.start()
running.join()
print(json.dumps(results))
"""

STOPPED_BY = {
    "python reads": {"landlock", "audit"},
    "python writes": {"landlock", "audit"},
    "python lists": {"landlock", "audit"},
    "python forks": {"seccomp", "audit"},
    "python runs": {"landlock", "seccomp", "audit"},
    "python makes a socket": {"seccomp", "audit"},
    "python imports": {"audit"},
    "native read": {"landlock"},
    "native write": {"landlock"},
    "native truncate": {"landlock"},
    "native unlink": {"landlock"},
    "native rename": {"landlock"},
    "native mkdir": {"landlock"},
    "native chmod": {"seccomp"},
    "native fork": {"seccomp"},
    "native run": {"landlock", "seccomp"},
    "native socket": {"seccomp"},
    "native TCP": {"landlock", "seccomp"},
    "native abstract socket": {"landlock", "seccomp"},
    "native signal": {"landlock", "seccomp"},
    "native memory file": {"seccomp"},
    "native read of memory": {"seccomp"},
}
SINCE = {"native TCP": 4, "native abstract socket": 6, "native signal": 6, "native truncate": 3}
"""The version of Landlock from which on it stops an attack."""


@pytest.fixture
def listeners(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Somebody to reach: a TCP port and an abstract socket."""
    tcp = socket.create_server(("127.0.0.1", 0))
    local = socket.socket(socket.AF_UNIX)
    name = f"teleterm-test-{os.getpid()}-{tmp_path.name}"
    local.bind(f"\0{name}")
    local.listen()
    with tcp, local:
        yield str(tcp.getsockname()[1]), name


def expected(fence: str) -> dict[str, str]:
    """What the table says of a fence."""
    found: dict[str, str] = {"a thread": "runs"}
    for attack, stoppers in STOPPED_BY.items():
        works = {one for one in stoppers if one != "landlock" or SINCE.get(attack, 1) <= ABI}
        is_stopped = bool(works) if fence == "all" else fence in works
        found[attack] = "refused" if is_stopped else "got through"
    return found


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's fences are Linux's")
@pytest.mark.parametrize("fence", FENCES)
def test_each_fence_stops_what_the_table_says(
    fence: str, tmp_path: Path, listeners: tuple[str, str]
) -> None:
    if fence in {"landlock", "all"} and not ABI:
        pytest.skip("this kernel has no Landlock")
    done = subprocess.run(
        [sys.executable, "-c", ATTACKER, fence, str(tmp_path), *listeners],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == expected(fence)
