"""TLS settings: which authorities are trusted for what, which certificate is shown.

Two kinds, never mixed: the web certificate is checked against the computer's authorities, the
cluster's own services against the cluster's authority.
"""

import os
import re
import ssl
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.model.secret import Secret

_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")


def web_context(
    environ: Mapping[str, str], *, insecure: bool = False, protocols: Sequence[str] = ()
) -> ssl.SSLContext:
    """Settings for the web port: the computer's authorities, and those in SSL_CERT_FILE.

    Raises: BadInput when SSL_CERT_FILE can't be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if insecure else _checking_context(environ)
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


def cluster_context(
    authorities: Sequence[bytes], protocols: Sequence[str], *, cluster: str
) -> ssl.SSLContext:
    """Settings for a cluster's own services; trusts `authorities` (PEM) and nothing else.

    Raises: Refused (NEEDS_LOGIN) when there are none: they come with a login.
    """
    if not authorities:
        raise Refused(
            f"The authority of the cluster {cluster} is not known here.",
            code=ErrorCode.NEEDS_LOGIN,
            hint="Log in again.",
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=b"".join(authorities).decode("ascii", "replace"))
    context.set_alpn_protocols(list(protocols))
    return context


def show_certificate(context: ssl.SSLContext, key: Secret[bytes], certificate: bytes) -> None:
    """Make connections of `context` show a client certificate.

    Raises: Refused (NEEDS_LOGIN) when key and certificate don't fit together.
    """
    text = key.reveal().rstrip(b"\n") + b"\n" + certificate
    try:
        with _readable_file(text) as path:
            context.load_cert_chain(path)
    except (ssl.SSLError, ValueError) as error:
        raise Refused(
            "The certificate of this login is damaged.",
            code=ErrorCode.NEEDS_LOGIN,
            hint="Log in again.",
            details=str(error),
        ) from error


def _load_extra(context: ssl.SSLContext, path: str, known: str = "") -> None:
    """Trust the authorities in a file; those of the file `known` are trusted already.

    A system's bundle takes OpenSSL 20 ms, and such a file often holds all of it again.
    """
    try:
        if known and (new := _only_in(path, known)) is not None:
            if new:
                context.load_verify_locations(cadata=new)
            return
        context.load_verify_locations(cafile=path)
    except (OSError, ssl.SSLError) as error:
        raise BadInput(
            f"The authorities in {path} can't be read.",
            field="SSL_CERT_FILE",
            value=path,
            details=str(error),
        ) from error


def _only_in(path: str, known: str) -> str | None:
    """The certificates of a file that another one lacks, as PEM; None when there is none in it."""
    found, there = _blocks(Path(path)), set(_blocks(Path(known)))
    if not found:
        return None
    return b"\n".join(one for one in found if one not in there).decode("ascii", "replace")


def _blocks(path: Path) -> list[bytes]:
    return _BLOCK.findall(path.read_bytes())


if sys.platform in {"darwin", "win32"}:

    def _checking_context(environ: Mapping[str, str]) -> ssl.SSLContext:
        import truststore

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        extra = environ.get("SSL_CERT_FILE", "")
        if extra:
            _load_extra(context, extra)
        return context

else:

    def _is_covered(bundle: Path, folder: Path) -> bool:
        """Whether the folder holds the whole bundle, each certificate under the hash of its name.

        OpenSSL then reads from the folder just those that it meets, and not all of them each time.
        """
        try:
            with os.scandir(folder) as entries:
                hashed = [Path(one.path) for one in entries if _HASHED.fullmatch(one.name)]
            there = {block for path in hashed for block in _blocks(path)}
            wanted = _blocks(bundle)
        except OSError:
            return False
        return bool(wanted) and there.issuperset(wanted)

    def _checking_context(environ: Mapping[str, str]) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        paths = ssl.get_default_verify_paths()
        bundle = Path(paths.openssl_cafile)
        folder = Path(environ.get("SSL_CERT_DIR", "") or paths.openssl_capath)
        if bundle.is_file() and not _is_covered(bundle, folder):
            context.load_verify_locations(cafile=str(bundle))
        if folder.is_dir():
            context.load_verify_locations(capath=str(folder))
        extra = environ.get("SSL_CERT_FILE", "")
        if extra:
            _load_extra(context, extra, str(bundle) if bundle.is_file() else "")
        return context


if sys.platform == "linux":

    @contextmanager
    def _readable_file(text: bytes) -> Iterator[str]:
        """A name under which OpenSSL can read `text`; it never touches a disk."""
        descriptor = os.memfd_create("teleterm", os.MFD_CLOEXEC)
        try:
            os.write(descriptor, text)
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)

else:

    @contextmanager
    def _readable_file(text: bytes) -> Iterator[str]:
        """A name under which OpenSSL can read `text`: a file of our own, for a moment."""
        descriptor, path = tempfile.mkstemp(prefix="teleterm-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text)
            yield path
        finally:
            Path(path).unlink(missing_ok=True)
