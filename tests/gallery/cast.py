"""Who and what is on the stage: fixed clusters, resources, questions."""

from collections.abc import Callable

import msgspec

from teleterm.bridge import contract as c
from teleterm.bridge import views as v
from teleterm.bridge.ask_access import AccessRequestView, ReviewView
from teleterm.bridge.ask_sessions import SessionView
from tests.gallery.stage import NOW, InnerMain
from tests.support.fake_main import (
    LEAF,
    PROD,
    STAGING,
    make_cluster,
    make_database,
    make_server,
    make_ssh,
)

HOURS = 3600.0
EXPIRED = make_cluster(PROD, expires_at=NOW - HOURS, is_logged_in=True)
MFA = c.MfaAsked(
    prompt_id="p1", cluster_uri=PROD, reason="Connection to database orders as alice",
    has_key=True, is_per_session=True,
)  # fmt: skip
LINES = (
    v.LinkLine(
        name="tsh", path="/home/alice/bin/tsh", target="/opt/teleterm/tsh", state="new",
        text="will be created",
    ),
    v.LinkLine(
        name="teleterm", path="/home/alice/bin/teleterm", target="/opt/teleterm/teleterm",
        state="foreign", text="exists and points to /usr/bin/x", is_on_path=False,
        path_line="export PATH=$HOME/bin:$PATH",
    ),
)  # fmt: skip
REQUESTS = (
    AccessRequestView(
        id="0197a", state="PENDING", user="bob", roles=("dba",), reason="Mend the orders table",
        created_at=NOW - 900, expires_at=NOW + 4 * HOURS,
    ),
    AccessRequestView(
        id="0197b", state="APPROVED", user="alice", roles=("admin",), reason="Night shift",
        created_at=NOW - 9000, expires_at=NOW + HOURS,
        reviews=(ReviewView(author="carol", state="APPROVED", reason="Go on", at=NOW - 8000),),
    ),
    AccessRequestView(
        id="0197c", state="DENIED", user="alice", roles=("root",), reason="To look around",
        resolve_reason="Not today", created_at=NOW - 90000, expires_at=NOW - HOURS,
    ),
)  # fmt: skip
SESSIONS = (
    SessionView(
        id="0197e", kind="ssh", target="deploy@node2", people=("bob", "carol"), began_at=NOW - 900
    ),
    SessionView(id="0197f", kind="ssh", target="root@node1", people=("bob",), is_waiting=True),
)  # fmt: skip
RECORDINGS = (
    SessionView(
        id="0198a", kind="ssh", target="root@node1", people=("bob",), began_at=NOW - 9000,
        lasted_s=340,
    ),
    SessionView(
        id="0198b", kind="db", target="orders", people=("alice",), began_at=NOW - 90000,
        lasted_s=7500,
    ),
)  # fmt: skip
KUBE = v.ResourceView(
    uri=f"{PROD}/kubes/k8s-eu", kind="kubes", name="k8s-eu", cluster_uri=PROD,
    labels=(("env", "prod"),),
)  # fmt: skip
APP = v.ResourceView(
    uri=f"{PROD}/apps/api", kind="apps", name="api", cluster_uri=PROD, protocol="tcp",
    address="tcp://api.internal:8080", description="The shop's interface", ports=(8080, 9090),
)  # fmt: skip
DESKTOP = v.ResourceView(
    uri=f"{PROD}/windows_desktops/win-7", kind="desktops", name="win-7", cluster_uri=PROD,
    address="10.0.9.7:3389", logins=("Administrator", "alice"),
)  # fmt: skip

UPDATES = (
    v.UpdateView(
        state="unmanaged",
        text="This program isn't installed by its single file, so it doesn't update itself.",
    ),
    v.UpdateView(state="off", text="TELEPORT_TOOLS_VERSION=off switches updates off."),
    v.UpdateView(state="idle", text="teleterm looks by itself, now and then."),
    v.UpdateView(state="checking", text="Looking for an update."),
    v.UpdateView(
        state="unfit",
        text="Your clusters ask for Teleport 18.9.0, and no signed release that may run here "
        "holds it.",
    ),
    v.UpdateView(
        state="available",
        text="teleterm 0.2.0 is there; a cluster that didn't answer may object.",
    ),
    v.UpdateView(state="downloading", text="Fetching teleterm 0.2.0.", percent=45),
    v.UpdateView(state="ready", text="teleterm 0.2.0 is ready."),
    v.UpdateView(
        state="failed",
        text="Could not check for updates: The signed list of updates has expired, so none is "
        "taken from it.",
    ),
)


