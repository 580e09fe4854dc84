"""JSON and YAML as the official program prints them.

The official JSON printer leaves two marks, which scripts may compare: an empty object has an
indented blank line in it, and traits are printed as if they stood at the left edge.
"""

import json
import re
from collections.abc import Mapping, Sequence

Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]

_TIMESTAMP = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?$")
_NUMBER = re.compile(
    r"^[-+]?(\d[\d_]*)?\.?\d[\d_]*\.?([eE][-+]?\d+)?$|^0[xob][\da-fA-F_]+$|^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$"
    r"|^[-+]?[1-9]\d*(:[0-5]?\d)+(\.\d*)?$"  # minutes and seconds, as YAML 1.1 has them
)
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"}
# JSON itself escapes only what is below a space; these steer a terminal too
_HARMFUL = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_NEEDS_QUOTES = re.compile(r"^[\s&*!|>'\"%@`#{}\[\],?:]|^-(\s|$)|: |:$| #|\s$")

_quoted = json.JSONEncoder(ensure_ascii=False).encode  # made once: a list may hold thousands


class FlushLeft(list[str]):
    """A list that the JSON text shows without the indentation around it."""


class FlushLeftObject(dict[str, Value]):
    """The same for an object."""


def to_json(value: Value) -> str:
    """JSON with two spaces of indentation, keys in the order given."""
    return _json(value, 0)


def _json(value: Value, depth: int) -> str:
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, int | float):
        return json.dumps(value)
    pad, inner = "  " * depth, "  " * (depth + 1)
    if isinstance(value, FlushLeft):
        return _json(list(value), 0)
    if isinstance(value, FlushLeftObject):
        return _json(dict(value), 0)
    if isinstance(value, Mapping):
        if not value:
            return f"{{\n{inner}\n{pad}}}"
        members = (f"{inner}{_text(key)}: {_json(item, depth + 1)}" for key, item in value.items())
        return "{\n" + ",\n".join(members) + f"\n{pad}}}"
    if not value:
        return "[]"
    return "[\n" + ",\n".join(inner + _json(item, depth + 1) for item in value) + f"\n{pad}]"


def _text(value: str) -> str:
    return escaped(_quoted(value))


def escaped(text: str) -> str:
    """JSON text with what could steer a terminal spelled out."""
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def to_yaml(value: Value) -> str:
    """YAML with sorted keys; ends with a newline."""
    if isinstance(value, Mapping) and not value:
        return "{}\n"
    if isinstance(value, Sequence) and not isinstance(value, str) and not value:
        return "[]\n"
    return "".join(line + "\n" for line in _yaml(value))


def _yaml(value: Value) -> list[str]:
    if isinstance(value, Mapping):
        lines: list[str] = []
        for key in sorted(value):
            lines.extend(_yaml_member(key, value[key]))
        return lines
    if isinstance(value, Sequence) and not isinstance(value, str):
        lines = []
        for item in value:
            first, *rest = _yaml(item)
            lines.append(f"- {first}")
            lines.extend(f"  {line}" for line in rest)
        return lines
    return [_scalar(value)]


def _yaml_member(key: str, value: Value) -> list[str]:
    name = _scalar(key)
    if isinstance(value, Mapping):
        if not value:
            return [f"{name}: {{}}"]
        return [f"{name}:", *(f"  {line}" for line in _yaml(value))]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [f"{name}:", *_yaml(value)] if value else [f"{name}: []"]
    if isinstance(value, str) and _is_block(value):
        mark = "|" if value.endswith("\n") else "|-"
        return [f"{name}: {mark}", *(f"  {line}" for line in value.splitlines())]
    return [f"{name}: {_scalar(value)}"]


def _is_block(value: str) -> bool:
    """Whether a text is written line by line: nothing in it may steer a terminal."""
    has_harm = any(ord(one) < 32 and one not in "\n\t" for one in value)
    return "\n" in value and not has_harm and not _HARMFUL.search(value)


def _scalar(value: Value) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    if not value or value.lower() in _WORDS or _NUMBER.match(value) or _TIMESTAMP.match(value):
        return _text(value)
    if any(ord(character) < 32 for character in value) or _HARMFUL.search(value):
        return _text(value)
    if _NEEDS_QUOTES.search(value):
        return "'" + value.replace("'", "''") + "'"
    return value


def dump(value: Value, format_name: str) -> str:
    """The document in a format, ended as the official program ends it on the terminal."""
    return to_yaml(value) + "\n" if format_name == "yaml" else to_json(value) + "\n"
