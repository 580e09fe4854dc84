"""`tsh mfa ls`: the devices for the second factor."""

import sys
from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document, table, times

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2 as types

_KINDS = {"totp": "TOTP", "u2f": "U2F", "webauthn": "WebAuthn", "sso": "SSO"}


def run(parsed: Parsed) -> int:
    """Print them by name."""
    context = contexts.start(parsed)
    devices = contexts.wait(context.with_cluster(_devices))
    if parsed.text("format") != "text":
        sys.stdout.write(_dump(devices, parsed.text("format")))
        return 0
    verbose = parsed.is_on("verbose")
    titles = ["Name", *(["ID"] if verbose else []), "Type", "Added at", "Last used"]
    rows = [_cells(one, verbose=verbose) for one in devices]
    sys.stdout.write(table.make(titles, rows).draw() + "\n")
    return 0


async def _devices(client: "ClusterClient") -> "list[types.MFADevice]":
    from teleterm.client import devices

    return await devices.listed(await client.root_auth())


def _dump(devices: "list[types.MFADevice]", format_name: str) -> str:
    """The list as the official program prints it: in JSON each device stands on a line."""
    if not devices:
        return "null\n"
    from teleterm.client.devices import as_json

    values = [as_json(one) for one in devices]
    if format_name == "yaml":
        return document.dump(values, "yaml")
    import json

    lines = (json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in values)
    return "[\n" + ",\n".join(f"  {document.escaped(line)}" for line in lines) + "\n]\n"


def _cells(device: "types.MFADevice", *, verbose: bool) -> list[str]:
    return [
        device.metadata.Name,
        *([device.id] if verbose else []),
        _KINDS.get(device.WhichOneof("device") or "", "unknown"),
        times.rfc1123(device.added_at.seconds),
        times.rfc1123(device.last_used.seconds),
    ]
