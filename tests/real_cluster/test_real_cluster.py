"""Our tsh against a real Teleport cluster, beside the official tsh where one is named.

By hand only: docs/real-cluster.md says which variables lead here.
"""

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.support.login import code

ROOT = Path(__file__).resolve().parents[2]
OURS = [sys.executable, "-m", "teleterm.tsh"]
TIMEOUT_S = 60


def told(name: str) -> str:
    """A variable of this check; the test is skipped when it isn't set."""
    value = os.environ.get(f"REAL_CLUSTER_{name}", "")
    if not value:
        pytest.skip(f"REAL_CLUSTER_{name} is not set")
    return value


pytestmark = [
    pytest.mark.real_cluster,
    pytest.mark.skipif("REAL_CLUSTER_PROXY" not in os.environ, reason="no real cluster is named"),
]


class Login:
    """A home folder, logged in by one of the two programs."""

    def __init__(self, home: Path) -> None:
        home.mkdir()
        self.env = {
            **{name: text for name, text in os.environ.items() if not name.startswith("TELEPORT")},
            "PYTHONPATH": str(ROOT),
            "TELEPORT_HOME": str(home),
            "TELEPORT_TOOLS_VERSION": "off",
            "PGSERVICEFILE": str(home.parent / "services"),
        }

    def log_in(self, program: list[str]) -> None:
        """Answer the prompts; a code used before is not taken, so wait for the next then."""
        printed: object = ""
        for _ in range(3):
            child = pexpect.spawn(
                program[0],
                [
                    *program[1:],
                    "login",
                    f"--proxy={told('PROXY')}",
                    f"--user={told('USER')}",
                    "--mfa-mode=otp",
                ],
                env=self.env,
                timeout=TIMEOUT_S,
                encoding="utf-8",
            )
            child.expect("Enter password for Teleport user")
            child.sendline(told("PASSWORD"))
            child.expect("Enter an OTP code from a device")
            used = code(told("TOTP_SECRET"))
            child.sendline(used)
            child.expect(pexpect.EOF)
            child.close()
            if child.exitstatus == 0:
                return
            printed = child.before
            self.next_code(used)
        raise AssertionError(printed)

    def next_code(self, used: str) -> None:
        """Wait until the clock shows another code."""
        watcher = "import sys, time\nsys.path.insert(0, sys.argv[3])\n"
        watcher += "from tests.support.login import code\n"
        watcher += "while code(sys.argv[1]) == sys.argv[2]: time.sleep(0.2)\n"
        argv = [sys.executable, "-c", watcher, told("TOTP_SECRET"), used, str(ROOT)]
        subprocess.run(argv, check=True, timeout=TIMEOUT_S)

    def run(
        self, program: list[str], *words: str, given: str = "", **env: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [*program, *words],
            env=self.env | env,
            input=given,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
        )


@pytest.fixture(scope="module", params=["ours", "official"])
def login(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Login]:
    """Logged in by our tsh, and once more by the official one."""
    found = Login(tmp_path_factory.mktemp("real") / "home")
    program = OURS if request.param == "ours" else [told("OFFICIAL_TSH")]
    found.log_in(program)
    yield found
    found.run(OURS, "logout")


ALIKE = [
    ["status"],
    ["status", "-f", "json"],
    ["status", "-f", "yaml"],
    ["env"],
    ["clusters"],
    ["clusters", "-f", "json"],
    ["clusters", "-q"],
    ["ls"],
    ["ls", "-v"],
    ["ls", "-R"],
    ["ls", "-f", "json"],
    ["ls", "-f", "yaml"],
    ["ls", "-f", "names"],
    ["ls", "no=such"],
    ["ls", "nonsense"],
    ["ls", "-R", "-f", "json", "no=such"],
    ["ls", "-R", "-f", "yaml", "no=such"],
    ["apps", "ls", "-R", "-f", "yaml", "no=such"],
    ["db", "ls", "-R", "-f", "yaml", "no=such"],
    ["sessions", "ls", "-f", "json"],
    ["sessions", "ls", "-f", "yaml"],
    ["db", "ls"],
    ["db", "ls", "-v"],
    ["db", "ls", "-R"],
    ["db", "ls", "-f", "json"],
    ["db", "login", "no-such-database"],
    ["db", "env", "no-such-database"],
    ["db", "logout", "no-such-database"],
    ["db", "exec", "select 1"],
    ["db", "exec", "select 1", "--dbs=no-such-database"],
    ["db", "exec", "select 1", "--dbs=no-such-database", "--parallel=11"],
    ["db", "exec", "select 1", "--dbs=no-such-database", "--parallel=2"],
    ["db", "exec", "select 1", "--search=no-such-database"],
    ["kube", "ls"],
    ["kube", "ls", "-v"],
    ["kube", "ls", "-q"],
    ["kube", "ls", "-R"],
    ["kube", "ls", "-f", "json"],
    ["kube", "ls", "-R", "-f", "yaml"],
    ["kube", "login"],
    ["kube", "login", "no-such-cluster"],
    ["kube", "login", "--all", "--labels=a=b"],
    ["kube", "login", "--all", "--set-context-name=same"],
    ["proxy", "kube", "no-such-cluster"],
    ["apps", "ls"],
    ["apps", "ls", "-v"],
    ["apps", "ls", "-R"],
    ["apps", "ls", "-f", "json"],
    ["apps", "ls", "-R", "-f", "yaml"],
    ["apps", "config"],
    ["apps", "login", "no-such-app"],
    ["apps", "logout", "no-such-app"],
    ["proxy", "app", "no-such-app"],
    ["proxy", "app", "no-such-app", "--port=x"],
    ["ssh"],
    ["ssh", "-o", "Foo=bar", "host"],
    ["ssh", "host:22"],
    ["logout", "--proxy=somewhere"],
]


