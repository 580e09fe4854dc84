import pytest

from teleterm.main.config import keys
from teleterm.main.config.jsonc import Json


@pytest.mark.parametrize("key", keys.KEYS, ids=lambda key: key.name)
def test_every_default_fits_its_own_rule(key: keys.Key) -> None:
    assert key.accepts(key.default)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("theme", ["dark", "system"], ["blue", True, None, 1]),
        ("ui.scale", [0, 0.75, 3, 1.5], [0.5, 3.1, "1", False]),
        ("ui.fontSize", [9, 24], [8, 25, 13.5, "13", True]),
        ("ui.topBar", [True, False], [0, "true", None]),
        ("terminal.fontFamily", ["Mono", ["A", "B"], []], [1, [1], None]),
        ("terminal.env", [{}, {"A": "1"}], [{"A": 1}, [], "A=1"]),
        ("gateway.portRange", ["", "5400-5500"], ["x", "5400", 5400]),
        ("rules", [[], [{"match": "prod"}]], [{}, ["prod"]]),
        (
            "terminal.palette",
            ["auto", "tango", {}, {"brightRed": "#ff0000", "cursor": "#FFFFFF"}],
            ["neon", 1, {"red": "red"}, {"rosa": "#ff0000"}, {"red": 1}],
        ),
        ("terminal.lineHeight", [1, 1.5, 2], [0.9, 2.1, "1"]),
    ],
)
def test_values(name: str, good: list[Json], bad: list[Json]) -> None:
    key = keys.find(name)
    assert key is not None
    assert [value for value in good if not key.accepts(value)] == []
    assert [value for value in bad if key.accepts(value)] == []


def test_any_shortcut_is_a_key_and_nothing_else_is() -> None:
    assert keys.find("keymap.find") is not None
    assert keys.find("keymap.") is None
    assert keys.find("themes") is None


def test_the_schema_names_every_key() -> None:
    properties = keys.schema()["properties"]
    assert isinstance(properties, dict)
    assert {key.name for key in keys.KEYS} <= properties.keys()
