"""Our daemon beside the official one: the same questions to both, on copies of one login.

By hand only: docs/real-cluster.md says which variables lead here. The demo takes the place of a
cluster in half of the tests; these need only REAL_CLUSTER_OFFICIAL_TSH.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from tests.real_cluster.test_real_cluster import OURS, Login, told
from tests.support import daemon_pair, daemon_questions
from tests.support.daemon_pair import Outcome, Pair
from tests.support.daemon_process import CALL_S, Daemon, Window
from tests.support.daemon_questions import CLUSTER, Place, Question
from tests.support.demo_process import running_demo
from tests.support.login import login_with_tsh

pytestmark = [
    pytest.mark.real_cluster,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        "REAL_CLUSTER_OFFICIAL_TSH" not in os.environ, reason="no official program is named"
    ),
]
GROUPS = ["clusters", "resources", "gateways", "transfers", "requests", "others"]


@pytest.fixture(scope="module", params=["cluster", "demo"])
def where(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Place, Path, str]]:
    """A place, a profile folder that is logged in to it, and the authority of its web port."""
    folder = tmp_path_factory.mktemp("daemons")
    if request.param == "cluster":
        place = Place(
            proxy=told("PROXY"), leaf=told("LEAF"), node=told("NODE"), login=told("LOGIN"),
            database=told("DATABASE"), database_user=told("DB_USER"), app=told("APP"),
            tcp_app=os.environ.get("REAL_CLUSTER_TCP_APP", "none"), kube="none",
            role=os.environ.get("REAL_CLUSTER_ROLE", "nobody"),
        )  # fmt: skip
        login = Login(folder / "home")
        login.log_in(OURS)
        yield place, folder / "home", os.environ.get("SSL_CERT_FILE", "")
        return
    with running_demo("--allow-code-reuse") as demo:
        ready = demo.ready
        place = Place(
            proxy=ready.proxy, leaf=ready.leaf, node="web-1", login="alice", database="orders",
            database_user="alice", app="wiki", tcp_app="echo", kube="staging",
            role="demo-operator",
        )  # fmt: skip
        (folder / "home").mkdir()
        environ = {
            **{key: text for key, text in os.environ.items() if not key.startswith("TELEPORT")},
            "SSL_CERT_FILE": ready.ca_file,
            "TELEPORT_HOME": str(folder / "home"),
            "TELEPORT_TOOLS_VERSION": "off",
        }
        login_with_tsh(OURS, ready, environ)
        yield place, folder / "home", ready.ca_file


@pytest.fixture(scope="module")
def daemons(
    where: tuple[Place, Path, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Daemon, Daemon]]:
    folder = tmp_path_factory.mktemp("pair")
    environ = {"SSL_CERT_FILE": where[2], "KUBECONFIG": str(folder / "kubeconfig")}
    official = told("OFFICIAL_TSH")
    with daemon_pair.two_daemons(folder, official, where[1], environ) as running:
        yield running


def differs(question: Question, official: Outcome, ours: Outcome) -> str:
    """What is not as it should be; empty when nothing is."""
    if question.official:
        expected = (question.official, question.ours)
        return "" if (official.code, ours.code) == expected else f"not {expected}"
    if official.code != ours.code:
        return "another code"
    if official.may_relogin != ours.may_relogin and not question.may_differ_in_trailer:
        return "another trailer"
    if official.answers != ours.answers and not question.answers_differ:
        return "another answer"
    return ""


@pytest.mark.parametrize("group", GROUPS)
def test_both_answer_the_same(
    daemons: tuple[Daemon, Daemon], where: tuple[Place, Path, str], group: str, tmp_path: Path
) -> None:
    place = where[0]

    async def steps(pair: Pair) -> None:
        found = []
        if group == "transfers":
            (tmp_path / "given").write_bytes(bytes(100_000))
            listed = await pair.ours.tsh.ListUnifiedResources(
                pb.ListUnifiedResourcesRequest(cluster_uri=CLUSTER, kinds=["node"]), timeout=CALL_S
            )
            servers = {one.server.hostname: one.server.name for one in listed.resources}
            here = replace(place, node=servers[place.node])
            questions = daemon_questions.transfers(here, str(tmp_path))
        else:
            questions = getattr(daemon_questions, group)(place)
        for question in questions:
            official, ours = await pair.ask(question.method, *question.messages)
            if why := differs(question, official, ours):
                asked = " ".join(str(question.messages).split())
                found.append(f"{question.method} {asked}: {why}\n  {official}\n  {ours}")
        assert not found, "\n".join(found)

    daemon_pair.run(daemons, lambda: Window(refuses_mfa=True), steps)


def test_gateways_from_opening_to_closing(
    daemons: tuple[Daemon, Daemon], where: tuple[Place, Path, str]
) -> None:
    """Moved to another port, with another database's name, closed twice."""
    target = f"{CLUSTER}/dbs/{where[0].database}"

    async def steps(pair: Pair) -> None:
        for side in (pair.official, pair.ours):
            asked = pb.CreateGatewayRequest(target_uri=target, target_user="mover")
            made = await side.tsh.CreateGateway(asked, timeout=CALL_S)
            other = pb.CreateGatewayRequest(target_uri=target, target_user="stayer")
            there = await side.tsh.CreateGateway(other, timeout=CALL_S)

            def port(number: str, uri: str = made.uri) -> pb.SetGatewayLocalPortRequest:
                return pb.SetGatewayLocalPortRequest(gateway_uri=uri, local_port=number)

            assert (await side.ask("SetGatewayLocalPort", port(made.local_port))).code == "OK"
            busy = await side.ask("SetGatewayLocalPort", port(there.local_port))
            assert busy.code == "UNKNOWN"
            assert "address already in use" in busy.said
            named = pb.SetGatewayTargetSubresourceNameRequest(
                gateway_uri=made.uri, target_subresource_name="other"
            )
            outcome = await side.ask("SetGatewayTargetSubresourceName", named)
            assert outcome.code == "OK", (side.name, outcome)
            assert "other" in outcome.answers[0]
            for uri in (made.uri, there.uri):
                gone = pb.RemoveGatewayRequest(gateway_uri=uri)
                assert (await side.ask("RemoveGateway", gone)).code == "OK"
                assert (await side.ask("RemoveGateway", gone)).code == "NOT_FOUND"

    daemon_pair.run(daemons, lambda: Window(refuses_mfa=True), steps)


