"""`tsh db` and `tsh proxy db` with MariaDB and Redis behind the demo, and their own clients."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_tsh_demo import TIMEOUT_S, Person, ended
from tests.support.demo_process import Ready, RunningDemo, running_demo
from tests.support.engines import ENGINES, MARIADB, REDIS, Engine

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs Unix sockets"),
]


@pytest.fixture(scope="module")
def running() -> Iterator[RunningDemo]:
    with running_demo("--allow-code-reuse", "--no-postgres") as running:
        yield running


@pytest.fixture
def demo(running: RunningDemo) -> Ready:
    return running.ready


@pytest.fixture(scope="module")
def person(running: RunningDemo, tmp_path_factory: pytest.TempPathFactory) -> Person:
    folder = tmp_path_factory.mktemp("person")
    somebody = Person(running.ready, folder / "tsh")
    somebody.env["HOME"] = str(folder)
    text, status = somebody.log_in()
    assert status == 0, text
    return somebody


def ask(person: Person, command: str, question: str, *more: str) -> str:
    """Run a client's command line as `tsh` prints it, for a shell."""
    done = subprocess.run(
        f"{command} {' '.join(more)}",
        shell=True,
        env=person.env,
        input=question,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )
    return done.stdout + done.stderr


@ENGINES
def test_connect(engine: Engine, person: Person, demo: Ready) -> None:
    engine.needed(demo)
    for user in ("alice", "reader"):
        words = ["db", "connect", engine.database, f"--db-user={user}", *engine.flags]
        done = person.run(*words, given=engine.question)
        assert done.returncode == 0, done.stderr
        assert engine.answer.format(user=user) in done.stdout
    reader = ["db", "connect", engine.database, "--db-user=reader", *engine.flags]
    done = person.run(*reader, given=engine.write)
    assert engine.write_refused in done.stdout + done.stderr


@ENGINES
def test_users_that_are_not_allowed(engine: Engine, person: Person, demo: Ready) -> None:
    engine.needed(demo)
    words = ["db", "connect", engine.database, "--db-user=mallory", *engine.flags]
    done = person.run(*words, given=engine.question)
    assert engine.unknown_user in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@ENGINES
def test_proxy_with_a_tunnel(engine: Engine, person: Person, demo: Ready) -> None:
    engine.needed(demo)
    words = ["proxy", "db", "--tunnel", engine.database, "--db-user=alice", *engine.flags]
    child = person.spawn(*words, cols=2000)
    child.expect(rf"({engine.client} [^\r\n]*[^\r\n ])\s*\r\n")
    assert isinstance(child.match, re.Match)
    assert engine.answer.format(user="alice") in ask(person, child.match[1], engine.question)
    child.kill(signal.SIGINT)
    assert ended(child)[1] == 0


@ENGINES
def test_proxy_with_the_clients_own_tls(engine: Engine, person: Person, demo: Ready) -> None:
    engine.needed(demo)
    words = ["proxy", "db", engine.database, "--db-user=alice", *engine.flags]
    child = person.spawn(*words, cols=2000)
    child.expect(r"127.0.0.1:(\d+)")
    assert isinstance(child.match, re.Match)
    port = child.match[1]
    files: dict[str, str] = {}
    for name, end in (("ca", ".pem"), ("cert", ".crt"), ("key", ".key")):
        child.expect(rf"(/\S+\{end})")
        files[name] = child.match[1]
    command = engine.own_tls.format(port=port, **files)
    assert engine.answer.format(user="alice") in ask(person, command, engine.question)
    child.kill(signal.SIGINT)
    assert ended(child)[1] == 0


def test_settings_of_mysql_clients(person: Person, demo: Ready) -> None:
    MARIADB.needed(demo)
    words = ["db", "login", "stock", "--db-user=alice", "--db-name=shop"]
    assert "has been saved" in person.run(*words).stdout
    settings = Path(person.env["HOME"], ".my.cnf")
    assert f"[client_{demo.root}-stock]" in settings.read_text()
    for words in (["db", "config", "stock"], ["db", "env", "stock"]):
        done = person.run(*words)
        assert done.returncode == 1
        assert f"MySQL and cluster {demo.root} proxy is using TLS routing" in done.stderr
    assert person.run("db", "logout", "stock").returncode == 0
    assert f"[client_{demo.root}-stock]" not in settings.read_text()


def test_redis_straight_to_the_port(person: Person, demo: Ready) -> None:
    """The certificate alone says which database is meant, whatever protocol the client names."""
    REDIS.needed(demo)
    assert "has been saved" in person.run("db", "login", "visits", "--db-user=alice").stdout
    command = person.run("db", "config", "visits", "--format=cmd").stdout.strip()
    assert "--tls" in command
    assert ask(person, command, REDIS.question, "--cacert", demo.ca_file) == "alice\nAda\n"
    done = person.run("db", "env", "visits")
    assert done.returncode == 1
    assert "database protocol is Redis" in done.stderr
    assert person.run("db", "logout").stdout == "Logged out of database visits\n"


@ENGINES
def test_servers_that_stopped(engine: Engine, running: RunningDemo, person: Person) -> None:
    engine.needed(running.ready)
    running.tell(f"stop-database {engine.protocol}")
    assert f'"{engine.database}": {engine.server} is not running there' in trying(person, engine)


@ENGINES
def test_servers_that_are_not_installed(engine: Engine, bare: Person) -> None:
    if shutil.which(engine.client) is None:
        pytest.skip(f"needs {engine.client}")
    assert engine.database in bare.run("db", "ls").stdout
    expected = f'"{engine.database}": {engine.server} is not installed on this computer'
    assert expected in trying(bare, engine)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """Somebody whose demo found no database server."""
    with running_demo("--no-postgres", "--no-mysql", "--no-redis") as running:
        assert not any(one.online for one in running.ready.databases)
        somebody = Person(running.ready, tmp_path_factory.mktemp("bare") / "tsh")
        assert somebody.log_in()[1] == 0
        yield somebody


def trying(person: Person, engine: Engine) -> str:
    """What a client says that doesn't get through."""
    words = ["db", "connect", engine.database, "--db-user=alice", *engine.flags]
    done = person.run(*words, given=engine.question)
    return done.stdout + done.stderr
