"""Flags that every command takes."""

import pytest

from teleterm.tsh.__main__ import main


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--cert-format=oldssh"], "OpenSSH older than 7.0 are not supported"),
        (["--cert-format=odd"], 'invalid certificate format parameter: "odd"'),
        (["--relay=relay.example.com"], "Relays are not supported"),
        (["--callback=example.com"], "--callback must be used with --bind-addr"),
        (["--x11-untrusted-timeout=soon"], 'invalid duration "soon"'),
        (["-o", "ForwardX11=no"], "true-only"),
        (["-f"], "fork after authentication not allowed for interactive sessions"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_refused_by_name(argv: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ssh", *argv, "alice@web-1"]) == 1
    assert words in capsys.readouterr().err
