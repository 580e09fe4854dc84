"""Options of `tsh ssh -o`."""

import pytest

from teleterm.model.errors import BadInput
from teleterm.tsh import ssh_options


def test_known_options() -> None:
    options = ssh_options.parse(
        ["ForwardAgent=LOCAL", "RequestTTY yes", "SendEnv=A,B", "SendEnv=C"]
    )
    assert options.forward_agent == "local"
    assert options.request_tty
    assert options.send_env == ("A", "B", "C")
    assert options.checks_host


@pytest.mark.parametrize(
    ("texts", "forwards", "trusts"),
    [
        ([], False, False),
        (["ForwardX11=yes"], True, True),
        (["ForwardX11=yes", "ForwardX11Trusted=no"], True, False),
        (["ForwardX11Trusted=no", "ForwardX11=yes"], True, False),
        (["ForwardX11Trusted=yes"], False, True),
    ],
)
def test_x11_is_trusted_unless_said(texts: list[str], *, forwards: bool, trusts: bool) -> None:
    options = ssh_options.parse(texts)
    assert (options.forward_x11, options.trusts_x11) == (forwards, trusts)


def test_options_without_effect_are_mentioned() -> None:
    assert ssh_options.parse(["ConnectTimeout=3"]).warnings == (
        "WARNING: Option 'ConnectTimeout' is not supported.",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Foo=bar", "unsupported option key: Foo"),
        ("Foo", "invalid format for option"),
        ("RequestTTY=maybe", 'value "maybe": invalid bool option value: maybe'),
        ("ForwardX11=no", "invalid true-only bool option value: no"),
        ("ForwardX11Timeout=-1", 'strconv.ParseUint: parsing "-1"'),
        ("ForwardAgent=some", 'invalid agent forwarding mode: "some"'),
    ],
)
def test_wrong_options(text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        ssh_options.parse([text])
