"""Lengths of time as Go writes them: `12h0m0s`, `30s`, `1.5s`, `0s`.

Units: nanoseconds, as in the JSON of the web API.
"""

import math
import re

SECOND_NS = 1_000_000_000
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": SECOND_NS,
    "m": 60 * SECOND_NS,
    "h": 3600 * SECOND_NS,
}
_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)")


def decode_ns(text: str) -> int:
    """The duration that `text` names.

    Raises: ValueError when it names none.
    """
    sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    total = 0
    position = 0
    for part in _PART.finditer(rest):
        if part.start() != position:
            break
        amount = float(part[1]) * _UNITS[part[2]]
        if math.isinf(amount):
            break
        total += round(amount)
        position = part.end()
    if not rest or position != len(rest):
        raise ValueError(f"no duration: {text!r}")
    return sign * total


def encode_ns(value: int) -> str:
    """The text Go prints for the duration."""
    if value < 0:
        return "-" + encode_ns(-value)
    if value == 0:
        return "0s"
    if value < SECOND_NS:
        unit = next(unit for unit in ("ms", "µs", "ns") if value >= _UNITS[unit])
        return _decimal(value, _UNITS[unit]) + unit
    hours, rest = divmod(value, _UNITS["h"])
    minutes, rest = divmod(rest, _UNITS["m"])
    text = _decimal(rest, SECOND_NS) + "s"
    if hours:
        return f"{hours}h{minutes}m{text}"
    return f"{minutes}m{text}" if minutes else text


def _decimal(value: int, unit: int) -> str:
    whole, rest = divmod(value, unit)
    digits = str(unit + rest)[1:].rstrip("0") if rest else ""
    return f"{whole}.{digits}" if digits else str(whole)
