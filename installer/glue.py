"""Put the single file together: bootloader, payload, footer, and the stub's archive last.

The archive must come last: the bootloader looks for its mark from the file's end.
"""

import hashlib
import lzma
import os
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path

from installer import footer

DICTIONARY = 64 * 1024 * 1024
"""Larger than any two of the large libraries, so that what they share is packed once."""
FULL_PRESET = 9
DATE = int(os.environ.get("SOURCE_DATE_EPOCH", "1700000000"))


def compress(tree: Path, target: Path, preset: int = FULL_PRESET) -> Path:
    """Pack a tree as .tar.xz: the same tree gives the same bytes, on every day and machine."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": preset}]
    if preset == FULL_PRESET:
        filters[0]["dict_size"] = DICTIONARY
    with lzma.open(target, "wb", filters=filters) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for path in sorted(tree.rglob("*"), key=lambda one: one.relative_to(tree).as_posix()):
                tar.add(path, path.relative_to(tree).as_posix(), recursive=False, filter=_plain)
    return target


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """What the footer says of the tree: its version, and its size unpacked."""

    version: str
    size: int


def glue(bootloader: Path, archive: Path, payload: Path, tree: Tree, target: Path) -> Path:
    """Write the single file."""
    head, body = bootloader.read_bytes(), payload.read_bytes()
    about = footer.Footer(
        offset=len(head),
        length=len(body),
        unpacked=tree.size,
        sha256=hashlib.sha256(body).digest(),
        version=tree.version,
    )
    temporary = target.with_name(f".{target.name}.tmp")
    temporary.write_bytes(head + body + footer.pack(about) + archive.read_bytes())
    shutil.copymode(bootloader, temporary)
    temporary.replace(target)
    return target


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without what differs between builds: owner, time, the builder's umask."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = DATE
    is_program = entry.isdir() or bool(entry.mode & 0o100)
    entry.mode = 0o755 if is_program else 0o644
    return entry
