"""Every gRPC call of the demo with every kind of message: a status of its own, and it still serves.

What a handler didn't expect shows as gRPC's own words, which name a Python class.
"""

import os
from collections.abc import Iterator

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.clusterconfig.v1 import clusterconfig_service_pb2 as config
from teleterm.protogen.teleport.kube.v1 import kube_service_pb2 as kube
from teleterm.protogen.teleport.presence.v1 import service_pb2 as presence
from teleterm.protogen.teleport.transport.v1 import transport_service_pb2 as transport
from teleterm.protogen.teleport.trust.v1 import trust_service_pb2 as trust
from teleterm.protogen.teleport.userpreferences.v1 import service_pb2 as preferences
from teleterm.protogen.teleport.users.v1 import users_service_pb2 as users
from tests.support.demo_process import RunningDemo, running_demo
from tests.support.login import code
from tests.support.messages import messages
from tests.support.raw_client import TIMEOUT_S, auth_channel, log_in, transport_channel

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4"))
SHORT_S = 0.3
WAITING = {"GetHeadlessAuthentication", "UpdateHeadlessAuthenticationState"}  # for a client to come
OF_PROXY = ("TransportService", "KubeService")
METHODS: list[MethodDescriptor] = [
    method
    for module in (auth, config, kube, presence, transport, trust, preferences, users)
    for service in module.DESCRIPTOR.services_by_name.values()
    for method in service.methods
]
WORDS = {
    "name": st.sampled_from(["web-1", "alice", "demo.localhost", "orders", "staging", "", "x"]),
    "user": st.sampled_from(["alice", "bob", "", "nobody"]),
    "kind": st.sampled_from(["node", "db_server", "kube_cluster", "app_server", "role", "x"]),
    "cluster": st.sampled_from(["demo.localhost", "leaf.demo.localhost", "", "none"]),
    "key": st.sampled_from(["", "0", "-1", "a/b", "²"]),
    "port": st.sampled_from(["web-1:0", "web-1:99999", ":", "[::1]:0", ""]),
    "type": st.sampled_from(["host", "user", "db", "x"]),
}
GENEROUS = settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def demo() -> Iterator[RunningDemo]:
    with running_demo("--allow-code-reuse", "--no-postgres") as running:
        yield running


@pytest.fixture(scope="module")
def channels(demo: RunningDemo) -> Iterator[tuple[grpc.Channel, grpc.Channel]]:
    """To the auth server and to the proxy, as a user."""
    login = log_in(demo.ready, code(demo.ready.totp_secret))
    with auth_channel(login, demo.ready.root) as one, transport_channel(login) as other:
        yield one, other


def same(body: bytes) -> bytes:
    """What is sent as it is."""
    return body


def ended(channel: grpc.Channel, method: MethodDescriptor, bodies: list[bytes]) -> str:
    """Make a call; gives what it said when it failed."""
    path = f"/{method.containing_service.full_name}/{method.name}"
    may_wait = method.client_streaming or method.server_streaming or method.name in WAITING
    timeout = SHORT_S if may_wait else TIMEOUT_S
    try:
        if method.client_streaming:
            list(channel.stream_stream(path, same, same)(iter(bodies), timeout=timeout))
        elif method.server_streaming:
            list(channel.unary_stream(path, same, same)(bodies[0], timeout=timeout))
        else:
            channel.unary_unary(path, same, same)(bodies[0], timeout=timeout)
    except grpc.RpcError as error:
        code_of, details = getattr(error, "code", None), getattr(error, "details", None)
        assert code_of is not None
        assert details is not None
        assert may_wait or code_of() is not grpc.StatusCode.DEADLINE_EXCEEDED
        return str(details())
    return ""


@pytest.mark.parametrize(
    "method", METHODS, ids=lambda method: f"{method.containing_service.name}-{method.name}"
)
@GENEROUS
@given(data=st.data())
def test_any_message(
    demo: RunningDemo,
    channels: tuple[grpc.Channel, grpc.Channel],
    method: MethodDescriptor,
    data: st.DataObject,
) -> None:
    kind = messages(method.input_type, WORDS)
    given_: list[Message] = data.draw(st.lists(kind, min_size=1, max_size=2))
    channel = channels[method.containing_service.name in OF_PROXY]
    said = ended(channel, method, [one.SerializeToString() for one in given_])
    assert "Unexpected <" not in said, said
    assert demo.process.poll() is None


def test_it_serves_after_all_that(channels: tuple[grpc.Channel, grpc.Channel]) -> None:
    (ping,) = [one for one in METHODS if one.name == "Ping"]
    assert ended(channels[0], ping, [b""]) == ""
