"""The installed program as a newcomer has it, its signed place of updates, and its stories.

The end-to-end tests tell them on this system, tests/empty_system.py on one without any Python.
"""

import json
import os
import re
import select
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from tests.support.bundle import Bundle, clean_environment, end_all, mains, wait_for_end
from tests.support.person import LogReader, Person
from tests.support.releases import publish, release, single_file
from tests.support.shell_home import home_with_a_shell
from tests.support.signed import Signed

WISH = {"TELEPORT_TOOLS_VERSION": "18.3.0"}
COUNTER = "i=0; while :; do i=$((i+1)); echo $i >> {}; sleep 0.01; done\n"


class World(Protocol):
    """Where the program runs."""

    def path(self, outside: Path) -> str:
        """A path as programs there see it."""

    def argv(self, argv: Sequence[str]) -> list[str]:
        """The command line that starts a program there; its environment is handed over."""

    def give(self, folder: Path) -> None:
        """Let the newcomer own a folder."""


class Here:
    """This system, this user."""

    def path(self, outside: Path) -> str:
        """The same."""
        return str(outside)

    def argv(self, argv: Sequence[str]) -> list[str]:
        """The same."""
        return list(argv)

    def give(self, folder: Path) -> None:
        """It is theirs already."""


class Place:
    """A signed place of updates, and the single file of version 1.0.0 that trusts it."""

    def __init__(self, bundle: Bundle, folder: Path) -> None:
        self.bundle, self.folder = bundle, folder
        self.signed = Signed(folder)
        first = release(bundle, folder, "1.0.0", self.signed.root)
        publish(self.signed, first)
        self.single = single_file(bundle, first, "1.0.0", folder / "teleterm")
        self._offered: list[str] = []

    def offer(self, version: str, *, breaks: str = "") -> None:
        """Publish another version."""
        archive = release(self.bundle, self.folder, version, self.signed.root, breaks=breaks)
        publish(self.signed, archive)
        self._offered.append(version)

    def take_back(self) -> None:
        """Revoke what was offered, so that the next test has its own."""
        while self._offered:
            self.signed.at().revoke(self._offered.pop())


