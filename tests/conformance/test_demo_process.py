"""The demo's process: what it prints, and that nothing of it stays behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.demo_process import ROOT, STOP_S, RunningDemo, running_demo

pytestmark = pytest.mark.slow


def processes_below(folder: Path) -> list[str]:
    """Command lines that name a folder."""
    found: list[str] = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


def folder_of(running: RunningDemo) -> Path:
    return Path(running.ready.ca_file).parent


def test_the_ready_line() -> None:
    with running_demo() as running:
        ready = running.ready
        assert (ready.root, ready.leaf) == ("demo.localhost", "leaf.demo.localhost")
        assert ready.proxy == f"localhost:{ready.port}"
        assert Path(ready.ca_file).read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")
        names = {(node.cluster, node.hostname) for node in ready.nodes}
        assert len([name for name in names if name[0] == ready.root]) >= 3
        assert len([name for name in names if name[0] == ready.leaf]) >= 2
        folder = folder_of(running)
    assert running.process.returncode == 0
    assert not folder.exists()
    assert processes_below(folder) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(number: signal.Signals) -> None:
    with running_demo() as running:
        folder = folder_of(running)
        running.process.send_signal(number)
        assert running.process.wait(STOP_S) == 0
        assert not folder.exists()
        assert processes_below(folder) == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_nothing_stays_when_it_is_killed() -> None:
    with running_demo() as running:
        folder = folder_of(running)
        keepers = [int(path.name) for path in Path("/proc").glob("[0-9]*") if names(path, folder)]
        assert keepers
        watched = [handle_of(pid) for pid in keepers]
        running.process.kill()
        running.process.wait(STOP_S)
        for descriptor in watched:
            wait_for_end(descriptor)
    assert not folder.exists()


def names(process: Path, folder: Path) -> bool:
    try:
        return str(folder).encode() in (process / "cmdline").read_bytes()
    except OSError:
        return False


def handle_of(pid: int) -> int:
    if sys.platform == "linux":
        return os.pidfd_open(pid)
    raise NotImplementedError


def wait_for_end(descriptor: int) -> None:
    import select

    ready, _, _ = select.select([descriptor], [], [], STOP_S)
    os.close(descriptor)
    assert ready, "a process of the demo is still there"


def test_a_port_that_is_in_use_is_named() -> None:
    with running_demo("--no-postgres") as running:
        port = str(running.ready.port)
        argv = [sys.executable, "-m", "teleterm.demo", "start", "--port", port]
        done = subprocess.run(
            argv, cwd=ROOT, input="", capture_output=True, text=True, timeout=STOP_S
        )
        assert done.returncode == 1
        assert f"port {port} is in use" in done.stderr


def test_the_text_says_how_to_log_in() -> None:
    argv = [sys.executable, "-m", "teleterm.demo", "start"]
    process = subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        assert process.stdin is not None
        first = process.stdout.readline().decode()
        assert first.startswith("A demo cluster is running on this computer, at localhost:")
        process.stdin.close()
        text = process.stdout.read().decode()
        assert process.wait(STOP_S) == 0
    for part in ("Password:", "Setup key:", "SSL_CERT_FILE=", "tsh login --proxy=localhost:"):
        assert part in text


@pytest.mark.parametrize("wrong", ["--nope", "--port=99999", "--port=x"])
def test_unknown_flags_and_ports_are_errors(wrong: str) -> None:
    argv = [sys.executable, "-m", "teleterm.demo", "start", wrong]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=STOP_S)
    assert done.returncode == 2
    assert wrong.rpartition("=")[2] in done.stderr
    assert "Traceback" not in done.stderr
