"""A tree of three small files with a true manifest, compressed as releases are."""

import hashlib
import io
import json
import tarfile
from pathlib import Path

from installer import build
from teleterm.main.install.firstrun import Payload

PROGRAM = b"#!/bin/sh\necho small tree\n"


def files_of(version: str) -> dict[str, bytes]:
    """What a tree of that version holds."""
    return {"teleterm": PROGRAM, "lib/words": version.encode() * 1000, "lib/deep/x": b"x"}


def packed(
    version: str,
    *,
    changes: dict[str, bytes] | None = None,
    link: str = "",
    program: bytes = PROGRAM,
) -> bytes:
    """The compressed tree; `changes` come after its manifest was made, so that it lies."""
    files = files_of(version) | {"teleterm": program}
    listed = {
        name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
    }
    about = {"version": version, "system": build.system_name(), "files": listed}
    files["manifest.json"] = json.dumps(about).encode()
    files |= changes or {}
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:xz") as tar:
        for folder in ("lib", "lib/deep"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(entry)
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o755 if name == "teleterm" else 0o644
            tar.addfile(entry, io.BytesIO(data))
        if link:
            entry = tarfile.TarInfo("link")
            entry.type, entry.linkname = tarfile.SYMTYPE, link
            tar.addfile(entry)
    return written.getvalue()


def payload(version: str, data: bytes | None = None) -> Payload:
    """What a stub carries."""
    archive = packed(version) if data is None else data
    return Payload(version=version, unpacked_bytes=10_000, open_it=lambda: io.BytesIO(archive))


def is_installed(data: Path, version: str) -> bool:
    """Whether that version stands whole and `current` leads to it."""
    return (data / "current").resolve() == data / "versions" / version and all(
        (data / "versions" / version / name).read_bytes() == content
        for name, content in files_of(version).items()
    )
