"""What the window's process is made of when its first prompt stands: light, and without keys."""

import json
import os
from pathlib import Path

import pytest

from tests.support.person import LogReader, teleterm

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]

NEVER_LOADED = {"grpc", "asyncssh", "cryptography", "ssl", "_ssl", "asyncio", "httpx", "pyte"}
SHELL = {"kind": "shell", "title": "sh", "fields": {"shell": "/bin/sh", "cwd": "/"}}


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder whose window opens with one local shell."""
    folder = tmp_path_factory.mktemp("h")
    for path in (folder, folder / "config", folder / "state"):
        path.mkdir(exist_ok=True)
        path.chmod(0o700)
    (folder / "config" / "app_config.json").write_text('{"session.restore": "always"}')
    state = {"version": 1, "layout": {"documents": [SHELL], "active": 0}}
    (folder / "state" / "app_state.json").write_text(json.dumps(state))
    return folder


def _has_loaded(pid: int, library: str) -> bool:
    """Whether a process has mapped a shared library whose path holds `library`."""
    return library in Path(f"/proc/{pid}/maps").read_text()


def test_window_loads_no_network_and_no_keys_before_its_first_prompt(home: Path) -> None:
    with teleterm(home):
        log = LogReader(home / "state" / "logs" / "main.log")
        loaded = log.wait_for(r"ui: modules (\S+)").group(1).split(",")
    top_level = {name.partition(".")[0] for name in loaded}
    assert "tkinter" in top_level
    assert top_level & NEVER_LOADED == set()


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="reads /proc")
def test_main_loads_grpc_only_after_the_window_is_ready(home: Path) -> None:
    """The daemon's client comes after the greeting: main's own note of the window says so."""
    with teleterm(home) as process:
        log = LogReader(home / "state" / "logs" / "main.log")
        log.wait_for(r"teleterm\.main: window \d+")
        is_loaded = _has_loaded(process.pid, "grpc")
        is_ready = "ui: window ready" in log.read()
        assert is_ready or not is_loaded
