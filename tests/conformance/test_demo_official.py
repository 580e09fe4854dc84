"""The demo against the official tsh 18, where one is named by OFFICIAL_TSH."""

import os
import subprocess
from pathlib import Path

import msgspec
import pytest

from tests.support.demo_process import Ready
from tests.support.engines import ENGINES, Engine
from tests.support.login import login_with_tsh
from tests.support.raw_client import TIMEOUT_S

TSH = os.environ.get("OFFICIAL_TSH", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not TSH, reason="OFFICIAL_TSH names no program"),
]


class Official:
    """The official tsh, logged in to the demo with a home of its own."""

    def __init__(self, demo: Ready, home: Path) -> None:
        self._env = {
            **{
                name: value for name, value in os.environ.items() if not name.startswith("TELEPORT")
            },
            "SSL_CERT_FILE": demo.ca_file,
            "TELEPORT_HOME": str(home),
            "TELEPORT_TOOLS_VERSION": "off",
        }
        self.login_text = login_with_tsh([TSH], demo, self._env)

    def run(self, *arguments: str, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        return subprocess.run(
            [TSH, *arguments],
            env=self._env | env,
            input=given,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
        )


@pytest.fixture(scope="module")
def official(demo: Ready, tmp_path_factory: pytest.TempPathFactory) -> Official:
    return Official(demo, tmp_path_factory.mktemp("official"))


def test_login_shows_the_user(official: Official, demo: Ready) -> None:
    assert "Logged in as:       alice" in official.login_text
    assert f"Cluster:            {demo.root}" in official.login_text


def test_lists(official: Official, demo: Ready) -> None:
    assert official.run("ls", "--format=names").stdout.split() == ["build", "web-1", "web-2"]
    assert official.run("ls", "--format=names", "role=build").stdout.split() == ["build"]
    leaf = official.run("ls", f"--cluster={demo.leaf}", "--format=names")
    assert leaf.stdout.split() == ["edge-1", "edge-2"]
    clusters = msgspec.json.decode(official.run("clusters", "--format=json").stdout)
    assert [(one["cluster_name"], one["status"]) for one in clusters] == [
        (demo.root, "online"),
        (demo.leaf, "online"),
    ]
    databases = msgspec.json.decode(official.run("db", "ls", "--format=json").stdout)
    assert [one["metadata"]["name"] for one in databases] == [
        "archive",
        "orders",
        "stock",
        "visits",
    ]
    assert databases[0]["users"]["allowed"] == ["alice", "postgres", "reader"]


def test_shells(official: Official, demo: Ready) -> None:
    done = official.run("ssh", "alice@web-1", "hostname; exit 3")
    assert (done.stdout, done.returncode) == ("web-1\n", 3)
    leaf = official.run(
        f"--proxy={demo.proxy}", "ssh", "alice@edge-1", "hostname", TELEPORT_CLUSTER=demo.leaf
    )
    assert leaf.stdout == "edge-1\n"
    assert "is offline or does not exist" in official.run("ssh", "alice@nope", "true").stderr
    assert "access denied to root" in official.run("ssh", "root@web-1", "true").stderr


def test_files(official: Official, tmp_path: Path) -> None:
    (tmp_path / "here").write_text("data")
    done = official.run("scp", f"{tmp_path}/here", f"alice@build:{tmp_path}/there")
    assert done.returncode == 0
    assert (tmp_path / "there").read_text() == "data"


def test_databases(official: Official, demo: Ready) -> None:
    if not any(one.online and one.protocol == "postgres" for one in demo.databases):
        pytest.skip("PostgreSQL is not installed")
    flags = ["--db-user=alice", "--db-name=orders"]
    done = official.run("db", "connect", "orders", *flags, given="select count(*) from orders;")
    assert "5" in done.stdout
    offline = official.run("db", "connect", "archive", *flags)
    assert "PostgreSQL is not running there" in offline.stderr


@ENGINES
def test_other_databases(engine: Engine, official: Official, demo: Ready, tmp_path: Path) -> None:
    engine.needed(demo)
    for more in ("--tunnel", "--no-tunnel"):
        flags = ["--db-user=reader", *engine.flags, more]
        words = ["db", "connect", engine.database, *flags]
        done = official.run(*words, given=engine.question, HOME=str(tmp_path))
        assert engine.answer.format(user="reader") in done.stdout, done.stderr
