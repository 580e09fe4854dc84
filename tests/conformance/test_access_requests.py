"""What one must ask for: listed, asked for, taken into the login, by a window's calls."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from tests.support.daemon_process import CALL_S, Window, connected, running_daemon
from tests.support.demo_process import Ready, running_demo
from tests.support.login import code

pytestmark = pytest.mark.slow
ROOT = "/clusters/localhost"


@pytest.fixture(scope="module")
def demo() -> Iterator[Ready]:
    with running_demo("--no-postgres", "--asked-node", "vault") as running:
        yield running.ready


def listing(*, has_requestable: bool) -> pb.ListUnifiedResourcesRequest:
    """The servers."""
    return pb.ListUnifiedResourcesRequest(
        cluster_uri=ROOT, kinds=["node"], limit=50, include_requestable=has_requestable
    )


def test_a_server_is_asked_for_and_taken(demo: Ready, tmp_path: Path) -> None:
    window = Window(code=lambda: code(demo.totp_secret))

    async def steps() -> None:
        with running_daemon(tmp_path / "d", environ={"SSL_CERT_FILE": demo.ca_file}) as daemon:
            async with connected(daemon, window) as tsh:
                await tsh.AddCluster(pb.AddClusterRequest(name=demo.proxy), timeout=CALL_S)
                local = pb.LoginRequest.LocalParams(user=demo.user, password=demo.password)
                await tsh.Login(pb.LoginRequest(cluster_uri=ROOT, local=local), timeout=CALL_S)
                plain = await tsh.ListUnifiedResources(
                    listing(has_requestable=False), timeout=CALL_S
                )
                names = [one.server.hostname for one in plain.resources]
                assert "vault" not in names
                every = await tsh.ListUnifiedResources(
                    listing(has_requestable=True), timeout=CALL_S
                )
                (vault,) = [one for one in every.resources if one.server.hostname == "vault"]
                assert vault.requires_request
                ident = pb.ResourceID(kind="node", name=vault.server.name, cluster_name=demo.root)
                made = await tsh.CreateAccessRequest(
                    pb.CreateAccessRequestRequest(root_cluster_uri=ROOT, resource_ids=[ident]),
                    timeout=CALL_S,
                )
                await tsh.AssumeRole(
                    pb.AssumeRoleRequest(
                        root_cluster_uri=ROOT, access_request_ids=[made.request.id]
                    ),
                    timeout=CALL_S,
                )
                found = await tsh.GetAccessRequest(
                    pb.GetAccessRequestRequest(cluster_uri=ROOT, access_request_id=made.request.id),
                    timeout=CALL_S,
                )
                (wanted,) = found.request.resources
                assert wanted.details.hostname == "vault"
                again = await tsh.ListUnifiedResources(
                    listing(has_requestable=True), timeout=CALL_S
                )
                assert not any(one.requires_request for one in again.resources)

    asyncio.run(steps())
