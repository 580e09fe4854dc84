"""What comes from outside an installation: archives, lists, records, footers: only refusals."""

import contextlib
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installer import footer
from teleterm.main.install import record, tree
from teleterm.main.update import releases
from teleterm.model.errors import PeerBroke, Refused
from tests.support.small_tree import packed

pytestmark = pytest.mark.slow

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
NAMES = st.sampled_from(
    ["active", "previous", "trial", "bad", "pending", "links", "version", "starts"]
)
GOOD = packed("1.0.0")


@given(st.dictionaries(NAMES, JSON))
def test_any_record_is_read_as_versions_or_nothing(found: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / record.NAME).write_text(json.dumps(found))
        install = record.read(Path(folder))
        for name in (install.active, install.previous, install.pending):
            assert name == "" or record.is_version(name)


@given(st.binary(max_size=200) | JSON.map(lambda one: json.dumps(one).encode()))
def test_a_list_of_releases_is_whole_or_refused(data: bytes) -> None:
    with contextlib.suppress(PeerBroke):
        releases.parse(data)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=40))
def test_an_archive_with_a_changed_part_leaves_all_or_nothing(place: int, part: bytes) -> None:
    data = GOOD[:place] + part + GOOD[place + len(part) :]
    with tempfile.TemporaryDirectory() as folder:
        try:
            staged = tree.unpack(Path(folder), io.BytesIO(data))
        except Refused:
            assert list((Path(folder) / "versions").iterdir()) == []
        else:
            assert tree.check(staged.path) == "1.0.0"


@given(st.binary(max_size=400))
def test_a_file_without_a_tree_is_refused(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(data)
        with pytest.raises(footer.NoPayload):
            footer.find(path)
