"""The auth server of one cluster: everything that clients ask it over gRPC."""

from google.protobuf.empty_pb2 import Empty

from teleterm.demo import adminservice, messages
from teleterm.demo.authconfig import AuthConfig
from teleterm.demo.factorservice import FactorService
from teleterm.demo.headless import HeadlessService
from teleterm.demo.identity import Identity
from teleterm.demo.inventory import LEAF, ROOT, VERSION
from teleterm.demo.requestservice import RequestService
from teleterm.demo.resourceservice import ResourceService
from teleterm.demo.rpc import Gate, Handlers, RpcServer
from teleterm.demo.userservice import UserService
from teleterm.model.errors import ErrorCode, Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.clusterconfig.v1 import clusterconfig_service_pb2 as settings
from teleterm.protogen.teleport.presence.v1 import service_pb2 as presence
from teleterm.protogen.teleport.trust.v1 import trust_service_pb2 as trust
from teleterm.protogen.teleport.types import types_pb2

_SUITES = {
    "legacy": types_pb2.SIGNATURE_ALGORITHM_SUITE_LEGACY,
    "balanced-v1": types_pb2.SIGNATURE_ALGORITHM_SUITE_BALANCED_V1,
    "fips-v1": types_pb2.SIGNATURE_ALGORITHM_SUITE_FIPS_V1,
    "hsm-v1": types_pb2.SIGNATURE_ALGORITHM_SUITE_HSM_V1,
}


