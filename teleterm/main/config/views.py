"""The settings as the window gets them."""

from typing import Literal

import msgspec

from teleterm.bridge.views import RuleView, SettingsView, SnippetView
from teleterm.main.config.file import ConfigFile
from teleterm.main.config.jsonc import Json

_FIELDS = {
    "theme": "theme",
    "ui.scale": "ui_scale",
    "ui.fontFamily": "ui_font_family",
    "ui.fontSize": "ui_font_size",
    "ui.density": "ui_density",
    "ui.animations": "ui_animations",
    "ui.highContrast": "ui_high_contrast",
    "ui.topBar": "ui_top_bar",
    "terminal.fontSize": "terminal_font_size",
    "terminal.lineHeight": "terminal_line_height",
    "terminal.scrollback": "terminal_scrollback",
    "terminal.cursorStyle": "terminal_cursor_style",
    "terminal.cursorBlink": "terminal_cursor_blink",
    "terminal.bell": "terminal_bell",
    "terminal.rightClick": "terminal_right_click",
    "terminal.copyOnSelect": "terminal_copy_on_select",
    "terminal.pasteWarning": "terminal_paste_warning",
    "terminal.wordSeparators": "terminal_word_separators",
    "terminal.wheelLines": "terminal_wheel_lines",
    "terminal.minimumContrast": "terminal_minimum_contrast",
    "terminal.palette": "terminal_palette",
    "tabs.closeOnExit": "tabs_close_on_exit",
    "tabs.confirmClose": "tabs_confirm_close",
    "runInBackground": "run_in_background",
    "session.restore": "session_restore",
    "ssh.autoReconnect": "ssh_auto_reconnect",
    "recent.max": "recent_max",
    "notifications.fromPrograms": "notifications_from_programs",
    "headless.skipConfirm": "headless_skip_confirm",
    "debug.searchResultsScore": "debug_search_results_score",
}


def _understood(value: Json, kind: type[RuleView | SnippetView]) -> list[Json]:
    """Those of a list that can be understood; a wrong one is left out, not all of them."""
    found: list[Json] = []
    for one in value if isinstance(value, list) else []:
        try:
            msgspec.convert(one, kind)
        except msgspec.ValidationError:
            continue
        found.append(one)
    return found


def settings(config: ConfigFile, *, system_theme: Literal["light", "dark"]) -> SettingsView:
    """The settings that the window uses."""
    found: dict[str, Json] = {field: config.get(name) for name, field in _FIELDS.items()}
    family = config.get("terminal.fontFamily")
    families: list[Json] = []
    if isinstance(family, list):
        families = family
    elif isinstance(family, str) and family:
        families = [name.strip() for name in family.split(",")]
    keymap: dict[str, Json] = {}
    keymap.update(config.keymap())
    found |= {
        "terminal_font_family": families,
        "system_theme": system_theme,
        "keymap": keymap,
        "rules": _understood(config.get("rules"), RuleView),
        "snippets": _understood(config.get("snippets"), SnippetView),
    }
    return msgspec.convert(found, SettingsView)
