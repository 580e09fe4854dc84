"""JSON with `//` comments, read so that every value knows where it stands in the text."""

import json
import re
from dataclasses import dataclass

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_BLANK = re.compile(r"(?:[ \t\r\n\ufeff]+|//[^\n]*)*")
"""What stands between values; some editors put U+FEFF in front of a file."""
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_UNUSABLE = re.compile("[\x00\ud800-\udfff]")
"""What no path, variable or message can hold: zero, and halves of a character."""
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
MAX_DEPTH = 64


class JsonError(Exception):
    """The text is broken at `offset`."""

    def __init__(self, message: str, text: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = text.count("\n", 0, offset) + 1
        self.column = offset - (text.rfind("\n", 0, offset) + 1) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of the outermost object, with the places of its value in the text."""

    key: str
    value: Json
    line: int
    key_start: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A config file taken apart; `brace` is the offset of the closing brace."""

    members: tuple[Member, ...]
    brace: int


def parse(text: str) -> Document:
    """Read the text.

    Raises: JsonError with line and column, counted from 1.
    """
    reader = _Reader(text)
    reader.blank()
    reader.expect("{")
    members: list[Member] = []
    line, counted = 1, 0
    reader.blank()
    while not reader.at("}"):
        if members:
            reader.expect(",")
            reader.blank()
            if reader.at("}"):
                break  # a comma after the last member is forgiven
        key_start = reader.place
        key = reader.string()
        reader.blank()
        reader.expect(":")
        reader.blank()
        start = reader.place
        value = reader.value(0)
        line += text.count("\n", counted, key_start)
        counted = key_start
        members.append(
            Member(
                key=key, value=value, line=line, key_start=key_start, start=start, end=reader.place
            )
        )
        reader.blank()
    brace = reader.place
    reader.expect("}")
    reader.blank()
    if reader.place != len(text):
        raise reader.wrong("there is text after the end")
    return Document(members=tuple(members), brace=brace)


def replace_value(text: str, key: str, value: Json) -> str:
    """The text with `key` set: only the text of its value changes, comments stay.

    Raises: JsonError when the text is broken.
    """
    written = json.dumps(value, ensure_ascii=False)
    document = parse(text)
    for member in reversed(document.members):
        if member.key == key:
            return text[: member.start] + written + text[member.end :]
    name = json.dumps(key, ensure_ascii=False)
    if not document.members:
        return f"{text[: document.brace].rstrip()}\n  {name}: {written}\n{text[document.brace :]}"
    last = document.members[-1]
    return f"{text[: last.end]},\n  {name}: {written}{_without_comma(text[last.end :])}"


def remove_value(text: str, key: str) -> str:
    """The text without `key`; nothing changes when it isn't there.

    Raises: JsonError when the text is broken.
    """
    members = parse(text).members
    for index, member in enumerate(members):
        if member.key != key:
            continue
        if index + 1 < len(members):
            return text[: member.key_start] + text[members[index + 1].key_start :]
        start = members[index - 1].end if index else member.key_start
        return text[:start] + _without_comma(text[member.end :])
    return text


def _without_comma(rest: str) -> str:
    """What follows the last value, without the comma that was forgiven there."""
    blank = _BLANK.match(rest)
    place = blank.end() if blank else 0
    return rest[:place] + rest[place + 1 :] if rest[place : place + 1] == "," else rest


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def blank(self) -> None:
        match = _BLANK.match(self.text, self.place)
        if match:
            self.place = match.end()

    def at(self, sign: str) -> bool:
        return self.text.startswith(sign, self.place)

    def expect(self, sign: str) -> None:
        if not self.at(sign):
            raise self.wrong(f'"{sign}" was expected here')
        self.place += len(sign)

    def wrong(self, message: str) -> JsonError:
        return JsonError(message, self.text, self.place)

    def string(self) -> str:
        match = _STRING.match(self.text, self.place)
        if not match:
            raise self.wrong("a text in double quotes was expected here")
        try:
            value: str = json.loads(match.group())
        except ValueError:
            raise self.wrong("this text holds an unknown escape") from None
        if _UNUSABLE.search(value):
            raise self.wrong("this text holds a character that can't be used")
        self.place = match.end()
        return value

    def value(self, depth: int) -> Json:
        if depth > MAX_DEPTH:
            raise self.wrong("this is nested too deeply")
        if self.at('"'):
            return self.string()
        if self.at("{"):
            return self._object(depth)
        if self.at("["):
            return self._array(depth)
        for word, meaning in _WORDS.items():
            if self.at(word):
                self.place += len(word)
                return meaning
        match = _NUMBER.match(self.text, self.place)
        if not match:
            raise self.wrong("a value was expected here")
        self.place = match.end()
        try:
            number: int | float = json.loads(match.group())
        except ValueError:
            raise self.wrong("this number is too long") from None
        return number

    def _array(self, depth: int) -> list[Json]:
        self.expect("[")
        self.blank()
        found: list[Json] = []
        while not self.at("]"):
            if found:
                self.expect(",")
                self.blank()
                if self.at("]"):
                    break
            found.append(self.value(depth + 1))
            self.blank()
        self.expect("]")
        return found

    def _object(self, depth: int) -> dict[str, Json]:
        self.expect("{")
        self.blank()
        found: dict[str, Json] = {}
        while not self.at("}"):
            if found:
                self.expect(",")
                self.blank()
                if self.at("}"):
                    break
            key = self.string()
            self.blank()
            self.expect(":")
            self.blank()
            found[key] = self.value(depth + 1)
            self.blank()
        self.expect("}")
        return found
