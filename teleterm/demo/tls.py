"""The TLS settings of each thing behind the port."""

import ssl
from collections.abc import Sequence
from pathlib import Path

from teleterm.demo.authorities import KeyPair


def server_context(
    pair: KeyPair,
    folder: Path,
    *,
    protocols: Sequence[str] = (),
    client_authorities: Sequence[bytes] = (),
    needs_client: bool = False,
) -> ssl.SSLContext:
    """Make a server's context; the server's order of `protocols` decides.

    `client_authorities` are PEM certificates: with them a client may show a certificate, and with
    `needs_client` it must. The `ssl` module reads key pairs from files only, so `folder` holds one
    for as long as the call lasts.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    path = folder / "server.pem"
    path.touch(mode=0o600)
    try:
        path.write_bytes(pair.certificate + pair.key)
        context.load_cert_chain(path)
    finally:
        path.unlink()
    if protocols:
        context.set_alpn_protocols(list(protocols))
    if client_authorities:
        bundle = b"".join(client_authorities).decode("ascii")
        context.load_verify_locations(cadata=bundle)
        context.verify_mode = ssl.CERT_REQUIRED if needs_client else ssl.CERT_OPTIONAL
    return context
