"""Logging in by browser: a real tsh, the demo's identity provider, a browser made of requests."""

import asyncio
import os
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from tests.support.daemon_process import connected, running_daemon
from tests.support.demo_process import ROOT, Ready, running_demo

OURS = [sys.executable, "-m", "teleterm.tsh"]
OFFICIAL = os.environ.get("OFFICIAL_TSH", "")
WAIT_S = 60


@pytest.fixture(scope="module")
def cluster() -> Iterator[Ready]:
    """A demo with an identity provider."""
    with running_demo("--with-sso", "--no-postgres") as running:
        yield running.ready


def programs() -> list[object]:
    official = pytest.param([OFFICIAL], id="official")
    return [pytest.param(OURS, id="ours"), *([official] if OFFICIAL else [])]


def begin(program: list[str], cluster: Ready, home: Path) -> "subprocess.Popen[str]":
    """Start a login that opens no browser."""
    home.mkdir(exist_ok=True)
    return subprocess.Popen(
        [*program, "login", f"--proxy={cluster.proxy}", "--auth=demo-sso", "--browser=none"],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TELEPORT_HOME": str(home),
            "TELEPORT_TOOLS_VERSION": "off",
            "SSL_CERT_FILE": cluster.ca_file,
            "KUBECONFIG": str(home / "kubeconfig"),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def address(process: "subprocess.Popen[str]") -> str:
    """The page that the program wants to be opened."""
    assert process.stderr is not None
    seen = ""
    for line in process.stderr:
        seen += line
        found = re.search(r"http://127\.0\.0\.1:\d+/[0-9a-f-]{36}", line)
        if found:
            return found[0]
    raise AssertionError(seen)


def browser(cluster: Ready) -> httpx.Client:
    """Somebody's browser."""
    return httpx.Client(verify=ssl.create_default_context(cafile=cluster.ca_file), trust_env=False)


@pytest.mark.slow
@pytest.mark.parametrize("program", programs())
def test_login(program: list[str], cluster: Ready, tmp_path: Path) -> None:
    with begin(program, cluster, tmp_path / "home") as process, browser(cluster) as web:
        shown = web.get(address(process))
        assert shown.status_code == 302
        page = shown.headers["location"]
        assert "password" in web.get(page).text
        wrong = web.post(page, data={"password": "wrong"})
        assert "not the user" in wrong.text
        right = web.post(page, data={"password": cluster.password})
        back = urlsplit(right.headers["location"])
        assert set(parse_qs(back.query)) == {"response"}
        last = web.get(right.headers["location"])
        assert last.headers["location"].endswith("/web/msg/info/login_success")
        out, _ = process.communicate(timeout=WAIT_S)
        assert process.returncode == 0
    assert f"Logged in as:       {cluster.user}" in out
    profile = next((tmp_path / "home").glob("*.yaml")).read_text()
    assert "auth_connector: demo-sso" in profile


@pytest.mark.slow
@pytest.mark.parametrize("program", programs())
def test_the_provider_says_no(program: list[str], cluster: Ready, tmp_path: Path) -> None:
    with begin(program, cluster, tmp_path / "home") as process, browser(cluster) as web:
        base = address(process).rpartition("/")[0]
        last = web.get(f"{base}/callback?err=nobody+here")
        assert last.headers["location"].endswith("/web/msg/error/login")
        process.communicate(timeout=WAIT_S)
        assert process.returncode == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="takes the place of xdg-open")
def test_the_daemon_opens_the_browser(cluster: Ready, tmp_path: Path) -> None:
    pipe, programs_here = tmp_path / "opened", tmp_path / "bin"
    os.mkfifo(pipe)
    programs_here.mkdir()
    opener = programs_here / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > {pipe}\n')
    opener.chmod(0o755)
    environ = {
        "PATH": f"{programs_here}:{os.environ['PATH']}",
        "SSL_CERT_FILE": cluster.ca_file,
    }

    def use_the_browser() -> None:
        with browser(cluster) as web:
            page = web.get(pipe.read_text()).headers["location"]
            right = web.post(page, data={"password": cluster.password})
            web.get(right.headers["location"])

    async def scenario() -> pb.Cluster:
        with running_daemon(tmp_path / "daemon", environ=environ) as daemon:
            async with connected(daemon) as stub:
                added = await stub.AddCluster(pb.AddClusterRequest(name=cluster.proxy))
                settings = await stub.GetAuthSettings(
                    pb.GetAuthSettingsRequest(cluster_uri=added.uri)
                )
                provider = settings.auth_providers[0]
                request = pb.LoginRequest(
                    cluster_uri=added.uri,
                    sso=pb.LoginRequest.SsoParams(
                        provider_type=provider.type, provider_name=provider.name
                    ),
                )
                async with asyncio.TaskGroup() as group:
                    group.create_task(asyncio.to_thread(use_the_browser))
                    await stub.Login(request, timeout=WAIT_S)
                return await stub.GetCluster(pb.GetClusterRequest(cluster_uri=added.uri))

    found = asyncio.run(scenario())
    assert (found.logged_in_user.name, found.connected) == (cluster.user, True)


def test_an_answer_of_a_stranger(cluster: Ready, tmp_path: Path) -> None:
    with begin(OURS, cluster, tmp_path / "home") as process, browser(cluster) as web:
        base = address(process).rpartition("/")[0]
        web.get(f"{base}/callback?response=%7B%7D")
        _, err = process.communicate(timeout=WAIT_S)
        assert process.returncode == 1
    assert "can't be read" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "callback",
    [
        "http://evil.example/callback?secret_key=" + "0" * 64,
        "http://127.0.0.1:1/other?secret_key=" + "0" * 64,
        "http://127.0.0.1:1/callback?secret_key=00",
        "http://127.0.0.1:1/callback?secret_key=" + "0" * 64 + "&more=1",
        "https://127.0.0.1:1/callback?secret_key=" + "0" * 64,
    ],
)
def test_the_demo_sends_nobody_elsewhere(cluster: Ready, callback: str) -> None:
    with browser(cluster) as web:
        answer = web.post(
            f"https://{cluster.proxy}/webapi/github/login/console",
            json={"redirect_url": callback, "connector_id": "demo-sso"},
        )
    assert answer.status_code == 403