class Cast(InnerMain):
    """A made-up main that also knows access requests and what links would do."""

    requests: tuple[AccessRequestView, ...] = ()
    sessions: tuple[SessionView, ...] = ()

    def _reply(self, ask_id: int, body: c.Request) -> c.Reply | None:
        match body:
            case c.ListAccessRequests():
                return c.AccessRequests(requests=self.requests)
            case c.ListSessions():
                return c.Sessions(sessions=self.sessions)
            case c.ListRequestableRoles():
                return c.Names(names=("admin", "dba", "root"))
            case c.GetLinkPlan():
                return c.LinkPlan(lines=LINES)
            case c.OpenDesktop():
                return None
            case _:
                return super()._reply(ask_id, body)


def gateway(resource: v.ResourceView, **changes: object) -> v.GatewayView:
    """A local proxy for a resource."""
    fields: dict[str, object] = {
        "uri": f"/gateways/{resource.name}",
        "target_uri": resource.uri,
        "target_name": resource.name,
        "cluster_uri": PROD,
        "user": "alice" if resource.kind == "databases" else "",
        "subresource": "shop" if resource.kind == "databases" else "",
        "protocol": resource.protocol,
        "local_address": "127.0.0.1",
        "local_port": 54321,
        "command": "psql postgres://alice@127.0.0.1:54321/shop",
        "client_name": "psql",
    }
    return v.GatewayView(**(fields | changes))  # type: ignore[arg-type]


def nobody() -> Cast:
    """A main that knows no cluster yet."""
    return Cast()


def furnished() -> Cast:
    """A main with two clusters, a leaf, and a few resources of each kind."""
    fake = Cast()
    leaf = make_cluster(
        LEAF, root_uri=PROD, is_leaf=True, title="leaf-eu", name="leaf-eu", expires_at=0
    )
    staging = make_cluster(STAGING, is_logged_in=False, expires_at=0, color="violet", user="")
    fake.clusters = [make_cluster(expires_at=NOW + 7.2 * HOURS + 30), leaf, staging]
    fake.resources = [make_server(number) for number in range(1, 13)]
    fake.resources += [make_server(number, LEAF) for number in range(200, 203)]
    fake.resources += [make_database(name) for name in ("orders", "billing", "metrics")]
    fake.resources += [KUBE, APP, DESKTOP]
    fake.recent = tuple(
        v.RecentView(
            key=f"r{number}", title=f"{login}@node{number}", document=make_ssh(number, login),
            cluster_uri=PROD, cluster_title="prod.example.com",
            last_used_at=NOW - 9000 * number, is_pinned=number == 1,
        )
        for number, login in ((1, "alice"), (2, "root"), (3, "deploy"))
    )  # fmt: skip
    fake.layout = v.LayoutView(open_nodes=(f"cluster:{PROD}",))
    fake.requests, fake.sessions = REQUESTS, SESSIONS
    return fake


def keeping(fake: Cast) -> None:
    """Two proxies are started with the program; one waits for a login, one could not start."""
    fake.kept_tunnels = (
        v.KeptTunnelView(
            target_uri=f"{STAGING}/dbs/reports", target_name="reports", user="alice",
            subresource="shop", local_port=5433,
        ),
        v.KeptTunnelView(
            target_uri=f"{PROD}/apps/grafana", target_name="grafana", local_port=8080,
            problem="Port 8080 is in use by another program.",
        ),
    )  # fmt: skip


def holding(fake: Cast) -> None:
    """The login holds two access requests, and there is a server one must ask for."""
    assumed = (
        v.AssumedView(id="0197b", roles=("admin",), expires_at=NOW + HOURS),
        v.AssumedView(id="0197d", resources=("node/vault",), expires_at=NOW + 2 * HOURS),
    )
    fake.clusters[0] = msgspec.structs.replace(fake.clusters[0], assumed=assumed)
    fake.resources.append(make_server(13, name="vault", requires_request=True))


def updating(update: v.UpdateView) -> Callable[[Cast], None]:
    """Updates stand so."""

    def prepare(fake: Cast) -> None:
        fake.update = update

    return prepare


def with_settings(fake: Cast, **changes: object) -> Cast:
    """The same main with other settings."""
    fake.settings = msgspec.structs.replace(fake.settings, **changes)
    return fake
