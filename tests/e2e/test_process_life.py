"""The kill -9 table of the four processes, with the test in the window's place.

Source: packaging-security.md 4.
"""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from teleterm.bridge.contract import (
    AttachTerminal,
    BringForward,
    DaemonChanged,
    Done,
    OpenRequested,
    OpenTerminal,
    Quit,
    SaveLayout,
    ShellSpec,
    TerminalOpened,
    WindowReady,
)
from teleterm.bridge.views import LayoutView
from tests.support.pty_window import PtyWindow
from tests.support.stand_in import SHELL, MainUnderTest, StandIn, open_shell, wait_gone

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def main() -> Iterator[MainUnderTest]:
    """A main process in a home of its own; nothing of it is left afterwards."""
    running = MainUnderTest()
    running.start(SHELL="/bin/sh")
    yield running
    running.stop()


def ready(main: MainUnderTest) -> StandIn:
    """A window that stands, with the daemon behind it."""
    window = main.window()
    welcome = window.hello()
    if welcome.daemon_state != "ready":
        window.event(DaemonChanged, lambda event: event.state == "ready")
    return window


def frames(window: StandIn) -> socket.socket:
    """The frame channel that came with the last answer."""
    channel = socket.socket(fileno=window.descriptors.pop())
    channel.settimeout(20)
    return channel


def test_a_killed_window_comes_back_with_its_terminals(main: MainUnderTest) -> None:
    window = main.window()
    assert not window.hello().is_whole
    window.ask(WindowReady(), Done)
    ident = open_shell(window)
    shells = main.shells()
    os.kill(main.pid_of("--fd"), signal.SIGKILL)
    again = main.window()
    welcome = again.hello()
    assert welcome.is_whole
    assert [(one.terminal_id, one.document) for one in welcome.terminals] == [(ident, SHELL)]
    assert again.ask(AttachTerminal(terminal_id=ident), TerminalOpened).terminal_id == ident
    with frames(again) as channel:
        assert channel.recv(1)
    assert main.shells() == shells
    assert len(shells) == 1


def test_a_window_that_keeps_dying_is_given_up_and_its_terminals_live_on(
    main: MainUnderTest,
) -> None:
    window = main.window()
    window.hello()
    ident = open_shell(window)
    for _ in range(3):
        os.kill(main.pid_of("--fd"), signal.SIGKILL)
        window = main.window()
    os.kill(main.pid_of("--fd"), signal.SIGKILL)
    assert main.process is not None
    assert main.process.wait(30) == 1
    main.start(SHELL="/bin/sh")
    assert [one.terminal_id for one in main.window().hello().terminals] == [ident]


def test_a_killed_main_takes_window_and_daemon_along_but_no_terminal(main: MainUnderTest) -> None:
    window = ready(main)
    ident = open_shell(window)
    daemon, relay, host = main.pid_of("daemon"), main.pid_of("--fd"), main.pid_of("ptyhost")
    assert main.process is not None
    main.process.kill()
    main.process.wait()
    assert wait_gone(relay, 5)
    assert wait_gone(daemon, 12)
    assert not wait_gone(host, 0)
    main.start(SHELL="/bin/sh")
    again = ready(main)
    assert again.ask(AttachTerminal(terminal_id=ident), TerminalOpened).terminal_id == ident
    assert main.pid_of("ptyhost") == host


def test_main_started_again_at_once_takes_everything_over(main: MainUnderTest) -> None:
    ready(main)
    daemon = main.pid_of("daemon")
    assert main.process is not None
    main.process.kill()
    main.process.wait()
    main.start(SHELL="/bin/sh")
    ready(main)
    assert main.pid_of("daemon") != daemon


def test_a_killed_daemon_is_started_again_and_terminals_do_not_notice(main: MainUnderTest) -> None:
    window = ready(main)
    open_shell(window)
    shells = main.shells()
    os.kill(main.pid_of("daemon"), signal.SIGKILL)
    gone = window.event(DaemonChanged, lambda event: event.state == "gone")
    assert gone.message == "The tsh daemon stopped. Terminals go on; new connections need it."
    window.event(DaemonChanged, lambda event: event.state == "ready")
    assert main.shells() == shells


