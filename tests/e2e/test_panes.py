"""Splits, broadcast, search, links and the paste warning, by keyboard and by mouse."""

import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.person import DEADLINE_S, LogReader, Person, Place, run, teleterm
from tests.support.shell_home import home_with_a_shell

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

PICTURES = os.environ.get("TELETERM_ALBUM")


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    """Somebody in front of one local shell, on a computer whose browser writes down addresses."""
    home, tools = tmp_path / "home", tmp_path / "tools"
    (home / "config").mkdir(parents=True, mode=0o700)
    home.chmod(0o700)
    (home / "config" / "app_config.json").write_text('{"theme": "dark"}')
    tools.mkdir()
    (tools / "Downloads").mkdir()
    opener = tools / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> {tools}/opened\n')
    opener.chmod(0o755)
    (tools / ".bashrc").write_text("PS1='$ '\n")
    path = f"{tools}:{os.environ['PATH']}"
    with teleterm(home, PATH=path, HOME=str(tools), SHELL="/bin/bash", HISTFILE="") as _process:
        someone = Person(home, Path(PICTURES) if PICTURES else None)
        someone.sees("ui: dialog shown dlg_links")
        someone.sees(r"ui: widget \.dlg_links ")
        someone.key("Escape")
        someone.sees("ui: dialog closed dlg_links")
        someone.key("ctrl+shift+grave")
        someone.sees("ui: terminal live")
        someone.waits_to_read(r"\$\s*$")
        yield someone


def pane(person: Person, name: str, *, after: int = 0) -> Place:
    """Where a pane's screen is."""
    return person.place(f".main.docs.{name}.term.view.screen", after=after)


def splits(person: Person, chord: str, count: int) -> None:
    """Split and wait for the new pane's prompt."""
    mark = person.mark()
    person.key(chord)
    person.sees(f"ui: pane opened, {count} panes", after=mark)
    person.sees("ui: terminal live", after=mark)


def arranged(
    person: Person, names: tuple[str, str, str], holds: Callable[[Place, Place, Place], bool]
) -> tuple[Place, Place, Place]:
    """Where panes are once they lie as they should: they are told one after the other."""
    ends_at = time.monotonic() + DEADLINE_S
    while True:
        one, two, three = (pane(person, name) for name in names)
        if holds(one, two, three):
            return one, two, three
        assert time.monotonic() < ends_at, (one, two, three)
        select.select([], [], [], 0.02)


def moved(person: Person, name: str, act: Callable[[], object]) -> Place:
    """Where a pane is after something that changes its place."""
    mark = person.mark()
    act()
    return pane(person, name, after=mark)


def test_panes_by_keyboard(person: Person) -> None:
    splits(person, "alt+shift+equal", 2)
    splits(person, "alt+shift+minus", 3)
    names = ("d1", "d2p1", "d2p2")
    left, upper, lower = arranged(person, names, lambda _, two, three: two.y + two.height < three.y)
    assert left.x + left.width < upper.x == lower.x
    person.types("echo lower-$((40+2))\n")
    person.waits_to_read("lower-42")
    mark = person.mark()
    person.key("alt+shift+Left")
    person.sees("ui: pane active 0", after=mark)
    assert "lower-42" not in person.reads_terminal()
    wider = moved(person, "d1", lambda: person.key("ctrl+alt+shift+Right"))
    assert wider.width > left.width
    zoomed = moved(person, "d1", lambda: person.key("ctrl+shift+Return"))
    assert zoomed.height == left.height
    assert zoomed.width > 2 * left.width
    mark = person.mark()
    person.key("ctrl+shift+Return")
    person.sees("ui: pane zoomed False", after=mark)
    person.types("exit\n")
    person.sees("ui: pane closed, 2 panes", after=mark)
    person.types("exit\n")
    person.sees("ui: pane closed, 1 panes", after=mark)
    person.waits_to_read(r"\$\s*$")


