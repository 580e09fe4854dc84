"""A hundred megabytes through a real pty and its engine: what it keeps stays small."""

from pathlib import Path

import pytest

from tests.support.pty_window import PtyWindow
from tests.support.running_host import RunningHost

pytestmark = pytest.mark.slow

LINE = "2026-01-02T03:04:05Z INFO connect accept session cluster resource gateway"
MAX_GROWTH_KB = 24_000
"""A thousand lines, one piece being fed, and what the first feed imports and learns."""


def engine_of(shell_pid: int) -> int:
    """The process that holds a shell's pty."""
    return int(Path(f"/proc/{shell_pid}/stat").read_text().rpartition(")")[2].split()[1])


def most_memory_kb(pid: int) -> int:
    """The most that a process ever had resident."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def floods(window: PtyWindow, engine: int, command: str) -> int:
    """Run something that prints a lot, and give how much memory the engine needed for it."""
    window.types("echo rea''dy\r")
    window.waits_for_text("ready")
    before = most_memory_kb(engine)
    window.types(f"{command}; echo; echo fin''ished\r")
    window.waits_for_text("finished")
    return most_memory_kb(engine) - before


def test_a_hundred_megabytes_of_log(host: RunningHost, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text((LINE + "\n") * (100_000_000 // (len(LINE) + 1)))
    _, window, shell = host.shell()
    window.waits_for_text("$")
    assert floods(window, engine_of(shell), f"cat {log}") < MAX_GROWTH_KB


def test_megabytes_without_a_line_end(host: RunningHost, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("x" * 10_000_000)
    _, window, shell = host.shell()
    window.waits_for_text("$")
    # Lines are cut at 262,144 cells; all of them together are limited too.
    assert floods(window, engine_of(shell), f"cat {text}") < 4 * MAX_GROWTH_KB
