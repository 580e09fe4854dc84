"""A proxy that goes away in the middle of anything: a sentence and status 1, never a trace."""

import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.conformance.test_kube_and_apps import PROGRAMS, Person
from tests.support.demo_process import Ready
from tests.support.raw_client import TIMEOUT_S
from tests.support.relay import Cut, Relay, relay

pytestmark = pytest.mark.slow
COMMANDS = {
    "ls": ["ls"],
    "ssh": ["ssh", "--no-resume", "alice@web-1", "true"],
    "scp": ["scp", "/etc/hostname", "alice@web-1:{folder}/copy"],
    "db": ["db", "login", "orders", "--db-user=alice", "--db-name=orders"],
}
# Before TLS, within its first bytes, within the handshake, within HTTP/2's first words, an answer.
CUTS = (0, 1, 600, 1500, 3000, 4500)
NEVER_SHOWN = ("Traceback", "unix:", "/grpc", "StatusCode", "AioRpcError")


@pytest.fixture(scope="module")
def way(demo: Ready) -> Iterator[Relay]:
    with relay(demo.port) as running:
        yield running


@pytest.fixture(scope="module")
def person(way: Relay, demo: Ready, tmp_path_factory: pytest.TempPathFactory) -> Person:
    """Somebody whose profile leads to the relay."""
    found = Person(PROGRAMS["ours"], demo, tmp_path_factory.mktemp("cut"))
    path = found.home / "localhost.yaml"
    path.write_text(re.sub(rf":{demo.port}\b", f":{way.port}", path.read_text()))
    return found


@pytest.mark.parametrize("is_abrupt", [False, True])
@pytest.mark.parametrize("after", CUTS)
def test_a_command_ends_with_a_sentence(
    person: Person, way: Relay, after: int, *, is_abrupt: bool
) -> None:
    name = list(COMMANDS)[CUTS.index(after) % len(COMMANDS)]
    way.cut = Cut(after=after, is_abrupt=is_abrupt)
    folder = str(person.home.parent)
    done = person.run(*(word.replace("{folder}", folder) for word in COMMANDS[name]))
    way.cut = Cut()
    if done.returncode == 0:  # it had all it needed before the cut
        assert after == CUTS[-1]
        return
    assert done.returncode == 1
    assert "ERROR: " in done.stderr
    assert "Try again." in done.stderr
    assert not [word for word in NEVER_SHOWN if word in done.stderr]


@pytest.mark.parametrize("is_abrupt", [False, True])
def test_a_shell_that_loses_its_node(person: Person, way: Relay, *, is_abrupt: bool) -> None:
    way.cut = Cut(after=200_000, is_abrupt=is_abrupt)
    done = person.run("ssh", "--no-resume", "alice@web-1", "yes; true")
    way.cut = Cut()
    assert set(done.stdout) <= {"y", "\n"}  # perhaps nothing: what wasn't read yet may be gone
    assert done.returncode not in {0, 2}
    assert not [word for word in NEVER_SHOWN if word in done.stderr]


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")
def test_a_query_that_loses_its_database(person: Person, way: Relay) -> None:
    way.cut = Cut(after=9000, connection=2)
    words = ["db", "connect", "orders", "--db-user=alice", "--db-name=orders"]
    done = subprocess.run(
        [*person.tsh, *words],
        env=person.env,
        input="select repeat('x', 1000000);\nselect 'again';\n",
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )
    way.cut = Cut()
    assert done.returncode == 1
    assert "server closed the connection unexpectedly" in done.stderr
    assert not [word for word in NEVER_SHOWN if word in done.stderr]


def test_and_afterwards_all_is_well(person: Person) -> None:
    assert person.run("ls", "--format=names").stdout.split() == ["build", "web-1", "web-2"]
