import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from teleterm.bridge.views import DocumentView, LayoutView, RecentView
from teleterm.main.state import StateFile
from teleterm.model.clock import ManualClock


def make(folder: Path) -> tuple[StateFile, ManualClock]:
    """A state file, not loaded."""
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    return StateFile(folder / "app_state.json", clock), clock


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    file, clock = make(tmp_path)
    file.load()
    document = DocumentView(kind="ssh", title="root@node1", fields={"login": "root"})
    file.state.layout = LayoutView(geometry="1280x800+0+0", documents=(document,))
    file.state.recent = [RecentView(key="k", title="root@node1", document=document)]
    file.changed()
    file.save()
    again = StateFile(file.path, clock)
    again.load()
    assert again.state == file.state
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_it_is_written_at_most_once_a_second(tmp_path: Path) -> None:
    file, clock = make(tmp_path)
    file.changed()
    file.save_if_due()
    first = file.path.read_bytes()
    file.state.colors["/clusters/prod"] = "red"
    file.changed()
    file.save_if_due()
    assert file.path.read_bytes() == first
    clock.move(timedelta(seconds=1))
    file.save_if_due()
    assert b"red" in file.path.read_bytes()


def test_an_unreadable_file_is_kept_under_another_name(tmp_path: Path) -> None:
    file, _ = make(tmp_path)
    file.path.write_bytes(b"{not json")
    file.load()
    assert file.set_aside_as is not None
    assert file.set_aside_as.name.startswith("app_state.json.bad-")
    assert file.set_aside_as.read_bytes() == b"{not json"
    assert file.state.recent == []
    file.save()
    assert json.loads(file.path.read_text())["version"] == 1


def test_one_bad_row_costs_one_row(tmp_path: Path) -> None:
    file, _ = make(tmp_path)
    good = {"key": "k", "title": "t", "document": {"kind": "shell"}}
    file.path.write_text(
        json.dumps(
            {
                "recent": [good, {"key": 5}, "nonsense"],
                "colors": {"/clusters/prod": "red"},
                "are_links_offered": True,
                "layout": {"geometry": "1x1", "active": "x", "documents": [{"kind": "home"}, 7]},
            }
        )
    )
    file.load()
    assert [row.key for row in file.state.recent] == ["k"]
    assert file.state.colors == {"/clusters/prod": "red"}
    assert file.state.are_links_offered
    assert [one.kind for one in file.state.layout.documents] == ["home"]
    assert file.set_aside_as is not None


def test_a_kind_of_document_from_a_newer_version_is_kept(tmp_path: Path) -> None:
    file, _ = make(tmp_path)
    file.path.write_text('{"layout": {"documents": [{"kind": "hologram", "fields": {"a": "1"}}]}}')
    file.load()
    assert file.state.layout.documents[0].kind == "hologram"
    assert file.set_aside_as is None


def test_no_file_is_no_damage(tmp_path: Path) -> None:
    file, _ = make(tmp_path)
    file.load()
    assert file.set_aside_as is None
    file.save()
    assert not file.path.exists()


def test_a_device_in_place_of_the_file_is_not_read(tmp_path: Path) -> None:
    file, _ = make(tmp_path)
    file.path.symlink_to("/dev/zero")
    file.load()
    assert file.state.recent == []
    assert file.set_aside_as is None
