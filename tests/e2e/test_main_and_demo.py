"""Everything that main answers, with real daemons and the demo cluster, the test as its window.

The daemon is our own; with OFFICIAL_TSH=<path> the official one is tried as well.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from teleterm.bridge.contract import (
    AddCluster,
    AnswerMfa,
    AnswerRelogin,
    AuthFound,
    CancelAsk,
    ClusterAdded,
    ClustersChanged,
    CountResources,
    CountsChanged,
    CreateGateway,
    DaemonChanged,
    Done,
    Failed,
    GatewayClientSpec,
    GatewayReady,
    GatewaysChanged,
    GetAuth,
    ListDatabaseUsers,
    ListResources,
    LoginLocal,
    Logout,
    MfaAsked,
    Names,
    NoticePosted,
    OpenTerminal,
    PromptWithdrawn,
    ReloginAsked,
    ResourcePage,
    SearchResources,
    SearchResult,
    SetGatewayPort,
    SetGatewaySubresource,
    SshSpec,
    TerminalOpened,
)
from teleterm.bridge.views import ClusterView, DocumentView, GatewayView
from teleterm.demo.totp import code_at
from tests.support.frame_screen import FrameScreen
from tests.support.stand_in import REPOSITORY, MainUnderTest, StandIn

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
OFFICIAL = os.environ.get("OFFICIAL_TSH", "")


@dataclass(frozen=True, kw_only=True)
class DemoLine:
    """What a demo cluster says of itself."""

    proxy: str
    user: str
    password: str
    totp_secret: str
    ca_file: str

    def code(self) -> str:
        """The code of an authenticator app now."""
        return code_at(self.totp_secret, time.time())


@contextmanager
def running_demo(*more: str) -> Iterator[DemoLine]:
    """A demo cluster that takes a code twice."""
    argv = [sys.executable, "-m", "teleterm.demo", "start", "--format=json", "--allow-code-reuse"]
    process = subprocess.Popen(
        [*argv, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY
    )
    assert process.stdin is not None
    assert process.stdout is not None
    said = json.loads(process.stdout.readline())
    yield DemoLine(**{name: said[name] for name in DemoLine.__dataclass_fields__})
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoLine]:
    """A demo cluster for most tests."""
    with running_demo() as line:
        yield line


@contextmanager
def running_main(tsh: str, demo: DemoLine) -> Iterator[MainUnderTest]:
    """A main process whose daemon trusts the demo."""
    running = MainUnderTest()
    running.configure(json.dumps({"tsh.path": tsh}))
    running.start(SHELL="/bin/sh", SSL_CERT_FILE=demo.ca_file)
    yield running
    running.stop()


@pytest.fixture(params=["ours", "official"])
def tsh(request: pytest.FixtureRequest) -> str:
    """The setting tsh.path for either tsh."""
    if request.param == "official" and not OFFICIAL:
        pytest.skip("OFFICIAL_TSH is not set")
    return OFFICIAL if request.param == "official" else ""


@pytest.fixture
def main(tsh: str, demo: DemoLine) -> Iterator[MainUnderTest]:
    """A main process for most tests."""
    with running_main(tsh, demo) as running:
        yield running


@pytest.fixture
def window(main: MainUnderTest) -> StandIn:
    """A window for most tests."""
    return ready(main)


def ready(main: MainUnderTest) -> StandIn:
    """A window that stands, with the daemon behind it."""
    window = main.window()
    if window.hello().daemon_state != "ready":
        window.event(DaemonChanged, lambda event: event.state == "ready")
    return window


def add(window: StandIn, demo: DemoLine) -> ClusterView:
    """The demo cluster, added."""
    return window.ask(AddCluster(address=f"https://{demo.proxy}/web"), ClusterAdded).cluster


def begin_login(window: StandIn, demo: DemoLine, uri: str) -> tuple[int, str]:
    """Password sent, code asked: the ask's number and the question's name."""
    number = window.send(LoginLocal(cluster_uri=uri, user=demo.user, password=demo.password))
    asked = window.event(MfaAsked)
    assert asked.has_code
    assert asked.cluster_uri == uri
    return number, asked.prompt_id


def log_in(window: StandIn, demo: DemoLine) -> ClusterView:
    """The demo cluster, logged in."""
    uri = add(window, demo).uri
    number, prompt = begin_login(window, demo, uri)
    window.ask(AnswerMfa(prompt_id=prompt, code=demo.code()), Done)
    window.answer(number, Done)
    changed = window.event(ClustersChanged, lambda event: len(event.clusters) == 2)
    return changed.clusters[0]


def test_adding_and_logging_in(window: StandIn, demo: DemoLine) -> None:
    cluster = add(window, demo)
    assert cluster.title == demo.proxy
    assert not cluster.is_logged_in
    auth = window.ask(GetAuth(cluster_uri=cluster.uri), AuthFound).auth
    assert auth.is_local_allowed
    wrong = LoginLocal(cluster_uri=cluster.uri, user=demo.user, password="no")
    failed = window.ask(wrong, Failed)
    assert failed.message == "User name or password is not right."
    assert (failed.code, failed.field) == ("wrong_credentials", "password")
    number, prompt = begin_login(window, demo, cluster.uri)
    window.ask(AnswerMfa(prompt_id=prompt, code="000000"), Done)
    failed = window.answer(number, Failed)
    assert failed.message.startswith("The code is not right.")
    assert failed.field == "code"
    number, prompt = begin_login(window, demo, cluster.uri)
    window.ask(AnswerMfa(prompt_id=prompt), Done)
    assert window.answer(number, Failed).code == "mfa_refused"
    number, prompt = begin_login(window, demo, cluster.uri)
    window.ask(CancelAsk(target_id=number), Done)
    assert window.answer(number, Failed).code == "cancelled"
    window.event(PromptWithdrawn, lambda event: event.prompt_id == prompt)
    number, prompt = begin_login(window, demo, cluster.uri)
    window.ask(AnswerMfa(prompt_id=prompt, code=demo.code()), Done)
    window.answer(number, Done)
    root, leaf = window.event(ClustersChanged, lambda event: len(event.clusters) == 2).clusters
    assert root.is_logged_in
    assert root.user == demo.user
    assert root.expires_at > time.time() + 60
    assert (leaf.is_leaf, leaf.root_uri, leaf.title) == (True, root.uri, "leaf.demo.localhost")
    notice = window.event(NoticePosted).notice
    assert notice.title.startswith(f"Logged in to {demo.proxy}, valid until ")
    window.ask(Logout(cluster_uri=root.uri, forget=True), Done)
    assert window.event(ClustersChanged, lambda event: not event.clusters).clusters == ()


def test_what_there_is(window: StandIn, demo: DemoLine) -> None:
    cluster = log_in(window, demo)
    window.ask(CountResources(cluster_uri=cluster.uri), Done)
    counts = {one.kind: one.count for one in window.event(CountsChanged).counts}
    assert counts["servers"] == 3
    assert counts["databases"] == 4
    listing = ListResources(cluster_uri=cluster.uri, kinds=("servers",), limit=2, descending=True)
    first = window.ask(listing, ResourcePage)
    assert [row.name for row in first.rows] == ["web-2", "web-1"]
    assert first.rows[0].logins == ("alice", "deploy")
    rest = ListResources(
        cluster_uri=cluster.uri,
        kinds=("servers",),
        limit=2,
        descending=True,
        start_key=first.next_key,
    )
    last = window.ask(rest, ResourcePage)
    assert [row.name for row in last.rows] == ["build"]
    assert last.next_key == ""
    found = window.ask(SearchResources(words="edge"), SearchResult)
    assert sorted(row.name for row in found.rows) == ["edge", "edge-1", "edge-2"]
    assert {row.cluster_uri for row in found.rows} == {f"{cluster.uri}/leaves/leaf.demo.localhost"}
    window.ask(ListResources(cluster_uri=cluster.uri, kinds=("toys",)), Failed)


def query(gateway: GatewayView) -> str:
    """`select 1` through a gateway."""
    url = f"postgres://alice@localhost:{gateway.local_port}/orders"
    done = subprocess.run(
        ["psql", url, "-Atc", "select 1"], capture_output=True, text=True, timeout=30
    )
    return done.stdout.strip() or done.stderr


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")
def test_a_database_through_everything(
    window: StandIn, main: MainUnderTest, demo: DemoLine
) -> None:
    cluster = log_in(window, demo)
    uri = f"{cluster.uri}/dbs/orders"
    assert "alice" in window.ask(ListDatabaseUsers(database_uri=uri), Names).names
    create = CreateGateway(target_uri=uri, user="alice", subresource="orders")
    gateway = window.ask(create, GatewayReady).gateway
    assert gateway.is_client_found
    assert query(gateway) == "1"
    assert window.ask(create, GatewayReady).gateway == gateway
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        failed = window.ask(SetGatewayPort(gateway_uri=gateway.uri, local_port=port), Failed)
    assert failed.message == f"Port {port} is in use by another program."
    assert (failed.code, failed.field) == ("port_in_use", "local_port")
    moved = window.ask(SetGatewayPort(gateway_uri=gateway.uri, local_port=port), GatewayReady)
    assert (moved.gateway.uri, moved.gateway.local_port) == (gateway.uri, port)
    named = window.ask(
        SetGatewaySubresource(gateway_uri=gateway.uri, subresource="postgres"), GatewayReady
    )
    assert named.gateway.command.endswith("/postgres")
    open_client = OpenTerminal(
        spec=GatewayClientSpec(gateway_uri=gateway.uri),
        document=DocumentView(kind="gateway_cli"),
        cols=80,
        rows=24,
    )
    window.ask(open_client, TerminalOpened)
    with FrameScreen(window.descriptors.pop()) as screen:
        screen.until(lambda text: "=>" in text)
        screen.type("select 6*7;\n")
        screen.until(lambda text: "42" in text)
    os.kill(main.pid_of("daemon"), signal.SIGKILL)
    window.event(DaemonChanged, lambda event: event.state == "ready")
    again = window.event(
        GatewaysChanged, lambda event: all(not one.problem for one in event.gateways)
    )
    assert [(one.uri, one.local_port) for one in again.gateways] == [(gateway.uri, port)]
    assert query(again.gateways[0]) == "1"
    window.ask(Logout(cluster_uri=cluster.uri), Done)
    assert window.event(GatewaysChanged, lambda event: not event.gateways).gateways == ()


@pytest.mark.parametrize("leaf", ["", "/leaves/leaf.demo.localhost"])
def test_a_shell_on_a_node(window: StandIn, demo: DemoLine, leaf: str) -> None:
    cluster = log_in(window, demo)
    listing = ListResources(cluster_uri=f"{cluster.uri}{leaf}", kinds=("servers",))
    node = window.ask(listing, ResourcePage).rows[0]
    spec = SshSpec(server_uri=node.uri, hostname=node.name, login="alice")
    request = OpenTerminal(spec=spec, document=DocumentView(kind="ssh"), cols=80, rows=24)
    window.ask(request, TerminalOpened)
    with FrameScreen(window.descriptors.pop()) as screen:
        screen.until(lambda text: "$" in text)
        screen.type("echo on-$(hostname)\n")
        screen.until(lambda text: f"\non-{node.name}\n" in text + "\n")


def test_a_damaged_profile_is_named_and_the_rest_loads(
    window: StandIn, main: MainUnderTest, demo: DemoLine
) -> None:
    add(window, demo)
    home = main.home / "data" / "tsh"
    (home / "broken.example.com.yaml").write_bytes(b"{{{ \xff nonsense")
    notice = window.event(NoticePosted).notice
    assert "broken.example.com" in notice.title
    assert [path.name for path in Path(home).glob("*.yaml")] == ["localhost.yaml"]
    assert len(list(home.glob("broken.example.com.yaml.corrupt-*"))) == 1


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")
def test_a_client_waits_for_the_new_login(tsh: str) -> None:
    with running_demo("--session-ttl=4") as demo, running_main(tsh, demo) as main:
        window = ready(main)
        cluster = log_in(window, demo)
        create = CreateGateway(
            target_uri=f"{cluster.uri}/dbs/orders", user="alice", subresource="orders"
        )
        gateway = window.ask(create, GatewayReady).gateway
        window.event(ClustersChanged, lambda event: not event.clusters[0].is_logged_in)
        listing = ListResources(cluster_uri=cluster.uri, kinds=("servers",))
        failed = window.ask(listing, Failed)
        assert failed.needs_login
        assert failed.message.startswith(f"Your login on {demo.proxy} ended at ")
        assert window.ask(SearchResources(words="web"), SearchResult).locked == (cluster.uri,)
        url = f"postgres://alice@localhost:{gateway.local_port}/orders"
        client = subprocess.Popen(["psql", url, "-Atc", "select 1"], stdout=subprocess.PIPE)
        asked = window.event(ReloginAsked)
        assert asked.reason.startswith("psql is waiting for orders on ")
        number, prompt = begin_login(window, demo, cluster.uri)
        window.ask(AnswerMfa(prompt_id=prompt, code=demo.code()), Done)
        window.answer(number, Done)
        window.ask(AnswerRelogin(prompt_id=asked.prompt_id, is_done=True), Done)
        assert client.communicate(timeout=30)[0] == b"1\n"
