"""JSON and YAML as recorded from the official program."""

import yaml

from teleterm.tsh.render import document
from teleterm.tsh.render.document import FlushLeft

CLUSTERS_JSON = """[
  {
    "cluster_name": "root.demo",
    "labels": null,
    "selected": true
  }
]"""
CLUSTERS_YAML = """- cluster_name: root.demo
  labels: null
  selected: true
"""


def test_clusters() -> None:
    value = [{"cluster_name": "root.demo", "labels": None, "selected": True}]
    assert document.to_json(value) == CLUSTERS_JSON
    assert document.to_yaml(value) == CLUSTERS_YAML


def test_the_two_marks_of_the_official_json() -> None:
    assert document.to_json({"a": {"b": {}}}) == '{\n  "a": {\n    "b": {\n      \n    }\n  }\n}'
    traits = {"traits": {"logins": FlushLeft(["root"])}}
    assert document.to_json(traits) == '{\n  "traits": {\n    "logins": [\n  "root"\n]\n  }\n}'


def test_empty_ones() -> None:
    assert document.to_json([]) == "[]"
    assert document.to_yaml([]) == "[]\n"
    assert document.to_yaml({}) == "{}\n"


def test_yaml_strings_read_back_as_they_were() -> None:
    texts = [
        "", "plain", "true", "No", "null", "~", "12", "1.5", "1e3", "0x1f", "2026-11-23T05:09:58Z",
        "a: b", "a #b", "- x", "[x]", "{x}", "*x", "&x", "it's", '"q"', " lead", "trail ", "a\tb",
        "a\nb\n", "a\nb", "@at", "%p", "18.3.0", "127.0.0.1:7022", "localhost:15432", "x:",
    ]  # fmt: skip
    for text in texts:
        assert yaml.safe_load(document.to_yaml({"k": text})) == {"k": text}, text


def test_nested_lists_and_maps() -> None:
    value: document.Value = {"b": [{"x": ["1", "2"], "w": {}}], "a": {"z": []}}
    drawn = document.to_yaml(value)
    assert drawn == 'a:\n  z: []\nb:\n- w: {}\n  x:\n  - "1"\n  - "2"\n'
    assert yaml.safe_load(drawn) == value


def test_yaml_spells_what_would_steer_a_terminal() -> None:
    text = document.to_yaml({"a": "one\x9btwo", "b": "x\u202ey\nz", "c": "e\x1b[2J\nf"})
    assert text == 'a: "one\\u009btwo"\nb: "x\\u202ey\\nz"\nc: "e\\u001b[2J\\nf"\n'


def test_yaml_keeps_plain_lines_as_a_block() -> None:
    assert document.to_yaml({"a": "one\ntwo\n"}) == "a: |\n  one\n  two\n"


def test_yaml_quotes_a_dash_only_where_it_would_begin_a_list() -> None:
    assert document.to_yaml({"a": "-x", "b": "- x", "c": "-"}) == "a: -x\nb: '- x'\nc: '-'\n"
