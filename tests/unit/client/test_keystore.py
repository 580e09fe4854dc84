"""Keys and certificates on disk."""

import stat
import sys
from pathlib import Path

import pytest

from teleterm.client.keystore import KeyRing, KeyStore, ResourceFolder, TrustedCluster
from teleterm.model.errors import BadInput, Refused
from teleterm.model.secret import Secret
from teleterm.wire import x509

HOST, USER = "proxy.example.com", "alice"
RING = KeyRing(
    ssh_private=Secret(b"ssh key\n"),
    ssh_public="ssh-ed25519 AAAA\n",
    tls_private=Secret(b"tls key\n"),
    tls_certificate=b"certificate\n",
    ssh_certificates={"root": "ssh-ed25519-cert AAAA\n"},
)
PEMS = [x509.pem("CERTIFICATE", bytes([number] * 70)) for number in range(3)]


def _files(home: Path) -> dict[str, int]:
    return {
        str(path.relative_to(home)): stat.S_IMODE(path.stat().st_mode)
        for path in home.rglob("*")
        if path.is_file()
    }


def test_a_login_is_written_where_the_official_program_looks(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path)
    keys.write_key_ring(HOST, USER, RING)
    base = f"keys/{HOST}"
    assert set(_files(tmp_path)) == {
        f"{base}/alice",
        f"{base}/alice.pub",
        f"{base}/alice.key",
        f"{base}/alice.crt",
        f"{base}/alice-ssh/root-cert.pub",
    }
    if sys.platform != "win32":
        assert set(_files(tmp_path).values()) == {0o600}
        assert stat.S_IMODE((tmp_path / base).stat().st_mode) == 0o700
    read = keys.key_ring(HOST, USER)
    assert read.ssh_private.reveal() == b"ssh key\n"
    assert read.tls_private.reveal() == b"tls key\n"
    assert (read.tls_certificate, read.ssh_public) == (RING.tls_certificate, RING.ssh_public)
    assert read.ssh_certificates == RING.ssh_certificates
    assert keys.ssh_certificate(HOST, USER, "leaf") == ""


def test_other_keys_take_everything_old_with_them(tmp_path: Path) -> None:
    from dataclasses import replace

    keys = KeyStore(tmp_path)
    keys.write_key_ring(HOST, USER, RING)
    files = keys.resource_files(ResourceFolder.DATABASE, HOST, USER, "root", "pg")
    keys.write_resource(files, b"c", Secret(b"k"))
    keys.write_ssh_certificate(HOST, USER, "leaf", "line\n")
    keys.write_key_ring(HOST, USER, RING)
    assert files.certificate.exists()
    keys.write_key_ring(HOST, USER, replace(RING, tls_private=Secret(b"another\n")))
    assert not files.certificate.exists()
    assert keys.ssh_certificate(HOST, USER, "leaf") == ""


def test_an_empty_key_file_is_no_login(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path)
    keys.write_key_ring(HOST, USER, RING)
    keys.paths(HOST, USER).tls_key.write_bytes(b"")
    with pytest.raises(Refused) as caught:
        keys.key_ring(HOST, USER)
    assert caught.value.needs_login


def test_authorities(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path)
    root = TrustedCluster(name="root", tls_pems=(PEMS[0], PEMS[1]), ssh_keys=("ssh-ed25519 A",))
    leaf = TrustedCluster(name="leaf", tls_pems=(PEMS[2],), ssh_keys=("ssh-ed25519 B",))
    (tmp_path / "known_hosts").write_text(
        "somewhere.else ssh-rsa XYZ\nroot ssh-ed25519 A\n# a comment\n"
    )
    keys.write_authorities(HOST, [root])
    keys.write_authorities(HOST, [root, leaf])
    assert keys.authorities(HOST) == [leaf, root]
    assert (tmp_path / "known_hosts").read_text().splitlines() == [
        "somewhere.else ssh-rsa XYZ",
        "# a comment",
        f"@cert-authority {HOST},root,*.root ssh-ed25519 A type=host",
        f"@cert-authority {HOST},leaf,*.leaf ssh-ed25519 B type=host",
    ]
    folder = tmp_path / "keys" / HOST
    assert (folder / "certs.pem").read_bytes() == b"".join(pem + b"\n" for pem in PEMS)
    assert (folder / "cas" / "root.pem").read_bytes() == PEMS[0] + PEMS[1]
    assert keys.authorities("another.proxy") == []


def test_kubernetes_has_key_and_certificate_in_one_file(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path)
    files = keys.resource_files(ResourceFolder.KUBE, HOST, USER, "root", "dev")
    assert keys.resource_pair(files) is None
    keys.write_resource(files, b"certificate\n", Secret(b"key\n"))
    assert files.key.name == "dev.cred"
    assert files.key.read_bytes() == b"key\n\ncertificate\n"
    pair = keys.resource_pair(files)
    assert pair is not None
    assert (pair[0].reveal(), pair[1]) == (b"key\n", b"certificate\n")
    assert keys.delete_resource(files)
    assert not keys.delete_resource(files)


def test_mongodb_wants_the_key_in_the_certificate_file_too(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path)
    files = keys.resource_files(ResourceFolder.DATABASE, HOST, USER, "root", "m")
    keys.write_resource(files, b"certificate\n", Secret(b"key\n"), joined=True)
    assert files.certificate.read_bytes() == b"certificate\nkey\n"


def test_logout_of_one_user_leaves_the_rest(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path)
    keys.write_key_ring(HOST, USER, RING)
    keys.write_key_ring(HOST, "bob", RING)
    keys.write_authorities(HOST, [TrustedCluster(name="root", tls_pems=(PEMS[0],))])
    assert keys.delete_user(HOST, USER)
    assert not keys.delete_user(HOST, USER)
    assert keys.key_ring(HOST, "bob").tls_certificate == RING.tls_certificate
    assert (tmp_path / "keys" / HOST / "cas" / "root.pem").exists()
    assert not (tmp_path / "keys" / HOST / "alice-ssh").exists()


def test_logout_of_all_keeps_settings(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path)
    keys.write_key_ring(HOST, USER, RING)
    for name in ("config/config.yaml", "bin/tool", "id_vnet", "proxy.example.com.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    outside = tmp_path.parent / "outside"
    outside.mkdir()
    (outside / "file").write_text("x")
    (tmp_path / "link").symlink_to(outside)
    keys.delete_all()
    assert set(_files(tmp_path)) == {"config/config.yaml", "bin/tool", "id_vnet"}
    assert (outside / "file").read_text() == "x"
    KeyStore(tmp_path / "none").delete_all()


@pytest.mark.parametrize("name", ["", "..", "a/b", "../../etc"])
def test_names_stay_inside_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        KeyStore(tmp_path).paths(HOST, name)


def test_a_lock_held_by_another_program_is_said(tmp_path: Path) -> None:
    from teleterm.osutil import locks

    keys = KeyStore(tmp_path)
    keys.write_key_ring(HOST, USER, RING)
    path = keys.paths(HOST, USER).tls_key
    if sys.platform == "win32":
        path = path.with_name(f"{path.name}.lock.tmp")
    held = locks.try_take(path)
    assert held is not None
    with pytest.raises(BadInput, match="Another program"):
        keys.write_tls_certificate(HOST, USER, b"x")
    held.release()
    keys.write_tls_certificate(HOST, USER, b"x")