def test_panes_by_mouse(person: Person) -> None:
    splits(person, "alt+shift+equal", 2)
    left, right = pane(person, "d1"), pane(person, "d2p1")
    mark = person.mark()
    person.click_at(*left.middle)
    person.sees("ui: pane active 0", after=mark)
    divider = row(person, "divider0", after=0)
    x, y = divider.middle

    def drag() -> None:
        run("xdotool", "mousemove", str(x), str(y), "mousedown", "1")
        run("xdotool", "mousemove", str(x + 80), str(y), "mousemove", str(x + 160), str(y))
        run("xdotool", "mouseup", "1")

    mark = person.mark()
    assert moved(person, "d2p1", drag).width < right.width - 120
    x, y = row(person, "divider0", after=mark).middle
    person.click_at(x, y, times=2)
    ends_at = time.monotonic() + DEADLINE_S
    while abs(pane(person, "d2p1").width - right.width) > 1:
        assert time.monotonic() < ends_at, pane(person, "d2p1")
        select.select([], [], [], 0.02)


def row(person: Person, key: str, *, after: int) -> Place:
    """Where a named part of the stage is, once it was told after that moment."""
    person.sees(rf"row \S+ {key} ", after=after)
    found = re.findall(rf"row \S+ {key} (-?\d+),(-?\d+) (\d+)x(\d+)", person.log.read())
    x, y, width, height = (int(number) for number in found[-1])
    return Place(x=x, y=y, width=width, height=height)


def test_typing_goes_to_all_panes_while_it_is_said(person: Person) -> None:
    splits(person, "alt+shift+equal", 2)
    splits(person, "alt+shift+equal", 3)
    mark = person.mark()
    person.key("ctrl+shift+g")
    person.sees("ui: broadcast to 3 panes", after=mark)
    person.types("echo to-$((4*2))-all\n")
    for way in ("", "alt+shift+Left", "alt+shift+Left"):
        if way:
            mark = person.mark()
            person.key(way)
            person.sees("ui: pane active", after=mark)
        person.waits_to_read(r"\nto-8-all")
    person.photographs("broadcast")
    mark = person.mark()
    person.key("ctrl+shift+g")
    person.sees("ui: broadcast off", after=mark)
    person.types("echo to-$((5*2))-one\n")
    person.waits_to_read("to-10-one")
    mark = person.mark()
    person.key("alt+shift+Right")
    person.sees("ui: pane active", after=mark)
    assert "to-10-one" not in person.reads_terminal()


def test_typing_goes_to_other_tabs_until_another_one_is_shown(person: Person) -> None:
    mark = person.mark()
    person.key("ctrl+shift+grave")
    person.sees("ui: terminal live", after=mark)
    runs(person, "broadcast to tabs", "dlg_broadcast_tabs")
    person.key("Return")
    person.sees("ui: broadcast to 2 tabs", after=mark)
    person.types("echo to-$((4*2))-tabs\n")
    person.waits_to_read(r"\nto-8-tabs")
    person.photographs("broadcast-to-tabs")
    mark = person.mark()
    person.key("ctrl+Tab")
    person.sees("ui: broadcast off", after=mark)
    person.waits_to_read(r"\nto-8-tabs")
    mark = person.mark()
    tab = row(person, r"\.main\.docs\.d2", after=0)
    person.click_at(*tab.middle, button=3)
    person.sees(r"ui: focus \.menu\.list\.canvas", after=mark)
    person.click_at(*row(person, r"\d+%20Split%20down", after=mark).middle)
    person.sees("ui: pane opened, 2 panes", after=mark)
    upper, lower = pane(person, "d2", after=mark), pane(person, "d3p1")
    assert upper.x == lower.x
    assert upper.y + upper.height < lower.y


def runs(person: Person, words: str, dialog: str) -> None:
    """Choose a command of the palette and wait for its dialog."""
    mark = person.mark()
    person.key("ctrl+shift+k")
    person.sees(r"ui: focus \.palette\.", after=mark)
    person.types(f">{words}\n")
    person.sees(rf"ui: focus \.{dialog}\.body\.buttons\.start", after=mark)


