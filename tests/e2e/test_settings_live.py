"""Settings that change while the program runs, and profiles of a tsh outside."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from teleterm.bridge.contract import (
    ClustersChanged,
    DaemonChanged,
    Done,
    NoticePosted,
    SetSetting,
    SettingsChanged,
    UseSharedProfiles,
)
from tests.support.stand_in import MainUnderTest

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
WRONG = '{\n // mine\n "terminal.fontSize": "big"\n}'


@pytest.fixture
def main() -> Iterator[MainUnderTest]:
    """A main process whose user has a profile of a tsh outside, and a wrong setting."""
    running = MainUnderTest()
    outside = running.home / "user" / ".tsh"
    outside.mkdir(parents=True)
    (outside / "ok.example.com.yaml").write_text("web_proxy_addr: ok.example.com:443\nuser: bob\n")
    running.configure(WRONG)
    running.start(HOME=str(running.home / "user"))
    yield running
    running.stop()


def test_wrong_values_are_named_and_good_ones_apply_at_once(main: MainUnderTest) -> None:
    window = main.window()
    window.hello()
    place = main.home / "config" / "app_config.json"
    notice = window.event(NoticePosted).notice
    assert notice.text == (
        'line 3: terminal.fontSize must be a whole number from 1 to 256, found "big"'
    )
    place.write_text('{"theme": "light"')
    assert window.event(NoticePosted).notice.text.startswith("line 1, column 18: ")
    place.write_text('{"theme": "light"}')
    window.event(SettingsChanged, lambda event: event.settings.theme == "light")
    window.ask(SetSetting(key="theme", value_json='"dark"'), Done)
    assert place.read_text() == '{"theme": "dark"}'


def test_profiles_of_a_tsh_outside_are_used_when_the_person_says_so(main: MainUnderTest) -> None:
    window = main.window()
    assert window.hello().shared_profiles == 1
    window.event(DaemonChanged, lambda event: event.state == "ready")
    window.ask(UseSharedProfiles(), Done)
    [cluster] = window.event(ClustersChanged, lambda event: bool(event.clusters)).clusters
    assert cluster.title == "ok.example.com"
    text = (main.home / "config" / "app_config.json").read_text()
    assert "// mine" in text
    assert '"tsh.home": "shared"' in text


def test_the_window_looks_as_the_desktop_says(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, line in (("gdbus", "exit 1"), ("gsettings", "echo \"'prefer-light'\"")):
        (programs / name).write_text(f"#!/bin/sh\n{line}\n")
        (programs / name).chmod(0o755)
    running = MainUnderTest()
    running.start(PATH=f"{programs}:{os.environ['PATH']}")
    try:
        window = running.window()
        if window.hello().settings.system_theme != "light":
            window.event(SettingsChanged, lambda event: event.settings.system_theme == "light")
    finally:
        running.stop()
