"""The installed program replaced by signed versions of itself, good and broken."""

import json
import re
import select
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bundle import (  # noqa: F401 - a fixture is among them
    Bundle,
    bundle,
    clean_environment,
    end_all,
    mains,
    wait_for_end,
)
from tests.support.person import LogReader, Person
from tests.support.releases import publish, release, single_file
from tests.support.shell_home import home_with_a_shell
from tests.support.signed import Signed

pytestmark = [pytest.mark.bundle, pytest.mark.slow, pytest.mark.timeout(600)]

WISH = {"TELEPORT_TOOLS_VERSION": "18.3.0"}
COUNTER = "i=0; while :; do i=$((i+1)); echo $i >> {}; sleep 0.01; done\n"


class Place:
    """A signed place of updates, and the single file of version 1.0.0 that trusts it."""

    def __init__(self, bundle: Bundle, folder: Path) -> None:  # noqa: F811 - the fixture's value
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
    """Version 1.0.0, installed by its single file for somebody of their own."""

    def __init__(self, place: Place, home: Path) -> None:
        self.place, self.home, self.data = place, home, home / "data"
        self.children: list[subprocess.Popen[bytes]] = []
        home_with_a_shell(home)
        settings = {"update.baseUrl": f"file://{place.signed.repo}", "session.restore": "always"}
        (home / "config" / "app_config.json").write_text(json.dumps(settings))
        self.env = clean_environment(home, **WISH)
        self.log = LogReader(home / "state" / "logs" / "main.log")

    def start(self) -> int:
        """Start the window as the menu does; gives where the log ended before."""
        before = len(self.log.read())
        program = self.data / "current" / "teleterm"
        started = program if program.exists() else self.place.single
        process = subprocess.Popen([started], env=self.env, cwd="/", start_new_session=True)
        self.children.append(process)
        return before

    def ask(self, *argv: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the installed program."""
        return subprocess.run(
            [self.data / "current" / "teleterm", *argv],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=60,
        )

    @property
    def record(self) -> dict[str, object]:
        """install.json."""
        found: dict[str, object] = json.loads((self.data / "install.json").read_text())
        return found


@pytest.fixture(scope="module")
def place(
    bundle: Bundle,  # noqa: F811 - as above
    tmp_path_factory: pytest.TempPathFactory,
) -> Place:
    """One for all tests: packing takes seconds."""
    return Place(bundle, tmp_path_factory.mktemp("place"))


@pytest.fixture
def installed(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A fresh one; nothing of it is left running."""
    place.take_back()
    made = Installation(place, tmp_path_factory.mktemp("u"))
    try:
        yield made
    finally:
        end_all(made.home)
        for process in made.children:
            process.wait(timeout=30)


def wait_until(path: Path, pattern: str, seconds: float = 60.0) -> str:
    """Wait until a file holds something."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        text = path.read_text() if path.exists() else ""
        if re.search(pattern, text):
            return text
        select.select([], [], [], 0.05)
    raise AssertionError(f"{path} never held {pattern!r}")


def test_an_update_replaces_the_program_while_a_shell_counts(installed: Installation) -> None:
    installed.start()
    installed.log.wait_for("ui: window ready")
    installed.log.wait_for("ui: terminal live")
    numbers = installed.home / "numbers"
    Person(installed.home).types(COUNTER.format(numbers))
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
    assert installed.record["active"] == "1.1.0"
    assert (installed.data / "current").readlink() == Path("versions/1.1.0")
    wait_until(installed.data / "install.json", '"trial": null')
    # The shell's host still runs from the old tree, so that tree stays.
    assert (installed.data / "versions" / "1.0.0").is_dir()


def test_a_version_whose_window_never_comes_is_taken_back(installed: Installation) -> None:
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
    assert (installed.data / "current").readlink() == Path("versions/1.0.0")
    assert installed.record["bad"] == ["1.2.0"]
    mark = len(installed.log.read())
    assert installed.ask("--update").returncode == 0
    installed.log.wait_for("notice info No update", after=mark)
    assert (installed.data / "current").readlink() == Path("versions/1.0.0")


def test_uninstalling_leaves_what_is_not_ours(installed: Installation) -> None:
    installed.start()
    installed.log.wait_for("ui: window ready")
    refused = installed.ask("uninstall")
    assert refused.returncode == 1
    assert "is running" in refused.stderr
    end_all(installed.home)
    profile = installed.data / "tsh" / "example.com.yaml"
    profile.write_text("web_proxy_addr: example.com:443\n")
    done = installed.ask("uninstall")
    assert (done.returncode, done.stderr) == (0, "")
    assert profile.exists()
    assert not (installed.data / "versions").exists()
    assert not (installed.data / "current").is_symlink()
    assert (installed.home / "config" / "app_config.json").exists()
