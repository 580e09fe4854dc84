"""Events of a recording as the official JSON has them: parts laid flat, what is empty left out.

The generated messages know each key (`json_name` in protos/teleport/events/events.proto).
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from teleterm.tsh.render import times
from teleterm.tsh.render.document import Value, escaped

if TYPE_CHECKING:
    from teleterm.protogen.teleport.events import events_pb2

_TIMESTAMP = "google.protobuf.Timestamp"
# Written even when they are empty.
_ALWAYS = frozenset(
    {
        "ei", "event", "time", "sid", "server_id", "ci", "bytes", "ms", "offset",
        "enhanced_recording", "interactive", "session_start", "session_stop", "tx", "rx", "url",
        "success", "db_protocol", "db_uri", "db_query", "windows_desktop_service", "desktop_addr",
        "windows_domain", "windows_user", "desktop_name", "recorded", "session_chunk_id",
    }
)  # fmt: skip
_NULL_WHEN_EMPTY = frozenset({"participants"})


class Field(Protocol):
    """What is known of a member of a message."""

    @property
    def name(self) -> str:
        """Its name on the wire."""

    @property
    def json_name(self) -> str:
        """Its key in documents."""


class Descriptor(Protocol):
    """What is known of a kind of message."""

    @property
    def full_name(self) -> str:
        """Its name with the package."""

    @property
    def fields(self) -> Sequence[Field]:
        """Its members in order."""


@runtime_checkable
class Message(Protocol):
    """A message off the wire."""

    @property
    def DESCRIPTOR(self) -> Descriptor:  # noqa: N802  # the library's name
        """What is known of its kind."""


def inner(event: "events_pb2.OneOf") -> Message | None:
    """The event itself; None for a kind this program doesn't know."""
    name = event.WhichOneof("Event")
    found: object = getattr(event, name) if name else None
    return found if isinstance(found, Message) else None


def document(event: Message) -> dict[str, Value]:
    """One event."""
    shown: dict[str, Value] = {}
    for field in event.DESCRIPTOR.fields:
        value: object = getattr(event, field.name)
        if isinstance(value, Message) and value.DESCRIPTOR.full_name.startswith("events."):
            shown |= document(value)
        elif field.json_name != field.name:
            _put(shown, field.json_name, value)
    return shown


def _put(shown: dict[str, Value], key: str, value: object) -> None:
    made = _value(value)
    if made or key in _ALWAYS:
        shown[key] = made
    elif key in _NULL_WHEN_EMPTY:
        shown[key] = None


def _value(value: object) -> Value:
    if isinstance(value, Message):
        return _message(value)
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): str(value[key]) for key in sorted(value)}
    return [str(item) for item in value] if isinstance(value, Sequence) else None


def _message(value: Message) -> Value:
    from teleterm.protogen.teleport.wrappers.wrappers_pb2 import LabelValues

    if value.DESCRIPTOR.full_name == _TIMESTAMP and isinstance(value, times.Stamp):
        return times.stamped(value)
    if isinstance(value, LabelValues):
        return {name: list(value.Values[name].Values) for name in sorted(value.Values)}
    return None


def to_json(value: Value, *, prefix: str = "") -> str:
    """JSON with four spaces of indentation, as the official program prints events."""
    return _careful(json.dumps(value, indent=4, ensure_ascii=False)).replace("\n", f"\n{prefix}")


def to_line(value: Value) -> str:
    """JSON on one line, as the official program prints the events of a file."""
    return _careful(json.dumps(value, separators=(",", ":"), ensure_ascii=False))


def _careful(text: str) -> str:
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return escaped(text)
