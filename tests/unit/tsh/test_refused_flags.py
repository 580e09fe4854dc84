"""Flags of the official program that aren't here say so, instead of doing something else."""

import pytest

from teleterm.tsh.__main__ import main


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["ls", "-i", "no-such.pem"], "failed to parse identity file"),
        (["login", "-f", "pkcs12"], "invalid identity format: pkcs12"),
        (["login", "--add-keys-to-agent=maybe"], 'invalid value "maybe"'),
        (["ls", "--headless", "--auth=github"], "either --headless or --auth"),
        (["login", "--scope=/a"], "--scope is not supported yet"),
    ],
)
def test_names_what_is_missing(
    argv: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 1
    assert words in capsys.readouterr().err