class AuthService:
    """Answers for one cluster."""

    def __init__(self, config: AuthConfig) -> None:
        self._config = config
        self._member = config.member

    def register(self, server: RpcServer, gate: Gate) -> None:
        """Add every method to a server."""
        desk = self._config.desk
        user = UserService(self._config)
        user.register(server, gate)
        server.add(
            "proto.AuthService",
            {
                "Ping": gate.unary(auth.PingRequest, self.ping),
                "GetDomainName": gate.unary(Empty, self.get_domain_name),
                "GetClusterCACert": gate.unary(Empty, self.get_cluster_ca_cert),
                "GenerateUserCerts": gate.unary(auth.UserCertsRequest, desk.generate),
                "DeleteAppSession": gate.unary(
                    auth.DeleteAppSessionRequest, desk.delete_app_session
                ),
                **self._factor_handlers(gate),
                **ResourceService(self._config).handlers(gate),
                **adminservice.handlers(gate),
                **user.handlers(gate),
                **HeadlessService(self._config.headless, self._config.factors).handlers(gate),
                **RequestService(self._config.requests, self._config.headless).handlers(gate),
            },
        )
        self._register_cluster_services(server, gate)

    def _factor_handlers(self, gate: Gate) -> Handlers:
        users = tuple(self._config.users.values())
        service = FactorService(self._config.factors, self._member, users, self._config.proxy)
        return service.handlers(gate)

    def _register_cluster_services(self, server: RpcServer, gate: Gate) -> None:
        server.add(
            "teleport.trust.v1.TrustService",
            {
                "GetCertAuthority": gate.unary(
                    trust.GetCertAuthorityRequest, self.get_cert_authority
                ),
                "GetCertAuthorities": gate.unary(
                    trust.GetCertAuthoritiesRequest, self.get_cert_authorities
                ),
            },
        )
        server.add(
            "teleport.presence.v1.PresenceService",
            {
                "ListRemoteClusters": gate.unary(
                    presence.ListRemoteClustersRequest, self.list_remote_clusters
                ),
                "GetRemoteCluster": gate.unary(
                    presence.GetRemoteClusterRequest, self.get_remote_cluster
                ),
            },
        )
        server.add(
            "teleport.clusterconfig.v1.ClusterConfigService",
            {
                "GetClusterName": gate.unary(settings.GetClusterNameRequest, self.get_cluster_name),
                "GetSessionRecordingConfig": gate.unary(
                    settings.GetSessionRecordingConfigRequest, self.get_session_recording_config
                ),
                "GetAuthPreference": gate.unary(
                    settings.GetAuthPreferenceRequest, self.get_auth_preference
                ),
            },
        )

    async def get_session_recording_config(
        self, _asked: settings.GetSessionRecordingConfigRequest, _caller: Identity
    ) -> types_pb2.SessionRecordingConfigV2:
        """Say who records sessions: the nodes."""
        return messages.recording_config_message()

    async def ping(self, _asked: auth.PingRequest, _caller: Identity) -> auth.PingResponse:
        """Say which cluster this is."""
        return auth.PingResponse(
            ClusterName=self._member.name,
            ServerVersion=VERSION,
            ServerFeatures=auth.Features(DB=True, Kubernetes=True, App=True),
            ProxyPublicAddr=self._config.proxy if self._member.name == ROOT else "",
            RemoteAddr="127.0.0.1:0",
            signature_algorithm_suite=_SUITES[self._config.suite],
        )

    async def get_domain_name(self, _asked: Empty, _caller: Identity) -> auth.GetDomainNameResponse:
        """Say which cluster this is, the old way."""
        return auth.GetDomainNameResponse(DomainName=self._member.name)

    async def get_cluster_ca_cert(
        self, _asked: Empty, _caller: Identity
    ) -> auth.GetClusterCACertResponse:
        """Give the authority that signs the cluster's own certificates."""
        return auth.GetClusterCACertResponse(TLSCA=self._member.authorities.host_tls.pem)

    async def get_cert_authority(
        self, asked: trust.GetCertAuthorityRequest, _caller: Identity
    ) -> types_pb2.CertAuthorityV2:
        """Give one authority of this cluster or of one it trusts."""
        for member in (self._member, *self._config.others):
            if member.name == asked.domain:
                found = messages.authority_message(member, asked.type)
                if found is not None:
                    return found
        message = f'key "/authorities/{asked.type}/{asked.domain}" is not found'
        raise Refused(message, code=ErrorCode.NOT_FOUND)

    async def get_cert_authorities(
        self, asked: trust.GetCertAuthoritiesRequest, _caller: Identity
    ) -> trust.GetCertAuthoritiesResponse:
        """Give the authorities of this cluster and of those it trusts."""
        members = (self._member, *self._config.others)
        found = [messages.authority_message(member, asked.type) for member in members]
        return trust.GetCertAuthoritiesResponse(
            cert_authorities_v2=[message for message in found if message is not None]
        )

    async def list_remote_clusters(
        self, _asked: presence.ListRemoteClustersRequest, _caller: Identity
    ) -> presence.ListRemoteClustersResponse:
        """List the leaf clusters."""
        leaves = [self._leaf()]
        return presence.ListRemoteClustersResponse(
            remote_clusters=leaves if self._member.name == ROOT else []
        )

    def _leaf(self) -> types_pb2.RemoteClusterV3:
        config = self._config
        return messages.leaf_message(config.clock.now(), is_online=LEAF not in config.gone)

    async def get_remote_cluster(
        self, asked: presence.GetRemoteClusterRequest, _caller: Identity
    ) -> types_pb2.RemoteClusterV3:
        """Describe one leaf cluster."""
        if self._member.name == ROOT and asked.name == LEAF:
            return self._leaf()
        message = f'remote cluster "{asked.name}" is not found'
        raise Refused(message, code=ErrorCode.NOT_FOUND)

    async def get_cluster_name(
        self, _asked: settings.GetClusterNameRequest, _caller: Identity
    ) -> types_pb2.ClusterNameV2:
        """Say which cluster this is, and which of that name."""
        return messages.cluster_name_message(self._member)

    async def get_auth_preference(
        self, _asked: settings.GetAuthPreferenceRequest, _caller: Identity
    ) -> types_pb2.AuthPreferenceV2:
        """Say how users log in."""
        return messages.auth_preference_message()
