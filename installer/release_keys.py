"""The private keys that sign releases: a file each, looked at before anything is signed."""

import os
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Root

ROOT_KEYS = ("root-1", "root-2", "root-3")
THRESHOLD = 2


class RepositoryError(Exception):
    """The command can't be carried out; the message says why, and nothing was signed."""


class Keys:
    """Private keys, a file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, name: str) -> CryptoSigner:
        """A new key, never over an old one."""
        path = self._path(name)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists():
            raise RepositoryError(f"{path} is there already.")
        signer = CryptoSigner.generate_ed25519()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(signer.private_bytes)
        return signer

    def get(self, name: str) -> CryptoSigner:
        """A key that is needed now."""
        path = self._path(name)
        if not path.exists():
            raise RepositoryError(f"The key {path} is needed for this.")
        try:
            return CryptoSigner(load_pem_private_key(path.read_bytes(), None))
        except (ValueError, TypeError) as error:
            raise RepositoryError(f"{path} can't be read as a private key: {error}") from None

    def of_role(self, name: str, root: Root) -> CryptoSigner:
        """The key of a role, if it is the one that clients are told to believe."""
        signer = self.get(name)
        if signer.public_key.keyid not in root.roles[name].keyids:
            raise RepositoryError(
                f"{self._path(name)} is not the key that the newest root names for {name}: "
                "clients would refuse what it signs."
            )
        return signer

    def of_root(self, root: Root) -> dict[str, CryptoSigner]:
        """The root keys that are at hand, by name: enough of them, each one believed."""
        found = {name: self.get(name) for name in ROOT_KEYS if self.has(name)}
        for name, signer in found.items():
            if signer.public_key.keyid not in root.roles["root"].keyids:
                raise RepositoryError(f"{self._path(name)} is not a key of the newest root.")
        if len(found) < THRESHOLD:
            raise RepositoryError(
                f"{THRESHOLD} of the {len(ROOT_KEYS)} root keys are needed for this."
            )
        return found

    def set_aside(self, name: str) -> None:
        """Keep an old key under another name: what it signed may be asked about."""
        path = self._path(name)
        path.rename(path.with_name(f"{name}.{datetime.now(UTC):%Y%m%d%H%M%S}.old.pem"))

    def refuse_any_of(self, names: Collection[str]) -> None:
        """Raise when one of these keys is there already."""
        for name in names:
            if self.has(name):
                raise RepositoryError(f"{self._path(name)} is there already.")

    def has(self, name: str) -> bool:
        """Whether a key is at hand."""
        return self._path(name).exists()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.pem"
