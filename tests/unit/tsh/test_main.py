"""How commands end."""

import types

import pytest

from teleterm.model.errors import Refused
from teleterm.tsh import fatal
from teleterm.tsh.__main__ import main
from teleterm.tsh.commands import status
from teleterm.tsh.grammar import Parsed


def ending(error: BaseException) -> "types.FunctionType":
    def run(parsed: Parsed) -> int:
        raise error

    assert isinstance(run, types.FunctionType)
    return run


@pytest.mark.parametrize(
    ("error", "code", "shown"),
    [
        (Refused("No."), 1, "\x1b[31mERROR: \x1b[0mNo.\n\n"),
        (Refused("No.", hint="Do that."), 1, "\x1b[31mERROR: \x1b[0mNo.\n\tDo that.\n\n"),
        (fatal.Exit(7), 7, ""),
        (KeyboardInterrupt(), 130, ""),
        (
            ValueError("odd"),
            1,
            "\x1b[31mERROR: \x1b[0modd\n\tValueError; see where it comes from with --debug\n\n",
        ),
    ],
)
def test_failures_become_words_and_a_status(
    error: BaseException,
    code: int,
    shown: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(status, "run", ending(error))
    assert main(["status"]) == code
    assert capsys.readouterr().err == shown
