"""The signed releases: `python installer/release_repo.py COMMAND --repo DIR --keys DIR`.

    init                       make keys (see docs/packaging.md) and the first metadata
    add ARCHIVE                add a compressed tree; version and system come from its manifest
    revoke VERSION             never install it again
    floor VERSION              never install anything older
    renew targets|root         sign it again as it is, with a new date
    rotate ROLE|root-N         make a new key; needs two of the three root keys
    publish                    sign snapshot and timestamp anew (the release job, weekly)
    check-expiry [--days N]    fail when something expires within N days

Keys: `root-{1,2,3}.pem` (two of three sign; offline), `targets.pem` (offline), `snapshot.pem` and
`timestamp.pem` (online). A command reads only the keys it needs; what it is given and its keys are
looked at before anything is signed. Where the two online keys are at hand it publishes as well;
where they are kept apart it says so, and clients see nothing of it until `publish` was run there.
"""

import argparse
import hashlib
import json
import re
import sys
import tarfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from securesystemslib.exceptions import StorageError
from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError as MetadataError
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from installer.release_keys import ROOT_KEYS, THRESHOLD, Keys, RepositoryError
from teleterm.main.install import record

INDEX = "teleterm/index.json"
ONLINE = ("snapshot", "timestamp")
LIFETIME_DAYS = {"root": 365, "targets": 90, "snapshot": 14, "timestamp": 14}
WARN_DAYS = 5
RELEASE = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
T = TypeVar("T", Root, Targets, Snapshot, Timestamp)


