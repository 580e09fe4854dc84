"""Calls that copy files. The names are the wire's."""
# ruff: noqa: N802, D102 - the wire's names, which the contract describes

from collections.abc import AsyncIterator
from typing import TypeAlias

import grpc

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from teleterm.tshd.services.assembly import Services

Context: TypeAlias = "grpc.aio.ServicerContext[object, object]"


class TransferHandlers(pb_grpc.TerminalServiceServicer):
    """Copying files."""

    _services: Services

    async def TransferFile(
        self, request: pb.FileTransferRequest, context: Context
    ) -> AsyncIterator[pb.FileTransferProgress]:
        async for percent in self._services.transfers.run(request):
            yield pb.FileTransferProgress(percentage=percent)
