import os
from datetime import UTC, datetime
from pathlib import Path

from teleterm.main.profiles import Profiles
from tests.unit.osutil.test_certtime import make as make_certificate

GOOD = """web_proxy_addr: prod.example.com:443
ssh_proxy_addr: prod.example.com:443
user: alice
cluster: root.demo
dir: ""
tls_routing_enabled: true
"""


def test_reads_address_and_user(tmp_path: Path) -> None:
    (tmp_path / "prod.example.com.yaml").write_text(GOOD)
    found = Profiles(tmp_path).read("prod.example.com")
    assert (found.web_address, found.user) == ("prod.example.com:443", "alice")
    assert Profiles(tmp_path).read("other").web_address == ""


def test_reads_the_end_of_a_login(tmp_path: Path) -> None:
    end = datetime(2026, 11, 23, 18, 40, tzinfo=UTC)
    folder = tmp_path / "keys" / "prod"
    folder.mkdir(parents=True)
    (folder / "alice.crt").write_bytes(make_certificate(end))
    profiles = Profiles(tmp_path)
    assert profiles.expires_at("prod", "alice") == end.timestamp()
    assert profiles.expires_at("prod", "bob") == 0


def test_a_login_changes_the_stamp(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path)
    before = profiles.stamp()
    folder = tmp_path / "keys" / "prod"
    folder.mkdir(parents=True)
    (folder / "alice.crt").write_text("x")
    assert profiles.stamp() != before


def test_damaged_profiles_are_set_aside_and_good_ones_stay(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "empty.yaml").write_text("")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "broken.yaml").write_text(GOOD + "\n{{{ nonsense")
    assert Profiles(tmp_path).set_damaged_aside() == []
    for path in tmp_path.iterdir():
        os.utime(path, (1, 1))
    aside = {path.name.split(".yaml")[0] for path in Profiles(tmp_path).set_damaged_aside()}
    assert aside == {"empty", "binary", "broken"}
    assert Profiles(tmp_path).count() == 1
