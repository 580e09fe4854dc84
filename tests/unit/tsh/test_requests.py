"""What is asked for, and how requests look; the expected texts were printed by the official tsh."""

from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from teleterm.model.errors import BadInput
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tsh import requests as asking
from teleterm.tsh.render import document, requests

NOW = datetime(2026, 11, 23, 8, 33, tzinfo=UTC)
IDENT = "01a20787-43ad-75c8-aca4-f8f3dd3ec709"


def stamp(hour: int, minute: int) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(NOW.replace(hour=hour, minute=minute))
    return made


def request(*roles: str, reason: str = "need it") -> types.AccessRequestV3:
    return types.AccessRequestV3(
        Kind="access_request",
        Version="v3",
        Metadata=types.Metadata(Name=IDENT),
        Spec=types.AccessRequestSpecV3(
            User="bob",
            Roles=roles or ("extra",),
            State=types.PENDING,
            Created=stamp(8, 30),
            Expires=stamp(20, 33),
            RequestReason=reason,
            SuggestedReviewers=["carol"],
        ),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", timedelta()),
        ("8h", timedelta(hours=8)),
        ("3d12h30m", timedelta(days=3, hours=12, minutes=30)),
        ("1d", timedelta(days=1)),
    ],
)
def test_spans(text: str, expected: timedelta) -> None:
    assert asking.span(text, "session-ttl") == expected


@pytest.mark.parametrize("text", ["x", "5", "-1h", "dd", "1e999d", "9999999999999999999h"])
def test_no_spans(text: str) -> None:
    with pytest.raises(BadInput):
        asking.span(text, "session-ttl")


def test_moments_need_a_zone() -> None:
    assert asking.moment("2026-11-23T08:33:00Z", "assume-start-time") == NOW
    assert asking.moment("", "assume-start-time") is None
    for text in ("2026-11-23T08:33:00", "tomorrow"):
        with pytest.raises(BadInput):
            asking.moment(text, "assume-start-time")


def test_a_listing() -> None:
    assert requests.listing([request()], NOW) == (
        "ID                                   User Roles Resources Created At (UTC)    "
        "Request TTL Session TTL Assume Time (UTC) Status  \n"
        "------------------------------------ ---- ----- --------- ------------------- "
        "----------- ----------- ----------------- ------- \n"
        "01a20787-43ad-75c8-aca4-f8f3dd3ec709 bob  extra           23 Nov 26 08:30 UTC "
        "12h0m0s     12h0m0s                       PENDING \n"
        "\nhint: use 'tsh request show <request-id>' for additional details\n"
        "      use 'tsh login --request-id=<request-id>' to login with an approved request\n"
    )


def test_long_cells_are_cut_with_a_note() -> None:
    text = requests.listing([request("first-role", "second-role")], NOW)
    assert "first-role,second-ro... [+]" in text
    assert "\n[+] Columns are truncated" in text


def test_ended_access_is_not_listed() -> None:
    assert IDENT not in requests.listing([request()], NOW + timedelta(hours=13))


def test_a_block_shows_reviews() -> None:
    one = request(reason='a "quoted"')
    one.Spec.Reviews.append(types.AccessReview(Author="carol", ProposedState=types.APPROVED))
    text = requests.block(one)
    assert 'Reason:         "a \\"quoted\\""' in text
    assert "Reviewers:      carol (suggested)" in text
    assert "Approvals:\n" in text
    assert "  Reviewer: carol" in text


def test_a_hostile_reason_stays_on_its_line() -> None:
    text = requests.block(request(reason="\x1b]0;x\x07\nStatus: APPROVED"))
    assert "\x1b" not in text
    assert "\nStatus: APPROVED" not in text


def test_a_document() -> None:
    shown = requests.document(request())
    assert document.to_json(shown).startswith('{\n  "kind": "access_request"')
    spec = shown["spec"]
    assert isinstance(spec, dict)
    assert (spec["state"], spec["expires"]) == (1, "2026-11-23T20:33:00Z")
    assert "rtm" not in spec
