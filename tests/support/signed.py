"""A signed repository with throwaway keys, made by the script that makes the real one."""

import io
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from installer.release_keys import Keys
from installer.release_repo import Repository
from teleterm.main.update import tufclient

SYSTEM = "linux-x86_64"


def archive(folder: Path, version: str, system: str = SYSTEM) -> Path:
    """A compressed tree that holds nothing but its manifest."""
    path = folder / f"teleterm-{version}-{system}.tar.xz"
    manifest = {"version": version, "system": system, "min_glibc": "2.28", "files": {}}
    with tarfile.open(path, "w:xz") as tar:
        data = json.dumps(manifest).encode()
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))
    return path


class Signed:
    """A repository in a folder, with its keys beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repo, self.keys = folder / "repo", folder / "keys"
        self.at().init()
        self.root = (self.repo / "metadata" / "1.root.json").read_bytes()

    def at(self, now: datetime | None = None) -> Repository:
        """The maintainer's tool, at a moment."""
        return Repository(self.repo, Keys(self.keys), now or datetime.now(UTC))

    def add(self, version: str, *, least: str = "17.0.0", most: str = "18.99.99") -> None:
        """Publish a release that holds nothing."""
        self.at().add(archive(self.folder, version), teleport_min=least, teleport_max=most)

    def client(self, state: Path, root: bytes | None = None) -> tufclient.Repository:
        """What a user's program opens."""
        return tufclient.Repository(f"file://{self.repo}", root or self.root, state, total_s=20)
