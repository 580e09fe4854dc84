"""Our client against the demo cluster: two ends of the same protocols, written apart."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from teleterm.client import alpn_proxy, discovery, login, ssh
from teleterm.client.auth import ResourceQuery
from teleterm.client.cluster import ClusterClient
from teleterm.client.identity import DatabaseRoute
from teleterm.client.net import NetOptions
from teleterm.client.prompts import MfaAnswer, MfaChallenge, TotpAnswer
from teleterm.client.store import ProfileStore
from teleterm.model.clock import ManualClock
from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError
from teleterm.model.secret import Secret
from tests.support.demo_process import Ready
from tests.support.login import code

pytestmark = pytest.mark.slow
WAIT_S = 30.0
# start-up of the PostgreSQL protocol 3.0 for a user and a database
STARTUP = b"\0\3\0\0user\0alice\0database\0orders\0\0"


class Person:
    """Answers as the demo's user does, or as somebody who mistypes."""

    def __init__(self, ready: Ready, *, password: str = "", digits: str = "") -> None:
        self._ready = ready
        self._password = password or ready.password
        self._digits = digits

    async def password(self, user: str) -> Secret[str]:
        return Secret(self._password)

    async def mfa(self, challenge: MfaChallenge) -> MfaAnswer:
        assert challenge.totp
        return TotpAnswer(code=Secret(self._digits or code(self._ready.totp_secret)))


def _options(ready: Ready) -> NetOptions:
    return NetOptions(environ={"SSL_CERT_FILE": ready.ca_file}, timeout_s=WAIT_S)


async def _login(ready: Ready, home: Path, person: Person | None = None) -> login.LoginResult:
    options = _options(ready)
    info = await discovery.find_proxy(ready.proxy, options)
    return await login.login_local(
        ProfileStore(home),
        info,
        user=ready.user,
        prompts=person or Person(ready),
        options=options,
    )


