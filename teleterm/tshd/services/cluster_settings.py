"""What a cluster's configuration says that its ping does not."""

from dataclasses import dataclass

from teleterm.client.auth import AuthClient
from teleterm.protogen.teleport.clusterconfig.v1 import clusterconfig_service_pb2 as config
from teleterm.protogen.teleport.clusterconfig.v1.clusterconfig_service_pb2_grpc import (
    ClusterConfigServiceStub,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSettings:
    """The cluster's id (a UUID), and its rule about trusted devices (`off`, `required`, …)."""

    cluster_id: str
    device_trust_mode: str


async def fetch(server: AuthClient) -> ClusterSettings:
    """Ask the auth service.

    Raises: Refused, Unreachable.
    """
    stub = ClusterConfigServiceStub(server.channel.grpc)
    name = await server.call(stub.GetClusterName, config.GetClusterNameRequest())
    preference = await server.call(stub.GetAuthPreference, config.GetAuthPreferenceRequest())
    return ClusterSettings(
        cluster_id=name.Spec.ClusterID, device_trust_mode=preference.Spec.DeviceTrust.Mode
    )
