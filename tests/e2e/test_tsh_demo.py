"""Our tsh against our demo cluster, as a person at a terminal uses it."""

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pexpect
import pytest

from teleterm.client.auth import AuthClient
from teleterm.client.cluster import ClusterClient
from teleterm.model.clock import AheadClock
from teleterm.tsh import everywhere
from teleterm.tsh.catalogue import GRAMMAR
from teleterm.tsh.context import Context
from tests.support.demo_process import ROOT, Ready, running_demo
from tests.support.login import code

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs a pty"),
]
TSH = [sys.executable, "-m", "teleterm.tsh"]
TIMEOUT_S = 30
PROMPT = r"\$ $"


class Person:
    """Somebody at a terminal with a home folder for tsh."""

    def __init__(self, demo: Ready, home: Path) -> None:
        self.demo = demo
        self.home = home
        self.env = {
            **{name: text for name, text in os.environ.items() if not name.startswith("TELEPORT")},
            "PYTHONPATH": str(ROOT),
            "SSL_CERT_FILE": demo.ca_file,
            "TELEPORT_HOME": str(home),
            "PGSERVICEFILE": str(home.parent / "services"),
            "TERM": "xterm-256color",
        }

    def run(self, *words: str, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, without a terminal."""
        return subprocess.run(
            [*TSH, *words],
            env=self.env | env,
            input=given,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
        )

    def spawn(self, *words: str, rows: int = 24, cols: int = 80) -> "pexpect.spawn[str]":
        """Start a command in a pty."""
        return pexpect.spawn(
            TSH[0],
            [*TSH[1:], *words],
            env=self.env,
            dimensions=(rows, cols),
            timeout=TIMEOUT_S,
            encoding="utf-8",
        )

    def log_in(self, *, password: str = "", otp: str = "") -> tuple[str, int]:
        """Answer the prompts of `tsh login`; gives what it printed and its status."""
        child = self.spawn("login", f"--proxy={self.demo.proxy}", f"--user={self.demo.user}")
        child.expect_exact(f"Enter password for Teleport user {self.demo.user}:\r\n")
        child.sendline(password or self.demo.password)
        if child.expect_exact(["Enter an OTP code from a device:\r\n", "ERROR"]) == 0:
            child.sendline(otp or code(self.demo.totp_secret))
        return ended(child)


def ended(child: "pexpect.spawn[str]") -> tuple[str, int]:
    """The rest of the output and the exit status."""
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus is not None
    return plain(child.before or ""), child.exitstatus


def plain(text: str) -> str:
    """The text without colours and carriage returns."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text).replace("\r", "")


@pytest.fixture(scope="module")
def demo() -> Iterator[Ready]:
    with running_demo("--allow-code-reuse", "--gone-node", "web-2") as running:
        yield running.ready


@pytest.fixture(scope="module")
def person(demo: Ready, tmp_path_factory: pytest.TempPathFactory) -> Person:
    somebody = Person(demo, tmp_path_factory.mktemp("person") / "home")
    text, status = somebody.log_in()
    assert status == 0, text
    return somebody


@pytest.fixture
def stranger(demo: Ready, tmp_path: Path) -> Person:
    return Person(demo, tmp_path / "home")


# ---- logging in ----


def test_login_shows_the_status(stranger: Person, demo: Ready) -> None:
    text, status = stranger.log_in()
    assert status == 0
    assert f"> Profile URL:        https://{demo.proxy}\n" in text
    assert "  Logged in as:       alice\n" in text
    assert f"  Cluster:            {demo.root}\n" in text
    assert re.search(r"Valid until: .* \[valid for \d+h\d+m\]\n", text)
    # the modes and names that the official program expects
    keys = stranger.home / "keys" / "localhost"
    assert (keys / "alice").stat().st_mode & 0o777 == 0o600
    assert (keys / "cas" / f"{demo.leaf}.pem").is_file()


def test_wrong_password(stranger: Person) -> None:
    text, status = stranger.log_in(password="wrong")
    assert status == 1
    assert "invalid credentials" in text
    assert "Traceback" not in text


def test_wrong_code(stranger: Person) -> None:
    text, status = stranger.log_in(otp="000000")
    assert status == 1
    assert "ERROR: invalid username, password or second factor\n" in text


def test_giving_up_at_the_prompt(stranger: Person, demo: Ready) -> None:
    child = stranger.spawn("login", f"--proxy={demo.proxy}", "--user=alice")
    child.expect_exact("Enter password")
    child.sendintr()
    text, status = ended(child)
    assert status == 130
    assert "Traceback" not in text


def test_nobody_is_logged_in(stranger: Person) -> None:
    for words in (["ls"], ["clusters"], ["db", "ls"], ["ssh", "alice@web-1"], ["login"]):
        done = stranger.run(*words)
        assert done.returncode == 1
        assert "No proxy address specified, missed --proxy flag?" in done.stderr
    assert "Not logged in." in stranger.run("status").stderr
    assert stranger.run("logout").stdout == "All users logged out.\n"


def test_no_terminal_for_the_password(stranger: Person, demo: Ready) -> None:
    done = stranger.run("login", f"--proxy={demo.proxy}", "--user=alice")
    assert done.returncode == 1
    assert "cannot perform password login without a terminal" in done.stderr


def test_untrusted_certificate(stranger: Person, demo: Ready) -> None:
    del stranger.env["SSL_CERT_FILE"]
    done = stranger.run("login", f"--proxy={demo.proxy}", "--user=alice")
    assert done.returncode == 1
    assert "certificate" in done.stderr
    assert "Traceback" not in done.stderr


def test_nobody_listens(stranger: Person) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        done = stranger.run("login", f"--proxy=localhost:{sock.getsockname()[1]}", "--user=alice")
    assert done.returncode == 1
    assert "ERROR" in done.stderr
    assert "Traceback" not in done.stderr


# ---- lists ----


def test_status_asks_nobody(person: Person) -> None:
    assert "Logged in as:       alice" in person.run("status").stdout
    shown = msgspec.json.decode(person.run("status", "-f", "json").stdout)
    assert shown["active"]["username"] == "alice"


def test_clusters(person: Person, demo: Ready) -> None:
    lines = person.run("clusters", "-v").stdout.splitlines()
    assert lines[0].startswith("Cluster Name ")
    assert lines[2].split() == [demo.root, "online", "root", "*"]
    assert lines[3].split() == [demo.leaf, "online", "leaf"]


def test_ls(person: Person, demo: Ready) -> None:
    names = [node.hostname for node in demo.nodes if node.cluster == demo.root]
    assert person.run("ls", "-f", "names").stdout.split() == sorted(names)
    assert person.run("ls").stdout.startswith("Node Name Address")
    everywhere = person.run("ls", "-R", "-f", "json").stdout
    found = {
        (row["cluster"], row["node"]["spec"]["hostname"]) for row in msgspec.json.decode(everywhere)
    }
    assert found == {(node.cluster, node.hostname) for node in demo.nodes}
    on_leaf = person.run("ls", "-f", "names", TELEPORT_CLUSTER=demo.leaf).stdout.split()
    assert on_leaf == ["edge-1", "edge-2"]


def test_ls_without_a_match_says_so(person: Person) -> None:
    done = person.run("ls", "no=such")
    assert done.returncode == 0
    assert "Not seeing nodes?" in done.stderr


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["ls", "-R"], "null"),
        (["apps", "ls", "-R"], "null"),
        (["kube", "ls", "-R"], "null"),
        (["db", "ls", "-R"], "[]"),
        (["ls"], "[]"),
        (["apps", "ls"], "[]"),
        (["kube", "ls"], "[]"),
        (["db", "ls"], "[]"),
    ],
    ids=str,
)
def test_lists_of_nothing_as_the_official_program_has_them(
    person: Person, words: list[str], shown: str
) -> None:
    assert person.run(*words, "-f", "json", "no=such").stdout == f"{shown}\n"
    assert person.run(*words, "-f", "yaml", "no=such").stdout == f"{shown}\n\n"


