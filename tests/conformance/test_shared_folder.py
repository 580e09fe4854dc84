"""One profile folder written by several programs at once: each finds it whole, none spoils it."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from teleterm.client.store import ProfileStore
from tests.conformance.test_kube_and_apps import OFFICIAL, Person
from tests.support.demo_process import Ready, running_demo

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
OURS = [sys.executable, "-m", "teleterm.tsh"]
ROUNDS = 4
DATABASE = ["orders", "--db-user=alice", "--db-name=orders"]


@pytest.fixture(scope="module")
def demo() -> Iterator[Ready]:
    with running_demo("--allow-code-reuse", "--no-postgres") as running:
        yield running.ready


@pytest.fixture
def person(demo: Ready, tmp_path: Path) -> Person:
    return Person(OURS, demo, tmp_path)


def together(*jobs: Callable[[], list[subprocess.CompletedProcess[str]]]) -> None:
    """Start all at the same moment; each of their commands must end well."""
    gate = threading.Barrier(len(jobs))

    def begin(
        job: Callable[[], list[subprocess.CompletedProcess[str]]],
    ) -> list[subprocess.CompletedProcess[str]]:
        gate.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        for done in [one for each in pool.map(begin, jobs) for one in each]:
            assert done.returncode == 0, (done.args, done.stdout, done.stderr)


def again_and_again(
    person: Person, program: Sequence[str], *commands: Sequence[str]
) -> Callable[[], list[subprocess.CompletedProcess[str]]]:
    """Commands one after the other, several times; another's `login` to the leaf is not theirs."""
    own = {} if commands[0][0] == "login" else {"TELEPORT_CLUSTER": person.demo.root}
    return lambda: [
        person.run_program([*program, *words], **own) for _ in range(ROUNDS) for words in commands
    ]


def everything_is_whole(person: Person, demo: Ready) -> None:
    """The profile, the keys and what other programs read; nothing is left lying about."""
    store = ProfileStore(person.home)
    assert store.identity(store.load("")).username == demo.user
    assert person.run("status").returncode == 0
    assert person.run("ls", "--format=names").stdout.split() == ["build", "web-1", "web-2"]
    left = [str(path) for path in person.home.rglob("*") if ".tmp" in path.name]
    assert not left
    assert all(path.stat().st_size for path in (person.home / "keys").rglob("*.key"))


def test_ours_many_times(person: Person, demo: Ready) -> None:
    together(
        again_and_again(person, OURS, ["login", demo.leaf], ["login", demo.root]),
        again_and_again(person, OURS, ["db", "login", *DATABASE], ["db", "logout", "orders"]),
        again_and_again(person, OURS, ["apps", "login", "wiki"], ["status"]),
        again_and_again(person, OURS, ["kube", "login", "staging"], ["clusters"]),
    )
    everything_is_whole(person, demo)


@pytest.mark.skipif(not OFFICIAL, reason="OFFICIAL_TSH names no program")
def test_ours_beside_the_official_one(person: Person, demo: Ready) -> None:
    """All stay on the root: the official `kube login` asks the cluster of the profile."""
    official = [OFFICIAL]
    together(
        again_and_again(person, OURS, ["login", demo.root], ["db", "login", *DATABASE]),
        again_and_again(person, official, ["db", "login", *DATABASE], ["status"]),
        again_and_again(person, OURS, ["apps", "login", "wiki"], ["status"]),
        again_and_again(person, official, ["kube", "login", "staging"], ["clusters"]),
    )
    everything_is_whole(person, demo)
