"""A main that isn't there: speaks the bridge's contract to a real window, with made-up clusters.

`FakeMain` answers what it is asked out of its tables; tests change the tables, tell events and wait
for log lines or requests. `python -m tests.support.fake_main` shows a window to look at.
"""

import array
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from teleterm.bridge import contract as c
from teleterm.bridge import framing
from teleterm.bridge import views as v

REPOSITORY = Path(__file__).parents[2]
START = "import sys; from teleterm.ui.start import main; sys.exit(main(int(sys.argv[1])))"
R = TypeVar("R")

PROD, LEAF, STAGING = "/clusters/prod", "/clusters/prod/leaves/leaf-eu", "/clusters/staging"
PASSWORD, CODE = "correct horse", "123456"
KINDS = ("servers", "databases", "kubes", "apps", "desktops")


def make_cluster(uri: str = PROD, **changes: object) -> v.ClusterView:
    """A root cluster that is logged in."""
    name = uri.rpartition("/")[2]
    fields: dict[str, object] = {
        "uri": uri,
        "root_uri": uri,
        "name": name,
        "title": f"{name}.example.com",
        "proxy_host": f"{name}.example.com",
        "user": "alice",
        "is_logged_in": True,
        "expires_at": time.time() + 7.2 * 3600 + 30,
        "roles": ("access",),
        "server_version": "18.3.1",
    }
    return v.ClusterView(**(fields | changes))  # type: ignore[arg-type]


def make_server(number: int, cluster: str = PROD, **changes: object) -> v.ResourceView:
    """A server."""
    fields: dict[str, object] = {
        "uri": f"{cluster}/servers/uuid-{number}",
        "kind": "servers",
        "name": f"node{number}",
        "cluster_uri": cluster,
        "address": f"10.0.0.{number}:3022",
        "is_tunnel": number % 3 == 0,
        "labels": (
            ("env", "prod" if number % 2 else "dev"),
            ("os", "debian"),
            ("team", "core"),
            ("zone", "eu-1"),
        ),
        "logins": ("alice", "root", "deploy"),
    }
    return v.ResourceView(**(fields | changes))  # type: ignore[arg-type]


def make_database(name: str, cluster: str = PROD, **changes: object) -> v.ResourceView:
    """A database."""
    fields: dict[str, object] = {
        "uri": f"{cluster}/dbs/{name}",
        "kind": "databases",
        "name": name,
        "cluster_uri": cluster,
        "protocol": "postgres",
        "description": "Orders of the shop",
        "labels": (("env", "prod"),),
    }
    return v.ResourceView(**(fields | changes))  # type: ignore[arg-type]


def make_ssh(number: int = 1, login: str = "alice") -> v.DocumentView:
    """The document of a shell on a server."""
    server = make_server(number)
    fields = {"cluster": PROD, "server_uri": server.uri, "hostname": server.name, "login": login}
    return v.DocumentView(kind="ssh", title=f"{login}@{server.name}", fields=fields)


