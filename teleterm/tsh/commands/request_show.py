"""`tsh request show`: everything about one access request."""

import sys
from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh import requests as asking
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document, plain, requests

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2


def run(parsed: Parsed) -> int:
    """Show it."""
    context = contexts.start(parsed)

    async def ask(client: "ClusterClient") -> "types_pb2.AccessRequestV3":
        return await asking.fetch(await client.root_auth(), parsed.text("request-id"))

    found = contexts.wait(context.with_cluster(ask))
    format_name = parsed.text("format")
    if format_name == "text":
        sys.stdout.write(plain.lines(requests.block(found)))
    else:
        text = document.dump(requests.document(found), format_name)
        sys.stdout.write(text.removesuffix("\n"))
    return 0
