from pathlib import Path

from teleterm.bridge.views import SettingsView
from teleterm.main.config import views
from teleterm.main.config.file import ConfigFile


def test_defaults_are_those_of_the_contract(tmp_path: Path) -> None:
    config = ConfigFile(tmp_path / "app_config.json")
    config.load()
    assert views.settings(config, system_theme="dark") == SettingsView()


def test_values_arrive_under_the_window_s_names(tmp_path: Path) -> None:
    place = tmp_path / "app_config.json"
    place.write_text('{"ui.scale": 2, "terminal.fontFamily": "A, B", "keymap.find": "F3"}')
    config = ConfigFile(place)
    config.load()
    found = views.settings(config, system_theme="light")
    assert (found.ui_scale, found.system_theme) == (2, "light")
    assert found.terminal_font_family == ("A", "B")
    assert found.keymap == {"find": "F3"}