def test_everywhere_mentions_a_login_that_has_ended(
    person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    async def names(_client: ClusterClient, _auth: AuthClient) -> list[str]:
        raise AssertionError("nobody may be asked with a certificate that has ended")

    parsed = GRAMMAR.parse(["ls", "-R"], {})
    context = Context(parsed, environ=person.env, clock=AheadClock(timedelta(days=365)))
    assert asyncio.run(everywhere.ask(context, names)) == []
    shown = capsys.readouterr().err
    assert shown == f'Credentials expired for proxy "{person.demo.proxy}", skipping...\n'


# ---- shells ----


@pytest.mark.parametrize("status", [0, 3, 200])
def test_exit_status_of_a_command(person: Person, status: int) -> None:
    done = person.run("ssh", "alice@web-1", f"echo out; echo err >&2; exit {status}")
    assert done.returncode == status
    assert done.stdout.startswith("out\n")
    assert done.stderr.startswith("err\n")


def test_standard_input_reaches_the_command(person: Person) -> None:
    text = "".join(f"line {number}\n" for number in range(50_000))
    assert person.run("ssh", "alice@web-1", "cat", given=text).stdout == text


def test_leaf(person: Person, demo: Ready) -> None:
    done = person.run(
        f"--proxy={demo.proxy}",
        "ssh",
        "alice@edge-1",
        "echo on the leaf",
        TELEPORT_CLUSTER=demo.leaf,
    )
    assert (done.stdout, done.returncode) == ("on the leaf\n", 0)


def test_shell_in_a_terminal(person: Person) -> None:
    child = person.spawn("ssh", "alice@web-1", rows=31, cols=101)
    child.expect(PROMPT)
    child.sendline("stty size; echo $TERM")
    child.expect_exact("31 101\r\nxterm-256color\r\n")
    child.expect(PROMPT)
    # in a shell of its own: ^C reaches all of it, whether stty still ends or not
    child.sendline("sh -c \"trap 'stty size' WINCH; echo wait''ing; while :; do sleep 0.1; done\"")
    child.expect_exact("waiting\r\n")
    child.setwinsize(40, 120)
    child.expect_exact("40 120\r\n")
    child.sendintr()
    child.expect(PROMPT)
    child.sendline("exit 7")
    text, status = ended(child)
    assert status == 7
    assert "ERROR: Process exited with status 7\n" in text


def test_disconnecting_by_an_escape(person: Person) -> None:
    child = person.spawn("ssh", "alice@web-1")
    child.expect(PROMPT)
    child.send("~?")
    child.expect_exact("~. - disconnect")
    child.send("\r~.")
    text, status = ended(child)
    assert text.endswith("\nDisconnected\n")
    assert status == 0


def test_a_terminated_shell_leaves_the_terminal_in_order(person: Person) -> None:
    child = person.spawn("ssh", "alice@web-1")
    assert child.getecho()
    child.expect(PROMPT)
    assert not child.getecho()
    child.kill(signal.SIGTERM)
    assert ended(child)[1] == 143


def test_unknown_node(person: Person) -> None:
    done = person.run("ssh", "alice@nowhere", "true")
    assert done.returncode == 1
    assert "target host nowhere is offline or does not exist" in done.stderr


def test_node_gone(person: Person) -> None:
    done = person.run("ssh", "alice@web-2", "true")
    assert done.returncode == 1
    assert "ERROR" in done.stderr
    assert "Traceback" not in done.stderr


def test_login_that_is_not_allowed(person: Person) -> None:
    done = person.run("ssh", "nobody@web-1", "true")
    assert done.returncode == 1
    assert "access denied to nobody connecting to web-1" in done.stderr


def test_forwarded_port(person: Person) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        target = server.getsockname()[1]
        command = ["ssh", "-L", f"{port}:127.0.0.1:{target}", "alice@web-1", "echo ready; cat"]
        child = person.spawn(*command)
        child.expect_exact("ready")
        with socket.create_connection(("127.0.0.1", port), TIMEOUT_S) as near:
            server.settimeout(TIMEOUT_S)
            far, _ = server.accept()
            with far:
                near.sendall(b"through")
                assert far.recv(7, socket.MSG_WAITALL) == b"through"
        child.close(force=True)


def test_copying_files(person: Person, tmp_path: Path) -> None:
    (tmp_path / "here").write_text("some text")
    there = tmp_path / "there"
    done = person.run("scp", str(tmp_path / "here"), f"alice@web-1:{there}")
    assert done.returncode == 0, done.stderr
    done = person.run("scp", f"alice@web-1:{there}", str(tmp_path / "back"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "back").read_text() == "some text"


# ---- databases ----

needs_psql = pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")


@pytest.fixture
def live(demo: Ready) -> str:
    """The database that PostgreSQL runs behind."""
    names = [one.name for one in demo.databases if one.online and one.protocol == "postgres"]
    if not names:
        pytest.skip("PostgreSQL is not installed")
    return names[0]


def test_db_ls(person: Person, demo: Ready) -> None:
    text = person.run("db", "ls").stdout
    assert text.startswith("Name ")
    for one in demo.databases:
        assert one.name in text
    first = msgspec.json.decode(person.run("db", "ls", "-f", "json").stdout)
    expected = {one.name: sorted(one.users) for one in demo.databases}
    assert {row["metadata"]["name"]: row["users"]["allowed"] for row in first} == expected


@needs_psql
def test_db_connect(person: Person, live: str) -> None:
    question = "select current_user || ' in ' || current_database();\n"
    words = ["db", "connect", live, "--db-user=reader", "--db-name=orders"]
    done = person.run(*words, given=question)
    assert done.returncode == 0, done.stderr
    assert "reader in orders" in done.stdout


@needs_psql
def test_db_login_for_other_programs(person: Person, live: str) -> None:
    words = ["db", "login", live, "--db-user=alice", "--db-name=orders"]
    assert "has been saved" in person.run(*words).stdout
    assert f"Databases:          {live}\n" in person.run("status").stdout
    variables = msgspec.json.decode(person.run("db", "env", live, "-f", "json").stdout)
    query = ["psql", "-Atc", "select current_user"]
    done = subprocess.run(
        query, env={**os.environ, **variables}, capture_output=True, text=True, timeout=TIMEOUT_S
    )
    assert done.stdout == "alice\n", done.stderr
    assert person.run("db", "logout", live).stdout == f"Logged out of database {live}\n"
    assert "Databases:" not in person.run("status").stdout


def test_db_user_must_be_chosen(person: Person, live: str) -> None:
    done = person.run("db", "connect", live)
    assert done.returncode == 1
    assert "please provide the database user using the --db-user flag" in done.stderr


def test_psql_missing(person: Person, live: str) -> None:
    words = ["db", "connect", live, "--db-user=alice", "--db-name=orders"]
    done = person.run(*words, PATH="/nowhere")
    assert done.returncode == 1
    assert '"psql" is not installed' in done.stderr


@pytest.mark.parametrize("command", ["login", "connect"])
def test_no_database_named(stranger: Person, command: str) -> None:
    assert stranger.log_in()[1] == 0
    done = stranger.run("db", command)
    assert done.returncode == 1
    assert "please specify a database service by name, --labels, or --query\n" in done.stderr


@pytest.mark.parametrize("flag", ["--port=99999", "--port=x", "--listen=127.0.0.1:99999"])
def test_a_database_on_what_is_no_port(person: Person, live: str, flag: str) -> None:
    done = person.run("proxy", "db", live, flag, "--db-user=alice", "--db-name=orders")
    assert done.returncode == 1
    assert "is no port: it is a number up to 65535" in done.stderr


def test_a_request_for_what_is_no_resource(person: Person) -> None:
    done = person.run("request", "create", "--resource=bad")
    assert (done.stdout, done.returncode) == ("", 1)
    assert '"bad" is no resource id.\n\tIt looks like /cluster/node/name.\n' in done.stderr


def test_unknown_database(person: Person) -> None:
    done = person.run("db", "login", "nosuch")
    assert done.returncode == 1
    assert "database \"nosuch\" not found, use 'tsh db ls'" in done.stderr


@needs_psql
def test_proxy_db_tunnel(person: Person, live: str) -> None:
    words = ["proxy", "db", "--tunnel", live, "--db-user=alice", "--db-name=orders"]
    child = person.spawn(*words)
    child.expect(r"psql (postgres://alice@localhost:(\d+)/orders)")
    assert isinstance(child.match, re.Match)
    done = subprocess.run(
        ["psql", child.match[1], "-Atc", "select 41 + 1"],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )
    assert done.stdout == "42\n", done.stderr
    child.kill(signal.SIGINT)
    assert ended(child)[1] == 0


def test_port_in_use(person: Person, live: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = ["proxy", "db", "--tunnel", live, "--db-user=alice", "--db-name=orders"]
        done = person.run(*words, f"--port={port}")
    assert done.returncode == 1
    assert f"listen tcp 127.0.0.1:{port}: bind: address already in use" in done.stderr


# ---- the end ----


def test_expired_login(tmp_path: Path) -> None:
    with running_demo("--allow-code-reuse", "--session-ttl", "3") as running:
        somebody = Person(running.ready, tmp_path / "home")
        assert somebody.log_in()[1] == 0
        child = somebody.spawn("ssh", "alice@web-1", "echo before; sleep 4; echo after")
        child.expect_exact("before")
        child.expect(["after", pexpect.EOF])
        child.close(force=True)
        done = somebody.run("status")
        assert "[EXPIRED]" in done.stdout
        assert "Active profile expired." in done.stderr
        assert done.returncode == 1
        assert somebody.run("ls").returncode == 1
        child = somebody.spawn("ls", "-f", "names")
        child.expect_exact("Enter password for Teleport user alice:\r\n")
        child.sendline(running.ready.password)
        child.expect_exact("Enter an OTP code from a device:\r\n")
        child.sendline(code(running.ready.totp_secret))
        text, status = ended(child)
        assert (text.split(), status) == (["build", "web-1", "web-2"], 0)


def test_logout(stranger: Person) -> None:
    assert stranger.log_in()[1] == 0
    stranger.run("logout", "--proxy=localhost", "--user=somebody")
    done = stranger.run("logout", "--proxy=localhost", "--user=alice")
    assert (done.stdout, done.returncode) == ("Logged out alice from localhost.\n", 0)
    assert not (stranger.home / "keys" / "localhost" / "alice.key").exists()
    assert stranger.run("status").returncode == 1
    assert stranger.log_in()[1] == 0
    assert stranger.run("logout").stdout == "Logged out all users from all proxies.\n"
    assert not list(stranger.home.glob("*.yaml"))
