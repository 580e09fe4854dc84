"""Addresses: every form of terminal_service.md 8, there and back."""

import pytest

from teleterm.model.errors import BadInput
from teleterm.model.uri import (
    ClusterUri,
    GatewayUri,
    ResourceKind,
    parse_cluster,
    parse_gateway,
    parse_resource,
)


@pytest.mark.parametrize(
    ("text", "profile", "leaf"),
    [
        ("/clusters/p.example.com", "p.example.com", ""),
        ("/clusters/p/leaves/l", "p", "l"),
        ("/clusters/p/servers/uuid", "p", ""),
        ("/clusters/p/leaves/l/dbs/orders", "p", "l"),
    ],
)
def test_cluster_part(text: str, profile: str, leaf: str) -> None:
    assert parse_cluster(text) == ClusterUri(profile=profile, leaf=leaf)
    assert parse_cluster(text).root == ClusterUri(profile=profile)


@pytest.mark.parametrize(
    "text",
    [
        "/clusters/p/servers/0b1c",
        "/clusters/p/leaves/l/dbs/orders",
        "/clusters/p/kubes/k/namespaces/default",
        "/clusters/p/windows_desktops/w",
    ],
)
def test_resource_there_and_back(text: str) -> None:
    assert str(parse_resource(text)) == text


@pytest.mark.parametrize("text", ["", "/", "/clusters/", "clusters/p", "/gateways/x", "/docs/home"])
def test_missing_profile_is_named(text: str) -> None:
    with pytest.raises(BadInput, match="missing profile name"):
        parse_cluster(text)


@pytest.mark.parametrize(
    "text",
    [
        "/clusters/p",
        "/clusters/p/cars/x",
        "/clusters/p/servers/",
        "/clusters/p/servers/x/namespaces/y",
        "/clusters/p/kubes/k/namespaces/",
        "/clusters/p/kubes/k/rooms/x",
    ],
)
def test_malformed_resource(text: str) -> None:
    with pytest.raises(BadInput, match="malformed resource"):
        parse_resource(text)


def test_gateway() -> None:
    assert parse_gateway("/gateways/abc") == GatewayUri(ident="abc")
    with pytest.raises(BadInput):
        parse_gateway("/gateways/")


def test_made_from_parts() -> None:
    leaf = ClusterUri(profile="p", leaf="l")
    assert str(leaf.resource(ResourceKind.SERVER, "u")) == "/clusters/p/leaves/l/servers/u"
