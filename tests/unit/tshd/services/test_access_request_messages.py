"""Access requests as messages."""

import pytest

from teleterm.model.errors import BadInput
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tshd.services import access_request_messages as messages
from teleterm.tshd.services.access_request_messages import UNSET_S


def test_times_that_are_not_set_are_year_one_and_the_start_is_absent() -> None:
    made = messages.request(types.AccessRequestV3(Metadata=types.Metadata(Name="id")))
    assert made.id == "id"
    assert made.state == "NONE"
    for time in (made.created, made.expires, made.max_duration, made.request_ttl, made.session_ttl):
        assert time.seconds == UNSET_S
    assert not made.HasField("assume_start_time")


def test_reviews_thresholds_and_resources_come_along() -> None:
    found = types.AccessRequestV3()
    found.Spec.State = types.APPROVED
    found.Spec.Created.seconds = 5
    found.Spec.Thresholds.add(Name="two")
    found.Spec.Thresholds.add()
    found.Spec.Reviews.add(Author="bob", ProposedState=types.DENIED)
    found.Spec.RequestedResourceIDs.add(Kind="node", Name="uuid", ClusterName="c")
    found.Spec.AssumeStartTime.seconds = UNSET_S
    made = messages.request(found, {"uuid": "web-1"})
    assert (made.state, made.created.seconds) == ("APPROVED", 5)
    assert list(made.threshold_names) == ["two"]
    assert [(one.author, one.state) for one in made.reviews] == [("bob", "DENIED")]
    assert made.reviews[0].created.seconds == UNSET_S
    assert made.resources[0].id.name == "uuid"
    assert made.resources[0].details.hostname == "web-1"
    assert not made.HasField("assume_start_time")


def test_states_go_by_their_exact_names() -> None:
    assert messages.state("APPROVED") == types.APPROVED
    with pytest.raises(BadInput, match="unknown request state"):
        messages.state("approved")
