"""A proxy that is reached by an address of version 6 only, from the login to a database."""

import re
import shutil
import socket
from collections.abc import Iterator

import pytest

from tests.conformance.test_kube_and_apps import PROGRAMS, Person
from tests.support.demo_process import Ready
from tests.support.relay import relay
from tests.support.tcp import free_port

HOST = "::1"


def has_ipv6() -> bool:
    """Whether this computer has such an address."""
    try:
        socket.create_server((HOST, 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not has_ipv6(), reason="this computer has no IPv6"),
]


@pytest.fixture(scope="module")
def person(demo: Ready, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """Somebody whose profile names the proxy by that address."""
    with relay(demo.port, host=HOST) as way:
        found = Person(PROGRAMS["ours"], demo, tmp_path_factory.mktemp("six"))
        text = (found.home / "localhost.yaml").read_text()
        there = re.sub(rf"\blocalhost:{demo.port}\b", f'"[{HOST}]:{way.port}"', text)
        (found.home / f"{HOST}.yaml").write_text(there)
        (found.home / "localhost.yaml").unlink()
        shutil.move(found.home / "keys" / "localhost", found.home / "keys" / HOST)
        (found.home / "current-profile").write_text(f"{HOST}\n")
        known = found.home / "known_hosts"
        known.write_text(re.sub(r"(?<= )localhost,", f"{HOST},", known.read_text()))
        yield found


def test_lists_and_shells(person: Person) -> None:
    assert f"https://[{HOST}]:" in person.run("status").stdout
    assert person.run("ls", "--format=names").stdout.split() == ["build", "web-1", "web-2"]
    done = person.run("ssh", "alice@web-1", "hostname; exit 3")
    assert (done.stdout, done.returncode) == ("web-1\n", 3), done.stderr


def test_the_web_api(person: Person) -> None:
    assert "Proxy version:" in person.run("version").stdout


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")
def test_databases(person: Person) -> None:
    local = free_port()
    words = ("proxy", "db", "orders", "--tunnel", f"--port={local}")
    with person.running(*words, "--db-user=alice", "--db-name=orders", until="psql"):
        url = f"postgres://alice@localhost:{local}/orders"
        done = person.run_program(["psql", url, "-Atc", "select 41 + 1"])
    assert done.stdout == "42\n"
