"""Which row comes first."""

from hypothesis import given
from hypothesis import strategies as st

from teleterm.ui.palette.ranking import HALF_LIFE_S, Fit, hits, score, word_score

NOW = 1_000_000_000.0


def test_a_word_scores_by_how_it_hits() -> None:
    assert word_score("node1", "node1") == 100
    assert word_score("node", "node1") == 80
    assert word_score("west", "db-west") == 60
    assert word_score("ode", "node1") == 40
    assert word_score("nd1", "node1") == 20
    assert word_score("xyz", "node1") == 0


def test_a_later_word_start_beats_an_inside_hit() -> None:
    assert word_score("eu", "neu-eu") == 60


def test_every_word_must_hit() -> None:
    fit = Fit(name="orders", others=("prod",))
    assert score(("orders", "prod"), fit, NOW) > 0
    assert score(("orders", "staging"), fit, NOW) == -1


def test_other_fields_and_labels_count_less() -> None:
    by_name = score(("prod",), Fit(name="prod"), NOW)
    by_field = score(("prod",), Fit(name="x", others=("prod",)), NOW)
    by_label = score(("prod",), Fit(name="x", labels=("prod",)), NOW)
    assert by_name > by_field > by_label > 0


def test_use_fades_with_a_half_life_of_seven_days() -> None:
    fresh = score((), Fit(name="a", used_at=NOW), NOW)
    old = score((), Fit(name="a", used_at=NOW - HALF_LIFE_S), NOW)
    assert fresh == 40
    assert old == 20


def test_standing_adds_up() -> None:
    plain = score(("a",), Fit(name="a"), NOW)
    assert score(("a",), Fit(name="a", is_open=True), NOW) == plain + 25
    assert score(("a",), Fit(name="a", is_current_cluster=True), NOW) == plain + 10
    assert score(("a",), Fit(name="a", is_pinned=True), NOW) == plain + 10
    assert score(("a",), Fit(name="a", needs_request=True), NOW) == plain - 15
    assert score(("a",), Fit(name="a", is_locked=True), NOW) == plain - 20


def test_letters_that_hit_are_named() -> None:
    assert hits(("node",), "my-node1") == (3, 4, 5, 6)
    assert hits(("nd1",), "node1") == (0, 2, 4)
    assert hits(("zz",), "node1") == ()


@given(st.text(max_size=20), st.text(max_size=30))
def test_hits_are_places_in_the_title(word: str, title: str) -> None:
    assert all(0 <= place < len(title.lower()) for place in hits((word,), title))
