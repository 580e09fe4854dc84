"""The pty host as a process: real ptys, real shells, windows that die."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from teleterm.bridge import frames, pty_contract
from teleterm.model.errors import ErrorCode, TeletermError
from tests.support.pty_window import PtyWindow
from tests.support.running_host import RunningHost

REPOSITORY = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def is_there(pid: int) -> bool:
    """Whether a process lives (a zombie doesn't)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def waits_until_gone(pid: int) -> None:
    """Wait for a process to end."""
    ends_at = time.monotonic() + 15
    while is_there(pid):
        assert time.monotonic() < ends_at, f"process {pid} is still there"


def test_a_shell_answers(host: RunningHost) -> None:
    _, window, _ = host.shell()
    window.waits_for_text("$")
    window.types("stty size; echo $((6*7))\r")
    window.waits_for_text("24 80\n42")


def test_resizing_reaches_the_program(host: RunningHost) -> None:
    _, window, _ = host.shell()
    window.waits_for_text("$")
    window.send(frames.Resized(100, 30))
    window.waits(lambda: window.size == (100, 30))
    window.types("stty size\r")
    window.waits_for_text("30 100")


def test_exit_status_and_signal_are_told(host: RunningHost) -> None:
    _, window, _ = host.shell("/bin/sh", "-c", "exit 3")
    assert window.waits_for(frames.Ended) == frames.Ended(3, 0)
    _, window, _ = host.shell("/bin/sh", "-c", "kill -9 $$")
    assert window.waits_for(frames.Ended) == frames.Ended(137, 9)


def test_a_killed_window_loses_nothing(host: RunningHost) -> None:
    terminal_id, window, pid = host.shell()
    window.waits_for_text("$")
    window.types("seq 1 100; echo still here\r")
    window.waits_for_text("still here")
    window.close()
    again = PtyWindow(host.client.attach(terminal_id))
    again.waits_for_text("still here")
    again.send(frames.AskSpan(1, "all", (0, 0), ""))
    again.waits_for(frames.Spanned)
    span = next(m for m in again.said if isinstance(m, frames.Spanned))
    again.send(frames.Copy(2, span.start, span.end, False))
    again.waits_for(frames.Copied)
    copied = next(m for m in again.said if isinstance(m, frames.Copied))
    assert "\n1\n2\n3\n" in copied.text
    again.types("echo $$\r")
    again.waits_for_text(str(pid))


def test_a_second_window_takes_the_channel_over(host: RunningHost) -> None:
    terminal_id, first, _ = host.shell()
    first.waits_for_text("$")
    second = PtyWindow(host.client.attach(terminal_id))
    second.waits_for_text("$")
    with pytest.raises(AssertionError, match="closed: True"):
        first.waits(lambda: False)


def test_ctrl_c_stops_a_flood_at_once(host: RunningHost) -> None:
    _, window, _ = host.shell()
    window.waits_for_text("$")
    window.types("yes\r")
    window.waits(lambda: window.paints > 10)
    window.send(frames.Pressed("c", 4))
    window.types("echo stopped$?\r")
    window.waits_for_text("stopped130")


def test_ctrl_c_works_when_we_were_started_in_the_background(tmp_path: Path) -> None:
    """A script's `&` makes its children ignore SIGINT; the shells in the terminals must not."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        running = RunningHost(tmp_path)
    finally:
        signal.signal(signal.SIGINT, before)
    _, window, _ = running.shell()
    window.waits_for_text("$")
    window.types("yes\r")
    window.waits(lambda: window.paints > 10)
    window.send(frames.Pressed("c", 4))
    window.types("echo stopped$?\r")
    window.waits_for_text("stopped130")
    running.client.shut_down()
    running.process.wait(timeout=20)
    running.client.close()


def test_an_unpainted_frame_holds_the_next_back(host: RunningHost) -> None:
    _, window, _ = host.shell()
    window.waits_for_text("$")
    window.acknowledges = False
    window.types("seq 1 50000; echo end\r")
    before = window.paints
    window.send(frames.AskSpan(1, "all", (0, 0), ""))
    window.waits_for(frames.Spanned)
    assert window.paints <= before + 1


def test_a_hidden_terminal_sends_no_rows_but_says_that_it_lives(host: RunningHost) -> None:
    _, window, _ = host.shell()
    window.waits_for_text("$")
    window.send(frames.Shown(False))
    window.types("echo hidden; printf '\\033]2;title\\007\\007'\r")
    window.waits_for(frames.Titled)
    window.waits_for(frames.Active)
    paints = window.paints
    window.send(frames.Shown(True))
    window.waits_for_text("hidden")
    assert window.paints > paints


def test_two_terminals_do_not_wait_for_each_other(host: RunningHost) -> None:
    _, flooding, _ = host.shell("/bin/sh", "-c", "yes")
    flooding.waits(lambda: flooding.paints > 3)
    _, window, _ = host.shell()
    window.waits_for_text("$")
    window.types("echo quick\r")
    window.waits_for_text("\nquick")


def test_a_missing_program_is_named(host: RunningHost) -> None:
    with pytest.raises(TeletermError, match="nosuch was not found in PATH") as caught:
        host.shell("nosuch")
    assert caught.value.code is ErrorCode.CLIENT_MISSING


def test_closing_hangs_the_program_up(host: RunningHost) -> None:
    terminal_id, window, pid = host.shell()
    window.waits_for_text("$")
    assert [t.terminal_id for t in host.client.list_all()] == [terminal_id]
    host.client.close_terminal(terminal_id)
    waits_until_gone(pid)
    ends_at = time.monotonic() + 10
    while host.client.list_all():
        assert time.monotonic() < ends_at


def test_a_program_that_ignores_hanging_up_is_killed(host: RunningHost) -> None:
    terminal_id, window, pid = host.shell(
        "/bin/sh", "-c", "trap '' HUP; echo ready; while :; do read x; done"
    )
    window.waits_for_text("ready")
    os.kill(pid, signal.SIGSTOP)
    host.client.close_terminal(terminal_id)
    waits_until_gone(pid)


def test_killing_the_host_hangs_up_every_shell(tmp_path: Path) -> None:
    running = RunningHost(tmp_path)
    _, window, pid = running.shell()
    window.waits_for_text("$")
    running.process.kill()
    running.process.wait(timeout=10)
    waits_until_gone(pid)
    running.client.close()


def test_it_lingers_while_a_shell_lives_and_leaves_without(tmp_path: Path) -> None:
    running = RunningHost(tmp_path, linger_s=60)
    terminal_id, window, _ = running.shell()
    window.waits_for_text("$")
    running.client.close()
    again = running.connect()
    assert [t.terminal_id for t in again.list_all()] == [terminal_id]
    again.close_terminal(terminal_id)
    again.close()
    assert running.process.wait(timeout=20) == 0
    assert not (tmp_path / pty_contract.SOCKET_NAME).exists()


def test_a_second_host_gives_way(tmp_path: Path) -> None:
    running = RunningHost(tmp_path)
    second = subprocess.run(
        [sys.executable, "-m", "teleterm", "--role", "ptyhost", "--run-folder", str(tmp_path)],
        cwd=REPOSITORY,
        timeout=20,
    )
    assert second.returncode == 75
    running.client.shut_down()
    running.process.wait(timeout=20)
    running.client.close()


def test_a_peer_that_lies_is_dropped_and_others_go_on(host: RunningHost) -> None:
    import socket

    _, window, _ = host.shell()
    window.waits_for_text("$")
    liar = socket.socket(socket.AF_UNIX)
    liar.connect(str(host.folder / pty_contract.SOCKET_NAME))
    liar.sendall(b"\xff\xff\xff\xffgarbage")
    assert liar.recv(10) == b""
    liar.close()
    window.types("echo fine\r")
    window.waits_for_text("\nfine")


def test_a_session_is_written_to_a_file_and_a_new_window_is_told(
    host: RunningHost, tmp_path: Path
) -> None:
    (tmp_path / "Downloads").mkdir()
    terminal_id, window, _ = host.shell(home=tmp_path)
    window.waits_for_text("$")
    window.send(frames.Record("root@node1"))
    told = window.waits_for(frames.Recording)
    path = tmp_path / "Downloads" / "root@node1.log"
    assert told == frames.Recording(str(path))
    window.types("echo lo$((3*3))ged\r")
    window.waits_for_text("lo9ged")
    window.close()
    again = PtyWindow(host.client.attach(terminal_id))
    assert again.waits_for(frames.Recording) == told
    again.said.clear()
    again.send(frames.Record(""))
    assert again.waits_for(frames.Recording) == frames.Recording("")
    again.types("echo un$((3*3))told\r")
    again.waits_for_text("un9told")
    written = path.read_bytes()
    assert b"\r\nlo9ged\r\n" in written
    assert b"un9told" not in written


def test_a_hidden_flood_costs_the_window_two_words(host: RunningHost) -> None:
    """Counted, not timed: nothing but that it lives, and its title at the end."""
    script = "read x; seq 1 200000; printf '\\033]2;done\\007'; cat"
    _, window, _ = host.shell("/bin/sh", "-c", script)
    window.send(frames.Shown(False))
    window.send(frames.AskSpan(1, "all", (0, 0), ""))
    window.waits_for(frames.Spanned)
    window.said.clear()
    paints = window.paints
    window.types("\r")
    assert window.waits_for(frames.Titled) == frames.Titled("done")
    assert window.said == [frames.Active(), frames.Titled("done")]
    assert window.paints == paints


def test_a_flood_of_titles_and_bells_is_thinned_out(host: RunningHost) -> None:
    loop = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); printf '\\033]2;%d\\007\\007' $i; done"
    _, window, _ = host.shell("/bin/sh", "-c", f"read x; {loop}; printf '\\033]2;done\\007'; cat")
    window.send(frames.Shown(False))
    window.types("\r")
    window.waits(lambda: frames.Titled("done") in window.said)
    assert len(window.said) < 4000  # of 40,000; ten a second of each leave


def test_a_flood_leaves_one_frame_between_a_key_and_its_echo(host: RunningHost) -> None:
    """A window that looks at another terminal meanwhile answers no frame of the flood."""
    _, flooding, _ = host.shell("yes")
    flooding.waits(lambda: flooding.paints > 3)
    flooding.acknowledges = False
    _, window, _ = host.shell()
    window.waits_for_text("$")
    window.types("echo quick\r")
    window.waits_for_text("\nquick")
    before = flooding.paints
    flooding.send(frames.AskSpan(1, "all", (0, 0), ""))
    flooding.waits_for(frames.Spanned)
    assert flooding.paints <= before + 1
