"""Which keys run which action, and how a key event is spelled (ux.md 9)."""

import sys
from collections.abc import Mapping

SHIFT, CONTROL, MOD1, MOD2, MOD4, MOD5 = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80
WINDOWS_ALT = 0x20000

LINUX: dict[str, str] = {
    "openSearchBar": "Ctrl+Shift+K",
    "openConnections": "Ctrl+Shift+P",
    "openClusters": "Ctrl+Shift+E",
    "openProfiles": "Ctrl+Shift+I",
    "newTab": "Ctrl+Shift+T",
    "newTerminalTab": "Ctrl+Shift+`",
    "closeTab": "Ctrl+Shift+W",
    "reopenTab": "Ctrl+Shift+Z",
    **{f"tab{number}": f"Alt+{number}" for number in range(1, 10)},
    "previousTab": "Ctrl+Shift+Tab",
    "nextTab": "Ctrl+Tab",
    "moveTabLeft": "Ctrl+Shift+PageUp",
    "moveTabRight": "Ctrl+Shift+PageDown",
    "terminalCopy": "Ctrl+Shift+C",
    "terminalPaste": "Ctrl+Shift+V",
    "terminalSearch": "Ctrl+Shift+F",
    "selectAll": "Ctrl+Shift+A",
    "clearScrollback": "Ctrl+Shift+L",
    "zoomIn": "Ctrl+Plus",
    "zoomOut": "Ctrl+Minus",
    "zoomReset": "Ctrl+0",
    "splitRight": "Alt+Shift+=",
    "splitDown": "Alt+Shift+Minus",
    **{f"focusPane{way}": f"Alt+Shift+{way}" for way in ("Left", "Right", "Up", "Down")},
    **{f"resizePane{way}": f"Ctrl+Alt+Shift+{way}" for way in ("Left", "Right", "Up", "Down")},
    "zoomPane": "Ctrl+Shift+Enter",
    "toggleBroadcast": "Ctrl+Shift+G",
    "reconnect": "Ctrl+Shift+R",
    "toggleSidebar": "Ctrl+Shift+B",
    "focusNextRegion": "Ctrl+F6",
    "settings": "Ctrl+,",
    "fullScreen": "F11",
    "quit": "Ctrl+Shift+Q",
}

WINDOWS = LINUX | {f"tab{number}": f"Ctrl+{number}" for number in range(1, 10)} | {"quit": "Alt+F4"}

MACOS: dict[str, str] = LINUX | {
    "openSearchBar": "Command+K",
    "openConnections": "Command+P",
    "openClusters": "Command+E",
    "openProfiles": "Command+I",
    "newTab": "Command+T",
    "newTerminalTab": "Control+Shift+`",
    "closeTab": "Command+W",
    "reopenTab": "Command+Shift+T",
    **{f"tab{number}": f"Command+{number}" for number in range(1, 10)},
    "previousTab": "Control+Shift+Tab",
    "nextTab": "Control+Tab",
    "moveTabLeft": "Command+Shift+Left",
    "moveTabRight": "Command+Shift+Right",
    "terminalCopy": "Command+C",
    "terminalPaste": "Command+V",
    "terminalSearch": "Command+F",
    "selectAll": "Command+A",
    "clearScrollback": "Command+Shift+L",
    "zoomIn": "Command+Plus",
    "zoomOut": "Command+Minus",
    "zoomReset": "Command+0",
    "splitRight": "Command+D",
    "splitDown": "Command+Shift+D",
    **{f"focusPane{way}": f"Option+Command+{way}" for way in ("Left", "Right", "Up", "Down")},
    **{f"resizePane{way}": f"Control+Command+{way}" for way in ("Left", "Right", "Up", "Down")},
    "zoomPane": "Command+Shift+Enter",
    "toggleBroadcast": "Command+Shift+I",
    "reconnect": "Command+R",
    "toggleSidebar": "Command+Shift+B",
    "focusNextRegion": "Control+F6",
    "settings": "Command+,",
    "fullScreen": "Control+Command+F",
    "quit": "Command+Q",
}

ALSO = {"Ctrl+Insert": "terminalCopy", "Shift+Insert": "terminalPaste"}
"""Second keys of some actions, off macOS."""

_ORDER = ("Ctrl", "Control", "Option", "Alt", "Shift", "Command")

