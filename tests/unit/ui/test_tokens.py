"""Every text colour can be read on every ground it may stand on."""

import pytest

from teleterm.bridge.views import PALETTES
from teleterm.ui.theme.tokens import (
    CLUSTER_COLORS,
    DARK,
    LIGHT,
    contrast,
    mix,
    search_colors,
    terminal_palette,
    tokens,
)

MODES = [("dark", False), ("light", False), ("dark", True), ("light", True)]
GROUNDS = ("base", "sunken", "surface", "elevated")
READABLE = 4.5


@pytest.mark.parametrize(("mode", "high"), MODES)
@pytest.mark.parametrize(
    "token", ["text", "sec", "muted", "accent", "success", "warning", "danger"]
)
def test_text_is_readable_on_every_ground(mode: str, high: bool, token: str) -> None:
    table = tokens(mode, has_high_contrast=high)
    for ground in GROUNDS:
        assert contrast(table[token], table[ground]) >= READABLE, (token, ground)


@pytest.mark.parametrize(("mode", "high"), MODES)
def test_text_and_second_line_are_readable_on_selected_and_hovered_rows(
    mode: str, high: bool
) -> None:
    table = tokens(mode, has_high_contrast=high)
    for ground in ("selected", "hover", "warningFill", "dangerFill", "infoFill"):
        if high and ground == "hover":
            continue
        for token in ("text", "sec"):
            assert contrast(table[token], table[ground]) >= READABLE, (token, ground)


@pytest.mark.parametrize(("mode", "high"), MODES)
def test_the_words_of_banners_are_readable(mode: str, high: bool) -> None:
    table = tokens(mode, has_high_contrast=high)
    for ground, token in (
        ("warningFill", "warning"), ("dangerFill", "danger"), ("infoFill", "accent"),
        ("warningFill", "accent"), ("dangerFill", "accent"),
    ):  # fmt: skip
        assert contrast(table[token], table[ground]) >= READABLE, (token, ground)


@pytest.mark.parametrize(("mode", "high"), MODES)
def test_primary_buttons_are_readable_in_all_states(mode: str, high: bool) -> None:
    table = tokens(mode, has_high_contrast=high)
    for fill in ("accent", "accentHover", "accentPressed"):
        assert contrast(table["onAccent"], table[fill]) >= READABLE, fill


@pytest.mark.parametrize(("mode", "high"), MODES)
def test_edges_of_fields_are_visible(mode: str, high: bool) -> None:
    table = tokens(mode, has_high_contrast=high)
    for ground in GROUNDS:
        assert contrast(table["borderStrong"], table[ground]) >= 3, ground


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_terminal_colours_reach_five_to_one(mode: str) -> None:
    palette = terminal_palette(mode)
    ground = tokens(mode)["sunken"]
    assert len(palette) == 16
    dim = {"dark": {0, 8}, "light": set()}[mode]
    for index, color in enumerate(palette):
        if index not in dim:
            assert contrast(color, ground) >= READABLE, (index, color)


@pytest.mark.parametrize("name", PALETTES)
def test_palettes_that_the_config_file_may_name_are_there(name: str) -> None:
    palette = terminal_palette("dark", name)
    assert len(set(palette)) == 16
    assert palette != terminal_palette("dark")


def test_some_terminal_colours_of_ones_own() -> None:
    palette = terminal_palette("dark", {"red": "#111111", "brightWhite": "#222222"})
    assert (palette[1], palette[15]) == ("#111111", "#222222")
    assert palette[2:15] == terminal_palette("dark")[2:15]


def test_the_current_hit_is_readable() -> None:
    for mode in ("dark", "light"):
        _fill, current, ink = search_colors(mode)
        assert contrast(ink, current) >= READABLE


def test_both_modes_name_the_same_tokens() -> None:
    assert DARK.keys() == LIGHT.keys()


def test_contrast_of_black_and_white_is_21() -> None:
    assert round(contrast("#000000", "#FFFFFF"), 2) == 21


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert mix("#000000", "#FFFFFF", 0) == "#000000"
    assert mix("#000000", "#FFFFFF", 1) == "#FFFFFF"
    assert mix("#000000", "#102030", 0.5) == "#081018"


def test_cluster_colours_are_seven() -> None:
    assert len(set(CLUSTER_COLORS.values())) == 7
