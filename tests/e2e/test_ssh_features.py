"""`tsh ssh` against the demo: several nodes, X11 with real programs, an agent, forwarded ports."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest

from tests.e2e.test_tsh_demo import TIMEOUT_S, Person
from tests.support.demo_process import Ready, running_demo

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs Unix nodes"),
]
needs_x11 = pytest.mark.skipif(
    any(shutil.which(one) is None for one in ("Xvfb", "xauth", "xdpyinfo")),
    reason="needs Xvfb, xauth and xdpyinfo",
)
needs_agent = pytest.mark.skipif(shutil.which("ssh-agent") is None, reason="needs OpenSSH")


@pytest.fixture(scope="module")
def demo() -> Iterator[Ready]:
    with running_demo("--allow-code-reuse", "--no-postgres") as running:
        yield running.ready


@pytest.fixture(scope="module")
def person(demo: Ready, tmp_path_factory: pytest.TempPathFactory) -> Person:
    somebody = Person(demo, tmp_path_factory.mktemp("person") / "home")
    text, status = somebody.log_in()
    assert status == 0, text
    return somebody


@contextmanager
def guarded_display(folder: Path) -> Iterator[dict[str, str]]:
    """An X server that lets nobody in without the cookie; gives the variables for who has it."""
    cookie = secrets.token_hex(16)
    servers, clients = folder / "server", folder / "client"
    _xauth(servers, "add", ":0", ".", cookie)
    reading, writing = os.pipe()
    argv = ["Xvfb", "-displayfd", str(writing), "-auth", str(servers), "-nolisten", "tcp"]
    server = subprocess.Popen(argv, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        name = f":{pipe.readline().strip()}"
    _xauth(clients, "add", name, ".", cookie)
    try:
        yield {"DISPLAY": name, "XAUTHORITY": str(clients)}
    finally:
        server.terminate()
        server.wait(timeout=10)


def _xauth(file: Path, *words: str) -> None:
    subprocess.run(["xauth", "-f", file, *words], check=True, capture_output=True, timeout=10)


@needs_x11
def test_a_program_on_the_node_uses_the_display(person: Person, tmp_path: Path) -> None:
    with guarded_display(tmp_path) as variables:
        shown = person.run("ssh", "-Y", "alice@web-1", "xdpyinfo | head -2", **variables)
        assert "name of display:    localhost:" in shown.stdout, shown.stderr
        without = person.run("ssh", "alice@web-1", "echo [$DISPLAY]", **variables)
    assert without.stdout == "[]\n"


@needs_x11
def test_untrusted_programs_get_a_cookie_of_their_own(person: Person, tmp_path: Path) -> None:
    # Xvfb refuses the cookies it makes itself, so a stand-in for `xauth generate` gives a good one
    programs = tmp_path / "programs"
    programs.mkdir()
    stand_in = programs / "xauth"
    real = shutil.which("xauth")
    stand_in.write_text(
        f"#!/bin/sh\n"
        f'echo "$@" > {tmp_path}/asked\n'
        f"cookie=$({real} -f $XAUTHORITY list | sed 's/.* //')\n"
        f'exec {real} -f "$2" add "$4" . $cookie\n'
    )
    stand_in.chmod(0o755)
    with guarded_display(tmp_path) as variables:
        env = variables | {"PATH": f"{programs}:{os.environ['PATH']}"}
        timeout = "--x11-untrusted-timeout=5m"
        shown = person.run("ssh", "-X", timeout, "alice@web-1", "xdpyinfo | head -1", **env)
        assert "name of display:    localhost:" in shown.stdout, shown.stderr
    asked = (tmp_path / "asked").read_text().split()
    assert asked[2] == "generate"
    assert asked[-3:] == ["untrusted", "timeout", "300"]


def test_no_display_is_no_obstacle(person: Person) -> None:
    ended = person.run("ssh", "-X", "alice@web-1", "echo hello", DISPLAY="")
    assert (ended.stdout, ended.returncode) == ("hello\n", 0)
    assert "X11 forwarding is off" in ended.stderr


@needs_agent
def test_the_agent_is_there_only_when_forwarded(person: Person, tmp_path: Path) -> None:
    key = tmp_path / "key"
    keygen = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "forwarded", "-f", str(key)]
    subprocess.run(keygen, check=True, timeout=10)
    agent = ["ssh-agent", "-D", "-a", str(tmp_path / "agent")]
    with subprocess.Popen(agent, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it prints where it listens once it does
        env = {"SSH_AUTH_SOCK": str(tmp_path / "agent")}
        subprocess.run(["ssh-add", "-q", key], env=os.environ | env, check=True, timeout=10)
        with_it = person.run("ssh", "-A", "alice@web-1", "ssh-add -l", **env)
        assert "forwarded" in with_it.stdout, with_it.stderr
        without = person.run("ssh", "alice@web-1", "echo [$SSH_AUTH_SOCK]", **env)
        assert without.stdout == "[]\n"
        process.terminate()


def test_a_command_runs_on_all_that_have_the_labels(person: Person, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    ended = person.run(
        "ssh", f"--log-dir={logs}", "alice@role=web", "hostname; hostname >&2; exit 3"
    )
    assert ended.returncode == 3
    lines = ended.stdout.splitlines()
    for name in ("web-1", "web-2"):
        assert f"[{name}] {name}" in lines
        assert f"[{name}] {name}" in ended.stderr.splitlines()
        assert f"[{name}] failed with exit code 3" in lines
        assert (logs / f"{name}.stdout").read_text() == f"{name}\n"
    assert lines[-1] == "0 host(s) succeeded; 2 host(s) failed"
    assert (logs / "hosts.failed").read_text().split() == ["web-1", "web-2"]


def test_they_run_at_the_same_time(person: Person, tmp_path: Path) -> None:
    # each waits until the other has opened the pipe: one after the other would never end
    os.mkfifo(tmp_path / "pipe")
    meet = f'if [ "$(hostname)" = web-1 ]; then echo met > {tmp_path}/pipe; '
    meet += f"else cat {tmp_path}/pipe; fi"
    ended = person.run("ssh", "alice@role=web", meet)
    assert "[web-2] met" in ended.stdout.splitlines(), ended.stderr


def test_a_predicate_finds_the_node(person: Person) -> None:
    ended = person.run("ssh", "--query", 'labels["role"] == "build"', "alice@any", "hostname")
    assert ended.stdout == "build\n", ended.stderr


def test_a_port_of_the_node_leads_here(person: Person) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(TIMEOUT_S)
        here = server.getsockname()[1]
        with socket.create_server(("127.0.0.1", 0)) as free:
            there = free.getsockname()[1]
        child = person.spawn("ssh", "-R", f"{there}:127.0.0.1:{here}", "alice@web-1")
        child.expect(r"\$ $")
        child.sendline(f"exec 3<>/dev/tcp/127.0.0.1/{there}; echo over >&3; cat <&3")
        connection, _ = server.accept()
        with connection:
            assert connection.recv(100) == b"over\n"
            connection.sendall(b"and back\n")
        child.expect_exact("and back")
        child.close(force=True)


def test_folders_go_both_ways_with_times_and_modes(person: Person, tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "inner").mkdir(parents=True)
    (source / "inner" / "run").write_text("#!/bin/sh\n")
    (source / "inner" / "run").chmod(0o750)
    os.utime(source / "inner" / "run", (1_000_000_000, 1_000_000_000))
    far, back = tmp_path / "far", tmp_path / "back"
    up = person.run("scp", "-r", "-p", str(source), f"alice@web-1:{far}")
    assert up.returncode == 0, up.stderr
    down = person.run("scp", "-r", "-p", f"alice@web-1:{far}", str(back))
    assert down.returncode == 0, down.stderr
    state = (back / "inner" / "run").stat()
    assert (state.st_mode & 0o777, int(state.st_mtime)) == (0o750, 1_000_000_000)


def test_an_absent_file_is_named(person: Person, tmp_path: Path) -> None:
    ended = person.run("scp", f"alice@web-1:{tmp_path}/nothing", str(tmp_path))
    assert ended.returncode == 1
    assert re.search("no such file", ended.stderr, re.IGNORECASE), ended.stderr


def test_a_signal_ends_with_its_number(person: Person) -> None:
    ended = person.run("ssh", "alice@web-1", "kill -TERM $$")
    assert ended.returncode in {143, 255}
    assert ended.stdout == ""


def test_ctrl_c_reaches_the_command(person: Person) -> None:
    child = person.spawn("ssh", "-t", "alice@web-1", "trap 'echo caught; exit 5' INT; echo go; cat")
    child.expect_exact("go")
    child.sendcontrol("c")
    child.expect_exact("caught")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 5
