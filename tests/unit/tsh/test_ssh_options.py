"""Options of `tsh ssh -o`."""

import pytest

from teleterm.model.errors import BadInput
from teleterm.tsh import ssh_options


def test_known_options() -> None:
    options = ssh_options.parse(["ForwardAgent=local", "RequestTTY yes", "SendEnv=A,B"])
    assert options.forward_agent == "local"
    assert options.request_tty
    assert options.send_env == ("A", "B")


def test_options_without_effect_are_mentioned() -> None:
    assert ssh_options.parse(["ConnectTimeout=3"]).warnings == (
        "WARNING: Option 'ConnectTimeout' is not supported.",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Foo=bar", "unsupported option key: Foo"),
        ("Foo", "invalid format for option"),
        ("RequestTTY=maybe", 'unsupported option value "maybe"'),
    ],
)
def test_wrong_options(text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        ssh_options.parse([text])
