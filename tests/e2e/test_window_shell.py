"""Tabs, tree, palette, banners and settings of the window, by keyboard."""

from collections.abc import Iterator

import msgspec
import pytest

from teleterm.bridge import contract as c
from teleterm.bridge import views as v
from tests.e2e.window import click, press, shown, write
from tests.support.fake_main import PROD, FakeMain, furnished, make_ssh

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SERVERS = {"cluster": PROD, "kinds": "servers", "search": ""}


@pytest.fixture
def fake() -> Iterator[FakeMain]:
    with shown(furnished()) as main:
        yield main


def test_the_palette_reaches_a_shell_with_two_returns(fake: FakeMain) -> None:
    press("ctrl+shift+k")
    fake.wait_focus(".palette.head.field.entry")
    write("node17")
    fake.wait_ask(c.SearchResources)
    fake.wait_log("ui: palette found")
    fake.wait_widget(f".palette.list resource:{PROD}/servers/uuid-17")
    press("Return")
    fake.wait_log("ui: palette asks as whom node17")
    press("Return")
    fake.wait_log("ui: tab opened kind=ssh title=alice@node17")


def test_the_palette_runs_commands_and_typed_ones(fake: FakeMain) -> None:
    press("ctrl+shift+k")
    fake.wait_focus(".palette.head.field.entry")
    write(">theme")
    press("Return")
    fake.wait_log("ui: settings applied theme=light")
    press("ctrl+shift+k")
    fake.wait_focus(".palette.head.field.entry")
    write("ssh root@node5")
    press("Return")
    fake.wait_log("ui: tab opened kind=ssh title=root@node5")


def test_escape_closes_the_palette_and_gives_the_keyboard_back(fake: FakeMain) -> None:
    click(fake, f".main.sidebar.tree kind:servers:{PROD}")
    fake.wait_focus(".main.docs.d1.body.area.table")
    press("ctrl+shift+k")
    fake.wait_focus(".palette.head.field.entry")
    press("Escape")
    fake.wait_focus(".main.docs.d1.body.area.table")


def test_tabs_by_keyboard(fake: FakeMain) -> None:
    click(fake, f".main.sidebar.tree kind:servers:{PROD}")
    fake.wait_log("ui: tab opened kind=resources")
    press("ctrl+comma")
    fake.wait_log("ui: tab opened kind=settings")
    fake.wait_widget(".main.docs.d2")
    press("alt+1")
    fake.wait_gone(".main.docs.d2")
    press("ctrl+Tab")
    fake.wait_widget(".main.docs.d2")
    press("ctrl+shift+w")
    fake.wait_log("ui: tab closed")
    fake.wait_widget(".main.docs.d1")
    press("ctrl+shift+z")
    fake.wait_log("ui: tab opened kind=settings")


def test_a_live_tab_asks_before_it_closes(fake: FakeMain) -> None:
    fake.tell(c.GatewaysChanged(gateways=()))
    press("ctrl+shift+q")
    fake.wait_ask(c.Quit)


def test_quitting_with_a_proxy_asks(fake: FakeMain) -> None:
    gateway = v.GatewayView(
        uri="/gateways/1", target_uri=f"{PROD}/dbs/orders", target_name="orders", cluster_uri=PROD
    )
    fake.tell(c.GatewaysChanged(gateways=(gateway,)))
    press("ctrl+shift+q")
    fake.wait_log("ui: dialog shown dlg_quit")
    press("Escape")
    fake.wait_gone(".dlg_quit")
    press("ctrl+shift+q")
    fake.wait_log("ui: dialog shown dlg_quit")
    press("Return")
    assert fake.wait_ask(c.Quit) == c.Quit()


def test_the_tree_by_keyboard(fake: FakeMain) -> None:
    press("ctrl+shift+e")
    fake.wait_focus(".main.sidebar.tree.canvas")
    press("Left")
    fake.wait_gone(f".main.sidebar.tree kind:servers:{PROD}")
    press("Right")
    fake.wait_widget(f".main.sidebar.tree kind:servers:{PROD}")
    press("Down", "Down", "Return")
    fake.wait_log("ui: tab opened kind=resources title=Databases")
    press("ctrl+shift+b")
    fake.wait_gone(".main.sidebar.tree")


def test_a_menu_by_keyboard(fake: FakeMain) -> None:
    press("ctrl+shift+e")
    fake.wait_focus(".main.sidebar.tree.canvas")
    press("shift+F10")
    fake.wait_focus(".menu.list.canvas")
    press("Down", "Return")
    fake.wait_log("ui: dialog shown dlg_logout")
    press("Return")
    assert fake.wait_ask(c.Logout) == c.Logout(cluster_uri=PROD, forget=False)


def test_a_dead_daemon_is_told_and_can_be_started_again(fake: FakeMain) -> None:
    fake.tell(c.DaemonChanged(state="gone"))
    fake.wait_log("ui: banner shown daemon The tsh daemon stopped.")
    click(fake, ".main.banners.daemon.in.choices.choice1")
    fake.wait_ask(c.RestartDaemon)
    fake.tell(c.DaemonChanged(state="ready"))
    fake.wait_gone(".main.banners.daemon")


def test_tabs_of_last_time_are_offered_and_opened() -> None:
    main = furnished()
    main.layout = v.LayoutView(documents=(make_ssh(3), make_ssh(4)), active=1)
    with shown(main) as fake:
        fake.wait_log("ui: banner shown restore Reopen 2 tabs from last time?")
        click(fake, ".main.banners.restore.in.choices.choice1")
        opened = fake.wait_ask(c.OpenTerminal)
        assert opened.document.title == "alice@node4"
        fake.wait_widget(".main.docs.d2")


