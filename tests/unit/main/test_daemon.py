"""What a program says that should be a daemon."""

import pytest

from teleterm.main.daemon import port_in
from teleterm.model.errors import Unreachable


@pytest.mark.parametrize(
    ("line", "port"),
    [("{CONNECT_GRPC_PORT: 40123}", 40123), ("{CONNECT_GRPC_PORT: }", 0)],
)
def test_the_readiness_line_names_a_port(line: str, port: int) -> None:
    assert port_in(line) == port


@pytest.mark.parametrize("number", ["../x", "-1", "9" * 5000, "\u0663"])
def test_a_line_without_a_port_is_named(number: str) -> None:
    with pytest.raises(Unreachable, match="no tsh"):
        port_in(f"{{CONNECT_GRPC_PORT: {number}}}")
