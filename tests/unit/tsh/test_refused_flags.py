"""Flags of the official program that aren't here say so, instead of doing something else."""

import pytest

from teleterm.tsh.__main__ import main


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["ls", "-i", "identity.pem"], "Identity files"),
        (["ssh", "-i", "identity.pem", "root@node"], "Identity files"),
        (["login", "--request-reason=why"], "--request-reason is not supported yet"),
        (["login", "--request-nowait"], "--request-nowait is not supported yet"),
        (["login", "--out=file"], "--out is not supported yet"),
    ],
)
def test_names_what_is_missing(
    argv: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 1
    assert words in capsys.readouterr().err
