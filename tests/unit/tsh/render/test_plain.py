"""Nothing a cluster names may steer the terminal."""

import io
import json

import pytest

from teleterm.tsh import fatal
from teleterm.tsh.render import document, plain, table

HOSTILE = ["\x1b]0;mine\x07", "\x9b2J", "a\rb", "a\nb", "\x00", "\x7f", "\u202eexe", "\ud800"]


@pytest.mark.parametrize("name", HOSTILE)
def test_tables_spell_control_characters_out(name: str) -> None:
    drawn = (
        table.make(["Node"], [[name]]).draw()
        + table.make_headless([[name]], columns=1).draw()
        + table.make_cut(["Node", "Labels"], [[name, name]], cut="Labels", cols=80).draw()
    )
    assert name not in drawn
    assert plain.cell(name) in drawn
    assert drawn.count("\n") == 3 + 1 + 3


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "a\nb"])
def test_errors_spell_control_characters_out(name: str) -> None:
    out = io.StringIO()
    fatal.show(f"no {name}\n\thint", stream=out)
    assert name not in out.getvalue()
    assert out.getvalue().endswith("\n\thint\n\n")


@pytest.mark.parametrize("name", ["node-1", "größe", "節点", "🚀", "a b"])
def test_other_names_stay_as_they_are(name: str) -> None:
    assert plain.cell(name) == plain.lines(name) == name


@pytest.mark.parametrize("name", HOSTILE)
def test_json_escapes_them_and_gives_them_back(name: str) -> None:
    text = document.to_json({"name": name})
    assert name not in text.replace("{\n", "").replace("\n}", "")
    assert json.loads(text) == {"name": name}
