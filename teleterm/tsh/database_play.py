"""What a recorded session with a PostgreSQL database looks like: queries, and how many rows."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from teleterm.tsh.player import Piece
from teleterm.tsh.render import plain, times

if TYPE_CHECKING:
    from teleterm.protogen.teleport.events import events_pb2

PROTOCOLS = frozenset({"postgres", "cockroachdb"})


class DatabaseSession:
    """Turns the events after the start of a session into what is shown, at their time.

    Prepared statements are not shown: their events aren't known here.
    """

    def __init__(self, start: "events_pb2.DatabaseSessionStart") -> None:
        self._started = times.moment(start.Metadata.Time)
        self._awaits_result = False
        name = start.Database.DatabaseService
        self.beginning = Piece(
            0, _lines(f'Session started to database "{name}" at ', self._started)
        )

    def piece(self, event: "events_pb2.OneOf") -> Piece | None:
        """What an event shows; None for nothing."""
        match event.WhichOneof("Event"):
            case "DatabaseSessionQuery":
                self._awaits_result = True
                query = event.DatabaseSessionQuery
                text = _command(query.Database.DatabaseName, query.DatabaseQuery)
                return self._at(query.Metadata, text)
            case "DatabaseSessionCommandResult" if self._awaits_result:
                self._awaits_result = False
                result = event.DatabaseSessionCommandResult
                return self._at(result.Metadata, _result(result))
            case "DatabaseSessionEnd":
                end = event.DatabaseSessionEnd.Metadata
                shown = b"\r\n" + _lines("Session ended at ", times.moment(end.Time))
                return self._at(end, shown)
            case _:
                return None

    def _at(self, metadata: "events_pb2.Metadata", shown: bytes) -> Piece:
        passed = times.moment(metadata.Time) - self._started
        return Piece(int(passed.total_seconds() * 1000), shown)


def _command(database: str, text: str) -> bytes:
    """The query behind a prompt, its other lines below the first."""
    lead = f"{plain.cell(database)}=> "
    first, *others = [plain.cell(line.strip()) for line in text.split("\n")]
    lines = [f"{lead}{first}", *(" " * len(lead) + line for line in others)]
    return ("\r\n" + "".join(f"{line}\r\n" for line in lines)).encode()


def _result(result: "events_pb2.DatabaseSessionCommandResult") -> bytes:
    if not result.Status.Success:
        return f"{plain.cell(result.Status.Error)}\r\n".encode()
    count = result.AffectedRecords
    shown = f"SUCCESS\r\n({count} row{'' if count == 1 else 's'} affected)\r\n"
    return shown.encode()


def _lines(text: str, moment: datetime) -> bytes:
    when = moment.astimezone(UTC)
    stamp = f"{when:%a %b} {when.day:2} {when:%H:%M} UTC"
    return f"{plain.cell(text)}{stamp}\r\n".encode()
