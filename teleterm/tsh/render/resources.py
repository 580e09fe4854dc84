"""Nodes and databases as documents, keys as the official JSON has them.

Source: cluster-login.md 8.3, and recorded output of `tsh ls` and `tsh db ls`.
"""

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING

from teleterm.tsh.render import times
from teleterm.tsh.render.document import Value

if TYPE_CHECKING:
    from teleterm.protogen.teleport.types import types_pb2


def node(server: "types_pb2.ServerV2") -> dict[str, Value]:
    """One node."""
    spec = server.Spec
    shown: dict[str, Value] = {"addr": spec.Addr, "hostname": spec.Hostname}
    if spec.CmdLabels:
        shown["cmd_labels"] = _commands(spec.CmdLabels)
    shown["rotation"] = _rotation(spec.Rotation)
    if spec.UseTunnel:
        shown["use_tunnel"] = True
    shown["version"] = spec.Version
    optional: dict[str, Value] = {
        "peer_addr": spec.PeerAddr,
        "proxy_ids": list(spec.ProxyIDs),
        "public_addrs": list(spec.public_addrs),
        "relay_group": spec.relay_group,
        "relay_ids": list(spec.relay_ids),
    }
    shown |= {key: value for key, value in optional.items() if value}
    return {
        **_header(server.Kind, server.SubKind, server.Version),
        "metadata": _metadata(server.Metadata),
        "spec": shown,
    }


def database(
    found: "types_pb2.DatabaseV3", *, allowed_users: list[str], roles: list[str]
) -> dict[str, Value]:
    """One database, with the users and roles one may take there."""
    spec, status = found.Spec, found.Status
    tls: dict[str, Value] = {"mode": int(spec.TLS.Mode)}
    for key, value in (("ca_cert", spec.TLS.CACert), ("server_name", spec.TLS.ServerName)):
        if value:
            tls[key] = value
    document: dict[str, Value] = {
        **_header(found.Kind, found.SubKind, found.Version),
        "metadata": _metadata(found.Metadata),
        "spec": {
            "protocol": spec.Protocol,
            "uri": spec.URI,
            "aws": _aws(spec.AWS),
            "gcp": _pruned(
                project_id=spec.GCP.ProjectID, instance_id=spec.GCP.InstanceID, alloydb={}
            ),
            "azure": _azure(spec.Azure),
            "tls": tls,
            "ad": _directory(spec.AD),
            "mysql": _pruned(server_version=spec.MySQL.ServerVersion),
            **_admin_user(spec),
            "mongo_atlas": {},
            "oracle": {},
        },
        "status": {
            "aws": _aws(status.AWS),
            "mysql": _pruned(server_version=status.MySQL.ServerVersion),
            "azure": _azure(status.Azure),
        },
    }
    if allowed_users:
        document["users"] = {"allowed": list(allowed_users)}
    if roles:
        document["database_roles"] = list(roles)
    return document


def _admin_user(spec: "types_pb2.DatabaseSpecV3") -> dict[str, Value]:
    if not spec.HasField("AdminUser"):
        return {}
    user = spec.AdminUser
    return {"admin_user": {"name": user.Name, "default_database": user.DefaultDatabase}}


def _header(kind: str, sub_kind: str, version: str) -> dict[str, Value]:
    shown: dict[str, Value] = {"kind": kind}
    if sub_kind:
        shown["sub_kind"] = sub_kind
    shown["version"] = version
    return shown


def _directory(found: "types_pb2.AD") -> dict[str, Value]:
    before = _pruned(keytab_file=found.KeytabFile, krb5_file=found.Krb5File)
    behind = _pruned(
        ldap_cert=found.LDAPCert,
        kdc_host_name=found.KDCHostName,
        ldap_service_account_name=found.LDAPServiceAccountName,
        ldap_service_account_sid=found.LDAPServiceAccountSID,
    )
    return {**before, "domain": found.Domain, "spn": found.SPN, **behind}


def kube_cluster(found: "types_pb2.KubernetesClusterV3") -> dict[str, Value]:
    """One Kubernetes cluster."""
    spec: dict[str, Value] = {}
    if found.Spec.DynamicLabels:
        spec["dynamic_labels"] = _commands(found.Spec.DynamicLabels)
    if found.Spec.Kubeconfig:
        spec["kubeconfig"] = base64.b64encode(found.Spec.Kubeconfig).decode("ascii")
    spec |= {"azure": {}, "aws": {}, "gcp": {}}
    return {
        **_header(found.Kind, found.SubKind, found.Version),
        "metadata": _metadata(found.Metadata),
        "spec": spec,
    }


