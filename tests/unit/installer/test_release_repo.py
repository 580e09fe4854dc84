"""The maintainer's tool: with keys apart as the documents say, and nothing wrong ever signed."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from installer.release_keys import Keys
from installer.release_repo import Repository, main
from teleterm.main.update.releases import Index
from tests.support.signed import Signed, archive

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
RELEASE_MACHINE, JOB = ("targets",), ("snapshot", "timestamp")


@pytest.fixture
def signed(tmp_path: Path) -> Signed:
    """A repository with one release."""
    made = Signed(tmp_path)
    made.add("1.0.0")
    return made


def apart(signed: Signed, *names: str) -> Path:
    """A folder with only these keys, as on one of the machines that sign."""
    folder = signed.folder / "-".join(names)
    folder.mkdir(exist_ok=True)
    for name in names:
        shutil.copy(signed.keys / f"{name}.pem", folder)
    return folder


def run(signed: Signed, keys: Path, *words: str) -> int:
    """What a maintainer types."""
    return main([*words, "--repo", str(signed.repo), "--keys", str(keys)])


def everything(signed: Signed) -> dict[str, bytes]:
    """All files of the repository."""
    return {
        str(path.relative_to(signed.repo)): path.read_bytes()
        for path in signed.repo.rglob("*")
        if path.is_file()
    }


def seen(signed: Signed, tmp_path: Path) -> Index:
    """The list as a client reads it."""
    return signed.client(tmp_path / "client").index()


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        (("revoke", "1.0.0"), lambda index: index.revoked == ("1.0.0",)),
        (("floor", "1.0.0"), lambda index: index.floor == "1.0.0"),
        (
            ("add", "ARCHIVE"),
            lambda index: [one.version for one in index.releases][1:] == ["1.1.0"],
        ),
        (("renew", "targets"), lambda index: index.floor == "0.0.0"),
    ],
)
def test_keys_apart_sign_in_two_steps(
    signed: Signed,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, str],
    holds: "object",
) -> None:
    assert callable(holds)
    before = seen(signed, tmp_path)
    path = str(archive(tmp_path, "1.1.0"))
    command = [path if word == "ARCHIVE" else word for word in words]
    assert run(signed, apart(signed, *RELEASE_MACHINE), *command) == 0
    assert "publish" in capsys.readouterr().out
    assert seen(signed, tmp_path) == before  # clients go by the timestamp, which is the old one
    assert run(signed, apart(signed, *JOB), "publish") == 0
    assert holds(seen(signed, tmp_path))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("floor", "1.x"), "no version"),
        (("floor", "2.0.0"), "no release 2.0.0"),
        (("floor", ""), "one word"),
        (("revoke", ""), "one word"),
        (("revoke", "1.0"), "no version"),
        (("revoke", "1.0.1"), "there are: 1.0.0"),
        (("revoke",), "one word"),
        (("publish", "1.0.0"), "nothing"),
        (("renew", "timestamp"), "renew targets"),
        (("rotate", "mirrors"), "no key"),
        (("add", "/nowhere.tar.xz"), "compressed tree"),
        (("add", "ARCHIVE", "--teleport-min", "19.0.0"), "no range"),
        (("add", "ARCHIVE", "--teleport-max", "latest"), "no version"),
        (("init",), "already"),
    ],
)
def test_what_is_wrong_is_refused_before_anything_is_signed(
    signed: Signed,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    says: str,
) -> None:
    path = str(archive(tmp_path, "1.1.0"))
    before = everything(signed)
    assert run(signed, signed.keys, *(path if word == "ARCHIVE" else word for word in words)) == 1
    assert says in capsys.readouterr().err
    assert everything(signed) == before


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (JOB, ("revoke", "1.0.0")),
        (("snapshot",), ("publish",)),
        (("timestamp",), ("publish",)),
        (("root-1",), ("renew", "root")),
        (("root-1", "targets"), ("rotate", "targets")),
    ],
)
def test_a_missing_key_is_named_before_anything_is_signed(
    signed: Signed,
    capsys: pytest.CaptureFixture[str],
    held: tuple[str, ...],
    words: tuple[str, ...],
) -> None:
    before = everything(signed)
    assert run(signed, apart(signed, *held), *words) == 1
    assert "needed" in capsys.readouterr().err
    assert everything(signed) == before


@pytest.mark.parametrize("name", ["targets", "snapshot", "timestamp"])
def test_a_key_that_no_client_believes_signs_nothing(
    signed: Signed, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    stranger = Keys(tmp_path / "stranger")
    stranger.make(name)
    shutil.copy(tmp_path / "stranger" / f"{name}.pem", signed.keys)
    before = everything(signed)
    assert run(signed, signed.keys, "revoke", "1.0.0") == 1
    assert "is not the key" in capsys.readouterr().err
    assert everything(signed) == before


def test_a_release_that_no_client_would_take_is_not_added(
    signed: Signed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signed.add("1.2.0")
    assert run(signed, signed.keys, "floor", "1.2.0") == 0
    assert run(signed, signed.keys, "revoke", "1.2.0") == 0
    assert run(signed, signed.keys, "add", str(archive(tmp_path, "1.2.0"))) == 1
    assert run(signed, signed.keys, "add", str(archive(tmp_path, "1.1.0"))) == 1
    said = capsys.readouterr().err
    assert "was revoked" in said
    assert "below the floor" in said


def test_both_lists_can_be_renewed_before_they_expire(signed: Signed, tmp_path: Path) -> None:
    later = datetime.now(UTC) + timedelta(days=85)
    release_machine = Keys(apart(signed, *RELEASE_MACHINE))
    assert not Repository(signed.repo, release_machine, later).renew("targets")
    Repository(signed.repo, Keys(apart(signed, *JOB)), later).publish()
    assert signed.at(later).expiring(timedelta(days=13)) == []
    year = datetime.now(UTC) + timedelta(days=364)
    two = Keys(apart(signed, "root-1", "root-3"))
    Repository(signed.repo, two, year).renew("root")
    signed.at(year).renew("targets")
    assert signed.at(year).expiring(timedelta(days=13)) == []
    assert [one.version for one in seen(signed, tmp_path).releases] == ["1.0.0"]


@pytest.mark.parametrize("away", ["root-2", "root-3"])
def test_clients_follow_a_new_root_key(signed: Signed, tmp_path: Path, away: str) -> None:
    """Its owner left: with the key handed in (root-2), or with the key (root-3 is not there)."""
    seen(signed, tmp_path)
    (signed.keys / "root-3.pem").unlink()
    signed.at().rotate(away)
    (signed.keys / "root-1.pem").unlink()
    if away == "root-2":
        with pytest.raises(Exception, match="2 of the 3 root keys"):
            signed.at().renew("root")
        return
    signed.at().renew("root")  # the new key counts
    assert [one.version for one in seen(signed, tmp_path).releases] == ["1.0.0"]
