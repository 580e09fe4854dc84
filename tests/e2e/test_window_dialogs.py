"""The dialogs of the window, by keyboard, and what main hears of each choice."""

from collections.abc import Iterator

import msgspec
import pytest

from teleterm.bridge import contract as c
from teleterm.bridge import views as v
from tests.e2e.window import click, press, shown, write
from tests.support.fake_main import CODE, PASSWORD, PROD, STAGING, FakeMain, furnished

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

FORM = ".dlg_login.body.form"
MFA = c.MfaAsked(
    prompt_id="p1", cluster_uri=PROD, reason="Connection to database orders", has_code=True
)
LINES = (
    v.LinkLine(name="tsh", path="/h/bin/tsh", target="/o/tsh", state="new", text="will be created"),
    v.LinkLine(
        name="teleterm",
        path="/h/bin/teleterm",
        target="/o/teleterm",
        state="foreign",
        text="exists and points to /usr/bin/x",
        is_on_path=False,
        path_line="export PATH=/h/bin:$PATH",
    ),
)


@pytest.fixture
def fake() -> Iterator[FakeMain]:
    with shown(furnished()) as main:
        yield main


def open_login(fake: FakeMain) -> None:
    click(fake, f".main.sidebar.tree cluster:{STAGING}")
    fake.wait_log("ui: dlg_login form ready")
    fake.wait_focus(f"{FORM}.password.entry")


def test_a_cluster_is_added_and_logged_in_to_from_nothing() -> None:
    with shown(FakeMain()) as fake:
        fake.wait_focus(".main.home.page.view.body.new.address.entry")
        write("fresh.example.com")
        press("Return")
        assert fake.wait_ask(c.AddCluster).address == "fresh.example.com"
        fake.wait_focus(f"{FORM}.user.entry")
        write("bob")
        press("Tab")
        fake.wait_focus(f"{FORM}.password.entry")
        write(PASSWORD)
        press("Return")
        fake.wait_focus(".dlg_login.body.factor.code")
        write(CODE)
        fake.wait_log("ui: logged in")
        fake.wait_log("ui: tab opened kind=resources title=Servers")
        login = fake.wait_ask(c.LoginLocal)
        assert (login.user, login.password) == ("bob", PASSWORD)


def test_a_wrong_password_is_told_and_cleared(fake: FakeMain) -> None:
    open_login(fake)
    write("wrong")
    press("Return")
    fake.wait_log("ui: dlg_login error User name or password is not right.")
    fake.wait_focus(f"{FORM}.password.entry")
    write(PASSWORD)
    press("Linefeed")  # what tools that type text send for a line
    fake.wait_log("ui: dlg_login asks for the second factor")
    assert [fake.wait_ask(c.LoginLocal).password for _ in range(2)] == ["wrong", PASSWORD]


def test_a_wrong_code_asks_for_another_one(fake: FakeMain) -> None:
    open_login(fake)
    write(PASSWORD)
    press("Return")
    fake.wait_focus(".dlg_login.body.factor.code")
    write("000000")
    fake.wait_log("ui: dlg_login error The code is not right.")
    fake.wait_log("ui: dlg_login asks for the second factor")
    write(CODE)
    fake.wait_log("ui: logged in")


def test_escape_leaves_a_login_and_everything_as_it_was(fake: FakeMain) -> None:
    open_login(fake)
    press("Escape")
    fake.wait_log("ui: dialog closed dlg_login")
    fake.wait_gone(".dlg_login")


def test_a_login_that_main_waits_for_is_answered_when_refused(fake: FakeMain) -> None:
    fake.tell(c.ReloginAsked(prompt_id="r1", cluster_uri=PROD, reason="psql is waiting"))
    fake.wait_log("ui: dlg_login form ready")
    press("Escape")
    assert fake.wait_ask(c.AnswerRelogin) == c.AnswerRelogin(prompt_id="r1", is_done=False)


def test_wrong_addresses_are_told_while_typing(fake: FakeMain) -> None:
    click(fake, ".main.sidebar.tree add")
    fake.wait_focus(".dlg_add.body.address.entry")
    write("two words")
    fake.wait_log("ui: dlg_add error An address holds no spaces.")
    press("ctrl+a")
    fake.failures[c.AddCluster] = c.Failed(
        code="host_not_found", message="Could not reach nowhere.example: no such host."
    )
    write("nowhere.example")
    press("Return")
    fake.wait_log("ui: dlg_add error Could not reach nowhere.example: no such host.")
    fake.wait_focus(".dlg_add.body.address.entry")


def test_a_second_factor_is_sent_or_refused(fake: FakeMain) -> None:
    fake.tell(MFA)
    fake.wait_focus(".dlg_mfa.body.factor.code")
    write("654321")
    assert fake.wait_ask(c.AnswerMfa) == c.AnswerMfa(prompt_id="p1", code="654321")
    fake.wait_gone(".dlg_mfa")
    fake.tell(MFA)
    fake.wait_focus(".dlg_mfa.body.factor.code")
    press("Escape")
    assert fake.wait_ask(c.AnswerMfa) == c.AnswerMfa(prompt_id="p1", code="")