_NAMES = {
    "prior": "PageUp",
    "next": "PageDown",
    "return": "Enter",
    "kp_enter": "Enter",
    "space": "Space",
    "iso_left_tab": "Tab",
    "tab": "Tab",
    "escape": "Escape",
    "backspace": "Backspace",
    "delete": "Delete",
    "insert": "Insert",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "home": "Home",
    "end": "End",
    "plus": "Plus",
    "minus": "Minus",
    "kp_add": "Plus",
    "kp_subtract": "Minus",
    "comma": ",",
    "period": ".",
    "slash": "/",
    "backslash": "\\",
    "grave": "`",
    "dead_grave": "`",
    "equal": "=",
    "semicolon": ";",
    "apostrophe": "'",
    "bracketleft": "[",
    "bracketright": "]",
    "kp_insert": "Insert",
}

_SHIFTED = {
    "asciitilde": "`",
    "dead_tilde": "`",
    "exclam": "1",
    "at": "2",
    "numbersign": "3",
    "dollar": "4",
    "percent": "5",
    "asciicircum": "6",
    "ampersand": "7",
    "asterisk": "8",
    "parenleft": "9",
    "parenright": "0",
    "underscore": "Minus",
    "plus": "=",
    "less": ",",
    "greater": ".",
    "question": "/",
    "bar": "\\",
    "colon": ";",
    "quotedbl": "'",
    "braceleft": "[",
    "braceright": "]",
}
"""What a shifted key bears without Shift, on the layouts where that is so."""

_POSITIONS = {
    keycode: letter
    for start, letters in ((24, "QWERTYUIOP"), (38, "ASDFGHJKL"), (52, "ZXCVBNM"))
    for keycode, letter in enumerate(letters, start)
}
"""X11 key codes of the letters of a Latin layout, for layouts that have none."""


def defaults() -> dict[str, str]:
    """The keys of this system."""
    tables = {"darwin": MACOS, "win32": WINDOWS}
    return dict(tables.get(str(sys.platform), LINUX))


def is_modifier(keysym: str) -> bool:
    """Whether a key only changes others."""
    return keysym.endswith(("_L", "_R", "_Lock")) or keysym.startswith("ISO_Level")


def spell(keysym: str, state: int, keycode: int = 0, *, platform: str = sys.platform) -> list[str]:
    """The names that a key event may have in the table, best first; empty if it is plain typing.

    Shape: Tk's `keysym`, `state` and (X11) `keycode` of the event.
    """
    modifiers = _modifiers(state, platform)
    keys = _keys(keysym, keycode, has_shift="Shift" in modifiers)
    if not keys or (not modifiers - {"Shift"} and len(keys[0]) == 1):
        return []
    names = []
    for key in keys:
        names.append("+".join([m for m in _ORDER if m in modifiers] + [key]))
        if key in {"Plus", "="} and "Shift" in modifiers:
            names.append("+".join([m for m in _ORDER if m in modifiers - {"Shift"}] + ["Plus"]))
        elif key == "=":
            names.append("+".join([m for m in _ORDER if m in modifiers] + ["Plus"]))
    return names


def _modifiers(state: int, platform: str) -> set[str]:
    found = {"Shift"} if state & SHIFT else set()
    if state & CONTROL:
        found.add("Control" if platform == "darwin" else "Ctrl")
    if platform == "darwin":
        found |= {"Command"} if state & MOD1 else set()
        found |= {"Option"} if state & MOD2 else set()
    elif state & (WINDOWS_ALT if platform == "win32" else MOD1):
        found.add("Alt")
    return found


def _keys(keysym: str, keycode: int, *, has_shift: bool) -> list[str]:
    if len(keysym) == 1 and keysym.isascii() and keysym.isalnum():
        return [keysym.upper()]
    if keysym[:1] == "F" and keysym[1:].isdigit():
        return [keysym]
    keys = []
    if has_shift and keysym in _SHIFTED:
        keys.append(_SHIFTED[keysym])
    if keysym.lower() in _NAMES:
        keys.append(_NAMES[keysym.lower()])
    if not keys and keycode in _POSITIONS:
        keys.append(_POSITIONS[keycode])
    return keys


def _in_order(key: str) -> str:
    """A key with its modifiers in the order in which events are spelled."""
    *modifiers, last = key.split("+")
    return "+".join([*sorted(modifiers, key=lambda m: (*_ORDER, m).index(m)), last])


def table(changes: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Keys to actions, with the settings' changes.

    Gives:  the table, and a sentence for each key that two actions want (the first one has it).
    """
    wanted = defaults()
    wanted.update({name: key for name, key in changes.items() if name in wanted})
    wanted = {name: _in_order(key) for name, key in wanted.items()}
    found: dict[str, str] = {}
    doubles = []
    for action, key in wanted.items():
        if not key:
            continue
        if key in found:
            doubles.append(f"{key} is set for {found[key]} and for {action}; {found[key]} has it.")
        else:
            found[key] = action
    if sys.platform != "darwin":
        for key, action in ALSO.items():
            found.setdefault(key, action)
    return found, doubles
