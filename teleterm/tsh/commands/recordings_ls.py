"""`tsh recordings ls`: the recorded sessions of a cluster."""

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput
from teleterm.tsh import context as contexts
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document, events, plain, table
from teleterm.tsh.render.document import Value
from teleterm.wire import durations

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.events import events_pb2

_TITLES = ("ID", "Type", "Participants", "Target", "Timestamp")
_LONGEST = timedelta(days=365)
_USUAL = timedelta(hours=24)


def run(parsed: Parsed) -> int:
    """List them, the newest first."""
    context = contexts.start(parsed)
    start, end = span(parsed, context.clock.now())
    limit = parsed.number("limit")

    async def ask(client: "ClusterClient") -> "list[events_pb2.OneOf]":
        from teleterm.client import recordings

        return await recordings.ended(await client.auth(), start, end, limit=limit)

    found = [events.inner(one) for one in contexts.wait(context.with_cluster(ask))]
    sys.stdout.write(draw([one for one in found if one is not None], parsed.text("format")))
    return 0


def span(parsed: Parsed, now: datetime) -> tuple[datetime, datetime]:
    """The first and last moment to look at.

    Raises: BadInput when the flags contradict each other or can't be read.
    """
    last = parsed.text("last")
    if last and (parsed.text("from-utc") or parsed.text("to-utc")):
        raise _wrong(
            "use of 'since' is mutually exclusive with 'from-utc' and 'to-utc' flags", "last"
        )
    if last:
        try:
            start = now - timedelta(microseconds=durations.decode_ns(last) // 1000)
        except (ValueError, OverflowError):
            why = f"invalid duration provided to 'since': {last}: expected format: '5h30m40s'"
            raise _wrong(why, "last") from None
        if start > now:
            raise _wrong("invalid '--from-utc': '--from-utc' cannot be in the future", "last")
        return start, now
    end = _day(parsed, "to-utc") or now
    start = _day(parsed, "from-utc") or end - _USUAL
    for name, moment in (("from-utc", start), ("to-utc", end)):
        if moment > now:
            raise _wrong(f"invalid '--{name}': '--{name}' cannot be in the future", name)
    if start > end:
        why = "invalid '--from-utc' time: 'from' must be before '--to-utc'"
        raise _wrong(why, "from-utc")
    if end - start > _LONGEST:
        raise BadInput(
            f"date range for recordings listing too large: {(end - start).days} days specified: "
            f"limit {_LONGEST.days} days",
            field="from-utc",
        )
    return start, end


def _wrong(why: str, field: str) -> BadInput:
    return BadInput(f"cannot request recordings: {why}", field=field)


def draw(found: list[events.Message], format_name: str) -> str:
    """The list in a format."""
    values = [events.document(one) for one in found]
    if format_name == "json":
        return events.to_json(values or None)
    if format_name == "yaml":
        return "---\n".join(document.to_yaml(value) for value in values) or "[]"
    rows = [_row(value) for value in values]
    return table.make(_TITLES, rows).draw()


def _row(value: dict[str, Value]) -> list[str]:
    match value["event"]:
        case "windows.desktop.session.end":
            kind, target = "windows", value.get("desktop_name")
        case "db.session.end":
            kind, target = str(value.get("db_protocol", "")), value.get("db_name")
        case _:
            kind = str(value.get("proto", ""))
            name = "kubernetes_cluster" if kind == "kube" else "server_hostname"
            target = value.get(name)
    people = value.get("participants")
    names = ", ".join(str(one) for one in people) if isinstance(people, list) else ""
    moment = datetime.fromisoformat(str(value["time"]).replace("Z", "+00:00"))
    shown = f"{moment:%b} {moment.day} {moment:%Y %H:%M:%S} UTC"
    return [plain.cell(str(text or "")) for text in (value["sid"], kind, names, target, shown)]


def _day(parsed: Parsed, name: str) -> datetime | None:
    text = parsed.text(name)
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise BadInput(
            f'"{text}" is not a day: write it as 2026-01-31', field=name, value=text
        ) from None
