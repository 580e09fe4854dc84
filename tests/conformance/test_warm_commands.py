"""Commands run by a warm worker do what they do alone: streams, status, signals, ends."""

import os
import re
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pexpect
import pytest

from tests.support.daemon_process import ROOT, TSH, Daemon, running_daemon
from tests.support.demo_process import Ready, running_demo
from tests.support.login import login_with_tsh

HAS_WARM = sys.platform == "linux"
if not HAS_WARM:
    pytest.skip("commands are handed over on Linux only", allow_module_level=True)
assert sys.platform == "linux"

from teleterm.osutil import warm_place  # noqa: E402 - Linux only, as what follows
from teleterm.tsh.warm import front  # noqa: E402 - Linux only

pytestmark = [pytest.mark.slow]
WAIT_S = 20
WARM = """
import sys
from teleterm.tsh.warm import front  # noqa: E402 - Linux only
status = front.run(["tsh", *sys.argv[1:]])
sys.exit(99 if status is None else status)
"""


class Place:
    """A person with a login, and a daemon for the same profile folder."""

    def __init__(self, demo: Ready, daemon: Daemon, env: dict[str, str]) -> None:
        self.daemon = daemon
        self.env = env
        node = demo.nodes[0]
        self.target = f"{node.logins[0]}@{node.hostname}"
        self.socket = warm_place.socket_path(env)

    def warm(self, *words: str, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        """Run by a worker; status 99 when nobody took it."""
        return self._run([sys.executable, "-c", WARM, *words], given, env)

    def cold(self, *words: str, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        """Run in a process of its own."""
        return self._run([*TSH, *words], given, {front.SWITCH: "off"} | env)

    def _run(
        self, argv: list[str], given: str, env: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            argv, env=self.env | env, input=given, capture_output=True, text=True, timeout=WAIT_S
        )

    @contextmanager
    def spawn(self, *words: str) -> Iterator["pexpect.spawn[str]"]:
        """Start in a pty; ended with the block, so that a failure leaves no worker to the next."""
        child = pexpect.spawn(
            TSH[0], [*TSH[1:], *words], env=self.env, timeout=WAIT_S, encoding="utf-8",
            dimensions=(24, 80),
        )  # fmt: skip
        child.str_last_chars = 4000
        try:
            yield child
        finally:
            child.close(force=True)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("warm")
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("TELEPORT", "PYTHON"))}
    (folder / "run").mkdir(mode=0o700)
    env = kept | {
        "PYTHONPATH": str(ROOT),
        "TELEPORT_HOME": str(folder / "home"),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "TERM": "xterm-256color",
        "TZ": "UTC",
    }
    with running_demo() as demo:
        env["SSL_CERT_FILE"] = demo.ready.ca_file
        # a daemon as `nohup` starts it; the commands hang up all the same
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        with running_daemon(folder, environ=env) as daemon:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            login_with_tsh(TSH, demo.ready, env)
            yield Place(demo.ready, daemon, env)
            signal.signal(signal.SIGHUP, before)


def gone(pid: int) -> None:
    """Wait until a process has ended."""
    try:
        life = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([life], [], [], WAIT_S)[0], f"{pid} lives on"
    finally:
        os.close(life)


@pytest.mark.parametrize(
    "words", [["ls"], ["ls", "--format=json"], ["status"], ["clusters"], ["version"]], ids=" ".join
)
def test_a_worker_prints_what_the_command_prints_alone(place: Place, words: list[str]) -> None:
    warm, cold = place.warm(*words), place.cold(*words)
    assert (warm.returncode, warm.stderr) == (cold.returncode, cold.stderr) == (0, "")
    times = r"\[valid for [^]]*\]"
    assert re.sub(times, "", warm.stdout) == re.sub(times, "", cold.stdout)


def test_errors_and_their_status_are_the_same(place: Place) -> None:
    for words in (["ssh", "nobody@nowhere", "true"], ["ls", "--cluster=nowhere"], ["ls", "--what"]):
        warm, cold = place.warm(*words), place.cold(*words)
        assert (warm.returncode, warm.stdout, warm.stderr) == (
            cold.returncode, cold.stdout, cold.stderr,
        )  # fmt: skip
        assert warm.returncode


