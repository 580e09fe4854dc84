"""The signed releases: `python installer/release_repo.py COMMAND --repo DIR --keys DIR`.

    init                       make keys (see docs/packaging.md) and the first metadata
    add ARCHIVE                add a compressed tree; version and system come from its manifest
    revoke VERSION             never install it again
    floor VERSION              never install anything older
    publish                    sign snapshot and timestamp anew (the release job, weekly)
    rotate ROLE                give a role a new key; needs two of the three root keys
    check-expiry [--days N]    fail when something expires within N days (5)

Keys: `root-{1,2,3}.pem` (two of three sign; offline), `targets.pem` (offline), `snapshot.pem` and
`timestamp.pem` (online). A command reads only the keys it needs, so that the others may be away.
"""

import argparse
import hashlib
import json
import os
import sys
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

INDEX = "teleterm/index.json"
ROOT_KEYS = ("root-1", "root-2", "root-3")
THRESHOLD = 2
ONLINE = ("snapshot", "timestamp")
LIFETIME_DAYS = {"root": 365, "targets": 90, "snapshot": 14, "timestamp": 14}
WARN_DAYS = 5
T = TypeVar("T", Root, Targets, Snapshot, Timestamp)


class RepositoryError(Exception):
    """The command can't be carried out; the message says why."""


