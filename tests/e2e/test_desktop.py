"""The demo's desktop in a tab, used by a person: typing, copying, moving, sharing, resizing."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from teleterm.demo.desktop.sessions import why_no_office
from teleterm.desktop import freerdp
from tests.support.demo_home import ROOT, logged_in, unfolds_the_tree
from tests.support.demo_process import running_demo
from tests.support.person import DEADLINE_S, NeverSeen, Person, Place, pid_of, run, teleterm

MISSING = [name for name in ("Xvfb", "xdotool", "openbox", "xclip") if not shutil.which(name)]
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.skipif(bool(MISSING), reason=f"{MISSING} not installed"),
]
IN_NOTES, ON_TITLE, FIRST_FILE = (400, 300), (330, 140), (120, 158)
TRIES = 15


def test_a_desktop_in_a_tab(tmp_path_factory: pytest.TempPathFactory) -> None:
    album = os.environ.get("TELETERM_ALBUM")
    tell_of_a_desktop(tmp_path_factory.mktemp("d"), Path(album) if album else None)


@pytest.mark.skipif(bool(why_no_office()), reason=why_no_office() or "xrdp is there")
@pytest.mark.skipif(freerdp.load() is None, reason="FreeRDP's library is not installed")
def test_a_desktop_behind_a_real_rdp_server(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("r")
    album = os.environ.get("TELETERM_ALBUM")
    with running_demo() as demo:
        home = logged_in(folder, demo.ready)
        with teleterm(home, SSL_CERT_FILE=demo.ready.ca_file, HOME=str(folder)):
            person = Person(home, Path(album) if album else None)
            unfolds_the_tree(person)
            opens(person, "office")
            types_and_copies(person)
            person.photographs("14-desktop-rdp")
            person.key("Control_R")
            takes_another_size(person)


def tell_of_a_desktop(folder: Path, album: Path | None) -> None:
    """The whole walk; pictures go into `album`."""
    shared = folder / "papers"
    shared.mkdir()
    (shared / "letter.txt").write_text("a letter from this computer")
    with running_demo() as demo:
        home = logged_in(folder, demo.ready)
        with teleterm(home, SSL_CERT_FILE=demo.ready.ca_file, HOME=str(folder)):
            person = Person(home, album)
            unfolds_the_tree(person)
            opens(person)
            types_and_copies(person)
            person.photographs("12-desktop")
            shares(person, shared)
            moves_a_window(person)
            saves_a_picture(person, folder)
            takes_another_size(person)
            loses_and_finds_it(person, home)


def screen(person: Person) -> Place:
    """Where the desktop is drawn."""
    name = re.findall(r"ui: widget (\S+\.screen) ", person.log.read())[-1]
    return person.place(name)


def clicks(person: Person, at: tuple[int, int]) -> None:
    """Click a pixel of the desktop."""
    here = screen(person)
    person.click_at(here.x + at[0], here.y + at[1])


def copies(person: Person, words: str, *clicks_first: tuple[int, int]) -> None:
    """Select all that is in the editor, copy it there, and find it on this computer's clipboard."""
    text = ""
    for _ in range(TRIES):
        for place in clicks_first:
            clicks(person, place)
        mark = person.mark()
        person.key("ctrl+a", "ctrl+c")
        with contextlib.suppress(NeverSeen):  # the same text as before isn't copied again
            person.sees(r"ui: desktop copied \d+", after=mark, timeout_s=DEADLINE_S / TRIES)
        text = run("xclip", "-selection", "clipboard", "-out", timeout_s=5, may_fail=True)
        if words in text:
            return
    raise NeverSeen(f"{words!r} was never copied, but {text!r}")


def opens(person: Person, name: str = "studio") -> None:
    mark = person.mark()
    person.click_row(f"kind:desktops:{ROOT}", tree=True)
    person.sees(r"ui: resources shown desktops [1-9]", after=mark)
    person.click_row(f"{ROOT}/windows_desktops/{name}")
    person.key("Return")
    person.sees(r"ui: tab opened kind=desktop", after=mark)
    person.sees(r"ui: desktop live ", after=mark)


def types_and_copies(person: Person) -> None:
    mark = person.mark()
    clicks(person, IN_NOTES)
    person.sees(r"ui: desktop keyboard there", after=mark)
    copies(person, "X session", IN_NOTES)
    person.types("typed by a person\n")
    copies(person, "typed by a person")
    mark = person.mark()
    person.key("Control_R")
    person.sees(r"ui: desktop keyboard here", after=mark)
    subprocess.run(["xclip", "-selection", "clipboard"], input=b"copied outside", check=True)
    clicks(person, IN_NOTES)
    person.key("ctrl+End", "Return", "ctrl+v", "Return")
    person.types("and after")
    copies(person, "and after")
    text = run("xclip", "-selection", "clipboard", "-out", timeout_s=5)
    assert "copied outside" in text


def shares(person: Person, folder: Path) -> None:
    person.key("Control_R")
    mark = person.mark()
    person.click_named("bar.share")
    person.sees(r"ui: widget \.dlg_share\.\S*path", after=mark)
    person.types(f"{folder}\n")
    person.sees(r"ui: notice success \S+ has the folder", after=mark)
    person.sees(r"ui: notice info .*files of the folder", after=mark)
    copies(person, "a letter from this computer", FIRST_FILE, IN_NOTES)
    person.photographs("13-desktop-folder")


def moves_a_window(person: Person) -> None:
    here = screen(person)
    x, y = here.x + ON_TITLE[0], here.y + ON_TITLE[1]
    run("xdotool", "mousemove", str(x), str(y), "mousedown", "1")
    for step in (10, 20, 40, 60):
        run("xdotool", "mousemove", str(x + step), str(y + step))
    run("xdotool", "mouseup", "1")
    copies(person, "a letter", (IN_NOTES[0] + 60, IN_NOTES[1] + 60))
    person.key("Control_R")


def saves_a_picture(person: Person, folder: Path) -> None:
    mark = person.mark()
    person.click_named("bar.shot")
    person.sees(r"ui: notice success Screenshot saved", after=mark)
    (found,) = folder.glob("*screenshot.png")
    assert found.read_bytes().startswith(b"\x89PNG")


def takes_another_size(person: Person) -> None:
    """Without the sidebar and with it: the desktop takes the size of its place each time."""
    sizes = [screen(person)]
    for _ in range(2):
        mark = person.mark()
        person.key("ctrl+shift+b")
        found = person.sees(r"ui: desktop size (\d+)x(\d+)", after=mark)
        here = screen(person)
        assert (int(found[1]), int(found[2])) == (here.width, here.height)
        sizes.append(here)
    assert sizes[1].width > sizes[0].width
    assert (sizes[2].width, sizes[2].height) == (sizes[0].width, sizes[0].height)


def loses_and_finds_it(person: Person, home: Path) -> None:
    mark = person.mark()
    os.kill(pid_of(home, "desktop"), signal.SIGKILL)
    person.sees(r"ui: desktop over The process that shows this desktop has ended", after=mark)
    person.click_named("choices.choice1")
    person.sees(r"ui: desktop live ", after=mark)
