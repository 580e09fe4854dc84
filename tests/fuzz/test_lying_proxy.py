"""What a proxy answers may be anything: our own errors come of it and nothing else."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teleterm.client import discovery, login_messages
from teleterm.client.auth import AuthClient, ResourceQuery
from teleterm.client.channel import Channel
from teleterm.client.joint import End
from teleterm.client.transport import Transport
from teleterm.model.errors import TeletermError
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.wire.http1 import AnswerReader, NotHttp
from tests.support.messages import messages

pytestmark = pytest.mark.slow
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "12"))
GENEROUS = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
KEYS = st.sampled_from(
    [
        "proxy", "auth", "ssh", "db", "kube", "public_addr", "ssh_public_addr", "listen_addr",
        "tls_routing_enabled", "cluster_name", "server_version", "min_client_version", "type",
        "local", "second_factor", "webauthn", "rp_id", "default_session_ttl", "dial_timeout",
        "signature_algorithm_suite", "postgres_listen_addr", "mysql_public_addr", "x",
        "webauthn_challenge", "totp_challenge", "publicKey", "challenge", "allowCredentials", "id",
        "username", "cert", "tls_cert", "host_signers", "domain_name", "checking_keys",
        "tls_certs", "client_options", "providers", "localAuthEnabled", "displayName", "name",
    ]
)  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.sampled_from(["a:1", "[::1]:99999", ":", "a:b:c", "12h", "-9s", "QUJD", "====", "18.3.0"]),
)  # fmt: skip
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)
PIECES = st.sampled_from([b"\r\n", b"0", b"5", b"f", b": ", b"\r\n\r\n", b"abcde"])
OBJECTS = st.dictionaries(KEYS, ANY_JSON, max_size=8)


@settings(max_examples=EXAMPLES * 10)
@given(OBJECTS)
def test_what_a_proxy_says_of_itself(answer: dict[str, object]) -> None:
    with contextlib.suppress(TeletermError):
        info = discovery.parse_ping(answer, "host:1")
        info.version_warning()
        info.profile(None, user="u")


@settings(max_examples=EXAMPLES * 10)
@given(OBJECTS)
def test_challenges_and_certificates(answer: dict[str, object]) -> None:
    with contextlib.suppress(TeletermError):
        login_messages.parse_challenge(answer, web_addr="host:1", cluster="c")
    with contextlib.suppress(TeletermError):
        login_messages.parse_reply(answer)


@settings(max_examples=EXAMPLES * 10)
@given(
    st.one_of(
        st.text(max_size=60),
        OBJECTS.map(lambda one: f"var GRV_CONFIG = {one};"),
        st.just("var GRV_CONFIG = " + "[" * 3000),
    )
)
def test_the_ways_to_log_in(text: str) -> None:
    assert isinstance(discovery.parse_providers(text), list)


@settings(max_examples=EXAMPLES * 10)
@given(
    st.sampled_from(
        [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]
    ),
    st.lists(PIECES | st.binary(max_size=9), max_size=9),
)
def test_answers_of_web_servers(start: bytes, parts: list[bytes]) -> None:
    reader, whole = AnswerReader(), AnswerReader()
    found: list[object] = []
    with contextlib.suppress(NotHttp):
        for part in (start, *parts):
            if reader.feed(part) is not None:
                return
        found.append(reader.end())
    with contextlib.suppress(NotHttp):
        assert whole.feed(start + b"".join(parts)) is None
        assert [whole.end()] == found


class Liar(grpc.GenericRpcHandler):
    """Answers every call with the bytes it was told, as often as it was told, then a status."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self.code = grpc.StatusCode.OK
        self.words = ""

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> "grpc.RpcMethodHandler[bytes, bytes]":
        """Take any call as one of streams: with one answer it looks like any other."""

        async def answer(_: object, context: "grpc.aio.ServicerContext[bytes, bytes]") -> None:
            for body in self.answers:
                await context.write(body)
            if self.code is not grpc.StatusCode.OK:
                await context.abort(self.code, self.words)

        return grpc.stream_stream_rpc_method_handler(answer)


CALLS: dict[str, Callable[[AuthClient], Awaitable[object]]] = {
    "Ping": AuthClient.ping,
    "GetCurrentUserRoles": AuthClient.current_roles,
    "GetUser": AuthClient.current_user,
    "ListRemoteClusters": AuthClient.remote_clusters,
    "GetCertAuthorities": AuthClient.authorities,
    "GetUserPreferences": AuthClient.preferences,
    "ListUnifiedResources": lambda one: one.unified_resources(ResourceQuery()),
    "ListResources": lambda one: one.list_resources("db_server", ResourceQuery()),
    "GetSSHTargets": lambda one: one.ssh_targets("web"),
    "GenerateUserCerts": lambda one: one.generate_certs(auth.UserCertsRequest()),
    "IsMFARequired": lambda one: one.is_mfa_required(auth.IsMFARequiredRequest()),
    "GetAccessCapabilities": AuthClient.access_capabilities,
    "GetAccessRequests": AuthClient.access_requests,
    "GetActiveSessionTrackers": AuthClient.sessions,
}
STATUSES = st.sampled_from(list(grpc.StatusCode))


def lie(
    answers: list[bytes],
    code: grpc.StatusCode,
    words: str,
    ask: Callable[[Channel], Awaitable[object]],
) -> None:
    """Ask somebody who answers like that; one of our own errors may come of it."""

    async def scenario(folder: str) -> None:
        path = str(Path(folder) / "s")
        liar = Liar()
        liar.answers, liar.code, liar.words = answers, code, words
        server = grpc.aio.server()
        server.add_generic_rpc_handlers((liar,))
        server.add_insecure_port(f"unix:{path}")
        await server.start()

        async def dial() -> End:
            _, end = await asyncio.get_running_loop().create_unix_connection(End, path)
            return end

        channel = Channel(dial, "cluster")
        await channel.open()
        try:
            with contextlib.suppress(TeletermError):
                await asyncio.wait_for(ask(channel), timeout=20)
        finally:
            await channel.close()
            await server.stop(None)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(scenario(folder))


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=max(EXAMPLES // 8, 3), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_answers_of_an_auth_server(name: str, data: st.DataObject) -> None:
    known: dict[str, MethodDescriptor] = dict(
        auth.DESCRIPTOR.services_by_name["AuthService"].methods_by_name
    )
    bodies = st.binary(max_size=40)
    if name in known:
        kind = messages(known[name].output_type, {"key": st.just("")})
        bodies |= kind.map(lambda one: one.SerializeToString())
    most = 3 if name == "GetCurrentUserRoles" else 1  # gRPC itself waits for the end of others
    answers = data.draw(st.lists(bodies, max_size=most))
    code, words = data.draw(STATUSES), data.draw(st.text(max_size=30))
    lie(answers, code, words, lambda channel: CALLS[name](AuthClient(channel, "cluster")))


@GENEROUS
@given(st.lists(st.binary(max_size=40), max_size=1), STATUSES)
def test_answers_of_a_proxy_on_the_way_to_a_node(
    answers: list[bytes], code: grpc.StatusCode
) -> None:
    async def ask(channel: Channel) -> None:
        transport = Transport(channel, "cluster")
        try:
            await transport.cluster_details()
            (await transport.proxy_cluster("leaf")).close()
        finally:
            await transport.close()

    lie(answers, code, "no", ask)
