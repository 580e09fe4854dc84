"""The folder of profiles."""

import time
from pathlib import Path

import pytest

from teleterm.client.profile import Profile
from teleterm.client.store import ProfileStore
from teleterm.model.errors import BadInput, ErrorCode, Refused

PROFILE = Profile(web_proxy_addr="proxy.example.com:443", user="alice", cluster="root")


def test_home() -> None:
    assert ProfileStore.default_home({"TELEPORT_HOME": "/somewhere"}) == Path("/somewhere")
    assert ProfileStore.default_home({}) == Path.home() / ".tsh"


def test_save_load_and_choose(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "new" / "home")
    with pytest.raises(Refused) as caught:
        store.load()
    assert caught.value.needs_login
    store.save(PROFILE)
    assert store.current() == ""
    assert store.load("proxy.example.com") == store.load("proxy.example.com:443") == PROFILE
    store.set_current(PROFILE.name)
    assert store.load() == PROFILE
    assert (store.home / "current-profile").read_text() == "proxy.example.com\n"


def test_a_profile_that_is_just_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The official program empties the file first."""
    store = ProfileStore(tmp_path)
    store.save(PROFILE)
    path = tmp_path / "proxy.example.com.yaml"
    text = path.read_text()
    path.write_text("")

    def written_meanwhile(_: float) -> None:
        path.write_text(text)

    monkeypatch.setattr(time, "sleep", written_meanwhile)
    assert store.load("proxy.example.com") == PROFILE


def test_one_damaged_profile_does_not_hide_the_others(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    store.save(PROFILE, make_current=True)
    (tmp_path / "broken.yaml").write_text("{")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "broken.yaml")
    found = store.profiles()
    assert found.profiles == (PROFILE,)
    assert found.current == "proxy.example.com"
    assert sorted(error.value for error in found.damaged) == [
        str(tmp_path / "binary.yaml"),
        str(tmp_path / "broken.yaml"),
    ]
    with pytest.raises(BadInput) as caught:
        store.load("broken")
    assert caught.value.code is ErrorCode.DAMAGED_FILE


def test_no_folder_is_no_profiles(tmp_path: Path) -> None:
    assert ProfileStore(tmp_path / "none").profiles().profiles == ()


def test_remove(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    store.save(PROFILE, make_current=True)
    folder = tmp_path / "keys" / PROFILE.name
    folder.mkdir(parents=True)
    (folder / "alice.crt").write_text("x")
    store.remove("proxy.example.com:443")
    assert list(tmp_path.rglob("*")) == [tmp_path / "keys"]
    store.remove("proxy.example.com")


@pytest.mark.parametrize("name", ["..", "../x", "", "a/b"])
def test_names_stay_inside_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        ProfileStore(tmp_path).remove(name)


def test_without_certificates_one_has_to_log_in(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    store.save(PROFILE)
    with pytest.raises(Refused) as caught:
        store.identity(PROFILE)
    assert caught.value.needs_login
