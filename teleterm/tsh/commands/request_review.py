"""`tsh request review`: approves or denies somebody's access request."""

import sys
from datetime import UTC
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput
from teleterm.tsh import context as contexts
from teleterm.tsh import requests as asking
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import requests

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient


def run(parsed: Parsed) -> int:
    """Send the review."""
    if parsed.is_on("approve") == parsed.is_on("deny"):
        raise BadInput("must supply exactly one of '--approve' or '--deny'", field="approve")
    start = asking.moment(parsed.text("assume-start-time"), "assume-start-time")
    context = contexts.start(parsed)
    proposed = "APPROVED" if parsed.is_on("approve") else "DENIED"

    async def work(client: "ClusterClient") -> str:
        from teleterm.protogen.teleport.types import types_pb2

        review = types_pb2.AccessReview(
            Author=client.identity.username,
            ProposedState=types_pb2.APPROVED if proposed == "APPROVED" else types_pb2.DENIED,
            Reason=parsed.text("reason"),
        )
        if start is not None:
            review.AssumeStartTime.FromDatetime(start.astimezone(UTC))
        auth = await client.root_auth()
        submission = types_pb2.AccessReviewSubmission(
            RequestID=parsed.text("request-id"), Review=review
        )
        return requests.state(await auth.review_access_request(submission))

    state = contexts.wait(context.with_cluster(work))
    if state in ("PENDING", proposed):
        sys.stderr.write(f"Successfully submitted review.  Request state: {state}\n")
    else:
        sys.stderr.write(f"Warning: ineffectual review. Request state: {state}\n")
    return 0
