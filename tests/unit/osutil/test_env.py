import sys

import pytest

from teleterm.osutil import env


def test_foreign_programs_get_nothing_of_ours() -> None:
    given = {
        "PATH": "/bin",
        "_PYI_ARCHIVE_FILE": "x",
        "_MEIPASS2": "x",
        "TCL_LIBRARY": "x",
        "TK_LIBRARY": "x",
        "LD_LIBRARY_PATH": "/bundle",
        "LD_LIBRARY_PATH_ORIG": "/users/own",
    }
    assert env.foreign_env(given) == {"PATH": "/bin", "LD_LIBRARY_PATH": "/users/own"}


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"LD_LIBRARY_PATH": "/opt/mine"}, "/opt/mine"),
        ({"LD_LIBRARY_PATH": sys.prefix}, None),
        ({"LD_LIBRARY_PATH": sys.prefix, "LD_LIBRARY_PATH_ORIG": "/opt/mine"}, "/opt/mine"),
    ],
    ids=["put back already", "ours", "not put back yet"],
)
def test_a_packed_program_keeps_the_users_library_path(
    given: dict[str, str], left: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert env.foreign_env(given).get("LD_LIBRARY_PATH") == left


def test_trusted_roots_go_only_if_they_are_ours() -> None:
    users = {"SSL_CERT_FILE": "/users/ca.pem"}
    assert env.foreign_env(users) == users
    assert env.foreign_env({**users, env.OURS_MARK: "1"}) == {}


def test_changes_come_last() -> None:
    assert env.foreign_env({"A": "1", "B": "2"}, {"B": "3"}) == {"A": "1", "B": "3"}


def test_the_window_gets_a_built_environment() -> None:
    given = {
        "DISPLAY": ":1",
        "LC_CTYPE": "C.UTF-8",
        "TCLLIBPATH": "/evil",
        "XENVIRONMENT": "/evil",
        "LD_PRELOAD": "/evil.so",
        "PYTHONSTARTUP": "/evil.py",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }
    found = env.window_env(given)
    assert found.keys() <= {"DISPLAY", "LC_CTYPE", "PYTHONPATH", "XCOMPOSEFILE"}
    assert found["DISPLAY"] == ":1"


@pytest.mark.skipif(sys.platform != "linux", reason="Xlib's tables are read on Linux only")
@pytest.mark.parametrize(
    ("modifiers", "is_empty"),
    [("", True), ("@im=none", True), ("@im=ibus", False), ("@im=fcitx", False)],
)
def test_xlib_gets_no_sequences_unless_an_input_method_runs(modifiers: str, is_empty: bool) -> None:
    found = env.window_env({"XMODIFIERS": modifiers} if modifiers else {})
    assert ("XCOMPOSEFILE" in found) is is_empty
    assert found.get("XMODIFIERS", "") == modifiers


def test_our_own_roles_find_our_code_once() -> None:
    once = env.role_env({"PYTHONPATH": "/other"})
    assert once["PYTHONPATH"].endswith(":/other")
    assert env.role_env(once) == once
