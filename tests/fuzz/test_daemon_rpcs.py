"""Every call of the daemon with every kind of message: a status, never a crash, never a hang."""

import os
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teleterm.protogen.teleport.lib.teleterm.auto_update.v1 import (
    auto_update_service_pb2 as updates,
)
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as terminal
from teleterm.protogen.teleterm.daemon.v1 import daemon_pb2 as own
from tests.support.daemon_process import TSH, Daemon, running_daemon
from tests.support.demo_process import Ready, running_demo
from tests.support.login import login_with_tsh
from tests.support.messages import messages

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
METHODS: list[MethodDescriptor] = [
    method
    for module, name in (
        (terminal, "TerminalService"),
        (updates, "AutoUpdateService"),
        (own, "DaemonService"),
    )
    for method in module.DESCRIPTOR.services_by_name[name].methods
]
# These wait for a person or for what changes: they need only end when they are cancelled.
WAITING = {
    "Login", "LoginPasswordless", "WatchStatus", "WatchChanges", "CreateGateway",
    "WaitForConnectMyComputerNodeJoin",
}  # fmt: skip
# These end the login, write files or name the window: only to a daemon that isn't logged in.
ENDING = {"Logout", "RemoveCluster", "TransferFile", "UpdateTshdEventsServerAddress"}
CALL_S, SHORT_S = 20.0, 0.3
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4"))
CLUSTER = "/clusters/localhost"
LEAF = f"{CLUSTER}/leaves/leaf.demo.localhost"
URIS = st.sampled_from(
    [
        CLUSTER,
        LEAF,
        f"{CLUSTER}/servers/web-1",
        f"{LEAF}/servers/edge-1",
        f"{CLUSTER}/dbs/orders",
        f"{CLUSTER}/kubes/staging",
        f"{CLUSTER}/apps/wiki",
        "/gateways/none",
        "/clusters/",
        "/clusters/../../etc",
        f"{CLUSTER}/leaves/",
        "",
    ]
)
WORDS = {"uri": URIS, "port": st.sampled_from(["0", "65536", "-1", "80", "x"]), "key": st.just("a")}
GENEROUS = settings(
    derandomize="FUZZ_ANEW" not in os.environ,  # the same calls each time, unless asked
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def demo() -> Iterator[Ready]:
    with running_demo("--allow-code-reuse", "--no-postgres") as running:
        yield running.ready


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    with running_daemon(tmp_path_factory.mktemp("empty") / "d") as running:
        yield running


@pytest.fixture(scope="module")
def logged_in(demo: Ready, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    folder = tmp_path_factory.mktemp("in") / "d"
    environ = {"SSL_CERT_FILE": demo.ca_file, "TELEPORT_HOME": str(folder / "home")}
    (folder / "home").mkdir(parents=True)
    root = str(Path(__file__).parents[2])
    login_with_tsh(TSH, demo, environ | {"TELEPORT_TOOLS_VERSION": "off", "PYTHONPATH": root})
    with running_daemon(folder, environ=environ) as running:
        yield running


@pytest.fixture(params=["empty", "logged_in"])
def daemon(request: pytest.FixtureRequest) -> Daemon:
    found: Daemon = request.getfixturevalue(request.param)
    return found


def same(body: bytes) -> bytes:
    """What is sent as it is."""
    return body


def call(daemon: Daemon, method: MethodDescriptor, bodies: list[bytes]) -> grpc.StatusCode:
    """Make a call and give how it ended."""
    timeout = SHORT_S if method.name in WAITING else CALL_S
    path = f"/{method.containing_service.full_name}/{method.name}"
    with grpc.insecure_channel(f"unix:{daemon.socket}") as channel:
        try:
            if method.client_streaming:
                both = channel.stream_stream(path, same, same)
                list(both(iter(bodies), timeout=timeout))
            elif method.server_streaming:
                stream = channel.unary_stream(path, same, same)
                list(stream(bodies[0], timeout=timeout))
            else:
                unary = channel.unary_unary(path, same, same)
                unary(bodies[0], timeout=timeout)
        except grpc.RpcError as error:
            return status_of(error)
    return grpc.StatusCode.OK


def status_of(error: grpc.RpcError) -> grpc.StatusCode:
    """The status of a failed call; the library's types don't say that it has one."""
    code: object = getattr(error, "code", lambda: None)()
    assert isinstance(code, grpc.StatusCode), repr(error)
    return code


def check(daemon: Daemon, method: MethodDescriptor, bodies: list[bytes]) -> None:
    """Make the call and look at how it ended, and at what the daemon said meanwhile."""
    before = len(daemon.log())
    status = call(daemon, method, bodies)
    said = daemon.log()[before:]
    assert daemon.process.poll() is None, said
    assert "Traceback" not in said, said[:4000]
    if method.name not in WAITING:
        assert status is not grpc.StatusCode.DEADLINE_EXCEEDED


@pytest.mark.parametrize("method", METHODS, ids=lambda method: str(method.name))
@GENEROUS
@given(data=st.data())
def test_any_message(daemon: Daemon, method: MethodDescriptor, data: st.DataObject) -> None:
    if method.name in ENDING and (daemon.folder / "home" / "current-profile").exists():
        pytest.skip("only where nobody is logged in")
    kind = messages(method.input_type, WORDS)
    bodies: list[Message] = data.draw(st.lists(kind, min_size=1, max_size=3))
    check(daemon, method, [one.SerializeToString() for one in bodies])


@GENEROUS
@given(data=st.binary(max_size=64), method=st.sampled_from(METHODS))
def test_any_bytes(empty: Daemon, data: bytes, method: MethodDescriptor) -> None:
    call(empty, method, [data])
    assert empty.process.poll() is None
    whole = next(one for one in METHODS if one.name == "ListRootClusters")
    assert call(empty, whole, [b""]) is grpc.StatusCode.OK


def test_it_ends_in_order_after_all_that(empty: Daemon, logged_in: Daemon) -> None:
    assert (empty.terminate(), logged_in.terminate()) == (0, 0)
