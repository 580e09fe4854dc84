"""Forwarding specifications."""

import pytest

from teleterm.model.errors import BadInput
from teleterm.tsh import forwards
from teleterm.tsh.forwards import Forward


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("80:host:180", Forward(bind="127.0.0.1", port=80, host="host", host_port=180)),
        ("0.0.0.0:80:host:180", Forward(bind="0.0.0.0", port=80, host="host", host_port=180)),
        ("[::1]:80:[fe80::1]:1", Forward(bind="::1", port=80, host="fe80::1", host_port=1)),
        ("0:h:1", Forward(bind="127.0.0.1", port=0, host="h", host_port=1)),
    ],
)
def test_forwards(text: str, expected: Forward) -> None:
    assert forwards.parse(text) == expected


def test_dynamic() -> None:
    assert forwards.parse_dynamic("1080") == Forward(bind="127.0.0.1", port=1080)
    assert forwards.parse_dynamic("[::1]:1080") == Forward(bind="::1", port=1080)


@pytest.mark.parametrize(
    "text", ["", "80", "80:host", "x:h:1", "80:h:0", "80:h:70000", "1:2:3:4:5"]
)
def test_wrong_ones_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="invalid port forwarding spec"):
        forwards.parse(text)
