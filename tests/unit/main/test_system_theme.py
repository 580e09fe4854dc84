import pytest

from teleterm.main.system_theme import from_environment, questions, understood

PORTAL, SETTINGS = questions("linux")
(DARWIN,) = questions("darwin")


@pytest.mark.parametrize(
    ("argv", "status", "out", "mode"),
    [
        (PORTAL, 0, "(<<uint32 1>>,)\n", "dark"),
        (PORTAL, 0, "(<<uint32 2>>,)\n", "light"),
        (PORTAL, 0, "(<<uint32 0>>,)\n", None),
        (PORTAL, 1, "Error: GDBus.Error", None),
        (PORTAL, 0, "nonsense", None),
        (SETTINGS, 0, "'prefer-dark'\n", "dark"),
        (SETTINGS, 0, "'prefer-light'\n", "light"),
        (SETTINGS, 0, "'default'\n", None),
        (SETTINGS, 1, "No such schema", None),
        (DARWIN, 0, "Dark\n", "dark"),
        (DARWIN, 1, "", "light"),
    ],
)
def test_answers(argv: tuple[str, ...], status: int, out: str, mode: str | None) -> None:
    assert understood(argv, status, out) == mode


@pytest.mark.parametrize(
    ("environ", "mode"),
    [
        ({}, "dark"),
        ({"GTK_THEME": "Adwaita"}, "light"),
        ({"GTK_THEME": "Adwaita:dark"}, "dark"),
    ],
)
def test_the_environment_is_the_last_resort(environ: dict[str, str], mode: str) -> None:
    assert from_environment(environ) == mode


def test_windows_asks_its_registry_instead() -> None:
    assert questions("win32") == ()
