"""The single file on a system without any Python: tried by hand before a release, as root.

    python tests/empty_system.py DIST [--root DIR] [--display :N]

DIST is what `make bundle` made. Makes a minimal Debian in DIR by debootstrap (kept for the next
time), puts nothing into it but single files and a signed place of updates, and tells there: the
newcomer's story (first run, window under Xvfb, demo cluster, shells, psql); an update while a shell
counts; a broken version that is taken back; uninstalling. Who types sits outside, on that display.
"""

import argparse
import contextlib
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import msgspec

from tests.e2e.test_first_light import demo_story
from tests.support import installation
from tests.support.bundle import Bundle
from tests.support.demo_process import Ready
from tests.support.installation import Installation, Place
from tests.support.person import LogReader, Person
from tests.support.story import tell

PACKAGES = "xvfb,xauth,postgresql,postgresql-client,fonts-dejavu-core,procps,vim,less"
HOME = "/home/newcomer"
ENVIRONMENT = {
    "HOME": HOME,
    "USER": "newcomer",
    "LANG": "C.UTF-8",
    "SHELL": "/bin/bash",
    "PATH": "/usr/bin:/bin",
    "TELETERM_HOME": f"{HOME}/h",
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


class Inside:
    """The minimal system as a world for an installation."""

    def __init__(self, root: Path) -> None:
        self._root = root
        line = (root / "etc" / "passwd").read_text().split("newcomer:")[1].split(":")
        self._owner = (int(line[1]), int(line[2]))

    def path(self, outside: Path) -> str:
        """A path without the folder that is the root there."""
        return f"/{outside.relative_to(self._root)}"

    def argv(self, argv: Sequence[str], user: str = "newcomer") -> list[str]:
        """Change into it, then start; the environment is handed on as it is."""
        inside = [
            "/usr/sbin/chroot",
            f"--userspec={user}",
            str(self._root),
            "/usr/bin/env",
            "-C",
            HOME,
        ]
        return [*inside, *argv]

    def give(self, folder: Path) -> None:
        """Hand a folder over, with all that is in it."""
        for path in (folder, *folder.rglob("*")):
            os.chown(path, *self._owner, follow_symlinks=False)


@contextlib.contextmanager
def running(root: Path, *argv: str, user: str = "newcomer") -> Iterator["subprocess.Popen[bytes]"]:
    """A program inside, ended at the end."""
    process = subprocess.Popen(
        Inside(root).argv(argv, user),
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for_display(root: Path) -> None:
    """Wait until the X server listens."""
    place = root / "tmp" / ".X11-unix" / f"X{ENVIRONMENT['DISPLAY'][1:]}"
    until = time.monotonic() + 30
    while not place.exists():
        assert time.monotonic() < until, "the X server doesn't listen"
        select.select([], [], [], 0.05)


def tell_the_newcomer(root: Path, single: Path) -> None:
    """From copying one file to psql."""
    home = root / HOME[1:]
    shutil.rmtree(home / "h", ignore_errors=True)
    for name in ("teleterm", "tsh"):
        (home / name).unlink(missing_ok=True)
    shutil.copy(single, home / "teleterm")
    (home / "tsh").symlink_to("teleterm")
    begun = time.monotonic()
    with running(root, "./teleterm", "version") as first:
        said, _ = first.communicate(timeout=60)
    sys.stdout.write(f"first run {time.monotonic() - begun:.1f} s: {said.decode()}")
    with running(root, "./tsh", "demo", "start", "--format", "json") as demo:
        assert demo.stdout is not None
        ready = msgspec.json.decode(demo.stdout.readline(), type=Ready)
        ENVIRONMENT["SSL_CERT_FILE"] = ready.ca_file
        with running(root, "./teleterm"):
            log = LogReader(home / "h" / "state" / "logs" / "main.log")
            log.wait_for("ui: window ready")
            tell(Person(home / "h"), demo_story(ready))
    del ENVIRONMENT["SSL_CERT_FILE"]


STORIES = {
    "an update while a shell counts": installation.update_while_a_shell_counts,
    "a broken version is taken back": installation.a_broken_version_is_taken_back,
    "uninstalling leaves what is not ours": installation.uninstalling_leaves_what_is_not_ours,
}


def tell_the_updates(root: Path, bundle: Bundle) -> None:
    """Signed versions one after the other, each story with a home of its own."""
    folder = root / "srv" / "place"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    place = Place(bundle, folder)
    for number, (name, story) in enumerate(STORIES.items()):
        home = root / HOME[1:] / f"u{number}"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        place.take_back()
        installed = Installation(place, home, Inside(root))
        try:
            story(installed)
        finally:
            installed.end()
        sys.stdout.write(f"{name}: as it should be\n")


def main() -> int:
    """Do it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dist", type=Path, help="the folder of the bundle")
    parser.add_argument("--root", type=Path, default=Path("/var/tmp/teleterm-empty-system"))
    parser.add_argument("--display", default=":74", help="a free one")
    options = parser.parse_args()
    ENVIRONMENT["DISPLAY"] = os.environ["DISPLAY"] = options.display
    payload = next(options.dist.glob("teleterm-*.tar.xz"))
    single = payload.with_name(payload.name.removesuffix(".tar.xz"))
    bundle = Bundle(tree=options.dist / "teleterm", single=single, payload=payload)
    make(options.root)
    with mounted(options.root):
        screen = ("Xvfb", options.display, "-screen", "0", "1400x1000x24")
        with running(options.root, *screen):
            wait_for_display(options.root)
            tell_the_newcomer(options.root, single)
            sys.stdout.write("the newcomer's story was told: one file, no Python\n")
            tell_the_updates(options.root, bundle)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
