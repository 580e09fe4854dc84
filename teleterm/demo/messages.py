"""The demo's things as the messages that travel."""

import datetime
from collections.abc import Mapping, Sequence

from google.protobuf.timestamp_pb2 import Timestamp

from teleterm.demo.factors import Device
from teleterm.demo.inventory import (
    CAREFUL,
    LEAF,
    MYSQL,
    POSTGRES,
    REDIS,
    VERSION,
    DemoApp,
    DemoDatabase,
    DemoDesktop,
    DemoKube,
    DemoMember,
    DemoNode,
    DemoUser,
)
from teleterm.demo.passkeys import RP_ID
from teleterm.demo.rooms import PEER, Participant, Room
from teleterm.demo.sessions import ActiveSession
from teleterm.protogen.teleport.types import types_pb2
from teleterm.protogen.teleport.wrappers import wrappers_pb2

_NAMESPACE = "default"
_DATABASE_PORTS = {POSTGRES: 5432, MYSQL: 3306, REDIS: 6379}
_EVERYTHING = {"*": ("*",)}


def timestamp(moment: datetime.datetime) -> Timestamp:
    """Give a moment as it travels."""
    made = Timestamp()
    made.FromDatetime(moment)
    return made


def node_message(node: DemoNode) -> types_pb2.ServerV2:
    """Describe a node; it is reached through the cluster only, so it has no address."""
    return types_pb2.ServerV2(
        Kind="node",
        Version="v2",
        Metadata=_metadata(node.uuid, labels=node.labels),
        Spec=types_pb2.ServerSpecV2(Hostname=node.hostname, UseTunnel=True, Version=VERSION),
    )


def database_message(database: DemoDatabase) -> types_pb2.DatabaseServerV3:
    """Describe a database and the service that serves it."""
    labels = database.labels
    address = f"localhost:{_DATABASE_PORTS[database.protocol]}"
    inner = types_pb2.DatabaseV3(
        Kind="db",
        Version="v3",
        Metadata=_metadata(database.name, labels=labels, description=database.description),
        Spec=types_pb2.DatabaseSpecV3(Protocol=database.protocol, URI=address),
    )
    health = types_pb2.TargetHealth(
        Address=address,
        Protocol="TCP",
        Status="unhealthy" if database.why_offline else "healthy",
        Message=database.why_offline,
    )
    return types_pb2.DatabaseServerV3(
        Kind="db_server",
        Version="v3",
        Metadata=_metadata(database.name),
        Spec=types_pb2.DatabaseServerSpecV3(
            Version=VERSION, Hostname="demo", HostID=database.uuid, Database=inner
        ),
        Status=types_pb2.DatabaseServerStatusV3(TargetHealth=health),
    )


def kube_message(kube: DemoKube) -> types_pb2.KubernetesServerV3:
    """Describe a Kubernetes cluster and the service that serves it."""
    inner = types_pb2.KubernetesClusterV3(
        Kind="kube_cluster", Version="v3", Metadata=_metadata(kube.name, labels=kube.labels)
    )
    return types_pb2.KubernetesServerV3(
        Kind="kube_server",
        Version="v3",
        Metadata=_metadata(kube.name, labels=kube.labels),
        Spec=types_pb2.KubernetesServerSpecV3(
            Version=VERSION, Hostname="demo", HostID=kube.uuid, Cluster=inner
        ),
        status=types_pb2.KubernetesServerStatusV3(
            target_health=types_pb2.TargetHealth(Status="healthy")
        ),
    )


def app_message(app: DemoApp) -> types_pb2.AppServerV3:
    """Describe an application and the service that serves it."""
    ports = [types_pb2.PortRange(Port=one.port, EndPort=one.end) for one in app.ports]
    inner = types_pb2.AppV3(
        Kind="app",
        Version="v3",
        Metadata=_metadata(app.name, labels=app.labels, description=app.description),
        Spec=types_pb2.AppSpecV3(
            URI=app.uri,
            PublicAddr=app.public_addr,
            TCPPorts=ports,
        ),
    )
    return types_pb2.AppServerV3(
        Kind="app_server",
        Version="v3",
        Metadata=_metadata(app.name),
        Spec=types_pb2.AppServerSpecV3(
            Version=VERSION, Hostname="demo", HostID=app.uuid, App=inner
        ),
    )


