"""The window against a real cluster, told by environment variables; see docs/real-cluster.md.

REAL_PROXY, REAL_USER, REAL_PASSWORD, REAL_TOTP, REAL_STORY (JSON of the other names of a Story),
SSL_CERT_FILE for its certificate, OFFICIAL_TSH to run the official daemon under our window.
"""

import json
import os
from pathlib import Path

import pytest

from tests.support.person import Person, teleterm
from tests.support.story import Story, tell

pytestmark = [
    pytest.mark.real_cluster,
    pytest.mark.timeout(300),
    pytest.mark.skipif("REAL_STORY" not in os.environ, reason="REAL_STORY names no real cluster"),
]


def real_story() -> Story:
    """The story with a real cluster's names."""
    return Story(
        proxy=os.environ["REAL_PROXY"],
        user=os.environ["REAL_USER"],
        password=os.environ["REAL_PASSWORD"],
        totp_secret=os.environ["REAL_TOTP"],
        **json.loads(os.environ["REAL_STORY"]),
    )


@pytest.mark.parametrize("daemon", ["ours", "official"])
def test_first_light(daemon: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("h")
    home.chmod(0o700)
    if daemon == "official":
        official = os.environ.get("OFFICIAL_TSH", "")
        if not official:
            pytest.skip("OFFICIAL_TSH names no program")
        (home / "config").mkdir(mode=0o700)
        settings = json.dumps({"tsh.path": official})
        (home / "config" / "app_config.json").write_text(settings)
    album = os.environ.get("TELETERM_ALBUM")
    with teleterm(home):
        person = Person(home, Path(album) / daemon if album else None)
        tell(person, real_story())
