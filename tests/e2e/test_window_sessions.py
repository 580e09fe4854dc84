"""Sessions of others in the window: watched, typed into, and played once they have ended."""

import os
import sys
from pathlib import Path

import pexpect
import pytest

from tests.support.demo_home import logged_in, unfolds_the_tree
from tests.support.demo_process import Ready, running_demo
from tests.support.person import Person, teleterm

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(sys.platform == "win32", reason="needs a pty"),
]
PROMPT = r"alice@web-1:.*\$ "
ROW = r"[0-9a-f-]{36}"


def host_session(home: Path, demo: Ready) -> "pexpect.spawn[str]":
    """A shell on a node that somebody has opened outside of the window."""
    env = os.environ | {"TELEPORT_HOME": str(home / "data" / "tsh"), "SSL_CERT_FILE": demo.ca_file}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "teleterm.tsh", "ssh", "alice@web-1"],
        env=env,
        encoding="utf-8",
        timeout=60,
    )
    child.expect(PROMPT)
    return child


def test_watch_type_along_and_play(tmp_path_factory: pytest.TempPathFactory) -> None:
    album = os.environ.get("TELETERM_ALBUM")
    with running_demo("--no-postgres") as demo:
        home = logged_in(tmp_path_factory.mktemp("s"), demo.ready)
        host = host_session(home, demo.ready)
        with teleterm(home, SSL_CERT_FILE=demo.ready.ca_file):
            person = Person(home, Path(album) if album else None)
            unfolds_the_tree(person)
            watches(person, host)
            types_along(person, host)
            host.sendline("exit")
            host.expect(pexpect.EOF)
            plays(person)


def shows_the_sessions(person: Person, which: str) -> None:
    """The page is in front, with the one session in it."""
    mark = person.mark()
    person.key("ctrl+shift+k")
    person.types(">Sessions")
    person.key("Return")
    person.sees(r"ui: tab shown kind=sessions", after=mark)
    mark = person.mark()
    person.click_named(f"chips.{which}")
    person.sees(rf"ui: sessions {which} 1", after=mark)
    person.click_row(ROW)
    person.sees(r"ui: focus \S+\.area\.table", after=mark)


def watches(person: Person, host: "pexpect.spawn[str]") -> None:
    shows_the_sessions(person, "active")
    person.photographs("22-sessions")
    person.key("Return")
    host.expect_exact("joined the session")
    host.sendline("echo seen by $((40+2))")
    person.waits_to_read("seen by 42")
    person.photographs("23-session-watched")
    mark = person.mark()
    person.key("ctrl+shift+w")
    person.sees(r"ui: (tab closed|dialog shown)", after=mark)
    if "ui: tab closed" not in person.log.read()[mark:]:
        person.key("Return")
        person.sees(r"ui: tab closed", after=mark)
    host.expect_exact("left the session")


def types_along(person: Person, host: "pexpect.spawn[str]") -> None:
    shows_the_sessions(person, "active")
    mark = person.mark()
    person.key("shift+F10")
    person.sees(r"ui: focus \.menu\.list\.canvas", after=mark)
    person.key("Down", "Return")
    host.expect_exact("joined the session")
    person.waits_to_read("joined the session")
    person.types("echo typed by $((80+4))\n")
    host.expect_exact("typed by 84")
    host.expect(PROMPT)


def plays(person: Person) -> None:
    shows_the_sessions(person, "recorded")
    person.photographs("24-recordings")
    mark = person.mark()
    person.key("Return")
    person.sees(r"ui: terminal ended 0 Recording", after=mark)
    shown = person.waits_to_read("typed by 84")
    assert "seen by 42" in shown
    person.photographs("25-recording-played")