def test_a_killed_pty_host_ends_its_terminals_and_the_next_one_starts_another(
    main: MainUnderTest,
) -> None:
    window = main.window()
    window.hello()
    open_shell(window)
    [shell] = main.shells()
    with frames(window) as channel:
        os.kill(main.pid_of("ptyhost"), signal.SIGKILL)
        while channel.recv(65536):
            pass
    assert wait_gone(shell, 10)
    open_shell(window)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_to_leave_ends_everything_and_saves(
    main: MainUnderTest, number: signal.Signals
) -> None:
    window = ready(main)
    open_shell(window)
    window.ask(SaveLayout(layout=LayoutView(geometry="800x600+1+2")), Done)
    assert main.process is not None
    main.process.send_signal(number)
    window.until_closed()
    assert main.process.wait(20) == 0
    assert main.processes() == []
    assert "800x600+1+2" in (main.home / "state" / "app_state.json").read_text()
    left = {path.name for path in (main.home / "run").glob("*.sock")}
    assert left == set()


@pytest.mark.parametrize("name", ["window", "daemon", "pty host", "main"])
def test_after_a_kill_and_an_end_nothing_is_left(main: MainUnderTest, name: str) -> None:
    """No process of any session, so no pty either, and no socket."""
    window = ready(main)
    open_shell(window)
    words = {"window": "--fd", "daemon": "daemon", "pty host": "ptyhost"}
    if name == "main":
        assert main.process is not None
        main.process.kill()
        main.process.wait()
        main.start(SHELL="/bin/sh")
    else:
        os.kill(main.pid_of(words[name]), signal.SIGKILL)
    if name in {"window", "main"}:
        window = ready(main)
    elif name == "daemon":
        window.event(DaemonChanged, lambda event: event.state == "gone")
        window.event(DaemonChanged, lambda event: event.state == "ready")
    open_shell(window)
    held = main.processes()
    assert main.process is not None
    main.process.terminate()
    assert main.process.wait(30) == 0
    assert all(wait_gone(pid, 30) for pid in held)
    assert main.processes() == []
    assert {path.name for path in (main.home / "run").glob("*.sock")} == set()


def test_a_tab_that_prints_without_end_passes_main_by(main: MainUnderTest) -> None:
    """Counted, not timed: what main reads meanwhile, and that it and another tab still answer."""
    window = ready(main)
    request = OpenTerminal(spec=ShellSpec(), document=SHELL, cols=80, rows=24)
    window.ask(request, TerminalOpened)
    with closing(PtyWindow(window.descriptors.pop())) as flooding:
        flooding.types("yes 'a line that is printed again and again, as it is'\r")
        flooding.waits(lambda: flooding.paints > 20)
        window.ask(request, TerminalOpened)
        before = read_by(main)
        with closing(PtyWindow(window.descriptors.pop())) as quick:
            for number in range(10):
                quick.types(f"echo answer $((100 + {number}))\r")
                quick.waits_for_text(f"answer {100 + number}")
                window.ask(SaveLayout(layout=LayoutView(geometry=f"8{number}0x600+1+2")), Done)
        paints = flooding.paints
        flooding.waits(lambda: flooding.paints > paints + 20)
        assert read_by(main) - before < 200_000, "main read what a terminal printed"


def read_by(main: MainUnderTest) -> int:
    """The bytes that main has read so far, from whatever it was."""
    assert main.process is not None
    told = Path(f"/proc/{main.process.pid}/io").read_text()
    return int(told.split("rchar: ")[1].split()[0])


def test_quit_may_keep_the_terminals(main: MainUnderTest) -> None:
    window = ready(main)
    ident = open_shell(window)
    window.ask(Quit(keep_terminals=True), Done)
    assert main.process is not None
    assert main.process.wait(20) == 0
    assert len(main.shells()) == 1
    main.start(SHELL="/bin/sh")
    assert [one.terminal_id for one in main.window().hello().terminals] == [ident]


def test_a_second_start_hands_its_arguments_over(main: MainUnderTest) -> None:
    window = main.window()
    window.hello()
    assert main.start("ssh", "root@node1").wait(20) == 0
    window.event(BringForward)
    assert window.event(OpenRequested).line == "ssh root@node1"
    assert main.process is not None
    assert main.process.poll() is None