def test_living_terminals_come_back_by_themselves() -> None:
    main = furnished()
    main.terminals = (v.TerminalView(terminal_id="t9", document=make_ssh(3), cols=80, rows=24),)
    with shown(main) as fake:
        assert fake.wait_ask(c.AttachTerminal).terminal_id == "t9"
        fake.wait_widget(".main.docs.d1")


def test_after_a_crash_all_tabs_lie_as_they_did() -> None:
    main = furnished()
    renamed = msgspec.structs.replace(make_ssh(3), title="watch")
    main.terminals = (v.TerminalView(terminal_id="t9", document=make_ssh(3), cols=80, rows=24),)
    page = v.DocumentView(kind="resources", title="Servers", fields=SERVERS)
    settings = v.DocumentView(kind="settings", title="Settings", fields={})
    main.layout = v.LayoutView(documents=(page, renamed, make_ssh(4), settings), active=1)
    with shown(main) as fake:
        assert fake.wait_ask(c.AttachTerminal).terminal_id == "t9"
        for number in (1, 2, 3, 4):
            fake.wait_widget(f".main.tabs .main.docs.d{number}")
        fake.wait_widget(".main.docs.d2")
        assert ".main.tabs .main.docs.d5" not in fake.places


def test_a_window_that_takes_anothers_place_asks_nothing() -> None:
    main = furnished()
    main.is_whole = True
    page = v.DocumentView(kind="resources", title="Servers", fields=SERVERS)
    main.layout = v.LayoutView(documents=(make_ssh(3), page), active=1)
    with shown(main) as fake:
        fake.wait_log("ui: resources shown servers 50")
        assert not [line for line in fake.log if "banner shown restore" in line]


def test_the_tab_key_brings_what_it_reaches_into_view(fake: FakeMain) -> None:
    click(fake, ".main.sidebar.tree recent:r1")
    press("ctrl+comma")
    fake.wait_log("ui: tab opened kind=settings")
    view = ".main.docs.d2.page.view"
    last = f"{view}.body.in.session_restore.choices.never"
    fake.wait_focus(f"{view}.body.in.theme.choices.system")
    for _ in range(40):
        if fake.focus == last:
            break
        before = fake.focus
        press("Tab")
        fake.wait_other_focus(before)
    _, top, _, height = fake.wait_widget(view)

    def in_view() -> bool | None:
        _, reached, _, own = fake.places[last]
        return True if top <= reached and reached + own <= top + height else None

    fake.wait_for(in_view, "the last setting in view")


def test_a_wrong_setting_is_named_below_its_row(fake: FakeMain) -> None:
    press("ctrl+comma")
    fake.wait_log("ui: tab opened kind=settings")
    inside = ".main.docs.d1.page.view.body.in"
    row = f"{inside}.terminal_fontSize"
    click(fake, f"{row}.value.entry")
    fake.wait_focus(f"{row}.value.entry")
    press("ctrl+a")
    write("huge")
    press("Return")
    fake.wait_log("ui: settings error terminal.fontSize must be a whole number from 6 to 256.")
    fake.wait_widget(f"{inside}.error")
    lines = [f"{inside}.{name}" for name in ("terminal_fontSize", "error", "terminal_scrollback")]

    def in_order() -> bool | None:
        tops = [fake.places[line][1] for line in lines]
        return True if tops == sorted(set(tops)) else None

    fake.wait_for(in_order, "the words between their row and the next")


def test_the_layout_is_saved(fake: FakeMain) -> None:
    click(fake, f".main.sidebar.tree kind:servers:{PROD}")
    fake.wait_log("ui: tab opened kind=resources")

    def saved() -> c.SaveLayout | None:
        found = [ask for ask in fake.asks if isinstance(ask, c.SaveLayout) and ask.layout.documents]
        return found[-1] if found else None

    layout = fake.wait_for(saved, "a saved layout").layout
    assert layout.documents[0].kind == "resources"
    assert f"cluster:{PROD}" in layout.open_nodes


def test_a_notice_button_goes_back_to_main(fake: FakeMain) -> None:
    action = v.NoticeAction(label="Renew", action="renew", argument=PROD)
    notice = v.NoticeView(level="warning", title="Your login ends soon", actions=(action,))
    fake.tell(c.NoticePosted(notice=notice))
    fake.wait_log("ui: notice warning Your login ends soon")
    click(fake, ".main.notices.n1.in.line.choice1")
    assert fake.wait_ask(c.RunNoticeAction) == c.RunNoticeAction(action="renew", argument=PROD)


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_mode_and_scale_shows_its_window(theme: str, scale: float) -> None:
    main = furnished()
    main.settings = msgspec.structs.replace(main.settings, theme=theme, ui_scale=scale)
    with shown(main) as fake:
        _left, _top, _width, height = fake.wait_widget(".main.top")
        assert height == round(44 * scale)


def test_main_gone_means_the_window_leaves_at_once() -> None:
    main = furnished()
    main.start()
    assert main.stop() == 0


def test_the_process_holds_nothing_it_should_not() -> None:
    main = furnished()
    with shown(main) as fake:
        hello = fake.wait_ask(c.Hello)
        assert hello.seal["audit"] == "on"
        assert "removed" in hello.seal["tcl"]
