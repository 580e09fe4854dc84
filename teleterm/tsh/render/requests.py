"""Access requests as documents, tables and blocks. Source: cluster-login.md 8.1, 8.3."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from teleterm.tsh.render import plain, table, times
from teleterm.tsh.render.document import FlushLeftObject, Value
from teleterm.wire import durations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from teleterm.protogen.teleport.types import types_pb2

_TITLES = (
    "ID", "User", "Roles", "Resources", "Created At (UTC)", "Request TTL", "Session TTL",
    "Assume Time (UTC)", "Status",
)  # fmt: skip
_CUT = 20
_MARK = "[+]"
STATES = ("NONE", "PENDING", "APPROVED", "DENIED", "PROMOTED")
LOGIN_HINT = "use 'tsh login --request-id=<request-id>' to login with an approved request"


def state(request: "types_pb2.AccessRequestV3") -> str:
    """The state in capitals."""
    number = int(request.Spec.State)
    return STATES[number] if 0 <= number < len(STATES) else str(number)


def listing(requests: "Sequence[types_pb2.AccessRequestV3]", now: datetime) -> str:
    """The table, the newest first, without those whose access has ended."""
    ordered = sorted(requests, key=lambda one: times.moment(one.Spec.Created), reverse=True)
    rows = [_row(one, now) for one in ordered if times.moment(one.Spec.Expires) > now]
    is_cut = any(_MARK in cell for row in rows for cell in row)
    note = "use 'tsh request show <request-id>' to view the full list"
    return (
        table.make(_TITLES, rows).draw()
        + (f"\n{_MARK} Columns are truncated, {note}\n" if is_cut else "")
        + "\nhint: use 'tsh request show <request-id>' for additional details\n"
        + f"      {LOGIN_HINT}\n"
    )


def block(request: "types_pb2.AccessRequestV3") -> str:
    """Everything about one request, for people."""
    spec = request.Spec
    reviewers = ", ".join(spec.SuggestedReviewers) or "[none]"
    rows = [
        ["Request ID:", request.Metadata.Name],
        ["Username:", spec.User],
        ["Roles:", ", ".join(spec.Roles)],
        *([["Resources:", resources(request)]] if spec.RequestedResourceIDs else []),
        ["Reason:", quoted(spec.RequestReason)],
        ["Reviewers:", f"{reviewers} (suggested)"],
    ]
    if spec.HasField("Expires"):
        rows.append(["Access Expires:", _local(spec.Expires)])
    if spec.HasField("AssumeStartTime"):
        rows.append(["Assume Start Time:", _local(spec.AssumeStartTime)])
    rows.append(["Status:", state(request)])
    parts = [table.make_headless(rows, columns=2).draw()]
    for title, wanted in (("Approvals", "APPROVED"), ("Denials", "DENIED")):
        given = [one for one in spec.Reviews if STATES[int(one.ProposedState)] == wanted]
        if given:
            parts.append("-" * 48 + f"{title}:\n")
        for review in given:
            inner = [["  Reviewer:", review.Author], ["  Reason:", quoted(review.Reason)]]
            parts.append("  " + "-" * 46 + table.make_headless(inner, columns=2).draw())
    return "".join(parts) + f"\nhint: {LOGIN_HINT}\n"


def resources(request: "types_pb2.AccessRequestV3") -> str:
    """The resources asked for, as the JSON list of their ids."""
    from teleterm.wire import resource_ids

    return resource_ids.encode(
        tuple(
            resource_ids.ResourceId(
                cluster=one.ClusterName,
                kind=one.Kind,
                name=one.Name,
                sub_resource=one.SubResourceName,
            )
            for one in request.Spec.RequestedResourceIDs
        )
    )


def document(request: "types_pb2.AccessRequestV3") -> dict[str, Value]:
    """One request."""
    metadata: dict[str, Value] = {"name": request.Metadata.Name}
    if request.Metadata.HasField("Expires"):
        metadata["expires"] = times.stamped(request.Metadata.Expires)
    if request.Metadata.Revision:
        metadata["revision"] = request.Metadata.Revision
    return {
        "kind": request.Kind,
        "version": request.Version,
        "metadata": metadata,
        "spec": _spec(request.Spec),
    }


def _spec(spec: "types_pb2.AccessRequestSpecV3") -> dict[str, Value]:
    shown: dict[str, Value] = {"user": spec.User, "roles": list(spec.Roles)}
    optional: dict[str, Value] = {
        "state": int(spec.State),
        "created": times.stamped(spec.Created),
        "expires": times.stamped(spec.Expires),
        "request_reason": spec.RequestReason,
        "resolve_reason": spec.ResolveReason,
        "thresholds": [
            _kept(
                {"name": one.Name, "filter": one.Filter, "approve": one.Approve, "deny": one.Deny}
            )
            for one in spec.Thresholds
        ],
        "rtm": {
            role: FlushLeftObject({"s": [{"i": list(one.Indexes)} for one in sets.Sets]})
            for role, sets in sorted(spec.RoleThresholdMapping.items())
        },
        "reviews": [_review(one) for one in spec.Reviews],
        "suggested_reviewers": list(spec.SuggestedReviewers),
        "resource_ids": [
            _kept(
                {
                    "cluster": one.ClusterName,
                    "kind": one.Kind,
                    "name": one.Name,
                    "sub_resource": one.SubResourceName,
                }
            )
            for one in spec.RequestedResourceIDs
        ],
        "login_hint": spec.LoginHint,
        "dry_run": spec.DryRun,
        "max_duration": times.stamped(spec.MaxDuration),
        "session_ttl": times.stamped(spec.SessionTTL),
        "assume_start_time": _start(spec),
        "expiry": times.stamped(spec.ResourceExpiry) if spec.HasField("ResourceExpiry") else "",
    }
    return shown | _kept(optional)


def _review(one: "types_pb2.AccessReview") -> dict[str, Value]:
    return _kept(
        {
            "author": one.Author,
            "roles": list(one.Roles),
            "proposed_state": int(one.ProposedState),
            "reason": one.Reason,
            "created": times.stamped(one.Created),
            "i": list(one.ThresholdIndexes),
            "assume_start_time": _start(one),
        }
    )


def _kept(values: dict[str, Value]) -> dict[str, Value]:
    return {key: value for key, value in values.items() if value}


def _start(message: "types_pb2.AccessRequestSpecV3 | types_pb2.AccessReview") -> str:
    return times.stamped(message.AssumeStartTime) if message.HasField("AssumeStartTime") else ""


def _row(request: "types_pb2.AccessRequestV3", now: datetime) -> list[str]:
    spec = request.Spec
    waits_until = spec.ResourceExpiry if spec.HasField("ResourceExpiry") else spec.Expires
    start = spec.AssumeStartTime if spec.HasField("AssumeStartTime") else None
    return [
        request.Metadata.Name,
        spec.User,
        _cut(",".join(spec.Roles)),
        _cut(resources(request) if spec.RequestedResourceIDs else ""),
        _rfc822(spec.Created),
        _left(waits_until, now),
        _left(spec.Expires, now),
        _rfc822(start) if start else "",
        state(request),
    ]


def _left(end: times.Stamp, now: datetime) -> str:
    minutes = round((times.moment(end) - now) / timedelta(minutes=1))
    return durations.encode_ns(minutes * 60 * durations.SECOND_NS)


def _cut(text: str) -> str:
    shown = plain.cell(text)
    return shown if len(shown) <= _CUT else f"{shown[:_CUT]}... {_MARK}"


def quoted(text: str) -> str:
    """A reason in quotes; `[none]` when there is none."""
    import json

    return json.dumps(text, ensure_ascii=False) if text else "[none]"


def _local(stamp: times.Stamp) -> str:
    return f"{times.moment(stamp).astimezone():%Y-%m-%d %H:%M:%S}"


def _rfc822(stamp: times.Stamp) -> str:
    return f"{times.moment(stamp):%d %b %y %H:%M} UTC"
