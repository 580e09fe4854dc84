"""A window's state folder that is logged in to the demo, and the first steps in its tree."""

import sys
from pathlib import Path

from tests.support.demo_process import Ready
from tests.support.login import login_with_tsh
from tests.support.person import Person

ROOT = "/clusters/localhost"


def logged_in(folder: Path, demo: Ready) -> Path:
    """A state folder whose profile is logged in to the demo, with no dialog waiting."""
    home = folder / "h"
    for name in ("data/tsh", "config", "state"):
        (home / name).mkdir(parents=True, mode=0o700)
    (home / "state" / "app_state.json").write_text('{"version": 1, "are_links_offered": true}')
    for path in (home, home / "data", home / "config", home / "state"):
        path.chmod(0o700)
    env = {"TELEPORT_HOME": str(home / "data" / "tsh"), "SSL_CERT_FILE": demo.ca_file}
    login_with_tsh([sys.executable, "-m", "teleterm.tsh"], demo, env)
    return home


def unfolds_the_tree(person: Person) -> None:
    """Open the demo's node of the tree, and wait until its resources are counted."""
    person.sees(rf"row .main.sidebar.tree cluster:{ROOT} ")
    person.click_row(f"cluster:{ROOT}", tree=True)
    person.key("Right")
    person.sees(rf"ui: counts shown {ROOT} ")
