"""The command line of a client program for a gateway. Source: terminal_service.md 11.5."""

import shlex
import sys

from teleterm.client.database_programs import LOCALHOST, MAKERS, Endpoint, Which
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb

__all__ = ["LOCALHOST", "Endpoint", "command_line", "listen_address"]


def command_line(end: Endpoint, which: Which) -> pb.GatewayCLICommand:
    """The command line for a database; empty for a protocol nobody knows."""
    make = MAKERS.get(end.protocol)
    if make is None:
        return pb.GatewayCLICommand()
    command = make(end, which)
    shown = command.preview_args or tuple(shlex.quote(one) for one in command.args)
    preview = " ".join((*command.env, *shown))
    if command.is_preview_only:
        return pb.GatewayCLICommand(preview=preview)
    program = command.args[0]
    return pb.GatewayCLICommand(
        path=which(program) or program, args=command.args, env=command.env, preview=preview
    )


def listen_address(protocol: str) -> str:
    """The name a gateway goes by; SQL Server's programs on Windows want the number."""
    if sys.platform == "win32" and protocol == "sqlserver":
        return "127.0.0.1"
    return LOCALHOST
