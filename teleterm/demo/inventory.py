"""What the demo holds: its users, and the nodes and databases of its two clusters."""

import datetime
import secrets
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from teleterm.demo import totp
from teleterm.demo.authorities import JOIN_PRINCIPAL, ClusterAuthorities
from teleterm.demo.identity import Identity

ROOT = "demo.localhost"
LEAF = "leaf.demo.localhost"
VERSION = "18.3.0"
MIN_CLIENT_VERSION = "17.0.0-aa"
ROLE = "demo-access"
CAREFUL = "demo-careful"
ORDERS, SHOP = "orders", "shop"
STUDIO, OFFICE = "studio", "office"
POSTGRES, MYSQL, REDIS = "postgres", "mysql", "redis"
OPERATOR, AUDITOR = "demo-operator", "demo-auditor"
REQUESTABLE = (OPERATOR, AUDITOR)
# The login that each requested role brings.
_GRANTED_LOGINS = {OPERATOR: "operator", AUDITOR: "auditor"}


def roles_for(login: str) -> tuple[str, ...]:
    """The roles to ask for that bring a login."""
    return tuple(role for role in REQUESTABLE if _GRANTED_LOGINS[role] == login)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSettings:
    """How a demo is to be, with the faults that tests want to see.

    `port` 0 takes a free one; `host` is the name that the proxy goes by. Certificates last at most
    `session_ttl`. Nodes named in `gone_nodes` are listed but can't be reached; terminals on
    `moderated_nodes` wait for a moderator; the root has `asked_nodes`, `asked_databases` and
    `asked_kubes` besides, which one sees and enters only with a role that one must ask for. It
    lists `more_nodes`, for lists that are long. With database protocols in `without_engines` the
    demo behaves as where these servers aren't installed. `allow_code_reuse`
    accepts a one-time code more than once. A `motd` is shown before login. `clock_ahead` is how
    much the demo's clock is before this computer's; clients older than `min_client_version` are
    told so; clients make keys of the kinds that `suite` names.
    """

    port: int = 0
    host: str = "localhost"
    session_ttl: datetime.timedelta = datetime.timedelta(hours=12)
    gone_nodes: frozenset[str] = frozenset()
    moderated_nodes: frozenset[str] = frozenset()
    asked_nodes: tuple[str, ...] = ()
    asked_databases: tuple[str, ...] = ()
    asked_kubes: tuple[str, ...] = ()
    more_nodes: int = 0
    without_engines: frozenset[str] = frozenset()
    allow_code_reuse: bool = False
    with_sso: bool = False
    motd: str = ""
    clock_ahead: datetime.timedelta = datetime.timedelta()
    min_client_version: str = MIN_CLIENT_VERSION
    suite: str = "balanced-v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoUser:
    """A user; the secrets are new at each start, since the port gives shells."""

    name: str = "alice"
    role: str = ROLE
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    totp_secret: str = field(default_factory=totp.new_secret)
    logins: tuple[str, ...] = ("alice", "deploy")
    database_users: tuple[str, ...] = ("alice", "postgres", "reader")
    database_names: tuple[str, ...] = (ORDERS, "postgres")
    kube_groups: tuple[str, ...] = ("developers",)

    def identity(
        self,
        *,
        route_to_cluster: str = ROOT,
        granted: tuple[str, ...] = (),
        requests: tuple[str, ...] = (),
    ) -> Identity:
        """The user as ordinary certificates carry it, with the roles that `requests` granted."""
        more = tuple(_GRANTED_LOGINS[role] for role in granted)
        return Identity(
            user=self.name,
            cluster=ROOT,
            roles=(self.role, *granted),
            requests=requests,
            logins=(*self.logins, *more, JOIN_PRINCIPAL),
            traits={
                "logins": self.logins,
                "db_users": self.database_users,
                "db_names": self.database_names,
                "kubernetes_groups": self.kube_groups,
            },
            route_to_cluster=route_to_cluster or ROOT,
            database_users=self.database_users,
            database_names=self.database_names,
            kube_users=(self.name,),
            kube_groups=self.kube_groups,
        )


def careful_user() -> DemoUser:
    """The other user, whose one role wants a security key for every session."""
    return DemoUser(name="bob", role=CAREFUL, logins=("bob", "deploy"))


def lacks_factor(identity: Identity) -> bool:
    """Whether a session of that identity needs a second factor that it doesn't bring."""
    return CAREFUL in identity.roles and not identity.mfa_device


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoNode:
    """A node: a shell on this machine under a name of its own; `is_asked_for` wants a role."""

    hostname: str
    labels: Mapping[str, str]
    is_asked_for: bool = False
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDatabase:
    """A database; `why_offline` is empty for one that can be opened."""

    name: str
    description: str
    labels: Mapping[str, str]
    why_offline: str = ""
    protocol: str = POSTGRES
    is_asked_for: bool = False
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoKube:
    """A Kubernetes cluster."""

    name: str
    labels: Mapping[str, str]
    is_asked_for: bool = False
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))


def may_enter(one: DemoNode | DemoDatabase | DemoKube, roles: Collection[str]) -> bool:
    """Whether these roles let one in, without a request."""
    return not one.is_asked_for or OPERATOR in roles