class Installation:
    """Version 1.0.0, installed by its single file for somebody with a home of their own."""

    def __init__(self, place: Place, home: Path, world: World | None = None) -> None:
        self.place, self.home, self.data = place, home, home / "data"
        self.user = home / "user"
        self.world = world or Here()
        self.children: list[subprocess.Popen[bytes]] = []
        home_with_a_shell(home)
        self.user.mkdir()
        (self.user / ".profile").write_text('PATH="$HOME/.local/bin:$PATH"\n')
        repository = self.world.path(place.signed.repo)
        settings = {"update.baseUrl": f"file://{repository}", "session.restore": "always"}
        (home / "config" / "app_config.json").write_text(json.dumps(settings))
        own = {"HOME": self.world.path(self.user), "SHELL": "/bin/sh", "XDG_DATA_HOME": ""}
        self.env = clean_environment(home, **WISH) | own
        self.env["TELETERM_HOME"] = self.world.path(home)
        self.world.give(home)
        self.log = LogReader(home / "state" / "logs" / "main.log")

    @property
    def program(self) -> str:
        """The installed program, as the menu names it; before that, the single file."""
        installed = self.data / "current" / "teleterm"
        is_there = (self.data / "current").is_symlink()
        return self.world.path(installed if is_there else self.place.single)

    def start(self) -> int:
        """Start the window as the menu does; gives where the log ended before."""
        before = len(self.log.read())
        process = subprocess.Popen(
            self.world.argv([self.program]), env=self.env, cwd="/", start_new_session=True
        )
        self.children.append(process)
        return before

    def ask(self, *argv: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the installed program."""
        return subprocess.run(
            self.world.argv([self.program, *argv]),
            env=self.env,
            cwd="/",
            capture_output=True,
            text=True,
            timeout=60,
        )

    def end(self) -> None:
        """Leave nothing running."""
        end_all(self.home)
        for process in self.children:
            process.wait(timeout=30)

    @property
    def record(self) -> dict[str, object]:
        """install.json."""
        found: dict[str, object] = json.loads((self.data / "install.json").read_text())
        return found

    @property
    def current(self) -> str:
        """The version in use."""
        return (self.data / "current").readlink().name

    def files(self) -> set[str]:
        """What lies in the newcomer's home and in the data folder.

        Folders don't count; `.cache` is what the desktop's own libraries keep.
        """
        found = [*self.user.rglob("*"), *self.data.rglob("*")]
        return {
            path.relative_to(self.home).as_posix()
            for path in found
            if path.is_symlink() or not path.is_dir()
        }


def wait_until(path: Path, pattern: str, seconds: float = 60.0) -> str:
    """Wait until a file holds something."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        text = path.read_text() if path.exists() else ""
        if re.search(pattern, text):
            return text
        select.select([], [], [], 0.05)
    raise AssertionError(f"{path} never held {pattern!r}")


def update_while_a_shell_counts(installed: Installation) -> None:
    """The window is replaced by the next version's, and its shell misses no number."""
    installed.start()
    installed.log.wait_for("ui: window ready")
    installed.log.wait_for("ui: terminal live")
    numbers = installed.home / "numbers"
    Person(installed.home).types(COUNTER.format(installed.world.path(numbers)))
    wait_until(numbers, r"(?m)^50$")
    installed.place.offer("1.1.0")
    mark = len(installed.log.read())
    assert installed.ask("--update-now").returncode == 0
    installed.log.wait_for("the update 1.1.0 is ready", after=mark)
    installed.log.wait_for("ui: window ready", after=mark)
    count = len(numbers.read_text().split())
    wait_until(numbers, rf"(?m)^{count + 50}$")
    listed = [int(number) for number in numbers.read_text().split()]
    assert listed == list(range(1, len(listed) + 1)), "a number is missing"
    assert (installed.record["active"], installed.current) == ("1.1.0", "1.1.0")
    wait_until(installed.data / "install.json", '"trial": null')
    # The shell's host still runs from the old tree, so that tree stays.
    assert (installed.data / "versions" / "1.0.0").is_dir()


def a_broken_version_is_taken_back(installed: Installation) -> None:
    """A version whose window never comes passes its self-test, and is left at the third start."""
    installed.start()
    installed.log.wait_for("ui: window ready")
    installed.place.offer("1.2.0", breaks="window")
    mark = len(installed.log.read())
    assert installed.ask("--update-now").returncode == 0
    installed.log.wait_for("the update 1.2.0 is ready", after=mark)
    installed.log.wait_for("ended several times in a row", after=mark)
    assert installed.record["active"] == "1.2.0"
    wait_for_end(installed.home, mains, 30)
    mark = installed.start()
    installed.log.wait_for("ended several times in a row", after=mark)
    wait_for_end(installed.home, mains, 30)
    mark = installed.start()
    installed.log.wait_for("ui: window ready", after=mark)
    assert installed.current == "1.0.0"
    assert installed.record["bad"] == ["1.2.0"]
    mark = len(installed.log.read())
    assert installed.ask("--update").returncode == 0
    installed.log.wait_for("notice info No update", after=mark)
    assert installed.current == "1.0.0"


def uninstalling_leaves_what_is_not_ours(installed: Installation) -> None:
    """Links, menu entry and trees go; somebody else's files and what the user made stay."""
    for name in (".local/bin/other", ".local/share/applications/other.desktop"):
        foreign = installed.user / name
        foreign.parent.mkdir(parents=True, exist_ok=True)
        foreign.write_text("theirs")
    profile = installed.data / "tsh" / "example.com.yaml"
    profile.parent.mkdir(parents=True, mode=0o700)
    profile.write_text("web_proxy_addr: example.com:443\n")
    installed.world.give(installed.home)
    before = installed.files()
    installed.start()
    installed.log.wait_for("ui: window ready")
    assert installed.ask("--link").returncode == 0
    assert installed.ask("--desktop").returncode == 0
    link = installed.user / ".local" / "bin" / "tsh"
    assert link.is_symlink()
    entry = installed.user / ".local" / "share" / "applications" / "teleterm.desktop"
    assert "data/current/teleterm" in entry.read_text()
    refused = installed.ask("uninstall")
    assert refused.returncode == 1
    assert "is running" in refused.stderr
    end_all(installed.home)
    link.unlink()
    link.symlink_to("/somewhere/else/tsh")
    done = installed.ask("uninstall")
    assert (done.returncode, done.stderr) == (0, "")
    left = {one for one in installed.files() - before if not one.startswith("user/.cache/")}
    assert left == {"user/.local/bin/tsh"}, left
    assert before <= installed.files()
    assert (installed.home / "config" / "app_config.json").exists()
    assert os.readlink(link) == "/somewhere/else/tsh"