class Keys:
    """Private keys, a file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, name: str) -> CryptoSigner:
        """A new key, never over an old one."""
        path = self._folder / f"{name}.pem"
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
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        path = self._folder / f"{name}.pem"
        if not path.exists():
            raise RepositoryError(f"The key {path} is needed for this.")
        key = load_pem_private_key(path.read_bytes(), None)
        return CryptoSigner(key)

    def set_aside(self, name: str) -> None:
        """Keep an old key under another name: what it signed may be asked about."""
        path = self._folder / f"{name}.pem"
        path.rename(path.with_name(f"{name}.{datetime.now(UTC):%Y%m%d%H%M%S}.old.pem"))

    def has(self, name: str) -> bool:
        """Whether a key is at hand."""
        return (self._folder / f"{name}.pem").exists()


class Repository:
    """`metadata/` and `targets/` below one folder, ready for any web server."""

    def __init__(self, folder: Path, keys: Keys, now: datetime | None = None) -> None:
        self._folder, self._keys = folder, keys
        self._now = now or datetime.now(UTC)

    def init(self) -> None:
        """Make keys and the first metadata."""
        root = Root(consistent_snapshot=True)
        for name in ROOT_KEYS:
            root.add_key(self._keys.make(name).public_key, "root")
        root.roles["root"].threshold = THRESHOLD
        for name in ("targets", *ONLINE):
            root.add_key(self._keys.make(name).public_key, name)
        for part in ("metadata", "targets"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        self._write_root(root, self._keys)
        index: dict[str, object] = {"floor": "0.0.0", "revoked": [], "releases": []}
        self._write_targets(Targets(), index)
        self.publish()

    def add(self, archive: Path, *, teleport_min: str, teleport_max: str, notes: str = "") -> str:
        """Add a compressed tree; gives its version. One of the same name and system is replaced."""
        manifest, unpacked = _manifest(archive)
        version, system = str(manifest["version"]), str(manifest["system"])
        path = f"teleterm/{version}/{archive.name}"
        targets, index = self._targets(), self._index()
        release: dict[str, object] = {
            "version": version,
            "platform": system,
            "path": path,
            "teleport": {"min": teleport_min, "max": teleport_max},
            "min_glibc": str(manifest.get("min_glibc") or "0"),
            "protocol": {"pty": [1]},
            "unpacked_size": unpacked,
            "notes": notes,
            "urgent": False,
        }
        kept = [
            one
            for one in _releases(index)
            if (one["version"], one["platform"]) != (version, system)
        ]
        index["releases"] = [*kept, release]
        self._store(targets, path, archive.read_bytes())
        self._write_targets(targets, index)
        self.publish()
        return version

    def revoke(self, version: str) -> None:
        """Never install it again."""
        index = self._index()
        revoked = index["revoked"]
        assert isinstance(revoked, list)  # noqa: S101 - we wrote it
        index["revoked"] = sorted({*revoked, version})
        self._write_targets(self._targets(), index)
        self.publish()

    def floor(self, version: str) -> None:
        """Never install anything older."""
        self._write_targets(self._targets(), self._index() | {"floor": version})
        self.publish()

    def publish(self) -> None:
        """Sign snapshot and timestamp anew."""
        targets = self._load("targets", Targets)
        snapshot = self._load("snapshot", Snapshot) or Snapshot()
        snapshot.meta["targets.json"] = MetaFile(version=targets.version if targets else 1)
        self._sign("snapshot", snapshot, [self._keys.get("snapshot")])
        timestamp = self._load("timestamp", Timestamp) or Timestamp()
        timestamp.snapshot_meta = MetaFile(version=snapshot.version)
        self._sign("timestamp", timestamp, [self._keys.get("timestamp")])

    def rotate(self, role: str) -> None:
        """Give a role a new key; what it signed is signed again with that."""
        root = self._load("root", Root)
        if root is None or role not in {"targets", *ONLINE}:
            raise RepositoryError(f'There is no role "{role}" whose key could be changed.')
        before = [self._keys.get(name) for name in ROOT_KEYS if self._keys.has(name)]
        if len(before) < THRESHOLD:
            raise RepositoryError(f"{THRESHOLD} of the {len(ROOT_KEYS)} root keys are needed.")
        old = self._keys.get(role) if self._keys.has(role) else None
        for key_id in list(root.roles[role].keyids):
            root.revoke_key(key_id, role)
        if old:
            self._keys.set_aside(role)
        root.add_key(self._keys.make(role).public_key, role)
        self._write_root(root, self._keys)
        if role == "targets":
            self._write_targets(self._targets(), self._index())
        self.publish()

    def expiring(self, within: timedelta) -> list[str]:
        """What expires soon."""
        roles = {
            "root": self._load("root", Root),
            "targets": self._load("targets", Targets),
            "snapshot": self._load("snapshot", Snapshot),
            "timestamp": self._load("timestamp", Timestamp),
        }
        return [
            f"{name} expires {role.expires:%Y-%m-%d}" if role else f"no {name}"
            for name, role in roles.items()
            if role is None or role.expires < self._now + within
        ]

    def _targets(self) -> Targets:
        return self._load("targets", Targets) or Targets()

    def _index(self) -> dict[str, object]:
        digest = self._targets().targets[INDEX].hashes["sha512"]
        path = self._folder / "targets" / "teleterm" / f"{digest}.index.json"
        found: dict[str, object] = json.loads(path.read_bytes())
        return found

    def _write_targets(self, targets: Targets, index: dict[str, object]) -> None:
        self._store(targets, INDEX, json.dumps(index, indent=1, sort_keys=True).encode())
        self._sign("targets", targets, [self._keys.get("targets")])

    def _store(self, targets: Targets, path: str, data: bytes) -> None:
        digest = hashlib.sha512(data).hexdigest()
        targets.targets[path] = TargetFile(length=len(data), hashes={"sha512": digest}, path=path)
        place = self._folder / "targets" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.with_name(f"{digest}.{place.name}").write_bytes(data)

    def _write_root(self, root: Root, keys: Keys) -> None:
        signers = [keys.get(name) for name in ROOT_KEYS if keys.has(name)]
        self._sign("root", root, signers)

    def _sign(self, name: str, role: T, signers: list[CryptoSigner]) -> None:
        """Raise the version, set the date, sign, write; clients find it by its number."""
        place = self._folder / "metadata"
        if (place / f"{name}.json").exists():
            role.version += 1
        role.expires = (self._now + timedelta(days=LIFETIME_DAYS[name])).replace(microsecond=0)
        signed = Metadata(role)
        for signer in signers:
            signed.sign(signer, append=True)
        data = signed.to_bytes()
        (place / f"{name}.json").write_bytes(data)
        if name != "timestamp":
            (place / f"{role.version}.{name}.json").write_bytes(data)

    def _load(self, name: str, kind: type[T]) -> T | None:
        path = self._folder / "metadata" / f"{name}.json"
        if not path.exists():
            return None
        found = Metadata[T].from_bytes(path.read_bytes()).signed
        if not isinstance(found, kind):
            raise RepositoryError(f"{path} is of another kind.")
        return found


def _releases(index: dict[str, object]) -> list[dict[str, object]]:
    found = index["releases"]
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _manifest(archive: Path) -> tuple[dict[str, object], int]:
    """The manifest of a compressed tree, and its size unpacked."""
    manifest: dict[str, object] = {}
    size = 0
    with tarfile.open(archive, "r|xz") as tar:
        for entry in tar:
            size += entry.size
            if entry.name == "manifest.json" and (content := tar.extractfile(entry)):
                manifest = json.load(content)
    if not manifest:
        raise RepositoryError(f"{archive} is no tree of ours: it has no manifest.json.")
    return manifest, size


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("command", choices=[*COMMANDS])
    made.add_argument("what", nargs="?", default="")
    made.add_argument("--repo", type=Path, required=True)
    made.add_argument("--keys", type=Path, required=True)
    made.add_argument("--teleport-min", default="17.0.0")
    made.add_argument("--teleport-max", default="18.99.99")
    made.add_argument("--notes", default="")
    made.add_argument("--days", type=int, default=WARN_DAYS)
    return made


def _add(repository: Repository, options: argparse.Namespace) -> None:
    version = repository.add(
        Path(options.what),
        teleport_min=options.teleport_min,
        teleport_max=options.teleport_max,
        notes=options.notes,
    )
    sys.stdout.write(f"added {version}\n")


def _check(repository: Repository, options: argparse.Namespace) -> None:
    soon = repository.expiring(timedelta(days=options.days))
    if soon:
        raise RepositoryError("; ".join(soon))


COMMANDS: dict[str, Callable[[Repository, argparse.Namespace], None]] = {
    "init": lambda repository, _: repository.init(),
    "add": _add,
    "revoke": lambda repository, options: repository.revoke(options.what),
    "floor": lambda repository, options: repository.floor(options.what),
    "publish": lambda repository, _: repository.publish(),
    "rotate": lambda repository, options: repository.rotate(options.what),
    "check-expiry": _check,
}


def main(argv: list[str]) -> int:
    """Do one command; gives the exit status."""
    options = parser().parse_args(argv)
    try:
        COMMANDS[options.command](Repository(options.repo, Keys(options.keys)), options)
    except RepositoryError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
