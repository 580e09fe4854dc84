import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from teleterm.main.links import LinkOffers
from teleterm.main.state import StateFile
from teleterm.model.clock import ManualClock
from teleterm.model.errors import BadInput
from teleterm.osutil import dirs, links


def make(home: Path) -> tuple[LinkOffers, StateFile, Path]:
    """Offers for links in a folder of their own."""
    folders = dirs.find({"TELETERM_HOME": str(home)})
    folders.prepare()
    state = StateFile(folders.state_file, ManualClock(datetime(2026, 1, 1, tzinfo=UTC)))
    places = home / "places"
    places.mkdir()
    backend = links.SymlinkBackend(places, is_on_path=True)
    return LinkOffers(folders, state, backend), state, places


def test_the_offer_comes_once(tmp_path: Path) -> None:
    offers, state, _ = make(tmp_path)
    assert [line.name for line in offers.first_offer()] == ["tsh", "teleterm"]
    assert state.state.are_links_offered
    assert offers.first_offer() == ()


def test_links_are_made_recorded_and_removed(tmp_path: Path) -> None:
    offers, _, places = make(tmp_path)
    offers.plan()
    offers.make(("tsh", "teleterm"))
    assert (places / "tsh").resolve() == tmp_path / "data" / "bin" / "tsh"
    assert (places / "tsh").resolve().exists()
    record = json.loads((tmp_path / "data" / "install.json").read_text())
    assert [one["path"] for one in record["links"]] == [
        str(places / "tsh"),
        str(places / "teleterm"),
    ]
    assert [line.state for line in offers.plan()] == ["ours", "ours"]
    assert offers.remove() == [places / "tsh", places / "teleterm"]
    assert list(places.iterdir()) == []


def test_a_foreign_tsh_is_kept_and_another_name_offered(tmp_path: Path) -> None:
    offers, _, places = make(tmp_path)
    (places / "tsh").write_text("official")
    plan = {line.name: line.state for line in offers.plan()}
    assert plan == {"tsh": "foreign", "teleterm-tsh": "new", "teleterm": "new"}
    offers.make(("teleterm-tsh",))
    assert (places / "tsh").read_text() == "official"


def test_a_link_that_somebody_else_took_over_stays(tmp_path: Path) -> None:
    offers, _, places = make(tmp_path)
    offers.plan()
    offers.make(("tsh",))
    (places / "tsh").unlink()
    (places / "tsh").symlink_to("/usr/bin/true")
    assert offers.remove() == []
    assert (places / "tsh").is_symlink()


def test_only_what_was_offered_is_made(tmp_path: Path) -> None:
    offers, _, _ = make(tmp_path)
    offers.plan()
    with pytest.raises(BadInput):
        offers.make(("bash",))


def test_the_rest_of_the_record_is_kept(tmp_path: Path) -> None:
    offers, _, _ = make(tmp_path)
    record = tmp_path / "data" / "install.json"
    record.write_text('{"schema": 1, "active": "1.0", "links": []}')
    offers.plan()
    offers.make(("tsh",))
    assert json.loads(record.read_text())["active"] == "1.0"
