"""Every state of the window by name: what main has, and what happens until it shows."""

from collections.abc import Callable

import msgspec

from teleterm.bridge import contract as c
from teleterm.bridge import views as v
from teleterm.ui.documents import identity
from teleterm.ui.panes.kept import panes_view
from tests.gallery import cast
from tests.gallery.stage import Stage
from tests.support.fake_main import PROD, STAGING, make_database, make_server, make_ssh
from tests.support.spoken_channel import open_channel

Act = Callable[[Stage], object]


class State(msgspec.Struct, frozen=True):
    """A state: its words, the main it is seen with, what leads to it."""

    words: str
    act: Act
    prepare: Callable[[cast.Cast], object] = lambda _fake: None
    is_furnished: bool = True


ORDERS = make_database("orders")
PAGE = ("resources", "Servers")
NO_ANSWER = c.Failed(
    code="no_answer", message="prod.example.com does not answer.", is_retryable=True,
    hint="Look whether the network is there.", details="dial tcp 10.0.0.1:443: i/o timeout",
)  # fmt: skip


def holds(*kinds: type) -> Callable[[cast.Cast], None]:
    """Main never answers these."""
    return lambda fake: fake.held.update(kinds)


def fails(*kinds: type) -> Callable[[cast.Cast], None]:
    """Main answers these with a failure."""
    return lambda fake: fake.failures.update(dict.fromkeys(kinds, NO_ANSWER))


def has(**changes: object) -> Callable[[cast.Cast], None]:
    """Main has something else in its tables."""

    def change(fake: cast.Cast) -> None:
        for name, value in changes.items():
            setattr(fake, name, value)

    return change


def transfers(fake: cast.Cast) -> None:
    """Main copies files, and never gets to their ends."""
    says(*PROMPT)(fake)
    fake.held.add(c.TransferFile)


def tells(*events: c.Event) -> Act:
    """Main tells something."""

    def act(stage: Stage) -> None:
        for event in events:
            stage.fake.tell(event)

    return act


def opens(*views: v.DocumentView) -> Act:
    """Documents are opened."""

    def act(stage: Stage) -> None:
        for view in views:
            stage.desk.opener.document(view)
            stage.settle()

    return act


def lists(*kinds: str, search: str = "") -> Act:
    """Resources are listed."""
    return lambda stage: stage.desk.opener.resources(PROD, kinds, search)


def does(name: str) -> Act:
    """An action of the program is run."""
    return lambda stage: stage.desk.actions.run(name)


def then(*acts: Act) -> Act:
    """One after the other."""

    def act(stage: Stage) -> None:
        for one in acts:
            one(stage)
            stage.settle()

    return act


def presses(*sequences: str) -> Act:
    """Keys are pressed."""

    def act(stage: Stage) -> None:
        for sequence in sequences:
            stage.press(sequence)

    return act


def types(text: str) -> Act:
    """A text is typed."""

    def act(stage: Stage) -> None:
        for letter in text:
            focus = stage.app.focus_get()
            assert focus is not None
            name = {" ": "space", ".": "period", ":": "colon", "@": "at"}.get(letter, letter)
            focus.event_generate("<KeyPress>", keysym=name)
        stage.settle()

    return act


def says(*rows: str, status: int | None = None) -> Callable[[cast.Cast], None]:
    """Terminals show these rows, and end if there is a status."""

    def change(fake: cast.Cast) -> None:
        fake.make_channel = lambda _body: open_channel(*rows, status=status)

    return change


def login(stage: Stage) -> None:
    """The login of the cluster that has none."""
    stage.desk.dialogs.login(STAGING)


def auth(**changes: object) -> Callable[[cast.Cast], None]:
    """The cluster lets people log in this way."""
    return has(auth=v.AuthView(cluster_uri="", **changes))  # type: ignore[arg-type]


def runs_out(stage: Stage) -> None:
    """The login on prod has run out."""
    rest = [one for one in stage.fake.clusters if one.uri != PROD]
    stage.fake.set_clusters(cast.EXPIRED, *rest)