def test_a_withdrawn_question_closes_by_itself(fake: FakeMain) -> None:
    fake.tell(MFA)
    fake.wait_widget(".dlg_mfa")
    fake.tell(c.PromptWithdrawn(prompt_id="p1"))
    fake.wait_gone(".dlg_mfa")


def test_an_important_question_hides_a_dialog_and_gives_it_back(fake: FakeMain) -> None:
    click(fake, ".main.sidebar.tree add")
    fake.wait_focus(".dlg_add.body.address.entry")
    write("half.example:")
    fake.wait_log("ui: dlg_add error The port after the colon is missing.")
    fake.tell(MFA)
    fake.wait_widget(".dlg_mfa")
    fake.wait_gone(".dlg_add")
    press("Escape")
    fake.wait_gone(".dlg_mfa")
    fake.wait_focus(".dlg_add.body.address.entry")
    press("BackSpace", "Return")
    assert fake.wait_ask(c.AddCluster).address == "half.example"


def test_return_rejects_a_headless_login(fake: FakeMain) -> None:
    asked = c.HeadlessAsked(
        prompt_id="h1", cluster_uri=PROD, client_ip="10.1.2.3", request_id="abc"
    )
    fake.tell(asked)
    fake.wait_log("ui: dialog shown dlg_headless")
    press("Return")
    assert fake.wait_ask(c.AnswerHeadless) == c.AnswerHeadless(prompt_id="h1", is_approved=False)


def test_two_pins_must_agree(fake: FakeMain) -> None:
    fake.tell(c.HardwareKeyAsked(prompt_id="k1", kind="pin_change"))
    fake.wait_focus(".dlg_hardware.body.pin.entry")
    write("1234")
    press("Tab")
    write("9999")
    press("Return")
    fake.wait_log("ui: dlg_hardware error The two PINs differ.")
    press("ctrl+a")
    write("1234")
    press("Return")
    answer = fake.wait_ask(c.AnswerHardwareKey)
    assert (answer.pin, answer.is_confirmed) == ("1234", True)


def test_links_are_made_only_where_ticked(fake: FakeMain) -> None:
    fake.tell(c.LinksOffered(lines=LINES))
    fake.wait_log("ui: dialog shown dlg_links")
    press("Tab", "Return")
    assert fake.wait_ask(c.ApplyLinks) == c.ApplyLinks(names=("tsh",))
    fake.wait_gone(".dlg_links")


def test_return_of_somebody_who_types_makes_no_links(fake: FakeMain) -> None:
    fake.tell(c.LinksOffered(lines=LINES))
    fake.wait_log("ui: dialog shown dlg_links")
    press("Return")
    assert fake.wait_ask(c.ApplyLinks) == c.ApplyLinks(names=(), is_never=False)
    fake.wait_gone(".dlg_links")


def test_escape_puts_links_off(fake: FakeMain) -> None:
    fake.tell(c.LinksOffered(lines=LINES))
    fake.wait_log("ui: dialog shown dlg_links")
    press("Escape")
    assert fake.wait_ask(c.ApplyLinks) == c.ApplyLinks(names=(), is_never=False)


@pytest.mark.parametrize(
    ("event", "stops"),
    [
        (c.LinksOffered(lines=LINES), ["never", "later", "create"]),
        (
            c.HeadlessAsked(prompt_id="h", cluster_uri=PROD, client_ip="1.2.3.4", request_id="x"),
            ["later", "approve", "reject"],
        ),
        (MFA, ["code", "cancel", "confirm"]),
    ],
)
def test_tab_walks_through_a_dialog_and_stays_in_it(
    fake: FakeMain, event: c.Event, stops: list[str]
) -> None:
    fake.tell(event)
    fake.wait_log("ui: dialog shown")
    seen: set[str] = set()
    for _ in range(12):
        press("Tab")
        fake.wait_other_focus(fake.focus)
        seen.add(fake.focus.rpartition(".")[2])
        assert fake.focus.startswith(".dlg_")
    assert set(stops) <= seen


def offer(fake: FakeMain, **ways: object) -> None:
    """Say how one may log in, and open the login dialog."""
    fake.auth = msgspec.structs.replace(fake.auth, **ways)
    click(fake, f".main.sidebar.tree cluster:{STAGING}")


def test_a_login_by_security_key_alone_is_gone_through_step_by_step(fake: FakeMain) -> None:
    fake.held.add(c.LoginPasswordless)
    offer(fake, has_passwordless=True)
    fake.wait_log("ui: dlg_login form ready")
    click(fake, f"{FORM}.passwordless")
    assert fake.wait_ask(c.LoginPasswordless).cluster_uri == STAGING
    fake.tell(c.KeyLoginAsked(prompt_id="k1", kind="touch", cluster_uri=STAGING))
    fake.wait_log("ui: dlg_login asks for the key: touch")
    fake.tell(c.KeyLoginAsked(prompt_id="k2", kind="pin", cluster_uri=STAGING))
    fake.wait_focus(".dlg_login.body.key.pin.entry")
    write("4711")
    press("Return")
    assert fake.wait_ask(c.AnswerKeyLogin) == c.AnswerKeyLogin(prompt_id="k2", pin="4711")
    users = ("alice", "bob")
    fake.tell(c.KeyLoginAsked(prompt_id="k3", kind="user", cluster_uri=STAGING, users=users))
    fake.wait_focus(".dlg_login.body.key.user1")
    press("Tab", "space")
    assert fake.wait_ask(c.AnswerKeyLogin) == c.AnswerKeyLogin(prompt_id="k3", index=1)


