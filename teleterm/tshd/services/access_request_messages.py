"""Access requests as the terminal service describes them. Source: terminal_service.md 10.5."""

from collections.abc import Mapping

from google.protobuf.timestamp_pb2 import Timestamp

from teleterm.model.errors import BadInput
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.types import types_pb2 as types

UNSET_S = -62135596800
"""The first second of year 1: how a time that isn't set is sent where one must be."""


def request(
    found: types.AccessRequestV3, hostnames: Mapping[str, str] | None = None
) -> pb.AccessRequest:
    """A request; `hostnames` are those of servers it names, where they are known."""
    spec = found.Spec
    message = pb.AccessRequest(
        id=found.Metadata.Name,
        state=types.RequestState.Name(spec.State),
        resolve_reason=spec.ResolveReason,
        request_reason=spec.RequestReason,
        user=spec.User,
        roles=spec.Roles,
        created=_always(spec.Created, is_set=spec.HasField("Created")),
        expires=_always(found.Metadata.Expires, is_set=found.Metadata.HasField("Expires")),
        reviews=[_review(one) for one in spec.Reviews],
        suggested_reviewers=spec.SuggestedReviewers,
        threshold_names=[one.Name for one in spec.Thresholds if one.Name],
        resources=[_resource(one, hostnames or {}) for one in spec.RequestedResourceIDs],
        promoted_access_list_title=spec.accessList.Title,
        max_duration=_always(spec.MaxDuration, is_set=spec.HasField("MaxDuration")),
        request_ttl=_always(spec.Expires, is_set=spec.HasField("Expires")),
        session_ttl=_always(spec.SessionTTL, is_set=spec.HasField("SessionTTL")),
        reason_mode=spec.DryRunEnrichment.ReasonMode,
        reason_prompts=spec.DryRunEnrichment.ReasonPrompts,
    )
    if _is_set(spec.AssumeStartTime, is_set=spec.HasField("AssumeStartTime")):
        message.assume_start_time.CopyFrom(spec.AssumeStartTime)
    return message


def resource_id(given: pb.ResourceID) -> types.ResourceID:
    """A resource as the auth API names it."""
    return types.ResourceID(
        ClusterName=given.cluster_name,
        Kind=given.kind,
        Name=given.name,
        SubResourceName=given.sub_resource_name,
    )


def state(text: str) -> "types.RequestState.ValueType":
    """A request's state by its name.

    Raises: BadInput.
    """
    if text not in types.RequestState.keys():  # noqa: SIM118 - an enum, no mapping
        raise BadInput(f"unknown request state: {text}", field="state", value=text)
    return types.RequestState.Value(text)


def _review(found: types.AccessReview) -> pb.AccessRequestReview:
    message = pb.AccessRequestReview(
        author=found.Author,
        roles=found.Roles,
        state=types.RequestState.Name(found.ProposedState),
        reason=found.Reason,
        created=_always(found.Created, is_set=found.HasField("Created")),
        promoted_access_list_title=found.accessList.Title,
    )
    if _is_set(found.AssumeStartTime, is_set=found.HasField("AssumeStartTime")):
        message.assume_start_time.CopyFrom(found.AssumeStartTime)
    return message


def _resource(found: types.ResourceID, hostnames: Mapping[str, str]) -> pb.Resource:
    name = hostnames.get(found.Name, "")
    return pb.Resource(
        id=pb.ResourceID(
            kind=found.Kind,
            name=found.Name,
            cluster_name=found.ClusterName,
            sub_resource_name=found.SubResourceName,
        ),
        details=pb.ResourceDetails(hostname=name, friendly_name=name),
    )


def _is_set(time: Timestamp, *, is_set: bool) -> bool:
    return is_set and time.seconds != UNSET_S


def _always(time: Timestamp, *, is_set: bool) -> Timestamp:
    return time if is_set else Timestamp(seconds=UNSET_S)
