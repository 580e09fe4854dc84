"""Resources of a cluster as the terminal service describes them.

Source: terminal_service.md 10.4, `PaginatedResource`.
"""

from dataclasses import dataclass

from teleterm.model.uri import ClusterUri, ResourceKind
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tshd.services import labels

_FRIENDLY_LABEL = "teleport.internal/okta-app-name"
_OKTA_ORIGIN = ("teleport.dev/origin", "okta")
_AWS_CONSOLE = "https://console.aws.amazon.com"
_SAML_TEXT = "SAML Application"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceMessages:
    """Makes messages for the resources of `cluster`, as a user with `logins` sees them."""

    cluster: ClusterUri
    proxy_host: str
    logins: tuple[str, ...]

    def paginated(self, item: auth.PaginatedResource) -> pb.PaginatedResource | None:
        """A resource of a unified list; None for a kind that a window doesn't show."""
        message = pb.PaginatedResource(requires_request=item.RequiresRequest)
        match item.WhichOneof("resource"):
            case "Node":
                message.server.CopyFrom(self.server(item.Node, tuple(item.Logins)))
            case "DatabaseServer":
                message.database.CopyFrom(self.database(item.DatabaseServer))
            case "KubeCluster":
                message.kube.CopyFrom(self.kube(item.KubeCluster))
            case "KubernetesServer":
                message.kube.CopyFrom(self.kube_server(item.KubernetesServer))
            case "AppServer":
                app = item.AppServer.Spec.App
                made = self.app(app)
                made.fqdn = self._fqdn(app)
                made.aws_roles.extend(aws_roles(app, tuple(item.Logins)))
                message.app.CopyFrom(made)
            case "SAMLIdPServiceProvider":
                message.app.CopyFrom(self.saml(item.SAMLIdPServiceProvider))
            case "WindowsDesktop":
                desktop = self.desktop(item.WindowsDesktop, tuple(item.Logins))
                message.windows_desktop.CopyFrom(desktop)
            case _:
                return None
        return message

    def server(self, server: types.ServerV2, logins: tuple[str, ...]) -> pb.Server:
        """A server; its logins are those that both the user's certificate and the node know."""
        spec = server.Spec
        return pb.Server(
            uri=self._uri(ResourceKind.SERVER, server.Metadata.Name),
            name=server.Metadata.Name,
            hostname=spec.Hostname,
            addr=spec.Addr,
            tunnel=spec.UseTunnel,
            sub_kind=server.SubKind or "teleport",
            labels=labels.shown(labels.merged(server.Metadata.Labels, spec.CmdLabels)),
            logins=sorted(set(logins) & set(self.logins)),
        )

    def database(self, server: types.DatabaseServerV3) -> pb.Database:
        """A database."""
        database = server.Spec.Database
        meta, spec = database.Metadata, database.Spec
        return pb.Database(
            uri=self._uri(ResourceKind.DATABASE, meta.Name),
            name=meta.Name,
            desc=meta.Description,
            protocol=spec.Protocol,
            type=database_type(database),
            labels=labels.shown(labels.merged(meta.Labels, spec.DynamicLabels)),
            target_health=labels.health(server.Status.TargetHealth),
            gcp_project_id=spec.GCP.ProjectID,
        )

    def kube(self, kube: types.KubernetesClusterV3) -> pb.Kube:
        """A Kubernetes cluster."""
        meta = kube.Metadata
        return pb.Kube(
            uri=self._uri(ResourceKind.KUBE, meta.Name),
            name=meta.Name,
            labels=labels.shown(labels.merged(meta.Labels, kube.Spec.DynamicLabels)),
        )

    def kube_server(self, server: types.KubernetesServerV3) -> pb.Kube:
        """A Kubernetes cluster, as an agent reports it."""
        message = self.kube(server.Spec.Cluster)
        message.target_health.CopyFrom(labels.health(server.status.target_health))
        return message

    def app(self, app: types.AppV3) -> pb.App:
        """An application, without what only a list knows (`fqdn`, roles)."""
        meta, spec = app.Metadata, app.Spec
        uri = self._uri(ResourceKind.APP, meta.Name)
        is_okta = meta.Labels.get(_OKTA_ORIGIN[0]) == _OKTA_ORIGIN[1]
        return pb.App(
            uri=uri,
            name=meta.Name,
            desc=meta.Description,
            endpoint_uri=spec.URI,
            public_addr=spec.PublicAddr,
            friendly_name=meta.Labels.get(_FRIENDLY_LABEL, "") if is_okta else "",
            aws_console=spec.URI.startswith(_AWS_CONSOLE),
            labels=labels.shown(labels.merged(meta.Labels, spec.DynamicLabels)),
            tcp_ports=[pb.PortRange(port=one.Port, end_port=one.EndPort) for one in spec.TCPPorts],
        )

    def saml(self, provider: types.SAMLIdPServiceProviderV1) -> pb.App:
        """An application that logs in by SAML."""
        meta = provider.Header.Metadata
        return pb.App(
            uri=self._uri(ResourceKind.APP, meta.Name),
            name=meta.Name,
            desc=_SAML_TEXT,
            saml_app=True,
            labels=labels.shown(meta.Labels),
        )

    def desktop(
        self, desktop: types.WindowsDesktopV3, logins: tuple[str, ...]
    ) -> pb.WindowsDesktop:
        """A Windows desktop."""
        meta = desktop.Header.Metadata
        return pb.WindowsDesktop(
            uri=self._uri(ResourceKind.DESKTOP, meta.Name),
            name=meta.Name,
            addr=desktop.Spec.Addr,
            logins=logins,
            labels=labels.shown(meta.Labels),
        )

    def _fqdn(self, app: types.AppV3) -> str:
        """The host name one reaches a web application by."""
        spec = app.Spec
        if spec.PublicAddr and not self.cluster.is_leaf and not spec.UseAnyProxyPublicAddr:
            return spec.PublicAddr
        return f"{app.Metadata.Name}.{self.proxy_host}"

    def _uri(self, kind: ResourceKind, name: str) -> str:
        return str(self.cluster.resource(kind, name))