def test_a_refused_key_leads_back_to_the_form(fake: FakeMain) -> None:
    fake.failures[c.LoginPasswordless] = c.Failed(
        code="mfa_refused", message="The PIN of the security key is wrong.", hint="Try again."
    )
    offer(fake, has_passwordless=True)
    fake.wait_log("ui: dlg_login form ready")
    click(fake, f"{FORM}.passwordless")
    fake.wait_log("ui: dlg_login error The PIN of the security key is wrong.")
    fake.wait_widget(f"{FORM}.password.entry")


def test_a_browser_is_waited_for_opened_again_and_given_up(fake: FakeMain) -> None:
    fake.held.add(c.LoginSso)
    offer(fake, auth_type="sso", connectors=(("github", "hub", "Our Hub"),))
    fake.wait_widget(f"{FORM}.sso1")
    click(fake, f"{FORM}.sso1")
    fake.wait_log("ui: dlg_login waits for the browser")
    click(fake, ".dlg_login.body.browser.reopen")
    assert [fake.wait_ask(c.LoginSso).connector_name for _ in range(2)] == ["hub", "hub"]
    assert fake.wait_ask(c.CancelAsk).target_id
    press("Escape")
    fake.wait_widget(f"{FORM}.sso1")
    press("Escape")
    fake.wait_gone(".dlg_login")


def test_a_cluster_without_any_way_in_says_so(fake: FakeMain) -> None:
    offer(fake, is_local_allowed=False)
    fake.wait_widget(".dlg_login.body.buttons.cancel")
    press("Escape")
    fake.wait_gone(".dlg_login")
    assert not any(isinstance(ask, c.LoginLocal) for ask in fake.asks)


def test_a_headless_login_is_approved_in_its_dialog(fake: FakeMain) -> None:
    asked = c.HeadlessAsked(prompt_id="h1", cluster_uri=PROD, client_ip="10.1.2.3", request_id="r")
    fake.tell(asked)
    fake.wait_log("ui: dialog shown dlg_headless")
    click(fake, ".dlg_headless.body.buttons.approve")
    answer = c.AnswerHeadless(prompt_id="h1", is_approved=True)
    assert fake.wait_ask(c.AnswerHeadless) == answer
    fake.tell(c.MfaAsked(prompt_id="p9", cluster_uri=PROD, has_key=True))
    fake.wait_log("ui: dlg_headless asks for the key")
    press("Escape")
    assert fake.wait_ask(c.AnswerMfa) == c.AnswerMfa(prompt_id="p9")
    fake.wait_gone(".dlg_headless")


def test_an_approval_need_not_be_confirmed_when_the_settings_say_so(fake: FakeMain) -> None:
    fake.tell(c.SettingsChanged(settings=v.SettingsView(headless_skip_confirm=True)))
    fake.wait_log("ui: settings applied")
    asked = c.HeadlessAsked(prompt_id="h2", cluster_uri=PROD, client_ip="10.1.2.3", request_id="r")
    fake.tell(asked)
    assert fake.wait_ask(c.AnswerHeadless) == c.AnswerHeadless(prompt_id="h2", is_approved=True)
    fake.tell(c.PromptWithdrawn(prompt_id="h2"))
    fake.wait_gone(".dlg_headless")


def test_an_approval_that_comes_to_nothing_takes_its_dialog_along(fake: FakeMain) -> None:
    asked = c.HeadlessAsked(prompt_id="h1", cluster_uri=PROD, client_ip="10.1.2.3", request_id="r")
    fake.tell(asked)
    fake.wait_log("ui: dialog shown dlg_headless")
    click(fake, ".dlg_headless.body.buttons.approve")
    assert fake.wait_ask(c.AnswerHeadless).is_approved
    fake.tell(c.PromptWithdrawn(prompt_id="h1"))
    fake.wait_gone(".dlg_headless")


def test_the_page_of_a_factor_in_the_browser_can_be_copied(fake: FakeMain) -> None:
    url = "https://prod.example.com/web/sso_confirm?id=7"
    fake.tell(c.MfaAsked(prompt_id="p5", cluster_uri=PROD, sso_url=url, sso_name="Okta"))
    fake.wait_log("ui: dialog shown dlg_mfa")
    click(fake, ".dlg_mfa.body.factor.copy_link")
    fake.wait_log("ui: notice success Copied")
    press("Escape")
    assert fake.wait_ask(c.AnswerMfa) == c.AnswerMfa(prompt_id="p5")