def test_input_output_and_status_of_a_command_pass_through(place: Place) -> None:
    done = place.warm("ssh", place.target, "cat; echo hurt >&2; exit 7", given="some input\n")
    assert done.returncode == 7
    assert done.stdout == "some input\n"
    assert done.stderr.startswith("hurt\n")


def test_the_environment_is_the_fronts(place: Place, tmp_path: Path) -> None:
    nobody = place.warm("status", TELEPORT_PROXY="elsewhere:1")
    assert "elsewhere" in nobody.stdout + nobody.stderr or nobody.returncode
    here = place.warm("ssh", "-o", "SendEnv=LANG", place.target, "echo $LANG", LANG="C.UTF-8")
    assert here.stdout == "C.UTF-8\n"


def test_a_shell_hears_of_sizes_and_keys(place: Place) -> None:
    with place.spawn("ssh", place.target) as child:
        child.sendline("PS1='rea''dy> '")
        child.expect("ready> $")
        child.setwinsize(31, 97)
        child.sendline("until [ \"$(stty size)\" = '31 97' ]; do :; done; echo now $(stty size)")
        child.expect("now 31 97")
        # said from the foreground already: bash alone may lose a key sent while it forks
        child.sendline("sh -c 'echo begun; exec cat'")
        child.expect("begun\r\n")
        child.sendcontrol("c")
        child.expect(r"\^C\s.*ready> $")
        child.sendline("exit 5")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 5


def workers(place: Place) -> set[int]:
    """The workers that run now: children of the warm parent."""
    [parent] = children(place.daemon.process.pid)
    return set(children(parent))


def children(pid: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_worker_ends_with_its_front(place: Place, number: signal.Signals) -> None:
    with place.spawn("ssh", place.target) as child:
        child.sendline("PS1='rea''dy> '")
        child.expect("ready> $")
        [worker] = workers(place)
        child.kill(number)
        gone(worker)


def test_a_front_ends_as_its_worker_was_ended(place: Place) -> None:
    with place.spawn("ssh", place.target) as child:
        child.sendline("PS1='rea''dy> '")
        child.expect("ready> $")
        [worker] = workers(place)
        assert not takes_lines(child)
        os.kill(worker, signal.SIGKILL)
        child.expect(pexpect.EOF)
        assert takes_lines(child), "the terminal is as it was before"
        child.close()
        assert child.signalstatus == signal.SIGKILL


def test_a_front_whose_worker_and_parent_were_killed_says_so(place: Place) -> None:
    with place.spawn("ssh", place.target) as child:
        child.sendline("PS1='rea''dy> '")
        child.expect("ready> $")
        [worker] = workers(place)
        [parent] = children(place.daemon.process.pid)
        os.kill(parent, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
        child.expect("the process that ran this command was killed: run it again")
        child.expect(pexpect.EOF)
        assert takes_lines(child)
        child.close()
        assert child.exitstatus == 1


def takes_lines(child: "pexpect.spawn[str]") -> bool:
    """Whether the terminal of a program edits lines, as it does for a shell."""
    return bool(termios.tcgetattr(child.child_fd)[3] & termios.ICANON)


def test_the_parent_is_started_when_first_needed_and_goes_with_the_daemon(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o700)
    env = {n: v for n, v in os.environ.items() if not n.startswith(("TELEPORT", "PYTHON"))} | {
        "PYTHONPATH": str(ROOT),
        "TELEPORT_HOME": str(tmp_path / "home"),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
    }
    argv = [sys.executable, "-c", WARM, "version", "--client"]
    with running_daemon(tmp_path, environ=env) as daemon:
        assert children(daemon.process.pid) == []
        done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=WAIT_S)
        assert done.returncode == 0, done.stderr
        [parent] = children(daemon.process.pid)
    gone(parent)
    assert not list((tmp_path / "run" / "teleterm").iterdir())
    assert subprocess.run(argv, env=env, capture_output=True, timeout=WAIT_S).returncode == 99


def test_an_open_folder_is_not_trusted(place: Place) -> None:
    folder = Path(place.socket).parent
    folder.chmod(0o755)
    try:
        assert place.warm("version", "--client").returncode == 99
    finally:
        folder.chmod(0o700)
    assert place.warm("version", "--client").returncode == 0