def desktop_message(desktop: DemoDesktop) -> types_pb2.WindowsDesktopV3:
    """Describe a desktop and the service that serves it."""
    header = types_pb2.ResourceHeader(
        Kind="windows_desktop",
        Version="v3",
        Metadata=_metadata(desktop.name, labels=desktop.labels),
    )
    spec = types_pb2.WindowsDesktopSpecV3(Addr="127.0.0.1:3389", HostID=desktop.uuid, NonAD=True)
    return types_pb2.WindowsDesktopV3(Header=header, Spec=spec)


def user_message(user: DemoUser) -> types_pb2.UserV2:
    """Describe the user."""
    traits = {name: tuple(values) for name, values in user.identity().traits.items()}
    return types_pb2.UserV2(
        Kind="user",
        Version="v2",
        Metadata=_metadata(user.name),
        Spec=types_pb2.UserSpecV2(Roles=[user.role], Traits=label_values(traits)),
        Status=types_pb2.UserStatusV2(password_state=types_pb2.PASSWORD_STATE_SET),
    )


def role_message(user: DemoUser, session_ttl: datetime.timedelta) -> types_pb2.RoleV6:
    """Describe the one role of a user."""
    everything = label_values(_EVERYTHING)
    options = types_pb2.RoleOptions(
        MaxSessionTTL=int(session_ttl.total_seconds() * 1_000_000_000),
        PortForwarding=types_pb2.BoolValue(Value=True),
        DesktopClipboard=types_pb2.BoolValue(Value=True),
        DesktopDirectorySharing=types_pb2.BoolValue(Value=True),
        RequestAccess="optional",
    )
    allow = types_pb2.RoleConditions(
        Logins=user.logins,
        Namespaces=[_NAMESPACE],
        NodeLabels=everything,
        ClusterLabels=everything,
        DatabaseLabels=everything,
        DatabaseNames=user.database_names,
        DatabaseUsers=user.database_users,
        AppLabels=everything,
        KubernetesLabels=everything,
        WindowsDesktopLabels=everything,
        WindowsDesktopLogins=["alice"],
        KubeGroups=user.kube_groups,
        KubernetesResources=[
            types_pb2.KubernetesResource(Kind="*", Name="*", Namespace="*", Verbs=["*"])
        ],
    )
    if user.role == CAREFUL:
        options.RequireMFAType = types_pb2.SESSION
    deny = types_pb2.RoleConditions(Namespaces=[_NAMESPACE])
    return types_pb2.RoleV6(
        Kind="role",
        Version="v7",
        Metadata=_metadata(user.role, description="Everything in the demo"),
        Spec=types_pb2.RoleSpecV6(Options=options, Allow=allow, Deny=deny),
    )


def authority_message(member: DemoMember, kind: str) -> types_pb2.CertAuthorityV2 | None:
    """Describe one of a cluster's authorities, without its private keys; None if unknown."""
    own = member.authorities
    ssh, tls = {
        "host": (own.host_ssh, own.host_tls),
        "user": (own.user_ssh, own.user_tls),
        "db": (None, own.database_tls),
        "db_client": (None, own.database_client_tls),
    }.get(kind, (None, None))
    if tls is None:
        return None
    keys = types_pb2.CAKeySet(TLS=[types_pb2.TLSKeyPair(Cert=tls.pem)])
    if ssh is not None:
        keys.SSH.append(types_pb2.SSHKeyPair(PublicKey=ssh.public_line))
    return types_pb2.CertAuthorityV2(
        Kind="cert_authority",
        SubKind=kind,
        Version="v2",
        Metadata=_metadata(member.name),
        Spec=types_pb2.CertAuthoritySpecV2(Type=kind, ClusterName=member.name, ActiveKeys=keys),
    )