class FakeMain:
    """The other end of a window's bridge, run by hand: `wait_…` reads until something came."""

    def __init__(self) -> None:
        self.clusters: list[v.ClusterView] = []
        self.resources: list[v.ResourceView] = []
        self.gateways: dict[str, v.GatewayView] = {}
        self.kept_tunnels: tuple[v.KeptTunnelView, ...] = ()
        self.recent: tuple[v.RecentView, ...] = ()
        self.settings = v.SettingsView(theme="dark", ui_scale=1.0, ui_animations=False)
        self.layout = v.LayoutView()
        self.is_whole = False
        self.auth = v.AuthView(cluster_uri="", second_factors=("otp",))
        self.terminals: tuple[v.TerminalView, ...] = ()
        self.daemon_state = "ready"
        self.update = v.UpdateView(state="current", text="teleterm 0.1.0 is what is wanted here.")
        self.shared_profiles = 0
        self.failures: dict[type, c.Failed] = {}
        self.held: set[type] = set()
        self.asks: list[c.Request] = []
        self.log: list[str] = []
        self.places: dict[str, tuple[int, int, int, int]] = {}
        self.focus = ""
        self.make_channel: Callable[[c.OpenTerminal | c.AttachTerminal], int] = _silent_channel
        self._login: tuple[int, c.LoginLocal] | None = None
        self._unpacker = framing.main_unpacker()
        self._read_to = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._kept: list[int] = []

    # The process

    def start(self, display: str = "", **environment: str) -> None:
        """Start a window and wait until it is drawn."""
        ours, theirs = socket.socketpair()
        env = {**os.environ, "PYTHONPATH": str(REPOSITORY), "UI_TRACE": "1", **environment}
        if display:
            env["DISPLAY"] = display
        fd = theirs.fileno()
        self._process = subprocess.Popen(
            [sys.executable, "-c", START, str(fd)], pass_fds=(fd,), env=env, cwd=REPOSITORY
        )
        theirs.close()
        self._socket = ours
        self.wait_log("ui: window ready")

    @property
    def pid(self) -> int:
        """The window's process."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> int:
        """Close the bridge and wait for the window to leave; gives its exit code."""
        if self._socket is not None:
            self._socket.close()
        assert self._process is not None
        try:
            return self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
            raise

    def send_bytes(self, data: bytes) -> None:
        """Send what no honest main sends."""
        assert self._socket is not None
        self._socket.sendall(data)

    def wait_end(self, seconds: float) -> int:
        """Wait for the window to leave by itself; gives its exit code."""
        assert self._process is not None
        return self._process.wait(seconds)

    # Waiting

    def pump(self, seconds: float) -> bool:
        """Read and answer what comes within `seconds`; False when nothing came."""
        assert self._socket is not None
        if not select.select([self._socket], [], [], seconds)[0]:
            return False
        data = self._socket.recv(256 * 1024)
        if not data:
            raise EOFError("the window closed its bridge")
        for ask in self._unpacker.feed(data):
            self._take(ask)
        return True

    def wait_for(self, found: Callable[[], R | None], what: str, seconds: float = 20) -> R:
        """Read until `found` gives something."""
        until = time.monotonic() + seconds
        while True:
            result = found()
            if result is not None:
                return result
            left = until - time.monotonic()
            if left <= 0:
                tail = "\n".join(self.log[-40:])
                raise TimeoutError(f"waited for {what}; the log ends:\n{tail}")
            self.pump(left)

    def wait_log(self, words: str, seconds: float = 20) -> str:
        """Wait for a log line with these words, after the last one waited for."""

        def found() -> str | None:
            for index in range(self._read_to, len(self.log)):
                if words in self.log[index]:
                    self._read_to = index + 1
                    return self.log[index]
            return None

        return self.wait_for(found, f"the log line {words!r}", seconds)

    def wait_ask(self, kind: type[R], seconds: float = 20) -> R:
        """Wait for a request of this kind that wasn't waited for yet, and take it off the list."""

        def found() -> R | None:
            for index, ask in enumerate(self.asks):
                if isinstance(ask, kind):
                    del self.asks[index]
                    return ask
            return None

        return self.wait_for(found, kind.__name__, seconds)

    def wait_widget(self, path: str, seconds: float = 20) -> tuple[int, int, int, int]:
        """Wait until a named widget is on the screen; gives left, top, width, height."""
        return self.wait_for(lambda: self.places.get(path), path, seconds)

    def wait_gone(self, path: str, seconds: float = 20) -> None:
        """Wait until a widget is no longer on the screen."""
        self.wait_for(lambda: True if path not in self.places else None, f"no {path}", seconds)

    def wait_focus(self, path: str, seconds: float = 20) -> None:
        """Wait until a widget has the keyboard."""
        self.wait_for(lambda: True if self.focus == path else None, f"focus {path}", seconds)

    def wait_other_focus(self, path: str, seconds: float = 20) -> None:
        """Wait until another widget than this one has the keyboard."""
        self.wait_for(lambda: True if self.focus != path else None, f"no focus {path}", seconds)

    # Talking

    def tell(self, event: c.Event) -> None:
        """Tell the window something."""
        assert self._socket is not None
        self._socket.sendall(framing.pack(c.Tell(body=event)))

    def answer(self, ask_id: int, body: c.Reply, descriptor: int = -1) -> None:
        """Answer an ask."""
        assert self._socket is not None
        data = framing.pack(c.Answer(ask_id=ask_id, body=body, descriptors=int(descriptor >= 0)))
        if descriptor < 0:
            self._socket.sendall(data)
            return
        _send_with_descriptor(self._socket, data, descriptor)
        os.close(descriptor)

    def set_clusters(self, *clusters: v.ClusterView) -> None:
        """Change the clusters and tell it."""
        self.clusters = list(clusters)
        self.tell(c.ClustersChanged(clusters=tuple(clusters)))

    # Answering

    def _take(self, ask: c.Ask) -> None:
        body = ask.body
        if isinstance(body, c.Log):
            self._take_log(body.text)
            self.answer(ask.ask_id, c.Done())
            return
        self.asks.append(body)
        if type(body) in self.held:
            return
        failure = self.failures.get(type(body))
        if failure is not None:
            self.answer(ask.ask_id, failure)
            return
        if isinstance(body, (c.OpenTerminal, c.AttachTerminal)):
            channel = self.make_channel(body)
            self.answer(ask.ask_id, c.TerminalOpened(terminal_id=f"t{ask.ask_id}"), channel)
            return
        reply = self._reply(ask.ask_id, body)
        if reply is not None:
            self.answer(ask.ask_id, reply)

    def _take_log(self, text: str) -> None:
        words = text.split(" ")
        if words[:2] in (["ui:", "widget"], ["ui:", "row"]) and len(words) >= 4:
            left, top = words[-2].split(",")
            width, height = words[-1].split("x")
            self.places[" ".join(words[2:-2])] = (int(left), int(top), int(width), int(height))
        elif words[:2] == ["ui:", "gone"]:
            self.places.pop(" ".join(words[3:]), None)
        elif words[:2] == ["ui:", "focus"]:
            self.focus = words[2] if len(words) > 2 else ""
        else:
            self.log.append(text)

    def _reply(self, ask_id: int, body: c.Request) -> c.Reply | None:
        match body:
            case c.Hello():
                return self._welcome()
            case c.AddCluster():
                return self._add_cluster(body.address)
            case c.GetAuth():
                return c.AuthFound(
                    auth=msgspec.structs.replace(self.auth, cluster_uri=body.cluster_uri)
                )
            case c.LoginLocal():
                return self._start_login(ask_id, body)
            case c.AnswerMfa():
                self._finish_login(body)
                return c.Done()
            case c.CountResources():
                counts = tuple(self._count(body.cluster_uri, kind) for kind in KINDS)
                self.tell(c.CountsChanged(cluster_uri=body.cluster_uri, counts=counts))
                return c.Done()
            case c.ListResources():
                return self._page(body)
            case c.SearchResources():
                rows = [r for r in self.resources if all(w in r.name for w in body.words.split())]
                return c.SearchResult(rows=tuple(rows[: body.limit_per_cluster]))
            case c.ListDatabaseUsers():
                return c.Names(names=("alice", "reader"))
            case c.CreateGateway():
                return self._gateway(body)
            case c.SetGatewayPort():
                gateway = msgspec.structs.replace(
                    self.gateways[body.gateway_uri], local_port=body.local_port
                )
                self.gateways[body.gateway_uri] = gateway
                return c.GatewayReady(gateway=gateway)
            case c.SetGatewaySubresource():
                gateway = msgspec.structs.replace(
                    self.gateways[body.gateway_uri], subresource=body.subresource
                )
                self.gateways[body.gateway_uri] = gateway
                return c.GatewayReady(gateway=gateway)
            case c.SetSetting():
                return self._set(body)
            case c.GetDaemonLog():
                return c.Text(text="level=error could not listen\nlevel=info bye")
            case _:
                return c.Done()

    def _welcome(self) -> c.Welcome:
        return c.Welcome(
            settings=self.settings,
            layout=self.layout,
            is_whole=self.is_whole,
            clusters=tuple(self.clusters),
            gateways=tuple(self.gateways.values()),
            kept_tunnels=self.kept_tunnels,
            recent=self.recent,
            terminals=self.terminals,
            update=self.update,
            versions={"teleterm": "0.1.0", "tsh": "18.3.0", "Python": "3.11.2"},
            shared_profiles=self.shared_profiles,
            daemon_state=self.daemon_state,  # type: ignore[arg-type]
        )

    def _add_cluster(self, address: str) -> c.Reply:
        name = address.split(".", maxsplit=1)[0]
        cluster = make_cluster(f"/clusters/{name}", is_logged_in=False, expires_at=0, user="")
        self.clusters.append(cluster)
        self.tell(c.ClustersChanged(clusters=tuple(self.clusters)))
        return c.ClusterAdded(cluster=cluster)

    def _start_login(self, ask_id: int, body: c.LoginLocal) -> c.Reply | None:
        if body.password != PASSWORD:
            return c.Failed(code="wrong_credentials", message="invalid username or password")
        self._login = (ask_id, body)
        self.tell(c.MfaAsked(prompt_id=f"p{ask_id}", cluster_uri=body.cluster_uri, has_code=True))
        return None

    def _finish_login(self, body: c.AnswerMfa) -> None:
        if self._login is None:
            return
        (ask_id, login), self._login = self._login, None
        if body.code != CODE:
            self.answer(ask_id, c.Failed(code="mfa_refused", message="The code was not accepted."))
            return
        self.clusters = [
            make_cluster(cluster.uri, user=login.user)
            if cluster.uri == login.cluster_uri
            else cluster
            for cluster in self.clusters
        ]
        self.tell(c.ClustersChanged(clusters=tuple(self.clusters)))
        self.answer(ask_id, c.Done())

    def _count(self, cluster_uri: str, kind: str) -> v.CountView:
        count = sum(r.kind == kind and r.cluster_uri == cluster_uri for r in self.resources)
        return v.CountView(kind=kind, state="counted", count=count)

    def _page(self, body: c.ListResources) -> c.ResourcePage:
        rows = [
            r
            for r in self.resources
            if r.cluster_uri == body.cluster_uri
            and r.kind in body.kinds
            and all(w in r.name or w in dict(r.labels).values() for w in body.search.split())
        ]
        rows.sort(key=lambda r: r.name, reverse=body.descending)
        start = int(body.start_key or 0)
        end = start + body.limit
        return c.ResourcePage(
            rows=tuple(rows[start:end]), next_key=str(end) if end < len(rows) else ""
        )

    def _gateway(self, body: c.CreateGateway) -> c.Reply:
        name = body.target_uri.rpartition("/")[2]
        gateway = v.GatewayView(
            uri=f"/gateways/{name}-{body.user}",
            target_uri=body.target_uri,
            target_name=name,
            cluster_uri=PROD,
            user=body.user,
            subresource=body.subresource,
            protocol="postgres",
            local_address="127.0.0.1",
            local_port=body.local_port or 54321,
            command=f"psql postgres://{body.user}@127.0.0.1:54321/{body.subresource}",
            client_name="psql",
        )
        self.gateways[gateway.uri] = gateway
        self.tell(c.GatewaysChanged(gateways=tuple(self.gateways.values())))
        return c.GatewayReady(gateway=gateway)

    def _set(self, body: c.SetSetting) -> c.Reply:
        value: object = msgspec.json.decode(body.value_json)
        name = "".join(f"_{x.lower()}" if x.isupper() else x for x in body.key).replace(".", "_")
        fields = msgspec.structs.asdict(self.settings) | {name: value}
        self.settings = v.SettingsView(**fields)
        self.tell(c.SettingsChanged(settings=self.settings))
        return c.Done()