def test_a_bell_marks_the_tab_behind_until_it_is_shown(person: Person, tmp_path: Path) -> None:
    rung = tmp_path / "tools" / "rung"
    person.types("until [ -e ~/rung ]; do sleep 0.05; done; printf '\\a'\n")
    mark = person.mark()
    person.key("ctrl+shift+grave")
    person.sees("ui: terminal live", after=mark)
    rung.touch()
    person.sees("ui: tab marked bell", after=mark)
    mark = person.mark()
    person.key("ctrl+Tab")
    person.sees("ui: tab shown kind=shell", after=mark)
    person.waits_to_read(r"\$\s*$")


def test_settings_say_what_all_panes_keep(person: Person) -> None:
    person.types("seq 400\n")
    person.waits_to_read(r"\n400\n")
    splits(person, "alt+shift+equal", 2)
    mark = person.mark()
    person.key("ctrl+comma")
    person.sees(r"ui: settings Open terminals keep [34]\d\d lines in 0\.1 MB\.", after=mark)


def test_search_by_keyboard_and_by_mouse(person: Person) -> None:
    person.types("seq 1 900\n")
    person.waits_to_read(r"\n900\n")
    person.key("ctrl+shift+f")
    person.sees(r"ui: focus \S+view\.search\.pattern\.entry")
    person.types("12")
    person.sees("ui: search 19 of 19")
    person.key("Return")
    person.sees("ui: search 1 of 19")
    person.click_named("view.search.up")
    mark = person.mark()
    person.click_named("view.search.up")
    person.sees("ui: search 18 of 19", after=mark)
    person.photographs("search")
    person.key("Escape")
    person.sees(r"ui: focus \S+view\.screen", after=mark)


def test_a_link_is_followed_with_control_and_a_click(person: Person) -> None:
    opened = LogReader(person.home.parent / "tools" / "opened")
    person.types("clear; printf '\\033]8;;https://e.example/osc8\\033\\\\link\\033]8;;\\033\\\\ "
                 "https://e.example/found\\n'\n")  # fmt: skip
    person.waits_to_read(r"^link https://e\.example/found\n\$\s*$")
    place = pane(person, "d1")
    for left, address in ((20, "osc8"), (120, "found")):
        point = (str(place.x + left), str(place.y + 16))
        run("xdotool", "mousemove", *point, "keydown", "ctrl")
        person.sees(f"ui: link under the mouse https://e.example/{address}")
        run("xdotool", "click", "1", "keyup", "ctrl")
        opened.wait_for(rf"https://e\.example/{address}\n")


def test_lines_are_asked_about_before_they_run(person: Person) -> None:
    person.types("bind 'set enable-bracketed-paste off'; clear\n")
    person.waits_to_read(r"^\$\s*$")
    run_in(person, "echo pasted-$((1+1))\necho pasted-$((1+2))\n")
    person.key("ctrl+shift+v")
    person.sees("ui: dialog shown dlg_paste")
    person.photographs("paste-warning")
    person.key("Escape")
    person.sees("ui: dialog closed dlg_paste")
    assert "pasted-2" not in person.reads_terminal()
    run_in(person, "echo pasted-$((1+1))\necho pasted-$((1+2))\n")
    mark = person.mark()
    person.key("ctrl+shift+v")
    person.sees("ui: dialog shown dlg_paste", after=mark)
    person.click_named("dlg_paste.body.buttons.paste")
    person.waits_to_read(r"pasted-2\n(.*\n)*pasted-3")


def run_in(person: Person, text: str) -> None:
    """Put a text on the clipboard, as another program would."""
    path = person.home.parent / "clip"
    path.write_text(text)
    command = ["xclip", "-selection", "clipboard", "-in", str(path)]
    subprocess.run(command, check=True, timeout=20, stdout=subprocess.DEVNULL)  # it stays behind