def leaf_message(now: datetime.datetime, *, is_online: bool) -> types_pb2.RemoteClusterV3:
    """Describe the leaf cluster as the root sees it."""
    connection = "online" if is_online else "offline"
    status = types_pb2.RemoteClusterStatusV3(Connection=connection, LastHeartbeat=timestamp(now))
    return types_pb2.RemoteClusterV3(
        Kind="remote_cluster", Version="v3", Metadata=_metadata(LEAF), Status=status
    )


def cluster_name_message(member: DemoMember) -> types_pb2.ClusterNameV2:
    """Describe a cluster's name."""
    spec = types_pb2.ClusterNameSpecV2(ClusterName=member.name, ClusterID=member.uuid)
    return types_pb2.ClusterNameV2(
        Kind="cluster_name", Version="v2", Metadata=_metadata("cluster-name"), Spec=spec
    )


def auth_preference_message() -> types_pb2.AuthPreferenceV2:
    """Describe how users log in: nothing is asked of their devices."""
    spec = types_pb2.AuthPreferenceSpecV2(DeviceTrust=types_pb2.DeviceTrust(Mode="off"))
    return types_pb2.AuthPreferenceV2(
        Kind="cluster_auth_preference",
        Version="v2",
        Metadata=_metadata("cluster-auth-preference"),
        Spec=spec,
    )


def recording_config_message() -> types_pb2.SessionRecordingConfigV2:
    """Describe who records sessions."""
    return types_pb2.SessionRecordingConfigV2(
        Kind="session_recording_config",
        Version="v2",
        Metadata=_metadata("session-recording-config"),
        Spec=types_pb2.SessionRecordingConfigSpecV2(
            Mode="node", ProxyChecksHostKeys=types_pb2.BoolValue(Value=True)
        ),
    )


def tracker_message(
    session: ActiveSession, end: datetime.datetime, room: Room | None = None
) -> types_pb2.SessionTrackerV1:
    """Describe a running session and who is in it."""
    header = types_pb2.ResourceHeader(
        Kind="session_tracker", Version="v1", Metadata=_metadata(session.id)
    )
    created = timestamp(session.created)
    people = room.participants if room else [Participant(user=session.user, mode=PEER)]
    is_waiting = room is not None and room.is_waiting
    spec = types_pb2.SessionTrackerSpecV1(
        SessionID=session.id,
        Kind="ssh",
        State=types_pb2.SessionStatePending if is_waiting else types_pb2.SessionStateRunning,
        Created=created,
        Expires=timestamp(end),
        Hostname=session.node.hostname,
        Address=session.node.uuid,
        ClusterName=session.cluster,
        Login=session.login,
        Participants=[
            types_pb2.Participant(
                ID=one.id,
                User=one.user,
                Mode=one.mode,
                LastActive=created,
                Cluster=session.cluster,
            )
            for one in people
        ],
        HostUser=session.user,
        HostID=session.node.uuid,
    )
    return types_pb2.SessionTrackerV1(Header=header, Spec=spec)


def device_message(device: Device) -> types_pb2.MFADevice:
    """Describe an authenticator app or a security key."""
    made = types_pb2.MFADevice(
        kind="mfa_device",
        version="v1",
        metadata=types_pb2.Metadata(Name=device.name),
        id=device.id,
        added_at=timestamp(device.added),
        last_used=timestamp(device.used),
    )
    if device.credential is None:
        made.totp.CopyFrom(types_pb2.TOTPDevice())
        return made
    made.webauthn.CopyFrom(
        types_pb2.WebauthnDevice(
            credential_id=device.credential.ident,
            public_key_cbor=device.credential.public_key,
            attestation_type="none",
            resident_key=device.is_passwordless,
            credential_rp_id=RP_ID,
        )
    )
    return made


def label_values(labels: Mapping[str, Sequence[str]]) -> wrappers_pb2.LabelValues:
    """Give lists of values by name."""
    values = {name: wrappers_pb2.StringValues(Values=given) for name, given in labels.items()}
    return wrappers_pb2.LabelValues(Values=values)


def _metadata(
    name: str, *, labels: Mapping[str, str] | None = None, description: str = ""
) -> types_pb2.Metadata:
    return types_pb2.Metadata(
        Name=name, Namespace=_NAMESPACE, Description=description, Labels=labels or {}
    )
