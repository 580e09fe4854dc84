"""What a terminal's tab asks main to start, from the fields that are kept of it."""

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from teleterm.bridge.contract import (
    GatewayClientSpec,
    KubeSpec,
    ShellSpec,
    SshSpec,
    TerminalSpec,
    TshSpec,
)
from teleterm.bridge.views import DocumentView, GatewayView


def spec_of(view: DocumentView, gateways: Iterable[GatewayView]) -> TerminalSpec:
    """The program of a document of one of the terminal kinds."""
    fields = view.fields
    if view.kind == "ssh":
        return SshSpec(
            server_uri=fields.get("server_uri", ""),
            hostname=fields.get("hostname", ""),
            login=fields.get("login", ""),
        )
    if view.kind == "gateway_cli":
        return GatewayClientSpec(gateway_uri=_gateway_uri(view, gateways))
    if view.kind == "kube":
        return KubeSpec(
            target_uri=fields.get("target_uri", ""),
            shell=fields.get("shell", ""),
            cwd=fields.get("cwd", ""),
        )
    cluster = fields.get("cluster", "")
    if view.kind == "tsh":
        return TshSpec(line=fields.get("line", ""), cluster_uri=cluster)
    return ShellSpec(shell=fields.get("shell", ""), cwd=fields.get("cwd", ""), cluster_uri=cluster)


def _gateway_uri(view: DocumentView, gateways: Iterable[GatewayView]) -> str:
    """The proxy of the same target as it is now; its address changes when it starts anew."""
    for gateway in gateways:
        same_target = gateway.target_uri == view.fields.get("target_uri", "")
        if same_target and gateway.user == view.fields.get("user", ""):
            return gateway.uri
    return view.fields.get("gateway_uri", "")


def twin(view: DocumentView, folder_uri: str) -> DocumentView:
    """Another terminal like this one; a local shell starts in the folder of this one."""
    fields = dict(view.fields)
    if view.kind == "shell" and folder_uri:
        fields["cwd"] = unquote(urlsplit(folder_uri).path)
    return DocumentView(kind=view.kind, title=view.title, fields=fields)
