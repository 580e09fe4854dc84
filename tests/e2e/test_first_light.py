"""A newcomer's first quarter of an hour: by mouse and keyboard, from outside the process.

One demo cluster, one window, one story; each step leaves its picture in docs/screenshots when
TELETERM_ALBUM names that folder.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.login import code
from tests.support.person import REPOSITORY, Person, teleterm

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
        add_cluster(person, cluster)
        log_in(person, cluster)
        open_shell_on_root(person)
        open_shell_on_leaf(person)
        query_database(person)
        reach_by_palette(person)


def add_cluster(person: Person, cluster: dict[str, str]) -> None:
    """The link dialog is put off, the address typed on the Home page."""
    person.sees("ui: dialog shown dlg_links")
    person.photographs("01-first-start")
    person.key("Escape")
    person.sees("ui: dialog closed dlg_links")
    person.click_named("new.address.entry")
    person.types(cluster["proxy"])
    person.key("Return")
    person.sees("ui: focus .dlg_login.body.form.user.entry")


def log_in(person: Person, cluster: dict[str, str]) -> None:
    """A wrong password first, then the right one and a code."""
    person.types(cluster["user"])
    person.key("Tab")
    person.types("not the password")
    person.key("Return")
    person.sees("ui: dlg_login error User name or password is not right.")
    person.photographs("02-login-wrong-password")
    person.types(cluster["password"])
    person.key("Return")
    person.sees("ui: focus .dlg_login.body.factor.code")
    person.photographs("03-login-code")
    mark = person.mark()
    person.types(code(cluster["totp_secret"]))
    person.sees("ui: dialog closed dlg_login", after=mark)
    person.sees(rf"ui: counts shown {ROOT} servers=3 databases=2", after=mark)


def open_shell_on_root(person: Person) -> None:
    """Enter on a server, Enter on the login: a shell, and vim in it."""
    mark = person.mark()
    person.sees("ui: resources shown servers 3")
    person.click_row(r"\S*/servers/\S+", nth=1)
    person.key("Return")
    person.sees("ui: picker shown", after=mark)
    person.key("Return")
    person.sees("ui: tab opened kind=ssh title=alice@web-1", after=mark)
    person.sees("ui: terminal live alice@web-1", after=mark)
    person.waits_to_read(r"\$\s*$")
    person.types("hostname; tput colors\n")
    shown = person.waits_to_read(r"\nweb-1\n256\n")
    assert "hostname; tput colors" in shown
    person.types("vim -u NONE -N\n")
    person.waits_to_read("VIM - Vi IMproved")
    person.types("ihello from vim")
    person.waits_to_read("hello from vim")
    person.key("Escape")
    person.photographs("04-shell-root-node", clears_selection=True)
    person.types(":q!\n")
    person.waits_to_read(r"\$\s*$")


def open_shell_on_leaf(person: Person) -> None:
    """The leaf's servers by the tree, with the mouse."""
    mark = person.mark()
    person.click_row(f"cluster:{LEAF}", tree=True)
    person.key("Right")
    person.sees(rf"ui: counts shown {LEAF} servers=2", after=mark)
    person.click_row(f"kind:servers:{LEAF}", tree=True)
    person.sees("ui: resources shown servers 2", after=mark)
    person.click_row(rf"{LEAF}/servers/\S+", nth=0)
    person.key("Return")
    person.sees("ui: picker shown", after=mark)
    person.key("Return")
    person.sees("ui: terminal live alice@edge-1", after=mark)
    person.waits_to_read(r"\$\s*$")
    person.types("hostname\n")
    person.waits_to_read(r"\nedge-1\n")
    person.photographs("05-shell-leaf-node", clears_selection=True)


def query_database(person: Person) -> None:
    """The database page, Run, psql, one question."""
    mark = person.mark()
    person.click_row(f"kind:databases:{ROOT}", tree=True)
    person.sees("ui: resources shown databases 2", after=mark)
    person.click_row(f"{ROOT}/dbs/orders")
    person.key("Return")
    person.sees("ui: picker shown", after=mark)
    person.key("Return")
    port = person.sees(r"ui: gateway shown orders port=(\d+)", after=mark).group(1)
    assert int(port) > 1023
    mark = person.mark()
    person.click_named("db_name.entry")
    person.types("orders\n")
    person.sees(r"ui: gateway shown orders port=\d+", after=mark)
    person.photographs("06-database-page")
    person.click_named("run")
    person.sees("ui: terminal live", after=mark)
    person.waits_to_read(r"orders=[>#]\s*$")
    person.types("select 1;\n")
    person.waits_to_read(r"\?column\?[\s|+-]*\n\s*1\n")
    person.photographs("07-psql", clears_selection=True)


def reach_by_palette(person: Person) -> None:
    """A third node by typing a part of its name."""
    mark = person.mark()
    person.key("ctrl+shift+k")
    person.sees("ui: palette shown", after=mark)
    person.types("buil")
    person.sees(r"ui: palette found \d+", after=mark)
    person.photographs("08-palette")
    person.key("Return")
    person.sees("ui: palette asks as whom build", after=mark)
    person.key("Return")
    person.sees("ui: terminal live alice@build", after=mark)
    person.waits_to_read(r"\$\s*$")
    person.types("hostname\n")
    person.waits_to_read(r"\nbuild\n")
    person.photographs("09-third-node", clears_selection=True)
    assert not re.search(r"ui: (callback failed|refused)", person.log.read())
