"""What a real 18.3 cluster and the official program wrote, read (and written again) by ours.

`recorded/` holds public halves only: certificates of a test cluster, a profile, discovery answers.
"""

import base64
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from teleterm.client import discovery, profile
from teleterm.client.keystore import KeyStore
from teleterm.client.store import ProfileStore
from teleterm.wire import known_hosts, ssh_certificate, tls_identity, x509

RECORDED = Path(__file__).parent / "recorded"
WHILE_VALID = datetime(2026, 11, 23, 12, tzinfo=UTC)
TRAITS: dict[str, tuple[str, ...]] = {
    "db_names": ("postgres", "shop"),
    "db_users": ("postgres", "alice"),
    "logins": ("root", "nobody"),
}


def _bytes(name: str) -> bytes:
    return (RECORDED / name).read_bytes()


def _text(name: str) -> str:
    return _bytes(name).decode()


def test_user_certificate() -> None:
    found = x509.parse_pem(_bytes("user.crt"))
    assert found.issuer_name == "root.demo"
    assert found.serial == 0x1A1FF41E864621E53E25B9986812B70E
    assert found.not_after == datetime(2026, 11, 23, 17, 18, 22, tzinfo=UTC)
    identity = tls_identity.decode(found.subject)
    assert identity == tls_identity.TlsIdentity(
        user="bob",
        roles=("access", "editor", "auditor"),
        logins=("root", "nobody", "-teleport-internal-join"),
        route_to_cluster="root.demo",
        traits=TRAITS,
        teleport_cluster="root.demo",
        login_ip="127.0.0.1",
        db_names=("postgres", "shop"),
        db_users=("alice", "postgres"),
        user_type="local",
        private_key_policy="none",
    )
    assert sorted(tls_identity.encode(identity)) == sorted(found.subject)


def test_database_certificate() -> None:
    identity = tls_identity.decode(x509.parse_pem(_bytes("database.crt")).subject)
    assert identity.usage == ("usage:db",)
    assert (identity.db_service, identity.db_protocol) == ("pg", "postgres")
    assert (identity.db_user, identity.db_name) == ("alice", "postgres")


def test_ssh_certificate() -> None:
    found = ssh_certificate.parse_line(_text("user-cert.pub"))
    assert found.key_id == "bob"
    assert found.principals == ("root", "nobody", "-teleport-internal-join")
    assert found.logins == ("root", "nobody")
    assert found.valid_before == datetime(2026, 11, 23, 17, 18, 22, tzinfo=UTC)
    assert found.roles == ("access", "editor", "auditor")
    assert found.traits == TRAITS
    assert found.active_requests == ()
    others = {"permit-agent-forwarding": "", "permit-port-forwarding": "", "permit-pty": ""}
    others |= {"login-ip": "127.0.0.1", "private-key-policy": "none"}
    assert dict(found.extensions) == ssh_certificate.teleport_extensions(
        roles=found.roles, traits=found.traits, route_to_cluster="root.demo", others=others
    )
    body = ssh_certificate.encode_unsigned(found)
    assert base64.b64decode(_text("user-cert.pub").split()[1]).startswith(body)


def test_authorities_are_self_signed_and_named_after_their_cluster() -> None:
    for name in ("root.demo", "leaf.demo"):
        found = x509.parse_pem(_bytes(f"{name}.pem"))
        assert found.subject_name == found.issuer_name == name


def test_profile_goes_back_byte_for_byte() -> None:
    text = _text("localhost.yaml")
    found = profile.parse(text, RECORDED / "localhost.yaml")
    assert (found.name, found.web_port, found.user) == ("localhost", 7443, "bob")
    assert found.tls_routing_enabled
    assert found.ssh_dial_timeout_s == 30
    assert profile.encode(found) == text


def test_known_hosts_go_back_byte_for_byte() -> None:
    for line in _text("known_hosts").splitlines():
        found = known_hosts.decode(line)
        assert found is not None
        assert known_hosts.encode(found) == line


def test_ping() -> None:
    info = discovery.parse_ping(json.loads(_text("ping.json")), "127.0.0.1:7443")
    assert info.web_addr == "localhost:7443"
    assert info.name == "localhost"
    assert info.cluster_name == "root.demo"
    assert info.tls_routing
    assert info.auth == discovery.AuthSettings(
        type="local",
        second_factor="on",
        preferred_mfa="webauthn",
        passwordless=True,
        headless=True,
        rp_id="localhost",
        private_key_policy="none",
        suite="balanced-v1",
        session_ttl_s=12 * 3600,
    )
    assert info.version_warning() == ""
    made = info.profile(None, user="bob")
    official = profile.parse(_text("localhost.yaml"), RECORDED / "localhost.yaml")
    assert profile.encode(made) == profile.encode(official).replace("cluster: root.demo\n", "")


def test_web_configuration_names_the_ways_to_log_in() -> None:
    assert discovery.parse_providers(_text("config.js")) == [
        discovery.AuthProvider(type="local", name="local", display="local")
    ]


def test_a_whole_folder_of_the_official_program(tmp_path: Path) -> None:
    keys = tmp_path / "keys" / "localhost"
    (keys / "cas").mkdir(parents=True)
    (keys / "bob-ssh").mkdir()
    (keys / "bob-db" / "root.demo").mkdir(parents=True)
    shutil.copy(RECORDED / "localhost.yaml", tmp_path)
    shutil.copy(RECORDED / "known_hosts", tmp_path)
    (tmp_path / "current-profile").write_text("localhost\n")
    for cluster in ("root.demo", "leaf.demo"):
        shutil.copy(RECORDED / f"{cluster}.pem", keys / "cas")
    shutil.copy(RECORDED / "user.crt", keys / "bob.crt")
    shutil.copy(RECORDED / "user-cert.pub", keys / "bob-ssh" / "root.demo-cert.pub")
    shutil.copy(RECORDED / "database.crt", keys / "bob-db" / "root.demo" / "pg.crt")
    (keys / "bob.key").write_text("a private key, which stays out of this repository\n")

    class Noon:
        def now(self) -> datetime:
            return WHILE_VALID

        def monotonic_s(self) -> float:
            return 0.0

    store = ProfileStore(tmp_path, clock=Noon())
    found = store.load()
    identity = store.identity(found)
    assert (identity.username, identity.cluster) == ("bob", "root.demo")
    assert identity.logins == ("root", "nobody")
    assert not identity.is_expired(WHILE_VALID)
    assert [one.service for one in identity.databases] == ["pg"]
    assert identity.extensions == (
        "login-ip",
        "permit-agent-forwarding",
        "permit-port-forwarding",
        "permit-pty",
        "private-key-policy",
    )
    authorities = KeyStore(tmp_path).authorities("localhost")
    assert [one.name for one in authorities] == ["leaf.demo", "root.demo"]
    assert all(one.tls_pems and one.ssh_keys for one in authorities)