@pytest.mark.parametrize("words", ALIKE, ids=" ".join)
def test_same_output_as_the_official_program(login: Login, words: list[str]) -> None:
    theirs = login.run([told("OFFICIAL_TSH")], *words)
    ours = login.run(OURS, *words)
    assert (ours.stdout, ours.stderr, ours.returncode) == (
        theirs.stdout,
        theirs.stderr,
        theirs.returncode,
    )


@pytest.mark.parametrize("command", ["echo out; echo err >&2; exit 3", "cat", "nosuchcommand"])
def test_same_command_on_a_node(login: Login, command: str) -> None:
    target = f"{told('LOGIN')}@{told('NODE')}"
    theirs = login.run([told("OFFICIAL_TSH")], "ssh", target, command, given="text\n")
    ours = login.run(OURS, "ssh", target, command, given="text\n")
    assert (ours.stdout, ours.stderr, ours.returncode) == (
        theirs.stdout,
        theirs.stderr,
        theirs.returncode,
    )


def test_command_on_a_node(login: Login) -> None:
    done = login.run(OURS, "ssh", f"{told('LOGIN')}@{told('NODE')}", "echo hi; exit 4")
    assert done.stdout.startswith("hi\n")
    assert done.returncode == 4


def test_command_on_a_node_of_the_leaf(login: Login) -> None:
    target = f"{told('LOGIN')}@{told('LEAF_NODE')}"
    words = [f"--proxy={told('PROXY')}", "ssh", target, "echo leaf"]
    done = login.run(OURS, *words, TELEPORT_CLUSTER=told("LEAF"))
    assert (done.stdout, done.returncode) == ("leaf\n", 0), done.stderr


def test_shell(login: Login) -> None:
    child = pexpect.spawn(
        OURS[0],
        [*OURS[1:], "ssh", f"{told('LOGIN')}@{told('NODE')}"],
        env=login.env,
        dimensions=(31, 101),
        timeout=TIMEOUT_S,
        encoding="utf-8",
    )
    child.sendline("stty size; exit 7")
    child.expect_exact("31 101")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 7


def test_database(login: Login) -> None:
    words = ["db", "connect", told("DATABASE")]
    words += [f"--db-user={told('DB_USER')}", f"--db-name={told('DB_NAME')}"]
    done = login.run(OURS, *words, given="select 40 + 2;\n")
    assert " 42\n" in done.stdout, done.stderr


@pytest.mark.parametrize("query", ["select 1", "select nope"])
def test_same_run_on_databases(login: Login, query: str) -> None:
    words = ["db", "exec", query, f"--dbs={told('DATABASE')}"]
    words += [f"--db-user={told('DB_USER')}", f"--db-name={told('DB_NAME')}"]
    theirs = login.run([told("OFFICIAL_TSH")], *words)
    ours = login.run(OURS, *words)
    assert (ours.stdout, ours.stderr, ours.returncode) == (
        theirs.stdout,
        theirs.stderr,
        theirs.returncode,
    )


def test_kubernetes(login: Login, tmp_path: Path) -> None:
    name = told("KUBE")
    texts: list[str] = []
    config = tmp_path / "config"
    for program in ([told("OFFICIAL_TSH")], OURS):
        config.unlink(missing_ok=True)
        done = login.run(program, "kube", "login", name, KUBECONFIG=str(config))
        assert f'Logged into Kubernetes cluster "{name}".' in done.stdout, done.stderr
        whole = config.read_text()
        texts.append(re.sub(r"(?s)      args:.*?      env:", "", whole))
    assert texts[0] == texts[1]
    asked = ["kubectl", "get", "nodes", "-o", "name"]
    nodes = subprocess.run(
        asked,
        env=login.env | {"KUBECONFIG": str(config)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )
    assert nodes.stdout.startswith("node/"), nodes.stderr


def test_application(login: Login) -> None:
    words = ["proxy", "app", told("APP")]
    child = pexpect.spawn(
        OURS[0], [*OURS[1:], *words], env=login.env, timeout=TIMEOUT_S, encoding="utf-8"
    )
    child.expect(r"on (127\.0\.0\.1:\d+)\r\n")
    place = child.match[1] if not isinstance(child.match, (str, type, type(None))) else ""
    with urllib.request.urlopen(f"http://{place}/", timeout=TIMEOUT_S) as page:
        assert page.status == 200
    child.close(force=True)


def test_database_tunnel(login: Login) -> None:
    words = ["proxy", "db", "--tunnel", told("DATABASE")]
    words += [f"--db-user={told('DB_USER')}", f"--db-name={told('DB_NAME')}"]
    child = pexpect.spawn(
        OURS[0], [*OURS[1:], *words], env=login.env, timeout=TIMEOUT_S, encoding="utf-8"
    )
    child.expect(r"(postgres://\S+)\r\n")
    url = child.match[1] if not isinstance(child.match, (str, type, type(None))) else ""
    done = subprocess.run(
        ["psql", url, "-Atc", "select 40 + 2"], capture_output=True, text=True, timeout=TIMEOUT_S
    )
    child.close(force=True)
    assert done.stdout == "42\n", done.stderr