def server_message(cluster: ClusterUri, server: types.DatabaseServerV3) -> pb.DatabaseServer:
    """A database agent's report."""
    return pb.DatabaseServer(
        uri=str(cluster.resource(ResourceKind.DATABASE_SERVER, server.Metadata.Name)),
        hostname=server.Spec.Hostname,
        host_id=server.Spec.HostID,
        target_health=labels.health(server.Status.TargetHealth),
    )


def kube_server_message(cluster: ClusterUri, server: types.KubernetesServerV3) -> pb.KubeServer:
    """A Kubernetes agent's report."""
    return pb.KubeServer(
        uri=str(cluster.resource(ResourceKind.KUBE_SERVER, server.Metadata.Name)),
        hostname=server.Spec.Hostname,
        host_id=server.Spec.HostID,
        target_health=labels.health(server.status.target_health),
    )


def aws_roles(app: types.AppV3, arns: tuple[str, ...]) -> list[pb.AWSRole]:
    """The AWS roles one may take on in the AWS console application."""
    if not app.Spec.URI.startswith(_AWS_CONSOLE):
        return []
    account = app.Metadata.Labels.get("aws_account_id", "")
    found: list[pb.AWSRole] = []
    for arn in sorted(arns):
        parts = arn.split(":")
        if len(parts) != 6 or not parts[5].startswith("role/"):
            continue
        if account and parts[4] != account:
            continue
        name = parts[5].rpartition("/")[2]
        display = parts[5].removeprefix("role/")
        found.append(pb.AWSRole(name=name, display=display, arn=arn, account_id=parts[4]))
    return found


def database_type(database: types.DatabaseV3) -> str:
    """Where a database runs, as the reference names it."""
    spec = database.Spec
    if spec.AWS.Redshift.ClusterID:
        return "redshift"
    if spec.AWS.RDS.InstanceID or spec.AWS.RDS.ClusterID:
        return "rds"
    if spec.GCP.ProjectID:
        return "gcp"
    if spec.Azure.Name:
        return "azure"
    if spec.MongoAtlas.Name:
        return "mongo-atlas"
    return "self-hosted"
