"""How a recorded session with a database looks."""

import datetime

from teleterm.protogen.teleport.events import events_pb2 as events
from teleterm.tsh.database_play import DatabaseSession

START = datetime.datetime(2026, 11, 3, 16, 26, 45, tzinfo=datetime.UTC)
DATABASE = events.DatabaseMetadata(DatabaseService="pg", DatabaseName="shop")


def at(seconds: float) -> events.Metadata:
    made = events.Metadata()
    made.Time.FromDatetime(START + datetime.timedelta(seconds=seconds))
    return made


SESSION = DatabaseSession(events.DatabaseSessionStart(Metadata=at(0), Database=DATABASE))


def shown(event: events.OneOf) -> tuple[int, bytes] | None:
    piece = SESSION.piece(event)
    return (piece.at_ms, piece.data) if piece else None


def query(text: str, seconds: float) -> events.OneOf:
    made = events.DatabaseSessionQuery(Metadata=at(seconds), Database=DATABASE, DatabaseQuery=text)
    return events.OneOf(DatabaseSessionQuery=made)


def result(seconds: float, *, rows: int = 0, error: str = "") -> events.OneOf:
    made = events.DatabaseSessionCommandResult(
        Metadata=at(seconds),
        Status=events.Status(Success=not error, Error=error),
        AffectedRecords=rows,
    )
    return events.OneOf(DatabaseSessionCommandResult=made)


def test_a_session() -> None:
    began = b'Session started to database "pg" at Tue Nov  3 16:26 UTC\r\n'
    assert (SESSION.beginning.at_ms, SESSION.beginning.data) == (0, began)
    assert shown(query("select 1,\n  2", 1.5)) == (1500, b"\r\nshop=> select 1,\r\n       2\r\n")
    assert shown(result(1.6, rows=1)) == (1600, b"SUCCESS\r\n(1 row affected)\r\n")
    assert shown(result(1.7, rows=1)) is None, "of nothing that was shown"
    shown(query("bad", 2))
    assert shown(result(2, error="syntax \x1b[2J")) == (2000, b"syntax \\x1b[2J\r\n")
    shown(query("delete", 3))
    assert shown(result(3, rows=7)) == (3000, b"SUCCESS\r\n(7 rows affected)\r\n")
    end = events.OneOf(DatabaseSessionEnd=events.DatabaseSessionEnd(Metadata=at(90)))
    assert shown(end) == (90_000, b"\r\nSession ended at Tue Nov  3 16:28 UTC\r\n")


def test_queries_cannot_draw() -> None:
    assert shown(query("select '\x1b]0;title\x07'", 0)) == (
        0,
        b"\r\nshop=> select '\\x1b]0;title\\x07'\r\n",
    )
