"""The SSH key and certificate of a login, out of the profile folder's text."""

from typing import TYPE_CHECKING

from teleterm.model.errors import ErrorCode, Refused

if TYPE_CHECKING:
    import asyncssh

    from teleterm.client.keystore import KeyRing


def read(ring: "KeyRing", line: str) -> "tuple[asyncssh.SSHKey, asyncssh.SSHCertificate]":
    """The key of a login, with the certificate in `line`.

    Raises: Refused (needs_login) when either is damaged, as a crash or a full disk leaves files.
    """
    import asyncssh

    try:
        return (
            asyncssh.import_private_key(ring.ssh_private.reveal()),
            asyncssh.import_certificate(line),
        )
    except ValueError as error:  # what asyncssh raises for a key, a certificate and a passphrase
        raise Refused(
            "The SSH key or certificate of your login is damaged.",
            code=ErrorCode.NEEDS_LOGIN,
            hint="Log in again.",
            details=str(error),
        ) from error
