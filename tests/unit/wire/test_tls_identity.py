"""The identity in a certificate's subject."""

from teleterm.wire.tls_identity import TlsIdentity, decode, decode_traits, encode, encode_traits

IDENTITY = TlsIdentity(
    user="alice",
    roles=("access", "editor"),
    usage=("usage:db",),
    logins=("root", "-teleport-internal-join"),
    route_to_cluster="root.demo",
    traits={"logins": ("root",), "empty": ()},
    kube_groups=("dev",),
    teleport_cluster="root.demo",
    db_service="pg",
    db_protocol="postgres",
    db_user="alice",
    db_names=("postgres", "shop"),
    active_requests=("one", "two"),
    disallow_reissue=True,
    user_type="local",
)


def test_both_ways() -> None:
    assert decode(encode(IDENTITY)) == IDENTITY


def test_the_ids_are_the_wires() -> None:
    pairs = encode(IDENTITY)
    assert ("2.5.4.3", "alice") in pairs
    assert [value for oid, value in pairs if oid == "2.5.4.10"] == ["access", "editor"]
    assert ("2.5.4.17", '{"empty":null,"logins":["root"]}') in pairs
    assert ("1.3.9999.2.1", "pg") in pairs
    assert ("1.3.9999.2.9", "true") in pairs


def test_unknown_attributes_are_passed_over() -> None:
    assert decode([("2.5.4.3", "bob"), ("1.2.3.4", "x")]) == TlsIdentity(user="bob")


def test_damaged_traits_are_none() -> None:
    assert decode_traits("{") == {}
    assert decode_traits("[]") == {}
    assert decode_traits('{"a":null,"b":["x"]}') == {"a": (), "b": ("x",)}
    assert encode_traits({}) == ""