if sys.platform == "win32":

    def _send_with_descriptor(sock: socket.socket, data: bytes, descriptor: int) -> None:
        raise OSError("descriptors don't travel over sockets on Windows")

else:

    def _send_with_descriptor(sock: socket.socket, data: bytes, descriptor: int) -> None:
        rights = array.array("i", [descriptor])
        sent = sock.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        sock.sendall(data[sent:])


def _silent_channel(_body: c.OpenTerminal | c.AttachTerminal) -> int:
    """A frame channel on which nothing is ever said."""
    ours, theirs = socket.socketpair()
    _held.append(ours)
    return theirs.detach()


_held: list[socket.socket] = []


def furnished() -> FakeMain:
    """A main with two clusters, a leaf and enough resources to fill pages."""
    fake = FakeMain()
    leaf = make_cluster(
        LEAF, root_uri=PROD, is_leaf=True, title="leaf-eu", name="leaf-eu", expires_at=0
    )
    staging = make_cluster(STAGING, is_logged_in=False, expires_at=0, color="violet")
    fake.clusters = [make_cluster(), leaf, staging]
    fake.resources = [make_server(number) for number in range(1, 135)]
    fake.resources += [make_server(number, LEAF) for number in range(200, 203)]
    fake.resources += [make_database(name) for name in ("orders", "billing", "metrics")]
    fake.recent = (
        v.RecentView(
            key="r1",
            title="alice@node1",
            document=make_ssh(1),
            cluster_uri=PROD,
            cluster_title="prod.example.com",
            last_used_at=time.time(),
        ),
        v.RecentView(
            key="r2",
            title="root@node2",
            document=make_ssh(2, "root"),
            cluster_uri=PROD,
            cluster_title="prod.example.com",
            last_used_at=time.time() - 9000,
        ),
    )
    fake.layout = v.LayoutView(open_nodes=(f"cluster:{PROD}",))
    return fake


if __name__ == "__main__":
    shown = furnished()
    if "--empty" in sys.argv:
        shown = FakeMain()
    shown.start()
    try:
        while True:
            shown.pump(3600)
            sys.stdout.write("\n".join(shown.log[-3:]) + "\n")
    except (EOFError, KeyboardInterrupt):
        shown.stop()
