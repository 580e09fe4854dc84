"""`tsh play`: a recorded session, as it looked or as a document."""

import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.tsh import context as contexts
from teleterm.tsh import terminal
from teleterm.tsh.database_play import PROTOCOLS, DatabaseSession
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.player import Piece, Player
from teleterm.tsh.typed_input import TypedInput, write_all

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.events import events_pb2

_STDIN, _STDOUT = 0, 1
_SPEEDS = {"0.5x": 0.5, "1x": 1.0, "2x": 2.0, "4x": 4.0, "8x": 8.0}
_EXPORT = "See it with --format=json or --format=yaml."
_UNPLAYABLE = {
    "WindowsDesktopSessionStart": ("desktop", "Watch it in the web interface."),
    "AppSessionStart": ("app", _EXPORT),
    "AppSessionChunk": ("app", _EXPORT),
}
SESSION_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def run(parsed: Parsed) -> int:
    """Play it."""
    ident = parsed.text("session-id")
    format_name = parsed.text("format")
    if format_name != "pty" and parsed.text("speed") != "1x":
        sys.stderr.write("WARNING: --speed changes nothing in this format.\n")
    if ident.endswith(".tar"):
        return contexts.wait(_from_file(Path(ident), parsed))
    if not SESSION_ID.fullmatch(ident):
        raise BadInput(f"'{ident}' is not a valid session ID (must be GUID)", field="session-id")
    context = contexts.start(parsed)

    async def work(client: "ClusterClient") -> int:
        from teleterm.client import recordings

        events = recordings.stream(await client.auth(), ident)
        try:
            if format_name == "pty":
                await _play(events, parsed)
            else:
                await _export(events, format_name)
        except Refused as error:
            if error.code is not ErrorCode.NOT_FOUND:
                raise
            why = f"Recording for session {ident} not found."
            raise Refused(why, code=error.code, details=error.details) from error
        return 0

    return contexts.wait(context.with_cluster(work))


async def _from_file(path: Path, parsed: Parsed) -> int:
    """Play a recording that somebody has as a file; no cluster is asked."""
    from teleterm.client import recordings

    events = recordings.of_file(path)
    format_name = parsed.text("format")
    if format_name == "pty":
        await _play(events, parsed)
    elif format_name == "text":
        await _export(events, format_name)
    else:
        await _export_lines(events, format_name)
    return 0


async def _play(events: "AsyncIterator[events_pb2.OneOf]", parsed: Parsed) -> None:
    player = Player(
        lambda data: write_all(_STDOUT, data),
        speed=_SPEEDS[parsed.text("speed")],
        skip_idle=parsed.is_on("skip-idle-time"),
    )
    has_person = os.isatty(_STDIN)
    keys = TypedInput(player.key) if has_person else None
    with terminal.raw_mode(_STDIN) if has_person else nullcontext():
        if keys is not None:
            keys.resume()
        try:
            await player.play(pieces(events))
        finally:
            if keys is not None:
                keys.close()
            if has_person:
                write_all(_STDOUT, b"\x1b[0m\r\n")


async def pieces(events: "AsyncIterator[events_pb2.OneOf]") -> AsyncIterator[Piece]:
    """What the events put on the screen.

    Raises: Refused for sessions that were no terminals.
    """
    at_ms = 0
    database: DatabaseSession | None = None
    async for event in events:
        if database is not None:
            shown = database.piece(event)
            if shown is not None:
                yield shown
            continue
        match event.WhichOneof("Event"):
            case "SessionPrint":
                at_ms = event.SessionPrint.DelayMilliseconds
                yield Piece(at_ms, event.SessionPrint.Data)
            case "SessionStart":
                yield Piece(at_ms, _size(event.SessionStart.TerminalSize))
            case "Resize":
                yield Piece(at_ms, _size(event.Resize.TerminalSize))
            case "DatabaseSessionStart":
                database = _database(event.DatabaseSessionStart)
                yield database.beginning
            case kind if kind in _UNPLAYABLE:
                raise _not_playable(*_UNPLAYABLE[kind])
            case _:
                pass  # nothing to see


def _database(start: "events_pb2.DatabaseSessionStart") -> DatabaseSession:
    if start.Database.DatabaseProtocol not in PROTOCOLS:
        raise _not_playable("database", _EXPORT)
    return DatabaseSession(start)


def _size(text: str) -> bytes:
    """Ask the terminal to take the size of the recorded one."""
    cols, _, rows = text.partition(":")
    if not (cols.isdigit() and rows.isdigit() and len(text) < 10):
        return b""
    return f"\x1b[8;{rows};{cols}t".encode()


def _not_playable(kind: str, hint: str) -> Refused:
    return Refused(
        f"The recording of a session with {'an' if kind == 'app' else 'a'} {kind} "
        "can't be played in a terminal.",
        code=ErrorCode.NOT_IMPLEMENTED,
        hint=hint,
    )


async def _export(events: "AsyncIterator[events_pb2.OneOf]", format_name: str) -> None:
    """Write the events as they come. In `text` only what was on the screen."""
    from teleterm.tsh.render import document
    from teleterm.tsh.render import events as rendering

    count = 0
    out = sys.stdout
    async for event in events:
        if not count and format_name == "json":
            out.write("[\n")
        count += 1
        if format_name == "text":
            write_all(_STDOUT, event.SessionPrint.Data)
            continue
        inner = rendering.inner(event)
        if inner is None:
            continue
        value = rendering.document(inner)
        value.pop("uid", None)
        if format_name == "json":
            out.write(",\n" if count > 1 else "")
            out.write("    " + rendering.to_json(value, prefix="    "))
        else:
            out.write("---\n" if count > 1 else "")
            out.write(document.to_yaml(value))
    if format_name == "json":
        out.write("]\n" if count else "[\n]\n")


async def _export_lines(events: "AsyncIterator[events_pb2.OneOf]", format_name: str) -> None:
    """Write the events of a file: each a line of JSON, or a document of YAML."""
    from teleterm.tsh.render import document
    from teleterm.tsh.render import events as rendering

    async for event in events:
        inner = rendering.inner(event)
        if inner is None:
            continue
        value = rendering.document(inner)
        if format_name == "json":
            sys.stdout.write(rendering.to_line(value) + "\n")
        else:
            sys.stdout.write("---\n" + document.to_yaml(value))
