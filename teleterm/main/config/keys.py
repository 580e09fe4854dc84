"""Every key of the config file: what it takes and what it is when nobody says anything."""

import sys
from dataclasses import dataclass

from teleterm.bridge.views import PALETTES, TERMINAL_COLORS
from teleterm.main.config.jsonc import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key: `rule` says for a person what it must be; `schema` says it as JSON schema."""

    name: str
    default: Json
    rule: str
    schema: dict[str, Json]

    def accepts(self, value: Json) -> bool:
        """Whether the value fits."""
        return _fits(value, self.schema)


def _fits(value: Json, schema: dict[str, Json]) -> bool:
    kind = schema.get("type")
    choices = schema.get("enum")
    either = schema.get("anyOf")
    if isinstance(either, list):
        return any(isinstance(one, dict) and _fits(value, one) for one in either)
    if isinstance(choices, list):
        return value in choices and not isinstance(value, bool)
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool) and _within(value, schema)
        case "number":
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            return is_number and _within(value, schema)
        case "string":
            return isinstance(value, str) and _matches(value, schema)
        case "array":
            return _fits_items(value, schema)
        case "object":
            return isinstance(value, dict) and _fits_members(value, schema)
        case list():
            return any(_fits(value, {**schema, "type": one}) for one in kind)
        case _:
            return False


def _within(value: Json, schema: dict[str, Json]) -> bool:
    low, high = schema.get("minimum"), schema.get("maximum")
    if not isinstance(value, (int, float)):
        return False
    return (not isinstance(low, (int, float)) or value >= low) and (
        not isinstance(high, (int, float)) or value <= high
    )


def _matches(value: str, schema: dict[str, Json]) -> bool:
    import re

    pattern = schema.get("pattern")
    return not isinstance(pattern, str) or re.search(pattern, value) is not None


def _fits_items(value: Json, schema: dict[str, Json]) -> bool:
    items = schema.get("items")
    return isinstance(value, list) and (
        not isinstance(items, dict) or all(_fits(item, items) for item in value)
    )


def _fits_members(value: dict[str, Json], schema: dict[str, Json]) -> bool:
    names, items = schema.get("propertyNames"), schema.get("additionalProperties")
    return (not isinstance(names, dict) or all(_fits(name, names) for name in value)) and (
        not isinstance(items, dict) or all(_fits(item, items) for item in value.values())
    )


def _choice(name: str, default: str, *choices: str) -> Key:
    listed = ", ".join(choices[:-1]) + f" or {choices[-1]}"
    return Key(name=name, default=default, rule=f"must be {listed}", schema={"enum": [*choices]})


def _switch(name: str, *, default: bool) -> Key:
    return Key(name=name, default=default, rule="must be true or false", schema={"type": "boolean"})


def _text(name: str, default: str = "", *, pattern: str = "", rule: str = "must be text") -> Key:
    schema: dict[str, Json] = {"type": "string"}
    if pattern:
        schema["pattern"] = pattern
    return Key(name=name, default=default, rule=rule, schema=schema)


def _whole(name: str, default: int, low: int, high: int) -> Key:
    return Key(
        name=name,
        default=default,
        rule=f"must be a whole number from {low} to {high}",
        schema={"type": "integer", "minimum": low, "maximum": high},
    )


def _number(name: str, default: float, low: float, high: float) -> Key:
    return Key(
        name=name,
        default=default,
        rule=f"must be a number from {low:g} to {high:g}",
        schema={"type": "number", "minimum": low, "maximum": high},
    )


_TEXTS: dict[str, Json] = {"type": ["string", "array"], "items": {"type": "string"}}
_OBJECTS: dict[str, Json] = {"type": "array", "items": {"type": "object"}}
_COLORS: dict[str, Json] = {
    "type": "object",
    "propertyNames": {"enum": [*TERMINAL_COLORS, "foreground", "background", "cursor"]},
    "additionalProperties": {"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"},
}
_TEXT_MAP: dict[str, Json] = {"type": "object", "additionalProperties": {"type": "string"}}

KEYS: tuple[Key, ...] = (
    _choice("theme", "system", "light", "dark", "system"),
    Key(
        name="ui.scale",
        default=0,
        rule="must be 0 (automatic) or a number from 0.75 to 3",
        schema={"anyOf": [{"enum": [0]}, {"type": "number", "minimum": 0.75, "maximum": 3}]},
    ),
    _text("ui.fontFamily"),
    _whole("ui.fontSize", 13, 9, 24),
    _choice("ui.density", "comfortable", "comfortable", "compact"),
    _switch("ui.animations", default=True),
    _switch("ui.highContrast", default=False),
    _switch("ui.topBar", default=True),
    Key(
        name="terminal.fontFamily",
        default="",
        rule="must be text or a list of texts",
        schema=_TEXTS,
    ),
    _whole("terminal.fontSize", 14, 1, 256),
    _number("terminal.lineHeight", 1.2, 1, 2),
    Key(
        name="terminal.palette",
        default="auto",
        rule="must be auto, solarized, tango or xterm, or an object of colours written #rrggbb",
        schema={"anyOf": [{"enum": ["auto", *PALETTES]}, _COLORS]},
    ),
    _whole("terminal.scrollback", 10000, 0, 1_000_000),
    _choice("terminal.cursorStyle", "block", "block", "bar", "underline"),
    _switch("terminal.cursorBlink", default=False),
    _choice("terminal.bell", "visual", "none", "visual", "sound", "attention"),
    _choice(
        "terminal.rightClick",
        "copyPaste" if sys.platform == "win32" else "menu",
        "menu",
        "paste",
        "copyPaste",
    ),
    _switch("terminal.copyOnSelect", default=False),
    _choice("terminal.pasteWarning", "auto", "auto", "always", "never"),
    _text("terminal.wordSeparators", " ()[]{}'\"`,;:<>|"),
    _whole("terminal.wheelLines", 3, 1, 20),
    _number("terminal.minimumContrast", 4.5, 1, 21),
    _text("terminal.shell", "system"),
    _text("terminal.customShell"),
    Key(name="terminal.env", default={}, rule="must be an object of texts", schema=_TEXT_MAP),
    _choice("terminal.windowsBackend", "auto", "auto", "winpty"),
    _number("terminal.linger", 600, 0, 604800),
    _choice("tabs.closeOnExit", "clean", "clean", "always", "never"),
    _switch("tabs.confirmClose", default=True),
    _choice("session.restore", "ask", "ask", "always", "never"),
    _switch("runInBackground", default=not sys.platform.startswith("linux")),
    _whole("recent.max", 15, 0, 100),
    _text("tsh.home", "private"),
    _text("tsh.path"),
    _switch("ssh.forwardAgent", default=False),
    _switch("ssh.noResume", default=False),
    _switch("ssh.autoReconnect", default=True),
    _choice("sshAgent.addKeysToAgent", "auto", "auto", "no", "yes", "only"),
    _switch("headless.skipConfirm", default=False),
    _switch("skipVersionCheck", default=False),
    _switch("hardwareKeyAgent.enabled", default=True),
    _text(
        "gateway.portRange",
        pattern=r"^(\d{1,5}-\d{1,5})?$",
        rule='must be two ports as "a-b", or ""',
    ),
    _text("network.proxy", "system"),
    _switch("notifications.desktop", default=True),
    _switch("notifications.fromPrograms", default=False),
    Key(name="rules", default=[], rule="must be a list of objects", schema=_OBJECTS),
    Key(name="snippets", default=[], rule="must be a list of objects", schema=_OBJECTS),
    _switch("update.check", default=True),
    _text("update.baseUrl"),
    _text("update.managingCluster"),
    _choice("log.level", "info", "error", "warn", "info", "debug"),
    _switch("usageReporting.enabled", default=False),
    _switch("debug.searchResultsScore", default=False),
)

BY_NAME: dict[str, Key] = {key.name: key for key in KEYS}
KEYMAP_PREFIX = "keymap."


def find(name: str) -> Key | None:
    """The key of that name; every `keymap.…` is one that takes text."""
    if name.startswith(KEYMAP_PREFIX) and len(name) > len(KEYMAP_PREFIX):
        return _text(name, rule='must be a shortcut as text, or ""')
    return BY_NAME.get(name)


def schema() -> dict[str, Json]:
    """The JSON schema of the file, for editors."""
    properties: dict[str, Json] = {
        key.name: {**key.schema, "default": key.default, "description": key.rule} for key in KEYS
    }
    properties["$schema"] = {"type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "patternProperties": {r"^keymap\.": {"type": "string"}},
    }
