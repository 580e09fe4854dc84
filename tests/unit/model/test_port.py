import pytest

from teleterm.model import port


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("443", 443), ("65535", 65535)])
def test_a_port(text: str, number: int) -> None:
    assert port.read(text) == number


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "65536", "+1", " 1", "1.0", "\u00b2", "\u0663", "9" * 5000, "00000443"]
)
def test_no_port(text: str) -> None:
    assert port.read(text) == 0
