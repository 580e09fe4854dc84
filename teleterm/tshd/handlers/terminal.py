"""The terminal service: every part of it, each in a file of its own."""

from teleterm.tshd.handlers.access_requests import AccessRequestHandlers
from teleterm.tshd.handlers.clusters import ClusterHandlers
from teleterm.tshd.handlers.computer import ComputerHandlers
from teleterm.tshd.handlers.desktops import DesktopHandlers
from teleterm.tshd.handlers.gateways import GatewayHandlers
from teleterm.tshd.handlers.passwordless import PasswordlessHandlers
from teleterm.tshd.handlers.resources import ResourceHandlers
from teleterm.tshd.handlers.transfers import TransferHandlers
from teleterm.tshd.services.assembly import Services


class TerminalHandlers(
    ClusterHandlers,
    ComputerHandlers,
    PasswordlessHandlers,
    ResourceHandlers,
    GatewayHandlers,
    AccessRequestHandlers,
    TransferHandlers,
    DesktopHandlers,
):
    """All calls of the terminal service that this daemon knows; gRPC answers the others."""

    def __init__(self, services: Services) -> None:
        self._services = services
