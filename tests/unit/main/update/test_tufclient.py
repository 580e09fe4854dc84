"""What is refused: everything that the keys didn't sign, whoever offers it."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from installer.release_keys import Keys
from installer.release_repo import Repository
from teleterm.main.update import tufclient
from teleterm.model.errors import Refused, TeletermError, Unreachable
from tests.support.signed import Signed, archive

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def signed(tmp_path: Path) -> Signed:
    """A repository with one release."""
    made = Signed(tmp_path)
    made.add("1.0.0")
    return made


def metadata(signed: Signed, name: str) -> Path:
    """A metadata file of the repository."""
    return signed.repo / "metadata" / name


def change(path: Path) -> None:
    """Change one value that is signed."""
    found = json.loads(path.read_bytes())
    found["signed"]["expires"] = "2099-01-01T00:00:00Z"
    path.write_text(json.dumps(found))


def test_a_release_is_found_and_fetched_whole(signed: Signed, tmp_path: Path) -> None:
    client = signed.client(tmp_path / "state")
    index = client.index()
    assert [one.version for one in index.releases] == ["1.0.0"]
    fetched = client.fetch(index.releases[0])
    assert fetched.read_bytes() == (tmp_path / "teleterm-1.0.0-linux-x86_64.tar.xz").read_bytes()


def test_a_download_that_is_there_is_not_fetched_again(signed: Signed, tmp_path: Path) -> None:
    client = signed.client(tmp_path / "state")
    index = client.index()
    client.fetch(index.releases[0])
    for path in (signed.repo / "targets" / "teleterm" / "1.0.0").iterdir():
        path.unlink()
    assert client.fetch(index.releases[0]).exists()


def test_tampered_metadata_is_refused(signed: Signed, tmp_path: Path) -> None:
    change(metadata(signed, "timestamp.json"))
    with pytest.raises(Refused, match="isn't signed by the right keys"):
        signed.client(tmp_path / "state").index()


def test_a_tampered_archive_is_refused(signed: Signed, tmp_path: Path) -> None:
    (packed,) = (signed.repo / "targets" / "teleterm" / "1.0.0").iterdir()
    data = bytearray(packed.read_bytes())
    data[50] ^= 1
    packed.write_bytes(data)
    client = signed.client(tmp_path / "state")
    index = client.index()
    with pytest.raises(Refused, match="isn't signed"):
        client.fetch(index.releases[0])


def test_a_replayed_state_is_refused(signed: Signed, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(signed.repo, old)
    signed.at().revoke("1.0.0")
    signed.client(tmp_path / "state").index()
    shutil.rmtree(signed.repo)
    old.rename(signed.repo)
    with pytest.raises(Refused, match="older state"):
        signed.client(tmp_path / "state").index()


def test_an_expired_state_is_refused(signed: Signed, tmp_path: Path) -> None:
    signed.at(datetime.now(UTC) - timedelta(days=15)).publish()
    with pytest.raises(Refused, match="expired"):
        signed.client(tmp_path / "state").index()


def test_foreign_keys_are_refused(signed: Signed, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Signed(tmp_path / "other")
    with pytest.raises(Refused, match="isn't signed"):
        signed.client(tmp_path / "state", root=other.root).index()


def test_one_of_three_root_keys_is_too_few(signed: Signed, tmp_path: Path) -> None:
    repository = signed.at()
    for name in ("root-2", "root-3"):
        (signed.keys / f"{name}.pem").unlink()
    with pytest.raises(Exception, match="2 of the 3 root keys"):
        repository.rotate("targets")


def test_a_root_signed_below_the_threshold_is_refused(signed: Signed, tmp_path: Path) -> None:
    signed.at().rotate("targets")
    path = metadata(signed, "2.root.json")
    found = json.loads(path.read_bytes())
    found["signatures"] = found["signatures"][:1]
    path.write_text(json.dumps(found))
    with pytest.raises(Refused, match="isn't signed"):
        signed.client(tmp_path / "state").index()


def test_clients_follow_a_new_targets_key(signed: Signed, tmp_path: Path) -> None:
    signed.client(tmp_path / "state").index()
    (signed.keys / "targets.pem").unlink()  # lost
    (signed.keys / "root-3.pem").unlink()  # two of three are enough
    signed.at().rotate("targets")
    signed.add("1.1.0")
    versions = [one.version for one in signed.client(tmp_path / "state").index().releases]
    assert versions == ["1.0.0", "1.1.0"]


def test_an_old_targets_key_is_worth_nothing_afterwards(signed: Signed, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    shutil.copytree(signed.repo, kept / "repo")
    shutil.copytree(signed.keys, kept / "keys")
    signed.at().rotate("targets")
    signed.client(tmp_path / "state").index()
    thief = Repository(kept / "repo", Keys(kept / "keys"))
    for _ in range(3):  # numbers above those the client has seen, signed with the old key
        thief.add(archive(tmp_path, "6.6.6"), teleport_min="17.0.0", teleport_max="18.99.99")
    for name in ("targets", "snapshot", "timestamp"):
        for path in (kept / "repo" / "metadata").glob(f"*{name}.json"):
            shutil.copy(path, signed.repo / "metadata")
    with pytest.raises(Refused, match="isn't signed"):
        signed.client(tmp_path / "state").index()


def test_a_place_that_is_away_is_named_so(signed: Signed, tmp_path: Path) -> None:
    shutil.rmtree(signed.repo)
    with pytest.raises(Unreachable, match="could not be read"):
        signed.client(tmp_path / "state").index()


def test_endless_metadata_is_cut_off(signed: Signed, tmp_path: Path) -> None:
    metadata(signed, "timestamp.json").write_bytes(b" " * 10_000_000)
    with pytest.raises(TeletermError):
        signed.client(tmp_path / "state").index()


def test_a_slow_server_is_given_up(signed: Signed, tmp_path: Path) -> None:
    fetcher = tufclient.Fetcher(total_s=-1)
    with pytest.raises(Exception, match="too slow"):
        fetcher._check_time()


def test_plain_http_to_a_stranger_is_refused() -> None:
    with pytest.raises(Exception, match="over https"):
        list(tufclient.Fetcher().fetch("http://example.com/x"))


def test_expiry_is_told_ahead(signed: Signed) -> None:
    assert signed.at().expiring(timedelta(days=5)) == []
    soon = signed.at(datetime.now(UTC) + timedelta(days=10)).expiring(timedelta(days=5))
    assert [line.split()[0] for line in soon] == ["snapshot", "timestamp"]


def test_keys_are_private_and_never_overwritten(signed: Signed) -> None:
    assert {path.stat().st_mode & 0o777 for path in signed.keys.iterdir()} == {0o600}
    with pytest.raises(Exception, match="is there already"):
        Keys(signed.keys).make("targets")