def test_a_login_in_which_the_dialog_is_closed_and_a_wrong_password(
    daemons: tuple[Daemon, Daemon], where: tuple[Place, Path, str]
) -> None:
    async def steps(pair: Pair) -> None:
        for password, count in (("wrong", 0), (os.environ.get("REAL_CLUSTER_PASSWORD", ""), 1)):
            params = pb.LoginRequest.LocalParams(
                user=os.environ.get("REAL_CLUSTER_USER", ""), password=password
            )
            request = pb.LoginRequest(cluster_uri=CLUSTER, local=params)
            official, ours = await pair.ask("Login", request)
            assert official.code == ours.code
            for side in (pair.official, pair.ours):
                assert len(side.window.prompts) == count
            if count:
                one, other = pair.official.window.prompts, pair.ours.window.prompts
                assert (one[0].totp, one[0].cluster_uri) == (other[0].totp, other[0].cluster_uri)

    if where[0].kube != "none":
        pytest.skip("one user's passwords are enough")
    daemon_pair.run(daemons, lambda: Window(refuses_mfa=True), steps)


def test_after_a_logout(where: tuple[Place, Path, str], tmp_path: Path) -> None:
    """The last: the profile stays, and calls say that a login is needed."""
    home = tmp_path / "home"
    shutil.copytree(where[1], home)
    environ = {"SSL_CERT_FILE": where[2], "KUBECONFIG": str(tmp_path / "kubeconfig")}

    async def steps(pair: Pair) -> None:
        for side in (pair.official, pair.ours):
            shutil.rmtree(side.daemon.folder / "home" / "keys")
            (side.daemon.folder / "home" / "keys").mkdir(mode=0o700)
        official, ours = await pair.ask("ListRootClusters", pb.ListClustersRequest())
        assert official == ours
        for method, request in (
            ("GetCluster", pb.GetClusterRequest(cluster_uri=CLUSTER)),
            ("ListUnifiedResources", pb.ListUnifiedResourcesRequest(cluster_uri=CLUSTER)),
            ("GetUserPreferences", pb.GetUserPreferencesRequest(cluster_uri=CLUSTER)),
        ):
            official, ours = await pair.ask(method, request)
            assert official.may_relogin, official
            assert ours.may_relogin, ours
        removed = pb.RemoveClusterRequest(cluster_uri=CLUSTER)
        assert {one.code for one in await pair.ask("RemoveCluster", removed)} == {"OK"}
        official, ours = await pair.ask("ListRootClusters", pb.ListClustersRequest())
        assert official == ours

    with daemon_pair.two_daemons(tmp_path, told("OFFICIAL_TSH"), home, environ) as running:
        daemon_pair.run(running, Window, steps)
