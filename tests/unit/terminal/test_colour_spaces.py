"""Colours by light: what X11's own library makes of the same names, and nothing that raises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teleterm.terminal.colour_spaces import parse
from teleterm.terminal.engine import Engine

# Answers of XParseColor (libX11 1.8) with no screen described.
SHOWN = [
    ("rgbi:0/0/0", 0x000000),
    ("RGBi:1.0/.5/0.25", 0xFFBB8E),
    ("CIEXYZ:0.3/0.4/0.2", 0xA3B664),
    ("CIEuvY:0.2/0.45/0.5", 0xD1B6B7),
    ("CIExyY:0.3/0.3/0.5", 0xD1B6B7),
    ("CIELab:50/0/0", 0x837D7E),
    ("CIELuv:50/0/0", 0x837D7E),
    ("TekHVC:120/60/20", 0x7D9E7C),
]
PALER = [("CIEXYZ:1/0.5/0", 0xFFA4A7), ("TekHVC:30/60/100", 0xEF750E)]
REFUSED = ["rgbi:2/0/0", "rgbi:1/1", "CIEXYZ:1/2/1", "CIELab:101/0/0", "TekHVC:1/-1/1", "CIE:1/1/1"]


@pytest.mark.parametrize(("name", "colour"), SHOWN + PALER)
def test_colour_of(name: str, colour: int) -> None:
    assert f"{parse(name):06x}" == f"{colour:06x}"


@pytest.mark.parametrize("name", [*REFUSED, "CIEXYZ:nan/inf/1", "rgbi:1e/1/1", "rgbi:1_0/1/1", ""])
def test_no_colour_is(name: str) -> None:
    assert parse(name) is None


@settings(max_examples=300, deadline=None)
@given(
    space=st.sampled_from(["rgbi", "CIEXYZ", "CIEuvY", "CIExyY", "CIELab", "CIELuv", "TekHVC"]),
    numbers=st.lists(
        st.sampled_from(["0", "1", "-1", ".5", "100", "360", "1e99", "-1e99", "1e-99", "3e5"]),
        min_size=3,
        max_size=3,
    ),
)
def test_any_numbers_give_a_colour_or_none(space: str, numbers: list[str]) -> None:
    colour = parse(f"{space}:{'/'.join(numbers)}")
    assert colour is None or 0 <= colour <= 0xFFFFFF


def test_a_program_may_set_and_ask() -> None:
    engine = Engine(10, 4)
    engine.feed(b"\x1b]4;1;CIELab:50/0/0;1;?\x07")
    assert engine.take_replies() == b"\x1b]4;1;rgb:8383/7d7d/7e7e\x07"
