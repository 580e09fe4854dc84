"""Handlers of the terminal service: logging in with nothing but a security key."""
# ruff: noqa: N802, D102 - the wire's names, which the contract describes

from collections.abc import AsyncIterator
from typing import TypeAlias

import grpc

from teleterm.model.errors import BadInput
from teleterm.model.uri import parse_cluster
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from teleterm.tshd.services.assembly import Services

Context: TypeAlias = "grpc.aio.ServicerContext[object, object]"


class PasswordlessHandlers(pb_grpc.TerminalServiceServicer):
    """One stream for each login."""

    _services: Services

    async def LoginPasswordless(
        self, requests: AsyncIterator[pb.LoginPasswordlessRequest], context: Context
    ) -> AsyncIterator[pb.LoginPasswordlessResponse]:
        async for first in requests:
            if not first.init.cluster_uri:
                break
            cluster = parse_cluster(first.init.cluster_uri)
            async for prompt in self._services.logins.passwordless(cluster, requests):
                yield prompt
            return
        raise BadInput("cluster URI is required", field="cluster_uri")
