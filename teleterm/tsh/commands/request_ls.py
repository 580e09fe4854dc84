"""`tsh request ls`: the access requests one may see."""

import sys
from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document, requests

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2


def run(parsed: Parsed) -> int:
    """List them."""
    context = contexts.start(parsed)

    async def ask(client: "ClusterClient") -> "list[types_pb2.AccessRequestV3]":
        auth = await client.root_auth()
        user = client.identity.username
        return [one for one in await auth.access_requests() if is_wanted(one, parsed, user)]

    found = contexts.wait(context.with_cluster(ask))
    format_name = parsed.text("format")
    if format_name == "text":
        sys.stdout.write(requests.listing(found, context.clock.now()))
    else:
        values = [requests.document(one) for one in found]
        sys.stdout.write(document.dump(values, format_name).removesuffix("\n"))
    return 0


def is_wanted(request: "types_pb2.AccessRequestV3", parsed: Parsed, user: str) -> bool:
    """Whether the flags ask for it."""
    spec = request.Spec
    is_own = spec.User == user
    is_open = not is_own and all(one.Author != user for one in spec.Reviews)
    return not (
        (parsed.is_on("reviewable") and not is_open)
        or (parsed.is_on("suggested") and not (is_open and user in spec.SuggestedReviewers))
        or (parsed.is_on("my-requests") and not is_own)
    )
