"""Names of protocols and servers."""

import pytest

from teleterm.wire import alpn


def test_cluster_names_are_written_in_hex() -> None:
    assert alpn.encode_cluster("root") == "726f6f74.teleport.cluster.local"
    assert alpn.auth("root") == "teleport-auth@726f6f74.teleport.cluster.local"


@pytest.mark.parametrize("name", ["root", "root.demo", "Ünïcode", ""])
def test_cluster_names_come_back(name: str) -> None:
    assert alpn.decode_cluster(alpn.encode_cluster(name)) == name
    assert alpn.auth_cluster(alpn.auth(name)) == name


@pytest.mark.parametrize(
    "text", ["", "teleport.cluster.local", "xyz.teleport.cluster.local", "726f6f74.example.com"]
)
def test_other_server_names_stand_for_no_cluster(text: str) -> None:
    assert alpn.decode_cluster(text) == ""


def test_other_protocols_are_no_auth_ids() -> None:
    assert alpn.auth_cluster("h2") is None
    assert alpn.auth_cluster("teleport-auth@") == ""


def test_databases_offer_the_framed_id_first() -> None:
    assert alpn.database("cockroachdb") == ("teleport-postgres-ping", "teleport-postgres")
    assert alpn.database("nothing-known") == ()
    assert [alpn.is_ping(one) for one in alpn.database("redis")] == [True, False]
    assert alpn.without_ping("teleport-redis-ping") == "teleport-redis"


def test_mysql_version_travels_in_the_last_id() -> None:
    ids = alpn.database("mysql", mysql_version="8.0.30")
    assert ids == ("teleport-mysql-ping", "teleport-mysql", "teleport-mysql-OC4wLjMw")
    assert alpn.mysql_version(ids[2]) == "8.0.30"
    assert [alpn.mysql_version(one) for one in ("teleport-mysql", ids[0], "teleport-mysql-?")] == [
        "",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("proxy.example.com", "kube-teleport-proxy-alpn.proxy.example.com"),
        ("localhost", "kube-teleport-proxy-alpn.teleport.cluster.local"),
        ("10.0.0.1", "kube-teleport-proxy-alpn.teleport.cluster.local"),
        ("::1", "kube-teleport-proxy-alpn.teleport.cluster.local"),
        ("", "kube-teleport-proxy-alpn.teleport.cluster.local"),
    ],
)
def test_kube_server_names(host: str, name: str) -> None:
    assert alpn.kube_server_name(host) == name
