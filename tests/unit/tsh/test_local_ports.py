"""Ports as flags name them."""

import pytest

from teleterm.model.errors import BadInput
from teleterm.tsh import local_ports


def test_ports_and_none() -> None:
    assert local_ports.number("") == 0
    assert local_ports.number("0") == 0
    assert local_ports.number("65535") == 65535


@pytest.mark.parametrize("text", ["x", "-1", "65536", "99999", "1.5", "\u0661"])
def test_what_is_no_port(text: str) -> None:
    with pytest.raises(BadInput, match="is no port"):
        local_ports.number(text)