@dataclass(frozen=True, slots=True, kw_only=True)
class PortRange:
    """Target ports of an application; `end` 0 stands for `port` alone."""

    port: int
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoApp:
    """An application, web or TCP; one with several `ports` is reached on the port one asks for."""

    name: str
    uri: str
    description: str
    labels: Mapping[str, str]
    ports: tuple[PortRange, ...] = ()
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def public_addr(self) -> str:
        """The host name a browser finds it under: the proxy's own is always this computer's."""
        return f"{self.name}.localhost"

    @property
    def is_tcp(self) -> bool:
        """Whether it is no web page."""
        return self.uri.startswith("tcp://")

    @property
    def first_port(self) -> int:
        """The port one comes to without asking for any."""
        return self.ports[0].port if self.ports else int(self.uri.rpartition(":")[2])

    def has_port(self, port: int) -> bool:
        """Whether one may ask for that port."""
        if not self.ports:
            return port == self.first_port
        return any(one.port <= port <= (one.end or one.port) for one in self.ports)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDesktop:
    """A desktop: an X session of this machine, where it has what that needs."""

    name: str
    labels: Mapping[str, str]
    logins: tuple[str, ...]
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMember:
    """One cluster: its authorities and what it serves."""

    name: str
    authorities: ClusterAuthorities
    nodes: tuple[DemoNode, ...]
    databases: tuple[DemoDatabase, ...] = ()
    kubes: tuple[DemoKube, ...] = ()
    apps: tuple[DemoApp, ...] = ()
    desktops: tuple[DemoDesktop, ...] = ()
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))

    def databases_named(self, name: str) -> tuple[DemoDatabase, ...]:
        """The databases called `name`."""
        return tuple(database for database in self.databases if database.name == name)


def root_member(
    authorities: ClusterAuthorities,
    *,
    offline: Mapping[str, str],
    more_nodes: int = 0,
    asked_nodes: tuple[str, ...] = (),
    asked_databases: tuple[str, ...] = (),
    asked_kubes: tuple[str, ...] = (),
    has_office: bool = False,
) -> DemoMember:
    """The root cluster; `more_nodes` are called server-00001 and so on, those asked for are named.

    `offline` says why the databases of a protocol don't run, where they don't. The desktop behind
    an RDP server is there where `has_office`.
    """
    return DemoMember(
        name=ROOT,
        authorities=authorities,
        nodes=(
            DemoNode(hostname="web-1", labels={"env": "demo", "role": "web", "region": "north"}),
            DemoNode(hostname="web-2", labels={"env": "demo", "role": "web", "region": "south"}),
            DemoNode(hostname="build", labels={"env": "test", "role": "build", "region": "north"}),
            *(
                DemoNode(
                    hostname=f"server-{at + 1:05}", labels={"env": "many", "row": f"{at % 50}"}
                )
                for at in range(more_nodes)
            ),
            *(
                DemoNode(hostname=name, labels={"env": "prod", "role": "vault"}, is_asked_for=True)
                for name in asked_nodes
            ),
        ),
        databases=(
            DemoDatabase(
                name=ORDERS,
                description="Orders of a small shop",
                labels={"env": "demo", "engine": "postgres"},
                why_offline=offline.get(POSTGRES, ""),
            ),
            DemoDatabase(
                name="archive",
                description="Orders of past years, not running",
                labels={"env": "test", "engine": "postgres"},
                why_offline="PostgreSQL is not running there",
            ),
            DemoDatabase(
                name="stock",
                description="What the shop has in store",
                labels={"env": "demo", "engine": "mariadb"},
                why_offline=offline.get(MYSQL, ""),
                protocol=MYSQL,
            ),
            DemoDatabase(
                name="visits",
                description="Who looks at the shop just now",
                labels={"env": "test", "engine": "redis"},
                why_offline=offline.get(REDIS, ""),
                protocol=REDIS,
            ),
            *(
                DemoDatabase(
                    name=name,
                    description="Only for those who ask",
                    labels={"env": "prod", "engine": "postgres"},
                    why_offline=offline.get(POSTGRES, ""),
                    is_asked_for=True,
                )
                for name in asked_databases
            ),
        ),
        kubes=(
            DemoKube(name="staging", labels={"env": "demo", "region": "north"}),
            DemoKube(name="tools", labels={"env": "test", "region": "south"}),
            *(
                DemoKube(name=name, labels={"env": "prod", "region": "north"}, is_asked_for=True)
                for name in asked_kubes
            ),
        ),
        apps=(
            DemoApp(
                name="wiki",
                uri="http://localhost:8080",
                description="A web page",
                labels={"env": "demo"},
            ),
            DemoApp(
                name="echo",
                uri="tcp://localhost:7000",
                description="Gives back what it gets",
                labels={"env": "demo"},
            ),
            DemoApp(
                name="ports",
                uri="tcp://localhost",
                description="The same on several ports",
                labels={"env": "test"},
                ports=(PortRange(port=7001), PortRange(port=7002, end=7004)),
            ),
        ),
        desktops=tuple(
            DemoDesktop(name=name, labels={"env": "demo"}, logins=("alice",))
            for name in (STUDIO, *([OFFICE] if has_office else []))
        ),
    )


def leaf_member(authorities: ClusterAuthorities) -> DemoMember:
    """The leaf cluster, which trusts the root's users."""
    return DemoMember(
        name=LEAF,
        authorities=authorities,
        nodes=(
            DemoNode(hostname="edge-1", labels={"env": "demo", "role": "edge", "region": "east"}),
            DemoNode(hostname="edge-2", labels={"env": "demo", "role": "edge", "region": "west"}),
        ),
        kubes=(DemoKube(name="edge", labels={"env": "demo", "region": "east"}),),
        apps=(
            DemoApp(
                name="sensors",
                uri="http://localhost:8081",
                description="A web page of the leaf",
                labels={"env": "demo"},
            ),
        ),
    )
