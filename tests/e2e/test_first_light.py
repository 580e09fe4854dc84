"""A newcomer's first quarter of an hour: by mouse and keyboard, from outside the process.

One demo cluster, one window, one story; each step leaves its picture in docs/screenshots when
TELETERM_ALBUM names that folder.
"""

import os
from pathlib import Path

import pytest

from tests.support.demo_process import Ready, running_demo
from tests.support.person import Person, teleterm
from tests.support.story import Story, tell

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

ROOT = "/clusters/localhost"
LEAF = f"{ROOT}/leaves/leaf.demo.localhost"


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all of the program's state, with a short path."""
    folder = tmp_path_factory.mktemp("h")
    folder.chmod(0o700)
    return folder


def test_from_nothing_to_shells_and_a_database(home: Path) -> None:
    album = os.environ.get("TELETERM_ALBUM")
    with running_demo() as demo, teleterm(home, SSL_CERT_FILE=demo.ready.ca_file):
        person = Person(home, Path(album) if album else None)
        tell(person, demo_story(demo.ready))


def demo_story(cluster: Ready) -> Story:
    """The story with the demo's names."""
    return Story(
        proxy=cluster.proxy,
        user=cluster.user,
        password=cluster.password,
        totp_secret=cluster.totp_secret,
        root=ROOT,
        leaf=LEAF,
        login="alice",
        node="web-1",
        node_row=1,
        leaf_node="edge-1",
        third_node="build",
        third_words="buil",
        counts="servers=3 databases=4",
        leaf_counts="servers=2",
        servers=3,
        leaf_servers=2,
        databases=4,
        database="orders",
        database_name="orders",
    )