def test_a_snippet_is_run_from_the_palette(person: Person) -> None:
    config = person.home / "config" / "app_config.json"
    snippets = '[{"name": "Greet", "text": "echo hel\'\'lo", "run": true}]'
    mark = person.mark()
    config.write_text(
        '{"theme": "dark", "terminal.palette": {"background": "#102030"},'
        f' "debug.searchResultsScore": true, "snippets": {snippets}}}'
    )
    person.sees("ui: settings applied", after=mark)
    person.key("ctrl+shift+k")
    person.sees(r"ui: focus \.palette\.", after=mark)
    person.types(">greet\n")
    person.waits_to_read(r"\nhello\n")
    screen = pane(person, "d1")
    corner = (screen.x + screen.width - 30, screen.y + screen.height - 30)
    person.key("ctrl+e")  # no selection any more
    ends_at = time.monotonic() + DEADLINE_S
    while pixel(*corner) != "#102030":
        assert time.monotonic() < ends_at, pixel(*corner)
        select.select([], [], [], 0.05)


def pixel(x: int, y: int) -> str:
    """The colour of a point of the screen."""
    shown = run("import", "-window", "root", "-depth", "8", "-crop", f"1x1+{x}+{y}", "txt:-")
    found = re.search(r"#[0-9A-F]{6}", shown)
    assert found is not None, shown
    return found[0]


def test_output_is_kept_as_a_file(person: Person) -> None:
    person.types("seq 1 500; echo e$((1+1))nd\n")
    person.waits_to_read("e2nd")
    person.key("ctrl+shift+k")
    person.sees(r"ui: focus \.palette\.")
    person.types(">save output\n")
    person.sees("ui: notice success Output saved")
    saved = list((person.home.parent / "tools" / "Downloads").iterdir())
    assert len(saved) == 1
    assert "\n1\n2\n3\n" in saved[0].read_text()


def test_a_session_is_written_to_a_file(person: Person) -> None:
    runs(person, "log to file", "dlg_log")
    person.key("Return")
    person.sees("ui: notice success Logging to a file")
    person.types("echo lo$((3*3))ged\n")
    (path,) = (person.home.parent / "tools" / "Downloads").iterdir()
    LogReader(path).wait_for(r"\nlo9ged\n")
    assert path.suffix == ".log"


def test_panes_live_through_a_killed_window_and_lie_as_before_at_the_next_start(
    tmp_path: Path,
) -> None:
    home = home_with_a_shell(tmp_path / "home")
    environment = {"SHELL": "/bin/sh", "PS1": "$ "}
    with teleterm(home, **environment) as process:
        person = Person(home)
        person.sees("ui: terminal live")
        splits(person, "alt+shift+equal", 2)
        splits(person, "alt+shift+minus", 3)
        person.types("echo kept-$((40+2))\n")
        person.waits_to_read("kept-42")
        LogReader(home / "state" / "app_state.json").wait_for(r"\bpane\W+2\b")  # it is kept
        mark = person.mark()
        os.kill(window_of(process.pid), signal.SIGKILL)
        places = laid(person, mark)
        person.click_at(*places[2].middle)
        person.waits_to_read(r"\nkept-42")
    mark = person.mark()
    with teleterm(home, **environment):
        assert laid(person, mark) == places


def window_of(main: int) -> int:
    """The window's process: it shows only its role, and none of the program's environment."""
    children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    windows = [pid for pid in children if b"ui" in re.split(rb"[ \0]", cmdline(pid))]
    return int(windows[0])


def cmdline(pid: str) -> bytes:
    """The words a process was started with."""
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def laid(person: Person, mark: int) -> list[Place]:
    """Where the three panes of a tab that came back are, once each of them is alive."""
    person.sees(r"(ui: terminal live [\s\S]*?){3}", after=mark)
    left, upper, lower = (pane(person, f"d1p{number}", after=mark) for number in range(3))
    assert left.x + left.width < upper.x == lower.x
    assert upper.y + upper.height < lower.y
    return [left, upper, lower]


def test_copy_with_nothing_selected_leaves_the_program_alone(person: Person) -> None:
    person.types("cat\none\n")
    person.waits_to_read(r"\none\none\n")
    person.types("two")  # ends the selection that reading made
    person.key("ctrl+shift+c")
    person.types("\n")
    person.waits_to_read(r"\ntwo\ntwo\n")
