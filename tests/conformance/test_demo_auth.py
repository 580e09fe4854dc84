"""The demo's auth servers and its transport service, seen with grpc stubs."""

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from google.protobuf.empty_pb2 import Empty
from google.protobuf.timestamp_pb2 import Timestamp

from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.auth.v1.authservice_pb2_grpc import AuthServiceStub
from teleterm.protogen.teleport.presence.v1 import service_pb2 as presence
from teleterm.protogen.teleport.presence.v1.service_pb2_grpc import PresenceServiceStub
from teleterm.protogen.teleport.transport.v1 import transport_service_pb2 as transport
from teleterm.protogen.teleport.transport.v1.transport_service_pb2_grpc import TransportServiceStub
from teleterm.protogen.teleport.trust.v1 import trust_service_pb2 as trust
from teleterm.protogen.teleport.trust.v1.trust_service_pb2_grpc import TrustServiceStub
from teleterm.protogen.teleport.types import types_pb2
from teleterm.protogen.teleport.userpreferences.v1 import service_pb2 as preferences
from teleterm.protogen.teleport.userpreferences.v1.service_pb2_grpc import (
    UserPreferencesServiceStub,
)
from tests.support.demo_process import running_demo
from tests.support.login import code
from tests.support.raw_client import (
    TIMEOUT_S,
    Login,
    auth_channel,
    bridge,
    client_context,
    encoded,
    log_in,
    public_pem,
    transport_channel,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def root_channel(demo_login: Login) -> Iterator[grpc.Channel]:
    with auth_channel(demo_login, demo_login.ready.root) as channel:
        yield channel


@pytest.fixture(scope="module")
def root(root_channel: grpc.Channel) -> AuthServiceStub:
    return AuthServiceStub(root_channel)


def host_authority(channel: grpc.Channel, cluster: str) -> bytes:
    request = trust.GetCertAuthoritiesRequest(type="host")
    answer = TrustServiceStub(channel).GetCertAuthorities(request, timeout=TIMEOUT_S)
    found = {one.Spec.ClusterName: one.Spec.ActiveKeys for one in answer.cert_authorities_v2}
    return bytes(found[cluster].TLS[0].Cert)


def test_ping_and_version(root: AuthServiceStub, demo_login: Login) -> None:
    answer, call = root.Ping.with_call(auth.PingRequest(), timeout=TIMEOUT_S)
    assert answer.ClusterName == demo_login.ready.root
    assert dict(call.initial_metadata())["version"] == "18.3.0"


def test_user_and_roles(root: AuthServiceStub) -> None:
    user = root.GetCurrentUser(Empty(), timeout=TIMEOUT_S)
    (role,) = root.GetCurrentUserRoles(Empty(), timeout=TIMEOUT_S)
    assert list(user.Spec.Roles) == [role.Metadata.Name]
    assert "alice" in role.Spec.Allow.Logins
    assert "orders" in role.Spec.Allow.DatabaseNames


def test_unified_listing_pages_through(root: AuthServiceStub) -> None:
    seen: list[str] = []
    start_key = ""
    while True:
        request = auth.ListUnifiedResourcesRequest(
            Kinds=["node", "db"], Limit=2, StartKey=start_key, IncludeLogins=True
        )
        answer = root.ListUnifiedResources(request, timeout=TIMEOUT_S)
        for one in answer.Resources:
            seen.append(one.WhichOneof("resource") or "")
            assert bool(one.Logins) is one.HasField("Node")
        start_key = answer.NextKey
        if not start_key:
            break
    assert sorted(seen) == ["DatabaseServer"] * 4 + ["Node"] * 3


def test_listing_by_search_labels_and_expression(root: AuthServiceStub) -> None:
    request = auth.ListUnifiedResourcesRequest(
        SearchKeywords=["web"],
        Labels={"env": "demo"},
        PredicateExpression='labels["region"] == "north"',
        SortBy=types_pb2.SortBy(Field="kind"),
    )
    answer = root.ListUnifiedResources(request, timeout=TIMEOUT_S)
    assert [one.Node.Spec.Hostname for one in answer.Resources] == ["web-1"]


def test_databases_by_the_older_listing(root: AuthServiceStub) -> None:
    request = auth.ListResourcesRequest(
        ResourceType="db_server",
        PredicateExpression='(name == "orders") || (labels["x"] == "orders")',
    )
    answer = root.ListResources(request, timeout=TIMEOUT_S)
    (server,) = [one.DatabaseServer for one in answer.Resources]
    assert server.Spec.Database.Metadata.Name == "orders"
    assert server.Spec.Database.Spec.Protocol == "postgres"
    assert answer.TotalCount == 1


def test_kubernetes_clusters_with_and_without_their_services(root: AuthServiceStub) -> None:
    kinds = ("kube_server", "kube_cluster")
    servers, clusters = (
        root.ListResources(auth.ListResourcesRequest(ResourceType=kind), timeout=TIMEOUT_S)
        for kind in kinds
    )
    assert [one.KubeCluster for one in clusters.Resources] == [
        one.KubernetesServer.Spec.Cluster for one in servers.Resources
    ]
    assert {one.KubeCluster.Metadata.Name for one in clusters.Resources} == {"staging", "tools"}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (auth.ListUnifiedResourcesRequest(Kinds=["db_server"]), grpc.StatusCode.PERMISSION_DENIED),
        (
            auth.ListUnifiedResourcesRequest(PredicateExpression="name ="),
            grpc.StatusCode.INVALID_ARGUMENT,
        ),
        (
            auth.ListUnifiedResourcesRequest(SortBy=types_pb2.SortBy(Field="colour")),
            grpc.StatusCode.UNIMPLEMENTED,
        ),
    ],
)
def test_refused_listings(
    root: AuthServiceStub, request_: auth.ListUnifiedResourcesRequest, expected: grpc.StatusCode
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        root.ListUnifiedResources(request_, timeout=TIMEOUT_S)
    assert caught.value.code() is expected


def test_methods_it_lacks_are_unimplemented(root: AuthServiceStub) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        list(
            root.GetActiveSessionTrackersWithFilter(
                types_pb2.SessionTrackerFilter(), timeout=TIMEOUT_S
            )
        )
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_targets(root: AuthServiceStub) -> None:
    request = auth.ResolveSSHTargetRequest(labels={"role": "build"})
    answer = root.ResolveSSHTarget(request, timeout=TIMEOUT_S)
    assert answer.server.Spec.Hostname == "build"
    with pytest.raises(grpc.RpcError) as caught:
        root.ResolveSSHTarget(
            auth.ResolveSSHTargetRequest(labels={"role": "web"}), timeout=TIMEOUT_S
        )
    assert "ambiguous host" in (caught.value.details() or "")
    targets = root.GetSSHTargets(auth.GetSSHTargetsRequest(Host="web-1"), timeout=TIMEOUT_S)
    assert [server.Spec.Hostname for server in targets.Servers] == ["web-1"]


def user_certs(demo_login: Login, **changes: object) -> auth.UserCertsRequest:
    key = ec.generate_private_key(ec.SECP256R1())
    end = Timestamp()
    end.FromDatetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=10))
    request = auth.UserCertsRequest(
        Username=demo_login.ready.user,
        Expires=end,
        TLSPublicKey=public_pem(key),
        Usage=auth.UserCertsRequest.Database,
        RouteToDatabase=auth.RouteToDatabase(
            ServiceName="orders", Protocol="postgres", Username="alice", Database="orders"
        ),
    )
    for name, value in changes.items():
        request.ClearField(name)  # type: ignore[arg-type]  # any field's name
        if value is not None:
            setattr(request, name, value)
    return request