class Repository:
    """`metadata/` and `targets/` below one folder, ready for any web server."""

    def __init__(self, folder: Path, keys: Keys, now: datetime | None = None) -> None:
        self._folder, self._keys = folder, keys
        self._now = now or datetime.now(UTC)

    def init(self) -> None:
        """Make keys and the first metadata, where there are none yet."""
        if (self._folder / "metadata" / "root.json").exists():
            raise RepositoryError(f"{self._folder} is a place of releases already.")
        self._keys.refuse_any_of((*ROOT_KEYS, "targets", *ONLINE))
        root = Root(consistent_snapshot=True)
        signers = [self._keys.make(name) for name in ROOT_KEYS]
        for signer in signers:
            root.add_key(signer.public_key, "root")
        root.roles["root"].threshold = THRESHOLD
        for name in ("targets", *ONLINE):
            root.add_key(self._keys.make(name).public_key, name)
        for part in ("metadata", "targets"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        self._sign("root", root, signers)
        index: dict[str, object] = {"floor": "0.0.0", "revoked": [], "releases": []}
        self._write_targets(Targets(), index, self._keys.get("targets"))
        self.publish()

    def add(self, archive: Path, *, teleport_min: str, teleport_max: str, notes: str = "") -> bool:
        """Add a compressed tree. One of the same version and system is replaced.

        Gives: whether it is published, here and below.
        """
        least, most = _checked(teleport_min), _checked(teleport_max)
        if record.order(least) > record.order(most):
            raise RepositoryError(f"Teleport {least} to {most} is no range.")
        manifest, unpacked = _manifest(archive)
        version, system = _checked(str(manifest.get("version"))), str(manifest.get("system"))
        targets, index, signer = self._targets(), self._index(), self._targets_key()
        if version in _revoked(index):
            raise RepositoryError(f"{version} was revoked: no client would take it.")
        if record.order(version) < record.order(str(index["floor"])):
            raise RepositoryError(f"{version} is below the floor {index['floor']}.")
        path = f"teleterm/{version}/{archive.name}"
        release: dict[str, object] = {
            "version": version,
            "platform": system,
            "path": path,
            "teleport": {"min": least, "max": most},
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
        return self._write_targets(targets, index, signer)

    def revoke(self, version: str) -> bool:
        """Never install it again."""
        index, signer = self._index(), self._targets_key()
        self._refuse_unknown(_checked(version), index)
        index["revoked"] = sorted({*_revoked(index), version})
        return self._write_targets(self._targets(), index, signer)

    def floor(self, version: str) -> bool:
        """Never install anything older than this release."""
        index, signer = self._index(), self._targets_key()
        self._refuse_unknown(_checked(version), index)
        return self._write_targets(self._targets(), index | {"floor": version}, signer)

    def renew(self, role: str) -> bool:
        """Sign the list of releases, or the keys, again as they are: a new date, nothing else."""
        if role == "targets":
            return self._write_targets(self._targets(), self._index(), self._targets_key())
        if role != "root":
            raise RepositoryError('Say "renew targets" or "renew root"; "publish" does the others.')
        root = self._root()
        self._sign("root", root, [*self._keys.of_root(root).values()])
        return True

    def publish(self) -> None:
        """Sign snapshot and timestamp anew."""
        signers = self._online_keys()
        targets = self._targets()
        snapshot = self._load("snapshot", Snapshot) or Snapshot()
        snapshot.meta["targets.json"] = MetaFile(version=targets.version)
        self._sign("snapshot", snapshot, [signers["snapshot"]])
        timestamp = self._load("timestamp", Timestamp) or Timestamp()
        timestamp.snapshot_meta = MetaFile(version=snapshot.version)
        self._sign("timestamp", timestamp, [signers["timestamp"]])

    def rotate(self, name: str) -> bool:
        """Make a new key for a role, or one of the root keys; what it signed is signed again."""
        root = self._root()
        if name not in {"targets", *ONLINE, *ROOT_KEYS}:
            raise RepositoryError(f'There is no key "{name}" that could be changed.')
        before = self._keys.of_root(root)
        targets, index = self._targets(), self._index()
        for online in {*ONLINE} - {name}:
            if self._keys.has(online):
                self._keys.of_role(online, root)
        if name in ROOT_KEYS:
            return self._rotate_root(root, name, before)
        for key_id in list(root.roles[name].keyids):
            root.revoke_key(key_id, name)
        if self._keys.has(name):
            self._keys.set_aside(name)
        signer = self._keys.make(name)
        root.add_key(signer.public_key, name)
        self._sign("root", root, [*before.values()])
        if name == "targets":
            return self._write_targets(targets, index, signer)
        return self._publish_if_possible()

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

    def _rotate_root(self, root: Root, name: str, before: dict[str, CryptoSigner]) -> bool:
        """Replace a root key that is at hand, or, where just two are, the one that is not.

        Shape: signed by those before and those after, so that clients of either root believe it.
        """
        if name in before:
            gone = before[name].public_key.keyid
        else:
            known = {signer.public_key.keyid for signer in before.values()}
            (gone,) = set(root.roles["root"].keyids) - known
        root.revoke_key(gone, "root")
        if name in before:
            self._keys.set_aside(name)
        new = self._keys.make(name)
        root.add_key(new.public_key, "root")
        self._sign("root", root, [*before.values(), new])
        return True

    def _refuse_unknown(self, version: str, index: dict[str, object]) -> None:
        known = {str(one["version"]) for one in _releases(index)}
        if version not in known:
            raise RepositoryError(
                f"There is no release {version}; there are: "
                f"{', '.join(sorted(known, key=record.order)) or 'none'}."
            )

    def _online_keys(self) -> dict[str, CryptoSigner]:
        root = self._root()
        return {name: self._keys.of_role(name, root) for name in ONLINE}

    def _targets_key(self) -> CryptoSigner:
        """The key of the list; the online ones are looked at as well where both are here."""
        if self._is_online():
            self._online_keys()
        return self._keys.of_role("targets", self._root())

    def _is_online(self) -> bool:
        return all(self._keys.has(name) for name in ONLINE)

    def _publish_if_possible(self) -> bool:
        if self._is_online():
            self.publish()
        return self._is_online()

    def _root(self) -> Root:
        root = self._load("root", Root)
        if root is None:
            raise RepositoryError(f"{self._folder} is no place of releases: make one by init.")
        return root

    def _targets(self) -> Targets:
        targets = self._load("targets", Targets)
        if targets is None:
            raise RepositoryError(f"{self._folder} has no list of releases (targets.json).")
        return targets

    def _index(self) -> dict[str, object]:
        digest = self._targets().targets[INDEX].hashes["sha512"]
        path = self._folder / "targets" / "teleterm" / f"{digest}.index.json"
        found: dict[str, object] = json.loads(path.read_bytes())
        return found

    def _write_targets(
        self, targets: Targets, index: dict[str, object], signer: CryptoSigner
    ) -> bool:
        self._store(targets, INDEX, json.dumps(index, indent=1, sort_keys=True).encode())
        self._sign("targets", targets, [signer])
        return self._publish_if_possible()

    def _store(self, targets: Targets, path: str, data: bytes) -> None:
        digest = hashlib.sha512(data).hexdigest()
        targets.targets[path] = TargetFile(length=len(data), hashes={"sha512": digest}, path=path)
        place = self._folder / "targets" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        _replace(place.with_name(f"{digest}.{place.name}"), data)

    def _sign(self, name: str, role: T, signers: Sequence[CryptoSigner]) -> None:
        """Raise the version, set the date, sign, write; clients find it by its number."""
        place = self._folder / "metadata"
        if (place / f"{name}.json").exists():
            role.version += 1
        role.expires = (self._now + timedelta(days=LIFETIME_DAYS[name])).replace(microsecond=0)
        signed = Metadata(role)
        for signer in signers:
            signed.sign(signer, append=True)
        data = signed.to_bytes()
        if name != "timestamp":
            _replace(place / f"{role.version}.{name}.json", data)
        _replace(place / f"{name}.json", data)

    def _load(self, name: str, kind: type[T]) -> T | None:
        path = self._folder / "metadata" / f"{name}.json"
        if not path.exists():
            return None
        found = Metadata[T].from_bytes(path.read_bytes()).signed
        if not isinstance(found, kind):
            raise RepositoryError(f"{path} is of another kind.")
        return found


def _replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a web server may read it just now."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(data)
    beside.replace(path)


def _checked(version: str) -> str:
    if not (RELEASE.fullmatch(version) and record.is_version(version)):
        raise RepositoryError(f'"{version}" is no version; one looks like 1.4.0.')
    return version


def _releases(index: dict[str, object]) -> list[dict[str, object]]:
    found = index["releases"]
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _revoked(index: dict[str, object]) -> list[str]:
    found = index["revoked"]
    return [str(one) for one in found] if isinstance(found, list) else []


def _manifest(archive: Path) -> tuple[dict[str, object], int]:
    """The manifest of a compressed tree, and its size unpacked."""
    manifest: dict[str, object] = {}
    size = 0
    try:
        with tarfile.open(archive, "r|xz") as tar:
            for entry in tar:
                size += entry.size
                if entry.name == "manifest.json" and (content := tar.extractfile(entry)):
                    manifest = json.load(content)
    except (OSError, tarfile.TarError, EOFError, ValueError) as error:
        raise RepositoryError(f"{archive} can't be read as a compressed tree: {error}") from None
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


def _add(repository: Repository, options: argparse.Namespace) -> bool:
    archive = Path(options.what)
    is_published = repository.add(
        archive,
        teleport_min=options.teleport_min,
        teleport_max=options.teleport_max,
        notes=options.notes,
    )
    sys.stdout.write(f"added {archive.name}\n")
    return is_published


def _check(repository: Repository, options: argparse.Namespace) -> None:
    soon = repository.expiring(timedelta(days=options.days))
    if soon:
        raise RepositoryError("; ".join(soon))


COMMANDS: dict[str, Callable[[Repository, argparse.Namespace], bool | None]] = {
    "init": lambda repository, _: repository.init(),
    "add": _add,
    "revoke": lambda repository, options: repository.revoke(options.what),
    "floor": lambda repository, options: repository.floor(options.what),
    "renew": lambda repository, options: repository.renew(options.what),
    "rotate": lambda repository, options: repository.rotate(options.what),
    "publish": lambda repository, _: repository.publish(),
    "check-expiry": _check,
}
BARE = frozenset({"init", "publish", "check-expiry"})


def main(argv: list[str]) -> int:
    """Do one command; gives the exit status."""
    options = parser().parse_args(argv)
    try:
        if bool(options.what) == (options.command in BARE):
            raise RepositoryError(
                f"{options.command} takes {'nothing' if options.what else 'one word'} (see --help)."
            )
        is_published = COMMANDS[options.command](
            Repository(options.repo, Keys(options.keys)), options
        )
    except (RepositoryError, MetadataError, StorageError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if is_published is False:
        sys.stdout.write(
            "Signed, not published: run `publish` where the keys of snapshot and timestamp are; "
            "copy nothing to the server before that.\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