@pytest.fixture(scope="module")
def home(demo: Ready, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile folder with a login."""
    folder = tmp_path_factory.mktemp("home")
    asyncio.run(_login(demo, folder))
    return folder


@contextlib.asynccontextmanager
async def _client(ready: Ready, home: Path) -> AsyncIterator[ClusterClient]:
    store = ProfileStore(home)
    async with ClusterClient(store, store.load(), _options(ready)) as client:
        yield client


def test_login_writes_a_profile_and_an_identity(demo: Ready, home: Path) -> None:
    store = ProfileStore(home)
    profile = store.load()
    assert (profile.web_proxy_addr, profile.user, profile.cluster) == (
        demo.proxy,
        demo.user,
        demo.root,
    )
    identity = store.identity(profile)
    assert (identity.username, identity.cluster) == (demo.user, demo.root)
    assert set(identity.logins) == {name for node in demo.nodes for name in node.logins}
    trusted = store.keys.authorities(profile.name)
    assert sorted(one.name for one in trusted) == sorted([demo.root, demo.leaf])


@pytest.mark.parametrize(
    ("password", "digits"), [("not the password", ""), ("", "000000")], ids=["password", "code"]
)
def test_what_is_wrong_is_said(demo: Ready, tmp_path: Path, password: str, digits: str) -> None:
    with pytest.raises(Refused) as caught:
        asyncio.run(_login(demo, tmp_path, Person(demo, password=password, digits=digits)))
    assert caught.value.code is ErrorCode.WRONG_CREDENTIALS
    assert ("code" in caught.value.message) == bool(digits)
    assert list(tmp_path.iterdir()) == []


def test_an_untrusted_certificate_is_refused(demo: Ready) -> None:
    with pytest.raises(Refused) as caught:
        asyncio.run(discovery.find_proxy(demo.proxy, NetOptions(environ={})))
    assert caught.value.code is ErrorCode.UNTRUSTED
    unchecked = NetOptions(insecure=True, environ={})
    assert asyncio.run(discovery.find_proxy(demo.proxy, unchecked)).cluster_name == demo.root


def test_resources_of_the_root_and_the_leaf(demo: Ready, home: Path) -> None:
    async def names(client: ClusterClient, cluster: str) -> set[str]:
        listed = await (await client.auth(cluster)).all_unified_resources(
            ResourceQuery(kinds=("node",), limit=1)
        )
        return {one.Node.Spec.Hostname for one in listed}

    async def scenario() -> None:
        async with _client(demo, home) as client:
            for cluster in (demo.root, demo.leaf):
                assert await names(client, cluster) == {
                    node.hostname for node in demo.nodes if node.cluster == cluster
                }
            root = await client.root_auth()
            leaves = await root.remote_clusters()
            assert [leaf.Metadata.Name for leaf in leaves] == [demo.leaf]
            assert (await root.current_user()).Metadata.Name == demo.user
            assert await root.current_roles()
            databases = await root.list_resources("db_server")
            assert {one.DatabaseServer.Spec.Database.Metadata.Name for one in databases} == {
                one.name for one in demo.databases if one.cluster == demo.root
            }

    asyncio.run(scenario())


def test_preferences_are_changed_and_kept(demo: Ready, home: Path) -> None:
    async def scenario() -> None:
        async with _client(demo, home) as client:
            root = await client.root_auth()
            wanted = await root.preferences()
            pins = wanted.cluster_preferences.pinned_resources.resource_ids
            pins[:] = ["one", "two"]
            await root.upsert_preferences(wanted)
            assert await root.preferences() == wanted

    asyncio.run(scenario())


def test_shells_on_nodes_of_both_clusters(demo: Ready, home: Path) -> None:
    async def scenario() -> None:
        async with _client(demo, home) as client:
            for cluster in (demo.root, demo.leaf):
                node = next(node for node in demo.nodes if node.cluster == cluster)
                target = ssh.SshTarget(host=node.hostname, login=node.logins[0], cluster=cluster)
                connection = await ssh.connect(client, target, timeout_s=WAIT_S)
                async with connection:
                    done = await connection.run("echo $TELEPORT_SESSION; exit 7")
                    assert str(done.stdout).strip()
                    assert done.exit_status == 7

    asyncio.run(scenario())


def test_servers_that_are_not_there_and_logins_not_allowed(demo: Ready, home: Path) -> None:
    node = demo.nodes[0]

    async def refusal(target: ssh.SshTarget) -> TeletermError:
        async with _client(demo, home) as client:
            with pytest.raises(TeletermError) as caught:
                await ssh.connect(client, target, timeout_s=WAIT_S)
            return caught.value

    gone = asyncio.run(refusal(ssh.SshTarget(host="no-such-node", login=node.logins[0])))
    assert gone.code is ErrorCode.NOT_FOUND
    assert gone.message == f"no-such-node is not connected to {demo.root} right now."
    denied = asyncio.run(refusal(ssh.SshTarget(host=node.hostname, login="mallory")))
    assert denied.code is ErrorCode.DENIED
    assert "mallory" in denied.message
    assert node.logins[0] in denied.hint


def test_a_host_key_of_another_authority_is_refused(
    demo: Ready, home: Path, tmp_path: Path
) -> None:
    import shutil

    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    lines = (copy / "known_hosts").read_text().splitlines()
    keys = [line.split()[2:4] for line in lines]
    swapped = [line.replace(keys[n][1], keys[1 - n][1]) for n, line in enumerate(lines)]
    # the root's key is trusted for leaves too, so only the leaf's stays, under the root's name
    wrong = [line for line in swapped if f",{demo.root}," in line]
    (copy / "known_hosts").write_text("".join(f"{line}\n" for line in wrong))
    node = next(node for node in demo.nodes if node.cluster == demo.root)

    async def scenario() -> None:
        async with _client(demo, copy) as client:
            with pytest.raises(Refused) as caught:
                await ssh.connect(client, ssh.SshTarget(host=node.hostname, login=node.logins[0]))
            assert caught.value.code is ErrorCode.UNTRUSTED

    asyncio.run(scenario())


def test_selecting_the_leaf_and_the_root_again(demo: Ready, home: Path) -> None:
    async def scenario() -> None:
        async with _client(demo, home) as client:
            await client.use_cluster(demo.leaf)
            assert ProfileStore(home).load().cluster == client.cluster == demo.leaf
            assert client.store.keys.ssh_certificate(client.profile.name, demo.user, demo.leaf)
            await client.use_cluster(demo.root)
            with pytest.raises(Refused) as caught:
                await client.use_cluster("no-such-leaf")
            assert caught.value.code is ErrorCode.NOT_FOUND

    asyncio.run(scenario())


def test_an_ended_login_asks_for_a_new_one(demo: Ready, home: Path) -> None:
    store = ProfileStore(home)
    end = store.identity(store.load()).valid_until
    clock = ManualClock(end + timedelta(seconds=1))

    async def scenario() -> None:
        client = ClusterClient(store, store.load(), _options(demo), clock=clock)
        with pytest.raises(Refused) as caught:
            await client.auth()
        assert caught.value.needs_login

    asyncio.run(scenario())


class Recorder:
    """Keeps what a local proxy tells."""

    def __init__(self) -> None:
        self.opened_numbers: list[int] = []
        self.bytes: tuple[int, int] = (0, 0)
        self.errors: list[TeletermError] = []
        self.ended = asyncio.Event()

    def opened(self, number: int) -> None:
        self.opened_numbers.append(number)

    def closed(self, number: int, *, up: int, down: int) -> None:
        self.bytes = (up, down)
        self.ended.set()

    def failed(self, error: TeletermError) -> None:
        self.errors.append(error)
        self.ended.set()


def test_a_local_port_leads_to_the_database(demo: Ready, home: Path) -> None:
    online = [one for one in demo.databases if one.online and one.cluster == demo.root]
    if not online:
        pytest.skip("PostgreSQL is not installed")
    database = online[0]
    route = DatabaseRoute(
        service=database.name,
        protocol=database.protocol,
        username=database.users[0],
        database=database.names[0],
    )
    startup = STARTUP.replace(b"alice", database.users[0].encode())
    startup = startup.replace(b"orders", database.names[0].encode())

    async def scenario() -> None:
        recorder = Recorder()
        async with _client(demo, home) as client:
            issued = await client.issue_database(route, tunnel=True, save=True)
            assert [one.service for one in client.store.identity(client.profile).databases] == [
                database.name
            ]

            async def before() -> alpn_proxy.ClientCert:
                return alpn_proxy.ClientCert(key=issued.key, certificate=issued.tls_certificate)

            proxy = alpn_proxy.LocalProxy(
                alpn_proxy.database_target(client.profile, database.protocol, client.options),
                before=before,
                events=recorder,
            )
            port = await proxy.start()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write((len(startup) + 4).to_bytes(4, "big") + startup)
            assert await asyncio.wait_for(reader.readexactly(1), WAIT_S) == b"R"
            writer.close()
            await asyncio.wait_for(recorder.ended.wait(), WAIT_S)
            await proxy.close()
        assert recorder.opened_numbers == [1]
        assert recorder.bytes[0] == len(startup) + 4
        assert recorder.bytes[1] > 0

    asyncio.run(scenario())


def test_nothing_passes_the_port_before_it_was_agreed_to(demo: Ready, home: Path) -> None:
    async def scenario() -> None:
        recorder = Recorder()

        async def refuse() -> None:
            raise Refused("Not now.", code=ErrorCode.MFA_REFUSED)

        profile = ProfileStore(home).load()
        target = alpn_proxy.database_target(profile, "postgres", _options(demo))
        proxy = alpn_proxy.LocalProxy(target, before=refuse, events=recorder)
        port = await proxy.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"hello")
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), WAIT_S) == b""
        writer.close()
        assert [error.code for error in recorder.errors] == [ErrorCode.MFA_REFUSED]
        assert recorder.opened_numbers == []
        with pytest.raises(BadInput) as caught:
            await alpn_proxy.LocalProxy(target, before=refuse).start(port=port)
        assert caught.value.code is ErrorCode.PORT_IN_USE
        await proxy.close()
        assert proxy.port == 0

    asyncio.run(scenario())


def test_a_login_replaces_the_one_before(demo: Ready, tmp_path: Path) -> None:
    async def scenario() -> None:
        first = await _login(demo, tmp_path)
        profile = replace(first.profile, mfa_mode="cross-platform")
        ProfileStore(tmp_path).save(profile)
        second = await _login(demo, tmp_path)
        assert second.profile.mfa_mode == "cross-platform"

    asyncio.run(scenario())
    assert oct((tmp_path / "keys").stat().st_mode & 0o777) == "0o700" or os.name == "nt"
    assert login.logout(ProfileStore(tmp_path), "localhost", demo.user)
    store = ProfileStore(tmp_path)
    profile = store.load()
    with pytest.raises(Refused):
        store.identity(profile)
