"""Moments and places in lists, as clients send them: read, or refused by name."""

import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from teleterm.model.errors import BadInput


def moment(stamp: Timestamp) -> datetime.datetime:
    """The moment that a stamp means. Raises: BadInput for one that no calendar has."""
    try:
        return stamp.ToDatetime(datetime.UTC)
    except (ValueError, OverflowError):
        raise BadInput("the time is not valid", field="time", value=str(stamp.seconds)) from None


def place(key: str) -> int:
    """How many items a page's key says were there before; 0 for what is no number."""
    return int(key) if key.isascii() and key.isdigit() and len(key) < 16 else 0
