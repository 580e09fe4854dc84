"""`tsh ssh` against the demo: several nodes, X11 with real programs, an agent, forwarded ports."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest

from tests.e2e.test_tsh_demo import TIMEOUT_S, TSH, Person, ended
from tests.support.demo_process import RunningDemo, running_demo

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
def demo() -> Iterator[RunningDemo]:
    with running_demo("--allow-code-reuse", "--no-postgres") as running:
        yield running


@pytest.fixture(scope="module")
def person(demo: RunningDemo, tmp_path_factory: pytest.TempPathFactory) -> Person:
    somebody = Person(demo.ready, tmp_path_factory.mktemp("person") / "home")
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


@needs_agent
def test_the_logins_own_key_is_forwarded(person: Person) -> None:
    seen = person.run(
        "ssh", "-o", "ForwardAgent=local", "alice@web-1", "ssh-add -L", SSH_AUTH_SOCK=""
    )
    certificate, key = seen.stdout.splitlines()
    assert certificate.startswith("ssh-ed25519-cert-v01@openssh.com ")
    assert key.startswith("ssh-ed25519 ")
    assert key.endswith(":alice")


@needs_agent
def test_the_forwarded_key_signs(person: Person, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("signed")
    sign = f"ssh-add -L | tail -1 > {tmp_path}/key.pub && cd {tmp_path} && "
    sign += "ssh-keygen -q -Y sign -n test -f key.pub text && ssh-keygen -q -Y check-novalidate"
    sign += " -n test -s text.sig < text"
    done = person.run("ssh", "-o", "ForwardAgent=local", "alice@web-1", sign, SSH_AUTH_SOCK="")
    assert done.returncode == 0, done.stderr


def test_to_the_background_once_the_node_let_it_in(person: Person, tmp_path: Path) -> None:
    go, said = tmp_path / "go", tmp_path / "said"
    os.mkfifo(go)
    os.mkfifo(said)
    words = [*TSH, "ssh", "-f", "alice@web-1", f"cat {go}; cat; echo over > {said}; echo end"]
    with subprocess.Popen(
        words, env=person.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as front:
        assert front.wait(TIMEOUT_S) == 0  # while the command waits for this test
        go.write_text("now\n")
        assert said.read_text() == "over\n"  # it reads nothing of what is typed here
        assert front.stdout is not None
        assert front.stdout.read() == "now\nend\n"


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the process in /proc")
def test_forwarding_in_the_background(person: Person) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as free:
        server.settimeout(TIMEOUT_S)
        free.bind(("127.0.0.1", 0))
        near, far = free.getsockname()[1], server.getsockname()[1]
        free.close()
        spec = f"{near}:127.0.0.1:{far}"
        words = [*TSH, "ssh", "-Nf", "-L", spec, "alice@web-1"]
        assert subprocess.run(words, env=person.env, timeout=TIMEOUT_S).returncode == 0
        (place,) = [one for one in Path("/proc").glob("[0-9]*/cmdline") if _says(one, spec)]
        with socket.create_connection(("127.0.0.1", near), TIMEOUT_S) as client:
            accepted, _ = server.accept()
            with accepted:
                client.sendall(b"through")
                assert accepted.recv(100) == b"through"
        os.kill(int(place.parent.name), signal.SIGTERM)


def _says(cmdline: Path, spec: str) -> bool:
    try:
        return spec.encode() in cmdline.read_bytes().split(b"\0")
    except OSError:
        return False  # it has ended


def test_what_may_not_go_to_the_background(person: Person) -> None:
    refused = person.run("ssh", "-f", "nobody-here@web-1", "true")
    assert "access denied to nobody-here" in refused.stderr
    shell = person.run("ssh", "-f", "alice@web-1")
    assert "fork after authentication not allowed for interactive sessions" in shell.stderr
    several = person.run("ssh", "-f", "alice@role=web", "true")
    assert "fork after authentication not supported" in several.stderr
    assert {refused.returncode, shell.returncode, several.returncode} == {1}


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
    assert (far / "source" / "inner" / "run").exists()  # not as scp: as the official program
    down = person.run("scp", "-r", "-p", f"alice@web-1:{far}/source", str(back))
    assert down.returncode == 0, down.stderr
    state = (back / "source" / "inner" / "run").stat()
    assert (state.st_mode & 0o777, int(state.st_mtime)) == (0o750, 1_000_000_000)


def test_modes_are_kept_without_being_asked_for_and_links_are_followed(
    person: Person, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    (source / "private").mkdir(parents=True)
    (source / "empty").mkdir()
    for path, mode in (("secret", 0o600), ("run", 0o755), ("private/in", 0o640)):
        (source / path).write_text(path)
        (source / path).chmod(mode)
    (source / "link").symlink_to("run")
    (source / "private" / "around").symlink_to("..")
    (source / "private").chmod(0o700)
    wanted = {
        "empty": 0o755, "link": 0o755, "private": 0o700, "private/in": 0o640,
        "run": 0o755, "secret": 0o600,
    }  # fmt: skip
    far, back = tmp_path / "far", tmp_path / "back"
    (source / "empty").chmod(0o755)
    for places in ((str(source), f"alice@web-1:{far}"), (f"alice@web-1:{far}/source", str(back))):
        done = person.run("scp", "-r", *places)
        assert done.returncode == 0, done.stderr
    copied = back / "source"
    found = {
        str(path.relative_to(copied)): path.lstat().st_mode & 0o777 for path in copied.rglob("*")
    }
    assert found == wanted
    assert (copied / "link").read_text() == "run"


def test_several_files_need_a_folder_which_is_made_if_it_is_not_there(
    person: Person, tmp_path: Path
) -> None:
    files = [tmp_path / "a", tmp_path / "b"]
    for file in files:
        file.write_text(file.name)
    words = [str(file) for file in files]
    refused = person.run("scp", *words, f"alice@web-1:{files[0]}")
    assert refused.returncode == 1
    assert "is not a directory, but multiple source files were specified" in refused.stderr
    done = person.run("scp", *words, f"alice@web-1:{tmp_path}/new")
    assert done.returncode == 0, done.stderr
    assert {one.name for one in (tmp_path / "new").iterdir()} == {"a", "b"}


def test_what_cannot_be_copied_is_named(person: Person, tmp_path: Path) -> None:
    absent = f"{tmp_path}/nothing"
    (tmp_path / "file").write_text("x")
    tries = {
        f'could not access remote path "{absent}"': (f"alice@web-1:{absent}", str(tmp_path)),
        f'could not access local path "{absent}"': (absent, "alice@web-1:"),
        f'"{tmp_path}" is a directory, but': (f"alice@web-1:{tmp_path}", str(tmp_path)),
        "no such file": (str(tmp_path / "file"), f"alice@web-1:{absent}/deep"),
    }
    for words, places in tries.items():
        done = person.run("scp", *places)
        assert done.returncode == 1
        assert words.lower() in done.stderr.lower(), done.stderr


def test_wildcards_of_either_side(person: Person, tmp_path: Path) -> None:
    here, there, back = (tmp_path / name for name in ("here", "there", "back"))
    for folder in (here, there, back):
        folder.mkdir()
    for name in ("a.txt", "b.txt", "c.log", "[d].txt"):
        (here / name).write_text(name)
    up = person.run("scp", f"{here}/*.txt", f"alice@web-1:{there}")
    assert up.returncode == 0, up.stderr
    assert sorted(one.name for one in there.iterdir()) == ["[d].txt", "a.txt", "b.txt"]
    down = person.run("scp", f"alice@web-1:{there}/[ab].*", str(back))
    assert down.returncode == 0, down.stderr
    literal = person.run("scp", f"alice@web-1:{there}/[d].txt", str(back))
    assert literal.returncode == 0, literal.stderr
    assert sorted(one.name for one in back.iterdir()) == ["[d].txt", "a.txt", "b.txt"]


def test_a_signal_ends_with_its_number(person: Person) -> None:
    done = person.run("ssh", "alice@web-1", "kill -TERM $$")
    assert (done.returncode, done.stdout) == (143, "")
    assert "Process exited with status 143 from signal TERM" in done.stderr


def test_ctrl_c_reaches_the_command(person: Person) -> None:
    child = person.spawn(
        "ssh",
        "-t",
        "alice@web-1",
        "trap 'echo caught; exit 5' INT; echo go; while :; do sleep 0.1; done",
    )
    child.expect_exact("go")
    child.sendcontrol("c")
    child.expect_exact("caught")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 5


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(TSH, id="ours"),
        pytest.param(
            [os.environ.get("OFFICIAL_TSH", "")],
            marks=pytest.mark.skipif("OFFICIAL_TSH" not in os.environ, reason="names no tsh"),
            id="official",
        ),
    ],
)
def test_a_shell_goes_on_when_the_connection_breaks(
    person: Person, demo: RunningDemo, program: list[str]
) -> None:
    env = person.env | {"TELEPORT_TOOLS_VERSION": "off"}
    argv = [*program[1:], "ssh", "alice@web-1"]
    child = pexpect.spawn(program[0], argv, env=env, timeout=TIMEOUT_S, encoding="utf-8")
    child.expect_exact("alice@web-1:~$ ")
    child.sendline("kept=here; stty -echo")
    child.expect_exact("$ ")
    demo.tell("cut")
    child.sendline("echo still $kept")
    child.expect_exact("still here")
    child.sendline("exit 5")
    assert ended(child)[1] == 5


def test_keys_wait_while_the_node_is_out_of_reach(person: Person, demo: RunningDemo) -> None:
    child = person.spawn("ssh", "alice@web-2")
    child.expect_exact("alice@web-2:~$ ")
    demo.tell("gone web-2")
    demo.tell("cut")
    child.sendline("echo typed-$((40+2))")
    demo.tell("back web-2")
    child.expect_exact("typed-42")
    child.sendline("exit")
    assert ended(child)[1] == 0


def test_nothing_is_lost_when_it_breaks_again_and_again(
    person: Person, demo: RunningDemo, tmp_path: Path
) -> None:
    """All that goes up comes down again, with breaks while it is on its way."""
    sent = secrets.token_bytes(8 * 1024 * 1024)
    with (
        (tmp_path / "back").open("wb") as back,
        subprocess.Popen(
            [*TSH, "ssh", "alice@web-1", "cat"],
            env=person.env,
            stdin=subprocess.PIPE,
            stdout=back,
        ) as process,
    ):
        assert process.stdin is not None
        for start in range(0, len(sent), 2 * 1024 * 1024):
            process.stdin.write(sent[start : start + 2 * 1024 * 1024])
            demo.tell("cut")
        process.stdin.close()
        assert process.wait(TIMEOUT_S) == 0
    assert (tmp_path / "back").read_bytes() == sent


def test_without_resumption_a_broken_connection_is_the_end(
    person: Person, demo: RunningDemo
) -> None:
    for words, env in ((["--no-resume"], {}), ([], {"TELEPORT_NO_RESUME": "1"})):
        child = pexpect.spawn(
            TSH[0], [*TSH[1:], "ssh", *words, "alice@web-1"],
            env=person.env | env, timeout=TIMEOUT_S, encoding="utf-8",
        )  # fmt: skip
        child.expect_exact("alice@web-1:~$ ")
        demo.tell("cut")
        text, status = ended(child)
        assert status == 1
        assert "wait: remote command exited without exit status" in text
