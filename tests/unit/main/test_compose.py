"""Compose files as Xlib reads them."""

from pathlib import Path

import pytest

from teleterm.main.compose import Compose


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """A folder like Xlib's, with two tables."""
    folder = tmp_path / "locale"
    for name, text in (
        (
            "en_US.UTF-8",
            '<dead_acute> <a>\t: "á"\taacute # A\n<Multi_key> <o> <c> : "©" copyright\n',
        ),
        ("pt_BR.UTF-8", '<dead_acute> <c> : "ç" ccedilla\n'),
    ):
        (folder / name).mkdir(parents=True)
        (folder / name / "Compose").write_text(text)
    (folder / "compose.dir").write_text(
        "# comment\nen_US.UTF-8/Compose\t\tC.UTF-8\npt_BR.UTF-8/Compose: pt_BR.UTF-8\n"
    )
    return folder


def test_the_locale_chooses_the_table(locales: Path) -> None:
    assert Compose({"LANG": "C.UTF-8"}, locales).sequences("dead_acute") == {
        ("dead_acute", "a"): "á"
    }
    assert Compose({"LANG": "C.UTF-8", "LC_ALL": "pt_BR.UTF-8"}, locales).sequences(
        "dead_acute"
    ) == {("dead_acute", "c"): "ç"}


def test_a_locale_nobody_lists_gets_the_common_table(locales: Path) -> None:
    assert Compose({"LANG": "xx_YY"}, locales).sequences("Multi_key") == {
        ("Multi_key", "o", "c"): "©"
    }


def test_the_users_own_file_includes_and_overrides(locales: Path, tmp_path: Path) -> None:
    (tmp_path / ".XCompose").write_text(
        'include "%L"\n'
        'include "%H/more"\n'
        '<dead_acute> <a> : "\\"\\x41\\101" # escapes\n'
        '! <dead_acute> <b> : "no" \n'
        '<dead_acute> <n> : "\\x1b" # a control character\n'
        "<dead_acute> <m> : mu # no text\n"
    )
    (tmp_path / "more").write_text('<dead_acute> <x> : "ẋ"\n')
    compose = Compose({"LANG": "C.UTF-8", "HOME": str(tmp_path)}, locales)

    assert compose.sequences("dead_acute") == {
        ("dead_acute", "a"): '"AA',
        ("dead_acute", "x"): "ẋ",
    }


def test_a_file_that_includes_itself_ends(locales: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.write_text(f'include "{own}"\n<dead_acute> <z> : "ź"\n')

    found = Compose({"XCOMPOSEFILE": str(own)}, locales).sequences("dead_acute")

    assert found == {("dead_acute", "z"): "ź"}


def test_nothing_to_read_gives_no_sequence(tmp_path: Path) -> None:
    assert Compose({}, tmp_path / "none").sequences("dead_acute") == {}