def logs_in(password: str) -> Act:
    """User and password are given."""
    return then(login, types("alice"), presses("<Tab>"), types(password), presses("<Return>"))


def with_gateway(resource: v.ResourceView, **changes: object) -> Callable[[cast.Cast], None]:
    """A proxy for it runs already, and is what main gives when asked."""
    made = cast.gateway(resource, **changes)
    return has(gateways={made.uri: made})


def proxies(stage: Stage) -> None:
    """Two proxies run, one has a problem."""
    stage.fake.tell(
        c.GatewaysChanged(
            gateways=(
                cast.gateway(ORDERS),
                cast.gateway(cast.APP, problem="Port 54321 is taken by another program."),
            )
        )
    )


PROMPT = ("Last login: Mon Jun  1 09:30:00 2026 from 10.0.0.9", "alice@node1:~$ ")
SSH = make_ssh(1)
PANES = panes_view([make_ssh(number) for number in (1, 2, 3)], title="alice@node1")
DATABASE = identity.database_document(ORDERS, "alice", "shop")
NOTICES = tuple(
    c.NoticePosted(
        notice=v.NoticeView(
            level=level, title=title, text=text, key=level,  # type: ignore[arg-type]
            actions=(v.NoticeAction(label="Show", action="x"),) if level == "error" else (),
        )
    )
    for level, title, text in (
        ("info", "orders is used", "psql connected from this computer."),
        ("success", "Logged in to prod.example.com", "Valid until 18:40."),
        ("warning", "The login ends in 5 minutes", "Renew it to keep your tabs."),
        ("error", "node1 can't be reached", "It went away at 12:03."),
    )
)  # fmt: skip

