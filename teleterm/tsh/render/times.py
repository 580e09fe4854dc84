"""Points in time and spans as the official program writes them."""

from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable

ZERO = "0001-01-01T00:00:00Z"
_YEAR_ONE_S = -62135596800


@runtime_checkable
class Stamp(Protocol):
    """A point in time as it travels."""

    @property
    def seconds(self) -> int:
        """Whole seconds since 1970."""

    @property
    def nanos(self) -> int:
        """Nanoseconds on top."""


def moment(stamp: Stamp) -> datetime:
    """The point in time; the zero time is the year 1."""
    whole = max(stamp.seconds, _YEAR_ONE_S)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
        seconds=whole, microseconds=stamp.nanos // 1000
    )


def stamped(stamp: Stamp) -> str:
    """`2026-01-02T15:04:05Z` from a point in time as it travels."""
    return rfc3339_parts(stamp.seconds, stamp.nanos)


def remaining(span: timedelta) -> str:
    """`valid for 11h59m`, `valid for <1m` or `EXPIRED`.

    The official program strips the characters `0` and `s` from the end of `12h0m0s` and `10m0s`,
    which also turns `1h10m0s` into `1h10m` and keeps `20m`.
    """
    seconds = span.total_seconds()
    if seconds <= 0:
        return "EXPIRED"
    if seconds < 60:
        return "valid for <1m"
    hours, minutes = divmod(int(seconds) // 60, 60)
    return f"valid for {hours}h{minutes}m" if hours else f"valid for {minutes}m"


def local(moment: datetime) -> str:
    """`2026-01-02 15:04:05 +0100 CET`, in this computer's zone."""
    here = moment.astimezone()
    offset = here.strftime("%z")
    name = here.tzname() or offset
    fraction = f"{here.microsecond:06d}".rstrip("0")
    dot = f".{fraction}" if fraction else ""
    return f"{here:%Y-%m-%d %H:%M:%S}{dot} {offset} {name}"


def rfc3339(moment: datetime) -> str:
    """`2026-01-02T15:04:05Z`, in UTC."""
    utc = moment.astimezone(UTC)
    fraction = f"{utc.microsecond:06d}".rstrip("0")
    return f"{utc:%Y-%m-%dT%H:%M:%S}{'.' + fraction if fraction else ''}Z"


def rfc3339_parts(seconds: int, nanoseconds: int) -> str:
    """The same from whole seconds and nanoseconds since 1970; year 1 for the zero time."""
    if seconds <= -62135596800 or (seconds == 0 and nanoseconds == 0):
        return ZERO
    whole = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    fraction = f"{nanoseconds:09d}".rstrip("0")
    return f"{whole:%Y-%m-%dT%H:%M:%S}{'.' + fraction if fraction else ''}Z"


_UNITS = (
    (365 * 86400, "year"),
    (30 * 86400, "month"),
    (7 * 86400, "week"),
    (86400, "day"),
    (3600, "hour"),
    (60, "minute"),
    (1, "second"),
)


def ago(span: timedelta) -> str:
    """`3 minutes ago`, `1 day ago`, `now`."""
    seconds = int(span.total_seconds())
    for size, name in _UNITS:
        if seconds >= size:
            count = seconds // size
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "now"


def rfc1123(unix_s: int) -> str:
    """`Mon, 02 Jan 2006 15:04:05 UTC`."""
    moment = datetime.fromtimestamp(unix_s, UTC)
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    day, month = days[moment.weekday()], months[moment.month - 1]
    return f"{day}, {moment:%d} {month} {moment:%Y %H:%M:%S} UTC"
