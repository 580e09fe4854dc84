"""The daemon's call that copies a file."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import grpc

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.tshdclient.failures import failure

if TYPE_CHECKING:
    from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc


class TransferCalls:
    """Copies files; raises CallFailed."""

    def __init__(self, stub: "pb_grpc.TerminalServiceAsyncStub") -> None:
        self._stub = stub

    async def copy(
        self,
        server_uri: str,
        login: str,
        *,
        source: str,
        destination: str,
        is_upload: bool,
        on_percent: Callable[[int], None],
    ) -> None:
        """Copy one file; it may take as long as it takes."""
        direction = (
            pb.FILE_TRANSFER_DIRECTION_UPLOAD if is_upload else pb.FILE_TRANSFER_DIRECTION_DOWNLOAD
        )
        request = pb.FileTransferRequest(
            server_uri=server_uri,
            login=login,
            source=source,
            destination=destination,
            direction=direction,
        )
        try:
            async for moved in self._stub.TransferFile(request):
                on_percent(moved.percentage)
        except grpc.aio.AioRpcError as error:
            raise failure(error) from None
