"""A daemon that is logged in to the demo, and its gateways, as a window asks for them."""

from typing import TYPE_CHECKING

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from tests.support.daemon_process import CALL_S, Window
from tests.support.demo_process import Ready
from tests.support.login import code

if TYPE_CHECKING:
    from teleterm.protogen.teleport.lib.teleterm.v1.service_pb2_grpc import (
        TerminalServiceAsyncStub,
    )

ROOT = "/clusters/localhost"


async def log_in(tsh: "TerminalServiceAsyncStub", demo: Ready) -> None:
    """Add the cluster and log in."""
    await tsh.AddCluster(pb.AddClusterRequest(name=demo.proxy), timeout=CALL_S)
    params = pb.LoginRequest.LocalParams(user=demo.user, password=demo.password)
    await tsh.Login(pb.LoginRequest(cluster_uri=ROOT, local=params), timeout=CALL_S)


async def gateway(
    tsh: "TerminalServiceAsyncStub", target: str, *, subresource: str = ""
) -> pb.Gateway:
    """Open a gateway."""
    request = pb.CreateGatewayRequest(
        target_uri=f"{ROOT}/{target}", target_subresource_name=subresource
    )
    return await tsh.CreateGateway(request, timeout=CALL_S)


def window_of(demo: Ready) -> Window:
    """A window whose user has the authenticator app."""
    return Window(code=lambda: code(demo.totp_secret))
