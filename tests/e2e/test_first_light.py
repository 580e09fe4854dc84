"""A newcomer's first quarter of an hour: by mouse and keyboard, from outside the process.

One demo cluster, one window, one story; each step leaves its picture in docs/screenshots when
TELETERM_ALBUM names that folder.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.person import REPOSITORY, Person, teleterm
from tests.support.story import Story, tell

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

ROOT = "/clusters/localhost"
LEAF = f"{ROOT}/leaves/leaf.demo.localhost"


@contextmanager
def demo_cluster() -> Iterator[dict[str, str]]:
    """The demo cluster as its ready line describes it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "teleterm.tsh", "demo", "start", "--format", "json"],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(timeout=30)


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all of the program's state, with a short path."""
    folder = tmp_path_factory.mktemp("h")
    folder.chmod(0o700)
    return folder


def test_from_nothing_to_shells_and_a_database(home: Path) -> None:
    album = os.environ.get("TELETERM_ALBUM")
    with demo_cluster() as cluster, teleterm(home, SSL_CERT_FILE=cluster["ca_file"]):
        person = Person(home, Path(album) if album else None)
        tell(person, demo_story(cluster))


def demo_story(cluster: dict[str, str]) -> Story:
    """The story with the demo's names."""
    return Story(
        proxy=cluster["proxy"],
        user=cluster["user"],
        password=cluster["password"],
        totp_secret=cluster["totp_secret"],
        root=ROOT,
        leaf=LEAF,
        login="alice",
        node="web-1",
        node_row=1,
        leaf_node="edge-1",
        third_node="build",
        third_words="buil",
        counts="servers=3 databases=2",
        leaf_counts="servers=2",
        servers=3,
        leaf_servers=2,
        databases=2,
        database="orders",
        database_name="orders",
    )
