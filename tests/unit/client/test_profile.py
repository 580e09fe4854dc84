"""Profile files."""

from pathlib import Path

import pytest

from teleterm.client import profile
from teleterm.client.profile import Profile
from teleterm.model.errors import BadInput, ErrorCode

PLACE = Path("proxy.example.com.yaml")
FULL = Profile(
    web_proxy_addr="proxy.example.com:443",
    ssh_proxy_addr="proxy.example.com:3023",
    user="alice@example.com",
    cluster="leaf",
    tls_routing_enabled=True,
    auth_connector="github",
    mfa_mode="auto",
    ssh_dial_timeout="10s",
)


def test_both_ways() -> None:
    assert profile.parse(profile.encode(FULL), PLACE) == FULL
    assert FULL.name == "proxy.example.com"
    assert FULL.web_port == 443
    assert FULL.ssh_dial_timeout_s == 10


def test_keys_stand_in_the_official_order() -> None:
    keys = [line.partition(":")[0] for line in profile.encode(FULL).splitlines()]
    assert keys == [
        "web_proxy_addr",
        "ssh_proxy_addr",
        "user",
        "cluster",
        "dir",
        "tls_routing_enabled",
        "auth_connector",
        "mfa_mode",
        "private_key_policy",
        "piv_slot",
        "piv_pin_cache_ttl",
        "missingclusterdetails",
        "ssh_dial_timeout",
    ]


@pytest.mark.parametrize(
    "extra",
    [
        "newer_setting: on the way\n",
        "a_number: 12\n",
        "a_list:\n- '1'\n- two\n",
        "dynamic_forward_ports:\n- '8080'\n",
        "nested:\n  key: true\n",
    ],
)
def test_keys_nobody_knows_are_kept(extra: str) -> None:
    import yaml

    read = profile.parse(profile.encode(FULL) + extra, PLACE)
    again = yaml.safe_load(profile.encode(read))
    assert {key: again[key] for key in yaml.safe_load(extra)} == yaml.safe_load(extra)
    assert read.user == FULL.user


@pytest.mark.parametrize(
    "user", ["true", "007", "a: b", "# no", '"quoted"', "ünï", "null", "1e3", "-"]
)
def test_values_that_need_quotes_come_back(user: str) -> None:
    import yaml

    text = profile.encode(Profile(web_proxy_addr="h:1", user=user))
    assert yaml.safe_load(text)["user"] == user
    assert profile.parse(text, PLACE).user == user


def test_other_spellings_of_yaml_are_read() -> None:
    text = "# a comment\nweb_proxy_addr: 'h:1'\nuser: \"al\\u0069ce\"\n"
    text += "tls_routing_enabled: yes\nuser2: ~\n"
    read = profile.parse(text, PLACE)
    assert (read.web_proxy_addr, read.user, read.tls_routing_enabled) == ("h:1", "alice", True)


@pytest.mark.parametrize(
    "text",
    ["", "{", "a", "- x", "user: alice\n", "web_proxy_addr: [1]\n", "web_proxy_addr:\n  a: 1\n"],
)
def test_damaged_files_are_named(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        profile.parse(text, PLACE)
    assert caught.value.code is ErrorCode.DAMAGED_FILE
    assert "proxy.example.com.yaml" in caught.value.message


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("h:1", "h", 1),
        ("h", "h", 0),
        ("[::1]:443", "::1", 443),
        ("::1", "::1", 0),
        ("[::1]", "::1", 0),
        ("h:x", "h:x", 0),
    ],
)
def test_addresses(text: str, host: str, port: int) -> None:
    assert profile.split_address(text) == (host, port)
    if port:
        assert profile.join_address(host, port) == text


@pytest.mark.parametrize("text", ["web_proxy_addr: a:1\nx:\n  - 2001-13-45\n", "a: " + "[" * 3000])
def test_what_the_yaml_reader_chokes_on_is_named(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        profile.parse(text, Path("p.yaml"))
    assert caught.value.code is ErrorCode.DAMAGED_FILE


@pytest.mark.parametrize(
    "text",
    [
        "web_proxy_addr: ../../x:1\nuser: alice\n",
        "web_proxy_addr: ..:443\nuser: alice\n",
        'web_proxy_addr: "p\\0x:443"\nuser: alice\n',
        "web_proxy_addr: p:443\nuser: ../alice\n",
        "web_proxy_addr: p:443\nuser: ..\n",
    ],
)
def test_names_that_lead_out_of_the_folder_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="can't be the name of a folder"):
        profile.parse(text, Path("p.yaml"))


def test_a_profile_as_deep_as_a_well_is_refused_at_once(tmp_path: Path) -> None:
    text = "web_proxy_addr: x:443\nmore: " + "[" * 50_000
    with pytest.raises(BadInput, match="nested deeper than any profile"):
        profile.parse(text, tmp_path / "x.yaml")
