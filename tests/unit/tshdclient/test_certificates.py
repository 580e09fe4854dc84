from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from teleterm.model.clock import ManualClock
from teleterm.tshdclient import certificates


def test_both_files_hold_the_one_certificate_and_old_ones_are_gone(tmp_path: Path) -> None:
    folder = tmp_path / "certs"
    folder.mkdir()
    (folder / "tshd.crt").write_text("of yesterday")
    pair = certificates.make(ManualClock(datetime(2026, 1, 1, tzinfo=UTC)))
    certificates.publish(folder, pair)
    assert {path.name for path in folder.iterdir()} == {"renderer.crt", "main-process.crt"}
    assert (folder / "renderer.crt").read_bytes() == pair.certificate
    made = x509.load_pem_x509_certificate(pair.certificate)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert b"PRIVATE KEY" in pair.key
