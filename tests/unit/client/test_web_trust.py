import datetime
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from teleterm.client import trust
from teleterm.model.errors import BadInput

HAS_STORE = sys.platform in {"darwin", "win32"}
if HAS_STORE:
    pytest.skip("the system's own store is asked there", allow_module_level=True)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system whose bundle and hashed folder lie below the folder given."""
    (tmp_path / "certs").mkdir()
    paths = SimpleNamespace(openssl_cafile=tmp_path / "bundle", openssl_capath=tmp_path / "certs")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    return tmp_path


def certificate(name: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    whole = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(whole)
        .issuer_name(whole)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


ONE, TWO = certificate("one"), certificate("two")


def loaded(context: ssl.SSLContext) -> set[str]:
    """The names of the authorities that were read already."""
    found = context.get_ca_certs(binary_form=True)
    subjects = (x509.load_der_x509_certificate(one).subject for one in found)
    return {subject.rfc4514_string().removeprefix("CN=") for subject in subjects}


def test_a_file_that_holds_the_bundle_and_more_adds_only_the_rest(places: Path) -> None:
    (places / "bundle").write_bytes(ONE)
    extra = places / "extra"
    extra.write_bytes(ONE + b"a comment\n" + TWO)
    assert loaded(trust.web_context({"SSL_CERT_FILE": str(extra)})) == {"one", "two"}
    extra.write_bytes(ONE)
    assert loaded(trust.web_context({"SSL_CERT_FILE": str(extra)})) == {"one"}


def test_a_file_counts_without_a_bundle(places: Path) -> None:
    extra = places / "extra"
    extra.write_bytes(TWO)
    assert loaded(trust.web_context({"SSL_CERT_FILE": str(extra)})) == {"two"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text("no certificate"),
        lambda path: path.unlink(missing_ok=True),
        lambda path: path.write_text("-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----"),
    ],
    ids=["text", "missing", "damaged"],
)
def test_a_file_that_is_none_is_named(places: Path, spoil: Callable[[Path], object]) -> None:
    (places / "bundle").write_bytes(ONE)
    extra = places / "extra"
    spoil(extra)
    with pytest.raises(BadInput, match="can't be read"):
        trust.web_context({"SSL_CERT_FILE": str(extra)})


def test_a_bundle_that_lies_in_the_hashed_folder_too_is_read_from_there(places: Path) -> None:
    (places / "bundle").write_bytes(ONE + TWO)
    for number, one in enumerate((ONE, TWO)):
        (places / "certs" / f"0a0b0c0d.{number}").write_bytes(one)
    assert loaded(trust.web_context({})) == set()
    (places / "certs" / "0a0b0c0d.1").unlink()
    assert loaded(trust.web_context({})) == {"one", "two"}


def test_files_without_a_hash_for_a_name_don_t_count(places: Path) -> None:
    (places / "bundle").write_bytes(ONE)
    (places / "certs" / "one.pem").write_bytes(ONE)
    assert loaded(trust.web_context({})) == {"one"}
