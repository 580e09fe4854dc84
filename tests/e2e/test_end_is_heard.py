"""A killed process is heard by its peers as the end of a channel, not by asking now and then.

Source: packaging-security.md 4 and 8. A second is ten times what it takes on a busy machine; where
something else held a process up, the next of three rounds shows what the channel does.
"""

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Callable

import pytest

from teleterm.bridge.contract import DaemonChanged
from tests.e2e.test_process_life import frames, ready
from tests.support.stand_in import MainUnderTest, StandIn, open_shell

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
AT_MOST_S = 1.0
ROUNDS = 3


def seconds(kill: int, hear: Callable[[], object]) -> float:
    """How long it takes until the end of a process is heard."""
    begun = time.monotonic()
    os.kill(kill, signal.SIGKILL)
    hear()
    return time.monotonic() - begun


def ended(channel: socket.socket) -> None:
    """Wait until the other end of a channel is gone."""
    with contextlib.suppress(ConnectionResetError):
        while channel.recv(65536):
            pass


def window_dies(main: MainUnderTest, _window: StandIn) -> float:
    """Main hears it, and starts another one."""
    return seconds(main.pid_of("--fd"), main.window)


def daemon_dies(main: MainUnderTest, window: StandIn) -> float:
    """Main hears it, and tells the window."""
    daemon = main.pid_of("daemon")
    return seconds(daemon, lambda: window.event(DaemonChanged, lambda one: one.state == "gone"))


def host_dies(main: MainUnderTest, window: StandIn) -> float:
    """The window hears it on each tab's channel."""
    open_shell(window)
    with frames(window) as channel:
        return seconds(main.pid_of("ptyhost"), lambda: ended(channel))


def main_dies(main: MainUnderTest, window: StandIn) -> float:
    """The window hears it, and so does the daemon, which leaves."""
    assert main.process is not None
    daemon = os.pidfd_open(main.pid_of("daemon"))

    def hear() -> None:
        with contextlib.suppress(ConnectionResetError):
            window.until_closed()
        assert select.select([daemon], [], [], 30)[0]

    try:
        return seconds(main.process.pid, hear)
    finally:
        os.close(daemon)
        main.process.wait()


@pytest.mark.parametrize("dies", [window_dies, daemon_dies, host_dies, main_dies])
def test_an_end_is_heard_at_once(dies: Callable[[MainUnderTest, StandIn], float]) -> None:
    found: list[float] = []
    while not found or (found[-1] >= AT_MOST_S and len(found) < ROUNDS):
        main = MainUnderTest()
        try:
            main.start(SHELL="/bin/sh")
            found.append(dies(main, ready(main)))
        finally:
            main.stop()
    assert min(found) < AT_MOST_S, found
