import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleterm.main.config import jsonc

WITH_COMMENTS = """{
  // how big
  "terminal.fontSize": 14, // points
  "theme": "dark",   "keymap.find": "Ctrl+F" // the last
}
"""


def test_members_know_their_lines() -> None:
    found = jsonc.parse(WITH_COMMENTS)
    assert [(one.key, one.value, one.line) for one in found.members] == [
        ("terminal.fontSize", 14, 3),
        ("theme", "dark", 4),
        ("keymap.find", "Ctrl+F", 4),
    ]


def test_only_the_text_of_the_value_changes() -> None:
    changed = jsonc.replace_value(WITH_COMMENTS, "terminal.fontSize", 16)
    assert changed == WITH_COMMENTS.replace("14,", "16,")


def test_a_new_key_comes_last_and_comments_stay() -> None:
    changed = jsonc.replace_value(WITH_COMMENTS, "ui.scale", 1.5)
    assert '"keymap.find": "Ctrl+F",\n  "ui.scale": 1.5 // the last\n}' in changed
    assert jsonc.parse(changed).members[-1].value == 1.5


def test_the_first_key_of_an_empty_file() -> None:
    assert jsonc.replace_value("{}", "theme", "dark") == '{\n  "theme": "dark"\n}'


def test_a_mark_of_byte_order_in_front_is_no_damage() -> None:
    assert jsonc.replace_value('\ufeff{"a": 1}', "a", 2) == '\ufeff{"a": 2}'


def test_the_last_of_equal_keys_counts() -> None:
    assert jsonc.replace_value('{"a": 1, "a": 2}', "a", 3) == '{"a": 1, "a": 3}'


@pytest.mark.parametrize(
    ("text", "key", "left"),
    [
        ('{"a": 1, "b": 2}', "a", '{"b": 2}'),
        ('{"a": 1, "b": 2}', "b", '{"a": 1}'),
        ('{"a": 1,\n "b": 2,\n}', "b", '{"a": 1\n}'),
        ('{"a": 1}', "a", "{}"),
        ('{"a": 1}', "x", '{"a": 1}'),
    ],
)
def test_removing_a_key(text: str, key: str, left: str) -> None:
    assert jsonc.remove_value(text, key) == left


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        ('{"a" 1}', 1, 6),
        ('{"a": 1 "b": 2}', 1, 9),
        ('{\n  "a": tru\n}', 2, 8),
        ('{"a": 1} x', 1, 10),
        ('{"a": "open', 1, 7),
        ('{"a": [1, 2}', 1, 12),
        ("[]", 1, 1),
        ('{"a": ' + "[" * 100, 1, 72),
        ('{"a": ' + "9" * 5000 + "}", 1, 5007),
        ('{"a": "\\ud800"}', 1, 7),
        ('{"a": "\\u0000"}', 1, 7),
    ],
)
def test_broken_text_names_line_and_column(text: str, line: int, column: int) -> None:
    with pytest.raises(jsonc.JsonError) as caught:
        jsonc.parse(text)
    assert (caught.value.line, caught.value.column) == (line, column)


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)  # fmt: skip


@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_agrees_with_json(value: dict[str, jsonc.Json]) -> None:
    found = jsonc.parse(json.dumps(value))
    assert {one.key: one.value for one in found.members} == value


@given(st.dictionaries(TEXTS, VALUES, max_size=4), TEXTS, VALUES)
def test_what_is_set_is_read_again(value: dict[str, jsonc.Json], key: str, new: jsonc.Json) -> None:
    changed = jsonc.replace_value(json.dumps(value, indent=1), key, new)
    assert {one.key: one.value for one in jsonc.parse(changed).members} == value | {key: new}


@given(st.text(alphabet='{}[]",:/ \n\\a1-', max_size=40))
def test_no_text_raises_anything_else(text: str) -> None:
    with contextlib.suppress(jsonc.JsonError):
        jsonc.parse(text)
