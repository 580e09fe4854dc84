"""Which services the daemon's server offers."""

import grpc

from teleterm.protogen.teleport.lib.teleterm.auto_update.v1 import (
    auto_update_service_pb2_grpc as update_grpc,
)
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from teleterm.protogen.teleterm.daemon.v1 import daemon_pb2_grpc as own_grpc
from teleterm.tshd.handlers.auto_update import AutoUpdateHandlers
from teleterm.tshd.handlers.daemon import DaemonHandlers
from teleterm.tshd.handlers.terminal import TerminalHandlers
from teleterm.tshd.services.assembly import Services


def register(server: grpc.aio.Server, services: Services) -> None:
    """Add them to a server that hasn't started."""
    pb_grpc.add_TerminalServiceServicer_to_server(TerminalHandlers(services), server)
    own_grpc.add_DaemonServiceServicer_to_server(DaemonHandlers(services), server)
    update_grpc.add_AutoUpdateServiceServicer_to_server(AutoUpdateHandlers(services), server)
