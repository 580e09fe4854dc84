"""The daemon's certificate and the pool of clients."""

import datetime
import stat
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from teleterm.model.clock import ManualClock
from teleterm.tshd import certificates
from teleterm.tshd.certificates import CLIENT_CERTS, ClientPool

CLOCK = ManualClock(datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC))


def test_one_file_serves_both_roles(tmp_path: Path) -> None:
    pair = certificates.make(CLOCK)
    certificates.publish(tmp_path / "certs", pair)
    path = tmp_path / "certs" / "tshd.crt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found = x509.load_pem_x509_certificate(path.read_bytes())
    usage = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert set(usage) == {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH}
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "localhost.local"]
    assert found.not_valid_after_utc - CLOCK.now() == datetime.timedelta(days=825)


def test_each_start_has_its_own() -> None:
    assert certificates.make(CLOCK).certificate != certificates.make(CLOCK).certificate


def test_the_pool_is_empty_until_both_files_are_whole(tmp_path: Path) -> None:
    pool = ClientPool(tmp_path)
    first, second = (certificates.make(CLOCK).certificate for _ in range(2))
    assert pool.roots() == b""
    (tmp_path / CLIENT_CERTS[0]).write_bytes(first)
    assert pool.roots() == b""
    (tmp_path / CLIENT_CERTS[1]).write_bytes(b"half of a cert")
    assert pool.roots() == b""
    (tmp_path / CLIENT_CERTS[1]).write_bytes(second)
    assert first in pool.roots()
    assert second in pool.roots()