def app(found: "types_pb2.AppV3") -> dict[str, Value]:
    """One application."""
    spec = found.Spec
    shown: dict[str, Value] = {"uri": spec.URI}
    if spec.PublicAddr:
        shown["public_addr"] = spec.PublicAddr
    if spec.DynamicLabels:
        shown["dynamic_labels"] = _commands(spec.DynamicLabels)
    shown["insecure_skip_verify"] = spec.InsecureSkipVerify
    optional: dict[str, Value] = {
        "cloud": spec.Cloud,
        "integration": spec.Integration,
        "required_app_names": list(spec.RequiredAppNames),
        "tcp_ports": [
            {"port": one.Port, **({"end_port": one.EndPort} if one.EndPort else {})}
            for one in spec.TCPPorts
        ],
        "use_any_proxy_public_addr": spec.UseAnyProxyPublicAddr,
    }
    shown |= {key: value for key, value in optional.items() if value}
    return {
        **_header(found.Kind, found.SubKind, found.Version),
        "metadata": _metadata(found.Metadata),
        "spec": shown,
    }


def _commands(labels: "Mapping[str, types_pb2.CommandLabelV2]") -> dict[str, Value]:
    return {
        name: {
            "period": _duration(label.Period),
            "command": list(label.Command),
            "result": label.Result,
        }
        for name, label in sorted(labels.items())
    }


def _metadata(metadata: "types_pb2.Metadata") -> dict[str, Value]:
    shown: dict[str, Value] = {"name": metadata.Name}
    if metadata.Description:
        shown["description"] = metadata.Description
    if metadata.Labels:
        shown["labels"] = dict(sorted(metadata.Labels.items()))
    if metadata.HasField("Expires"):
        shown["expires"] = times.rfc3339_parts(metadata.Expires.seconds, metadata.Expires.nanos)
    if metadata.Revision:
        shown["revision"] = metadata.Revision
    return shown


def _rotation(rotation: "types_pb2.Rotation") -> dict[str, Value]:
    shown: dict[str, Value] = {}
    for key, value in (
        ("state", rotation.State),
        ("phase", rotation.Phase),
        ("mode", rotation.Mode),
    ):
        if value:
            shown[key] = value
    shown["current_id"] = rotation.CurrentID
    shown["started"] = times.rfc3339_parts(rotation.Started.seconds, rotation.Started.nanos)
    if rotation.GracePeriod:
        shown["grace_period"] = _duration(rotation.GracePeriod)
    shown["last_rotated"] = times.rfc3339_parts(
        rotation.LastRotated.seconds, rotation.LastRotated.nanos
    )
    shown["schedule"] = dict.fromkeys(("update_clients", "update_servers", "standby"), times.ZERO)
    return shown


def _duration(nanoseconds: int) -> str:
    from teleterm.wire import durations

    return durations.encode_ns(nanoseconds)


def _aws(aws: "types_pb2.AWS") -> dict[str, Value]:
    return _pruned(
        region=aws.Region,
        redshift=_pruned(cluster_id=aws.Redshift.ClusterID),
        rds=_pruned(
            instance_id=aws.RDS.InstanceID,
            cluster_id=aws.RDS.ClusterID,
            resource_id=aws.RDS.ResourceID,
            iam_auth=aws.RDS.IAMAuth,
        ),
        account_id=aws.AccountID,
        elasticache={},
        secret_store={},
        memorydb={},
        rdsproxy={},
        redshift_serverless={},
        external_id=aws.ExternalID,
        assume_role_arn=aws.AssumeRoleARN,
        opensearch={},
        iam_policy_status="IAM_POLICY_STATUS_UNSPECIFIED",
        docdb={},
        elasticache_serverless={},
    )


def _azure(azure: "types_pb2.Azure") -> dict[str, Value]:
    return _pruned(name=azure.Name, resource_id=azure.ResourceID, redis={})


def _pruned(**values: Value) -> dict[str, Value]:
    """The values without empty texts; empty objects stay."""
    return {
        key: value for key, value in values.items() if value or isinstance(value, (bool, Mapping))
    }
