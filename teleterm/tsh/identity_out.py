"""`tsh login --out`: what a login gave, as files for other programs."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from teleterm.client import identity_file
from teleterm.client.profile import Profile
from teleterm.model.errors import ErrorCode, Refused
from teleterm.osutil import atomic
from teleterm.tsh import questions

if TYPE_CHECKING:
    from teleterm.tsh.context import Context

_MODE = 0o600


async def write(context: "Context", profile: Profile) -> list[Path]:
    """Write the files of the wanted format; those that exist only if the person agrees.

    Raises: Refused (ALREADY_EXISTS, NOT_IMPLEMENTED); OSError.
    """
    files = _files(context, profile)
    if not context.parsed.is_on("overwrite"):
        await _ask(list(files))
    for path, data in files.items():
        await asyncio.to_thread(atomic.write, path, data, mode=_MODE)
    return list(files)


def _files(context: "Context", profile: Profile) -> dict[Path, bytes]:
    out, format_name = Path(context.parsed.text("out")), context.parsed.text("format")
    if format_name == "kubernetes":
        raise Refused(
            "Kubernetes files can't be written here.",
            code=ErrorCode.NOT_IMPLEMENTED,
            hint="Use: tsh kube login",
        )
    root = context.store.identity(profile).cluster
    found = identity_file.of_login(
        context.store, profile.name, profile.user, profile.cluster or root
    )
    if format_name == "file":
        return {out: identity_file.encode(found)}
    ring = context.store.keys.key_ring(profile.name, profile.user)
    certificate = out.with_name(f"{out.name}-cert.pub")
    return {out: ring.ssh_private.reveal(), certificate: found.ssh_certificate.encode()}


async def _ask(paths: list[Path]) -> None:
    existing = ", ".join(str(path) for path in paths if path.exists())
    if not existing:
        return
    if not await questions.agreed(f"Destination file(s) {existing} exist. Overwrite?", sys.stderr):
        raise Refused(
            f"not overwriting destination files {existing}", code=ErrorCode.ALREADY_EXISTS
        )
