"""The window among others: dialogs, sizes and closing as a window manager does them."""

import shutil
import subprocess
from collections.abc import Iterator

import msgspec
import pytest

from teleterm.bridge import contract as c
from tests.e2e.window import click, press, shown, xdo
from tests.support.display import display
from tests.support.fake_main import PROD, FakeMain, furnished
from tests.support.spoken_channel import open_channel

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("openbox") is None, reason="openbox is not installed"),
]
SCREEN = ".main.docs.d1.term.view.screen"


@pytest.fixture
def fake() -> Iterator[FakeMain]:
    furnished_main = furnished()
    furnished_main.make_channel = lambda _body: open_channel("alice@node1:~$")
    with display("1500x1000", manager="openbox"), shown(furnished_main) as main:
        yield main


def window_id(title: str) -> str:
    """The X window with this title."""
    found = subprocess.run(
        ["xdotool", "search", "--sync", "--onlyvisible", "--name", title],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    return found.stdout.split()[0]


def close_by_the_frame(fake: FakeMain) -> None:
    """Press the manager's key once it hears keys and knows that the window has the keyboard."""
    hears_keys(fake)
    window = window_id("^teleterm$")
    fake.wait_for(
        lambda: answer(fake, "getactivewindow") == window or None,
        "the window manager to have made the window active",
    )
    press("alt+F4")


def hears_keys(fake: FakeMain) -> None:
    """Wait until the manager has taken its keys again.

    The first key of a screen without a keyboard brings a new layout. The manager lets go of its
    keys then and takes them anew; in between they go to the window. A wish that it fulfils later
    shows that it is through with that, since it hears of things in their order.
    """
    press("shift")
    count = str(int(answer(fake, "get_num_desktops") or "1") + 1)
    xdo("set_num_desktops", count)
    fake.wait_for(
        lambda: answer(fake, "get_num_desktops") == count or None,
        "the window manager to have done what it was asked",
    )


def answer(fake: FakeMain, question: str) -> str:
    """What xdotool says, while the window is listened to."""
    asked = subprocess.run(["xdotool", question], capture_output=True, text=True, timeout=20)
    fake.pump(0.05)
    return asked.stdout.strip()


def open_shell(fake: FakeMain) -> None:
    click(fake, ".main.sidebar.tree recent:r1")
    fake.wait_log("ui: terminal live alice@node1")
    fake.wait_focus(SCREEN)


def icon_of(window: str) -> list[int]:
    """Size and first pixels of the icon that the window gives the manager."""
    told = subprocess.run(
        ["xprop", "-id", window, "-notype", "32c", "_NET_WM_ICON"],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    ).stdout
    return [int(number) for number in told.partition("=")[2].split(",")[:150] if number.strip()]


def test_a_dialog_belongs_to_the_window_and_gives_the_keyboard_back(fake: FakeMain) -> None:
    fake.wait_log("ui: icon given")
    open_shell(fake)
    ours = icon_of(window_id("^teleterm$"))
    assert ours[:2] == [16, 16], "the manager's own icon is of another size"
    assert any(argb >> 24 == 255 for argb in ours[2:])
    click(fake, ".main.sidebar.tree add")
    fake.wait_log("ui: dialog shown dlg_add")
    fake.wait_focus(".dlg_add.body.address.entry")
    left, top, width, height = fake.wait_widget(".dlg_add")
    main_left, main_top, main_width, main_height = fake.wait_widget(".main")
    assert abs((left + width // 2) - (main_left + main_width // 2)) <= 4
    assert main_top < top < top + height < main_top + main_height
    owner = subprocess.run(
        ["xprop", "-id", window_id("Add cluster"), "WM_TRANSIENT_FOR"],
        capture_output=True,
        text=True,
        timeout=20,
    ).stdout
    assert "0x" in owner
    assert icon_of(window_id("Add cluster")) == ours
    press("Escape")
    fake.wait_log("ui: dialog closed dlg_add")
    fake.wait_focus(SCREEN)


def test_the_palette_gives_the_keyboard_back(fake: FakeMain) -> None:
    open_shell(fake)
    press("ctrl+shift+k")
    fake.wait_log("ui: palette shown")
    fake.wait_other_focus(SCREEN)
    press("Escape")
    fake.wait_focus(SCREEN)


def test_the_terminal_follows_the_window_and_the_window_has_a_least_size(fake: FakeMain) -> None:
    open_shell(fake)
    window = window_id("^teleterm$")
    before = fake.wait_widget(SCREEN)
    xdo("windowsize", window, "1000", "700")
    fake.wait_for(
        lambda: True if fake.places[SCREEN][2] < before[2] - 100 else None, "a narrower terminal"
    )
    xdo("windowsize", window, "200", "100")
    fake.wait_for(
        lambda: True if fake.places[".main"][2:] == (640, 400) else None, "the least size"
    )


def test_closing_by_the_frame_asks_when_something_is_live(fake: FakeMain) -> None:
    open_shell(fake)
    close_by_the_frame(fake)
    fake.wait_log("ui: dialog shown dlg_quit")
    press("Escape")
    fake.wait_log("ui: dialog closed dlg_quit")
    fake.wait_focus(SCREEN)
    close_by_the_frame(fake)
    fake.wait_log("ui: dialog shown dlg_quit")
    click(fake, ".dlg_quit.body.buttons.quit")
    fake.wait_ask(c.Quit)


def test_closing_by_the_frame_just_leaves_when_nothing_is(fake: FakeMain) -> None:
    click(fake, f".main.sidebar.tree kind:servers:{PROD}")
    fake.wait_log("ui: resources shown servers 50")
    close_by_the_frame(fake)
    fake.wait_ask(c.Quit)


def test_with_run_in_background_the_frame_only_hides_it(fake: FakeMain) -> None:
    fake.settings = msgspec.structs.replace(fake.settings, run_in_background=True)
    fake.tell(c.SettingsChanged(settings=fake.settings))
    fake.wait_log("ui: settings applied")
    open_shell(fake)
    close_by_the_frame(fake)
    fake.wait_log("ui: window hidden")
    assert not any(isinstance(ask, c.Quit) for ask in fake.asks)
    fake.tell(c.BringForward())
    fake.wait_log("ui: window shown again")
    fake.wait_focus(SCREEN)
    press("ctrl+shift+q")
    fake.wait_log("ui: dialog shown dlg_quit")


def test_on_a_small_screen_the_frame_leaves_the_status_bar_in_sight() -> None:
    with display("1024x700", manager="openbox"), shown(furnished()) as fake:

        def is_in_sight() -> bool | None:
            _left, top, _width, height = fake.wait_widget(".main.status")
            return top + height <= 700 or None

        fake.wait_for(is_in_sight, "the status bar on the screen")
