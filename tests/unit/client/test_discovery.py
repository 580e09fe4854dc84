"""What a proxy says of itself."""

import pytest

from teleterm.client import discovery, version
from teleterm.model.errors import BadInput, PeerBroke

AUTH: dict[str, object] = {"type": "local", "second_factor": "otp"}


def _ping(proxy: dict[str, object], auth: dict[str, object] | None = None) -> discovery.ProxyInfo:
    return discovery.parse_ping(
        {"proxy": proxy, "auth": auth or AUTH, "cluster_name": "root", "server_version": "18.3.0"},
        "typed.example.com:443",
    )


def test_with_tls_routing_everything_is_at_the_web_address() -> None:
    info = _ping(
        {
            "tls_routing_enabled": True,
            "ssh": {"public_addr": "public.example.com", "listen_addr": "0.0.0.0:3023"},
            "kube": {"enabled": True, "public_addr": "kube.example.com:1"},
            "db": {"postgres_listen_addr": "0.0.0.0:5432", "mysql_listen_addr": "0.0.0.0:3036"},
        }
    )
    assert info.web_addr == info.ssh_addr == info.kube_addr == info.postgres_addr
    assert info.web_addr == "public.example.com:3080"
    assert info.mysql_addr == "public.example.com:3036"
    assert info.mongo_addr == ""


def test_with_ports_of_their_own() -> None:
    info = _ping(
        {
            "ssh": {"listen_addr": "0.0.0.0:4023"},
            "kube": {"enabled": True, "listen_addr": "0.0.0.0:4026"},
            "db": {"postgres_listen_addr": "0.0.0.0:5432", "mysql_public_addr": "db.example.com"},
        }
    )
    assert info.web_addr == "typed.example.com:443"
    assert info.ssh_addr == "typed.example.com:4023"
    assert info.kube_addr == "typed.example.com:4026"
    assert info.postgres_addr == "typed.example.com:5432"
    assert info.mysql_addr == "db.example.com:3036"


def test_defaults() -> None:
    info = _ping({"ssh": {"ssh_public_addr": "ssh.example.com"}, "kube": {"enabled": False}})
    assert (info.ssh_addr, info.kube_addr) == ("ssh.example.com:3023", "")
    profile = info.profile(None, user="alice")
    assert (profile.ssh_dial_timeout, profile.mfa_mode, profile.user) == ("30s", "auto", "alice")


@pytest.mark.parametrize(
    ("value", "suite"),
    [
        ("balanced-v1", "balanced-v1"),
        (2, "balanced-v1"),
        ("SIGNATURE_ALGORITHM_SUITE_HSM_V1", "hsm-v1"),
        ("", ""),
        (None, ""),
        (99, ""),
    ],
)
def test_suites(value: object, suite: str) -> None:
    assert _ping({"ssh": {}}, {"signature_algorithm_suite": value}).auth.suite == suite


@pytest.mark.parametrize(("value", "text"), [(True, "on"), (False, "off"), ("otp", "otp")])
def test_second_factor_of_old_servers(value: object, text: str) -> None:
    assert _ping({"ssh": {}}, {"second_factor": value}).auth.second_factor == text


def test_something_else_is_no_proxy() -> None:
    with pytest.raises(PeerBroke):
        discovery.parse_ping({"hello": "world"}, "example.com:443")


def test_providers() -> None:
    text = """var GRV_CONFIG = {"auth": {"localAuthEnabled": true, "providers": [
        {"type": "github", "name": "gh", "displayName": "GitHub"},
        {"type": "saml", "name": "x"}]}};"""
    assert discovery.parse_providers(text) == [
        discovery.AuthProvider(type="local", name="local", display="local"),
        discovery.AuthProvider(type="github", name="gh", display="GitHub"),
        discovery.AuthProvider(type="saml", name="x", display="x"),
    ]
    assert (
        discovery.parse_providers('var GRV_CONFIG = {"auth": {"localAuthEnabled": false}};') == []
    )
    assert [one.type for one in discovery.parse_providers("<html>")] == ["local"]


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("example.com", "example.com", 0),
        (" https://example.com:3080/ ", "example.com", 3080),
        ("[::1]:443", "::1", 443),
    ],
)
def test_typed_addresses(text: str, host: str, port: int) -> None:
    assert discovery.parse_address(text) == (host, port)


@pytest.mark.parametrize("text", ["", "http://x", "a b", "x/y", "user@host", "h:70000"])
def test_other_texts_are_no_addresses(text: str) -> None:
    with pytest.raises(BadInput):
        discovery.parse_address(text)


@pytest.mark.parametrize(
    ("ours", "warns"), [("18.3.0", False), ("17.0.0", False), ("16.9.9", True), ("19.0.0", True)]
)
def test_versions(ours: str, *, warns: bool) -> None:
    assert bool(version.warning("18.3.0", "17.0.0-aa", "root", ours)) is warns


def test_versions_sort() -> None:
    order = ["not a version", "17.0.0-aa", "17.0.0-rc.1", "17.0.0", "v17.0.1", "18.0.0"]
    assert sorted(order, key=version.key) == order
