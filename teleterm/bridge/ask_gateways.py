"""Local proxies: what the window asks, what main answers and tells."""

from msgspec import Struct

from teleterm.bridge.views import GatewayView, KeptTunnelView


class CreateGateway(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Start (or find) a local proxy; port 0 takes a free one."""

    target_uri: str
    user: str = ""
    subresource: str = ""
    local_port: int = 0


class RemoveGateway(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Stop a local proxy."""

    gateway_uri: str


class SetGatewayPort(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Move a local proxy to another port."""

    gateway_uri: str
    local_port: int


class SetGatewaySubresource(
    Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True
):
    """Change the database name (or target port) of a local proxy."""

    gateway_uri: str
    subresource: str


class OpenGateway(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Show the local proxy of a web application in the browser."""

    gateway_uri: str


class KeepTunnel(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Start this proxy with the program from now on, or don't any more."""

    target_uri: str
    user: str = ""
    is_kept: bool


class GatewayReady(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The gateway as it is now."""

    gateway: GatewayView


class GatewaysChanged(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """All gateways as they are now."""

    gateways: tuple[GatewayView, ...]


class KeptTunnelsChanged(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """All proxies that are started with the program."""

    tunnels: tuple[KeptTunnelView, ...]