STATES: dict[str, State] = {
    "home-first": State("Home, no cluster known", lambda _s: None, is_furnished=False),
    "home-shared": State(
        "Home, profiles of tsh found", lambda _s: None, has(shared_profiles=2), is_furnished=False
    ),
    "home": State("Home with clusters", lambda _s: None),
    "home-daemon-failed": State(
        "The daemon can't start",
        tells(c.DaemonChanged(state="failed", message="tsh could not be started.", log_tail="x")),
    ),
    "home-restore": State(
        "Tabs of last time are offered", lambda _s: None,
        lambda fake: setattr(fake, "layout", v.LayoutView(documents=(SSH, DATABASE))),
    ),
    "resources": State("Servers", lists("servers")),
    "resources-databases": State("Databases", lists("databases")),
    "resources-all": State("All kinds", lists()),
    "resources-loading": State("Loading", lists("servers"), holds(c.ListResources)),
    "resources-empty": State("Nothing there", lists("servers"), has(resources=[])),
    "resources-no-match": State("Nothing matches", lists("servers", search="foo")),
    "resources-error": State("The list failed", lists("servers"), fails(c.ListResources)),
    "resources-locked": State("The login has run out", then(lists("servers"), runs_out)),
    "ssh-connecting": State("Connecting", opens(SSH), holds(c.OpenTerminal)),
    "ssh-live": State("A shell", opens(SSH), says(*PROMPT)),
    "ssh-failed": State("No connection", opens(SSH), fails(c.OpenTerminal)),
    "ssh-transfer": State(
        "Files are copied",
        then(opens(SSH), does("transferFiles"), types("a.c"), presses("<Return>"),
             types("b.c"), presses("<Return>")),
        transfers,
    ),
    "ssh-ended": State("The session ended", opens(SSH), says(*PROMPT, status=1)),
    "ssh-reconnect": State(
        "Lost, tries again", opens(SSH),
        says(*PROMPT, "ERROR: connection lost", status=255),
    ),
    "shell": State("A local shell", lambda s: s.desk.opener.terminal(), says("$ ")),
    "panes": State("Three panes", opens(PANES), says("$ ")),
    "panes-broadcast": State(
        "Typing goes to three panes", then(opens(PANES), does("toggleBroadcast")), says("$ ")
    ),
    "tabs": State(
        "Several tabs", opens(SSH, make_ssh(2, "root"), DATABASE), says(*PROMPT)
    ),
    "search": State(
        "Search in a terminal", then(opens(SSH), does("terminalSearch")), says(*PROMPT)
    ),
    "database": State("A database's proxy", opens(DATABASE)),
    "database-loading": State("Its proxy starts", opens(DATABASE), holds(c.CreateGateway)),
    "database-error": State("Its proxy can't start", opens(DATABASE), fails(c.CreateGateway)),
    "database-locked": State("The login has run out", then(opens(DATABASE), runs_out)),
    "app": State("A TCP application's proxy", opens(identity.app_document(cast.APP))),
    "app-error": State(
        "It can't start", opens(identity.app_document(cast.APP)), fails(c.CreateGateway)
    ),
    "kube": State("A Kubernetes shell", opens(identity.kube_document(cast.KUBE)), says("$ ")),
    "kube-error": State(
        "It can't start", opens(identity.kube_document(cast.KUBE)),
        fails(c.OpenTerminal, c.CreateGateway),
    ),
    "desktop-connecting": State(
        "A desktop connects", opens(identity.desktop_document(cast.DESKTOP, "alice"))
    ),
    "desktop-error": State(
        "It can't", opens(identity.desktop_document(cast.DESKTOP, "alice")), fails(c.OpenDesktop)
    ),
    "requests": State("Access requests", lambda s: s.desk.opener.requests(PROD)),
    "requests-assumed": State(
        "Requests in use", lambda s: s.desk.opener.requests(PROD), cast.holding
    ),
    "requests-new": State("Ask for roles", lambda s: s.desk.dialogs.request_access(PROD)),
    "requests-resource": State(
        "Ask for a server",
        lambda s: s.desk.opener.connect(make_server(13, name="vault", requires_request=True)),
    ),
    "resources-ticked": State(
        "Some are ticked",
        then(lists("servers"), presses("<End>", "<space>", "<Home>", "<space>", "<Down>",
                                       "<space>")),
        cast.holding,
    ),
    "requests-loading": State(
        "Loading", lambda s: s.desk.opener.requests(PROD), holds(c.ListAccessRequests)
    ),
    "requests-empty": State(
        "None", lambda s: s.desk.opener.requests(PROD), has(requests=())
    ),
    "requests-error": State(
        "The list failed", lambda s: s.desk.opener.requests(PROD), fails(c.ListAccessRequests)
    ),
    "requests-locked": State(
        "The login has run out", then(lambda s: s.desk.opener.requests(PROD), runs_out)
    ),
    "sessions": State("Sessions", lambda s: s.desk.opener.sessions(PROD)),
    "sessions-recorded": State(
        "Recordings", lambda s: s.desk.opener.sessions(PROD, "recorded"),
        has(sessions=cast.RECORDINGS),
    ),
    "sessions-empty": State(
        "Nobody", lambda s: s.desk.opener.sessions(PROD), has(sessions=())
    ),
    "sessions-loading": State(
        "Loading", lambda s: s.desk.opener.sessions(PROD), holds(c.ListSessions)
    ),
    "sessions-error": State(
        "The list failed", lambda s: s.desk.opener.sessions(PROD), fails(c.ListSessions)
    ),
    "sessions-locked": State(
        "The login has run out", then(lambda s: s.desk.opener.sessions(PROD), runs_out)
    ),
    "tunnels": State("Tunnels", then(proxies, does("tunnels"))),
    "tunnels-kept": State(
        "Some start with teleterm", then(proxies, does("tunnels")), cast.keeping
    ),
    "tunnels-empty": State("No tunnel", does("tunnels")),
    "settings": State("Settings", does("settings")),
    "settings-high-contrast": State(
        "High contrast", does("settings"),
        lambda fake: cast.with_settings(fake, ui_high_contrast=True),
    ),
    "shortcuts": State("Keyboard shortcuts", does("shortcuts")),
    "about": State("About", does("about")),
    **{
        f"about-{view.state}": State(
            f"Updates: {view.state}", does("about"),
            cast.updating(view),
        )
        for view in cast.UPDATES
    },
    "palette": State("The palette", does("openSearchBar")),
    "palette-hits": State("Hits", then(does("openSearchBar"), types("node"))),
    "palette-none": State("No hits", then(does("openSearchBar"), types("zzzz"))),
    "menu-profiles": State("The menu of clusters", does("openProfiles")),
    "notices": State("Notices", tells(*NOTICES)),
    "dlg-add": State("Add a cluster", does("addCluster")),
    "dlg-add-error": State(
        "It can't be reached", then(does("addCluster"), types("x.example.com"),
                                    presses("<Return>")),
        fails(c.AddCluster),
    ),
    "dlg-add-working": State(
        "Connecting", then(does("addCluster"), types("x.example.com"), presses("<Return>")),
        holds(c.AddCluster),
    ),
    "login-loading": State("Log in: loading", login, holds(c.GetAuth)),
    "login-failed": State("Log in: no settings", login, fails(c.GetAuth)),
    "login": State("Log in", login),
    "login-wrong": State("Log in: wrong password", logs_in("wrong")),
    "login-code": State("Log in: the code", logs_in("correct horse")),
    "login-sso": State(
        "Log in: in the browser", login,
        auth(is_local_allowed=False,
             connectors=(("github", "github", "GitHub"), ("saml", "okta", "Okta"))),
    ),
    "login-several": State(
        "Log in: several ways", login,
        auth(second_factors=("webauthn", "otp"), has_passwordless=True,
             connectors=(("github", "github", "GitHub"),), version_warning="tsh is older."),
    ),
    "login-none": State("Log in: switched off", login, auth(is_local_allowed=False)),
    "login-renew": State(
        "Log in again", then(runs_out, tells(c.ReloginAsked(
            prompt_id="r1", cluster_uri=PROD, reason="psql is waiting for orders."))),
    ),
    "mfa-key": State("MFA: touch the key", tells(cast.MFA)),
    "mfa-code": State(
        "MFA: a code", tells(msgspec.structs.replace(cast.MFA, has_code=True, has_key=False,
                                                     is_per_session=False)),
    ),
    "mfa-both": State(
        "MFA: several ways, one more waits",
        tells(
            msgspec.structs.replace(cast.MFA, has_code=True, is_per_session=False,
                                    sso_url="https://x.example.com", sso_name="Okta"),
            msgspec.structs.replace(cast.MFA, prompt_id="p2"),
        ),
    ),
    "headless": State("Headless approval", tells(c.HeadlessAsked(
        prompt_id="h1", cluster_uri=PROD, client_ip="10.1.2.3", request_id="0197-aa"))),
    **{
        f"hardware-{kind}": State(f"Hardware key: {kind}", tells(c.HardwareKeyAsked(
            prompt_id="k1", kind=kind, cluster_uri=PROD, text="tsh ssh node1")))
        for kind in ("touch", "pin", "pin_change", "slot")
    },
    "dlg-links": State("Link the commands", tells(c.LinksOffered(lines=cast.LINES))),
    "dlg-logout": State("Log out", then(opens(SSH), lambda s: s.desk.dialogs.logout(PROD)),
                        says(*PROMPT)),
    "dlg-remove": State("Remove", lambda s: s.desk.dialogs.logout(PROD, forget=True)),
    "dlg-quit": State("Quit", then(opens(SSH), does("quit")), says(*PROMPT)),
    "dlg-transfer": State(
        "Copy a file", lambda s: s.desk.dialogs.transfer(make_server(1), "alice")
    ),
    "dlg-details": State(
        "Details", lambda s: s.desk.dialogs.details("Details", "one\ntwo\nthree")
    ),
    "dlg-rename": State(
        "Rename", lambda s: s.desk.dialogs.rename_recent(s.desk.store.recent[0])
    ),
    "picker": State("Log in as", lambda s: s.desk.opener.connect(make_server(1))),
}  # fmt: skip
