"""The single file on a system without any Python: tried by hand before a release, as root.

    python tests/empty_system.py SINGLE_FILE [--root DIR]

Makes a minimal Debian in DIR by debootstrap (kept for the next time), puts nothing into it but the
single file, and tells the newcomer's story there: first run, window under Xvfb, demo cluster,
shells, psql. The person who types sits outside, on the same display.
"""

import argparse
import contextlib
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import msgspec

from tests.e2e.test_first_light import demo_story
from tests.support.demo_process import Ready
from tests.support.person import LogReader, Person
from tests.support.story import tell

PACKAGES = "xvfb,xauth,postgresql,postgresql-client,fonts-dejavu-core,procps,vim,less"
DISPLAY = ":74"
ENVIRONMENT = {
    "HOME": "/home/newcomer",
    "USER": "newcomer",
    "LANG": "C.UTF-8",
    "SHELL": "/bin/bash",
    "PATH": "/usr/bin:/bin",
    "DISPLAY": DISPLAY,
    "TELETERM_HOME": "/home/newcomer/h",
    "UI_TRACE": "1",
}


def make(root: Path) -> None:
    """A minimal system with one user, an X server, PostgreSQL, and no Python."""
    if not (root / "usr" / "bin").exists():
        subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", root],
            check=True,
        )
    assert not list((root / "usr" / "bin").glob("python*")), "there is a Python in it"
    if not (root / "home" / "newcomer").exists():
        inside = ["chroot", str(root), "useradd", "-m", "-s", "/bin/bash", "newcomer"]
        subprocess.run(inside, check=True)


@contextlib.contextmanager
def mounted(root: Path) -> Iterator[None]:
    """The few file systems that programs expect."""
    mounts = (("proc", "proc"), ("devpts", "dev/pts"), ("tmpfs", "dev/shm"), ("tmpfs", "tmp"))
    for kind, place in mounts:
        (root / place).mkdir(exist_ok=True)
        options = "newinstance,ptmxmode=0666,mode=620" if kind == "devpts" else "mode=1777"
        options = "" if kind == "proc" else options
        argv = ["mount", "-t", kind, *(["-o", options] if options else []), kind, str(root / place)]
        subprocess.run(argv, check=True)
    (root / "dev" / "ptmx").unlink(missing_ok=True)
    (root / "dev" / "ptmx").symlink_to("pts/ptmx")
    try:
        yield
    finally:
        for _, place in reversed(mounts):
            subprocess.run(["umount", "-l", root / place], check=False)


@contextlib.contextmanager
def running(root: Path, *argv: str, user: str = "newcomer") -> Iterator["subprocess.Popen[bytes]"]:
    """A program inside, ended at the end."""
    inside = [
        "chroot",
        f"--userspec={user}",
        str(root),
        "/usr/bin/env",
        "-i",
        "-C",
        "/home/newcomer",
    ]
    words = [f"{name}={value}" for name, value in ENVIRONMENT.items()]
    process = subprocess.Popen(
        [*inside, *words, *argv], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for_display(root: Path) -> None:
    """Wait until the X server listens."""
    place = root / "tmp" / ".X11-unix" / f"X{DISPLAY[1:]}"
    until = time.monotonic() + 30
    while not place.exists():
        assert time.monotonic() < until, "the X server doesn't listen"
        select.select([], [], [], 0.05)


def try_it(root: Path, single: Path) -> None:
    """The story, from copying one file to psql."""
    home = root / "home" / "newcomer"
    shutil.rmtree(home / "h", ignore_errors=True)
    for name in ("teleterm", "tsh"):
        (home / name).unlink(missing_ok=True)
    shutil.copy(single, home / "teleterm")
    (home / "tsh").symlink_to("teleterm")
    begun = time.monotonic()
    with running(root, "./teleterm", "version") as first:
        said, _ = first.communicate(timeout=60)
    sys.stdout.write(f"first run {time.monotonic() - begun:.1f} s: {said.decode()}")
    with running(root, "Xvfb", DISPLAY, "-screen", "0", "1400x1000x24"):
        wait_for_display(root)
        with running(root, "./tsh", "demo", "start", "--format", "json") as demo:
            assert demo.stdout is not None
            ready = msgspec.json.decode(demo.stdout.readline(), type=Ready)
            ENVIRONMENT["SSL_CERT_FILE"] = ready.ca_file
            os.environ["DISPLAY"] = DISPLAY
            with running(root, "./teleterm"):
                log = LogReader(home / "h" / "state" / "logs" / "main.log")
                log.wait_for("ui: window ready")
                person = Person(home / "h")
                tell(person, demo_story(ready))
    sys.stdout.write("the whole story was told: one file, no Python\n")


def main() -> int:
    """Do it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("single", type=Path)
    parser.add_argument("--root", type=Path, default=Path("/var/tmp/teleterm-empty-system"))
    options = parser.parse_args()
    make(options.root)
    with mounted(options.root):
        try_it(options.root, options.single)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