def test_database_certificates_carry_the_route(root: AuthServiceStub, demo_login: Login) -> None:
    answer = root.GenerateUserCerts(user_certs(demo_login), timeout=TIMEOUT_S)
    assert answer.SSH == b""
    certificate = x509.load_pem_x509_certificate(answer.TLS)
    values = {item.oid.dotted_string: item.value for item in certificate.subject}
    assert values["1.3.9999.2.1"] == "orders"
    assert values["1.3.9999.2.2"] == "postgres"
    assert values["1.3.9999.2.3"] == "alice"
    assert values["1.3.9999.2.4"] == "orders"
    remaining = certificate.not_valid_after_utc - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(minutes=9) < remaining <= datetime.timedelta(minutes=10)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Username": "bob"}, grpc.StatusCode.PERMISSION_DENIED),
        ({"Expires": None}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"RouteToDatabase": None}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"TLSPublicKey": b"nonsense"}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"TLSPublicKey": None}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"RouteToCluster": "nope"}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"Usage": auth.UserCertsRequest.SSH}, grpc.StatusCode.INVALID_ARGUMENT),
    ],
)
def test_certificates_that_are_refused(
    root: AuthServiceStub,
    demo_login: Login,
    changes: dict[str, object],
    expected: grpc.StatusCode,
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        root.GenerateUserCerts(user_certs(demo_login, **changes), timeout=TIMEOUT_S)
    assert caught.value.code() is expected


def test_the_leaf_answers_under_its_own_authority(
    root_channel: grpc.Channel, demo_login: Login
) -> None:
    leaf = demo_login.ready.leaf
    listed = PresenceServiceStub(root_channel).ListRemoteClusters(
        presence.ListRemoteClustersRequest(), timeout=TIMEOUT_S
    )
    assert [one.Metadata.Name for one in listed.remote_clusters] == [leaf]
    authority = host_authority(root_channel, leaf)
    with auth_channel(demo_login, leaf, authority) as channel:
        stub = AuthServiceStub(channel)
        assert stub.Ping(auth.PingRequest(), timeout=TIMEOUT_S).ClusterName == leaf
        asked = auth.ListUnifiedResourcesRequest(Kinds=["node"])
        answer = stub.ListUnifiedResources(asked, timeout=TIMEOUT_S)
        names = {one.Node.Spec.Hostname for one in answer.Resources}
        assert names == {"edge-1", "edge-2"}
        with pytest.raises(grpc.RpcError) as caught:
            stub.GenerateUserCerts(user_certs(demo_login), timeout=TIMEOUT_S)
        assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


def test_preferences_are_kept(root_channel: grpc.Channel) -> None:
    stub = UserPreferencesServiceStub(root_channel)
    asked = preferences.GetUserPreferencesRequest()
    chosen = stub.GetUserPreferences(asked, timeout=TIMEOUT_S).preferences
    chosen.theme = preferences.THEME_DARK  # the rest stays: the demo is not ours alone
    stub.UpsertUserPreferences(
        preferences.UpsertUserPreferencesRequest(preferences=chosen), timeout=TIMEOUT_S
    )
    kept = stub.GetUserPreferences(asked, timeout=TIMEOUT_S)
    assert kept.preferences == chosen


def test_watching_stays_open_after_its_first_event(root: AuthServiceStub) -> None:
    watch = root.WatchPendingHeadlessAuthentications(Empty(), timeout=TIMEOUT_S)
    assert next(watch).Type == auth.INIT
    assert watch.is_active()
    watch.cancel()


def test_an_auth_server_through_the_transport_service(demo_login: Login) -> None:
    """What clients do where the port can't route: TLS inside a stream."""
    context = client_context(
        ["h2"], demo_login.host_authority, demo_login.answer.tls_cert, demo_login.tls_key
    )
    with transport_channel(demo_login) as channel:
        stub = TransportServiceStub(channel)

        def dial() -> socket.socket:
            near, far = socket.socketpair()
            threading.Thread(target=relay, args=(stub, far), daemon=True).start()
            return context.wrap_socket(near, server_hostname=encoded(demo_login.ready.root))

        with bridge(dial) as port:
            with grpc.insecure_channel(f"127.0.0.1:{port}") as inner:
                answer = AuthServiceStub(inner).Ping(auth.PingRequest(), timeout=TIMEOUT_S)
    assert answer.ClusterName == demo_login.ready.root


def relay(stub: TransportServiceStub, far: socket.socket) -> None:
    def frames() -> Iterator[transport.ProxyClusterRequest]:
        yield transport.ProxyClusterRequest(cluster="")
        while data := far.recv(16384):
            yield transport.ProxyClusterRequest(frame=transport.Frame(payload=data))

    try:
        for answer in stub.ProxyCluster(frames()):
            far.sendall(answer.frame.payload)
    except (grpc.RpcError, OSError):
        far.close()


def test_a_session_that_ran_out_is_shut_out() -> None:
    with running_demo("--no-postgres", "--session-ttl", "2") as running:
        login = log_in(running.ready, code(running.ready.totp_secret))
        certificate = x509.load_pem_x509_certificate(login.answer.tls_cert)
        with auth_channel(login, running.ready.root) as channel:
            stub = AuthServiceStub(channel)
            stub.Ping(auth.PingRequest(), timeout=TIMEOUT_S)
            watch = stub.WatchEvents(auth.Watch(), timeout=TIMEOUT_S)
            next(watch)
            threading.Event().wait(
                (certificate.not_valid_after_utc - datetime.datetime.now(datetime.UTC))
                / datetime.timedelta(seconds=1)
                + 0.1
            )
            with pytest.raises(grpc.RpcError) as caught:
                stub.Ping(auth.PingRequest(), timeout=TIMEOUT_S)
            assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED
            assert "expired" in (caught.value.details() or "")
        context = client_context(
            ["teleport-proxy-ssh-grpc", "h2"],
            login.host_authority,
            login.answer.tls_cert,
            login.tls_key,
        )
        with pytest.raises((ssl.SSLError, ConnectionError)):
            open_and_read(login, context)


def open_and_read(login: Login, context: ssl.SSLContext) -> None:
    """In TLS 1.3 a client learns of a refused certificate when it reads."""
    plain = socket.create_connection(("127.0.0.1", login.ready.port), TIMEOUT_S)
    with context.wrap_socket(plain, server_hostname=encoded(login.ready.root)) as connection:
        if not connection.recv(1):
            raise ConnectionResetError
