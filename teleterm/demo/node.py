"""A node: an SSH server inside this program whose sessions are shells on this machine.

Two things about a node are fiction, so that it can be told from another: its prompt, and what the
command `hostname` prints. All else is this machine, and every login is the user who runs the demo.
"""

import asyncio
import json
import os
import shlex
import shutil
import socket
import uuid
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncssh
from asyncssh.packet import SSHPacket
from asyncssh.public_key import SSHOpenSSHCertificate
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from teleterm.demo import children, keeper, session
from teleterm.demo.authorities import JOIN_PRINCIPAL
from teleterm.demo.inventory import CAREFUL, OPERATOR, DemoMember, DemoNode, may_enter
from teleterm.demo.locks import Locks
from teleterm.demo.rooms import MODES, PEER, Room, size_of
from teleterm.demo.sessions import ActiveSession, ActiveSessions
from teleterm.model.clock import Clock
from teleterm.model.errors import TeletermError
from teleterm.wire import ssh_certificate

_BANNER = "teleterm-demo"
_LOGIN_TIMEOUT_S = 30.0
# Names a client may not set: the node's own, and those that change how programs are loaded.
_OWN_NAMES = frozenset({"HOME", "HOSTNAME", "LOGNAME", "PATH", "SHELL", "USER", "BASH_ENV", "ENV"})
_OWN_PREFIXES = ("LD_", "DYLD_", "SSH_", "TELEPORT_")
_DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
_FAILED = 255
_VALIDATE = "_validate_openssh_certificate"
_TERMINAL_SIZE = "_process_x_teleport_terminal_size_global_request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """The Teleport user a connection to a node came from."""

    user: str


class NodeServer:
    """Serves SSH connections to one node."""

    def __init__(
        self,
        cluster: DemoMember,
        node: DemoNode,
        folder: Path,
        *,
        trusted_user_keys: Sequence[bytes],
        active: ActiveSessions,
        clock: Clock,
        locks: Locks,
        is_moderated: bool = False,
    ) -> None:
        self._locks = locks
        self._is_moderated = is_moderated
        self._cluster = cluster
        self._node = node
        self._active = active
        self._clock = clock
        self._demo_folder = folder
        self._shell = _Shell(node, folder / "nodes" / node.hostname)
        self._xauthority = _xauthority(folder / "nodes" / node.hostname)
        self._host_key = _host_key(cluster, node)
        lines = [f"cert-authority {line.decode().strip()}\n" for line in trusted_user_keys]
        self._authorized = asyncssh.import_authorized_keys("".join(lines))

    @property
    def host_id(self) -> str:
        """What clients that come back ask for."""
        return self._node.uuid

    async def serve(
        self, connection: socket.socket, visitor: Visitor, version: str = _BANNER
    ) -> None:
        """Speak SSH on a connected socket until the client leaves; `version` is what it says."""

        async def handle(process: session.ServerProcess) -> None:
            await self._handle(process, visitor)

        options = asyncssh.SSHServerConnectionOptions(
            server_factory=lambda: _AnyLogin(self._node, self._active),
            server_host_keys=[self._host_key],
            authorized_client_keys=self._authorized,
            server_version=version,
            process_factory=handle,
            sftp_factory=_HomeFiles,
            allow_scp=True,
            encoding=None,
            line_editor=False,
            password_auth=False,
            kbdint_auth=False,
            host_based_auth=False,
            gss_host=None,
            agent_forwarding=True,
            x11_forwarding=self._xauthority is not None,
            x11_auth_path=self._xauthority,
            login_timeout=_LOGIN_TIMEOUT_S,
        )
        try:
            server = await asyncssh.run_server(connection, options=options)
            if await self._locks.until_locked(visitor.user, server.wait_closed()):
                reason = f'lock targeting User:"{visitor.user}" is in force'
                server.disconnect(asyncssh.DISC_BY_APPLICATION, reason)
                await server.wait_closed()
        except (OSError, asyncssh.Error):
            return  # the client is told inside SSH

    async def _handle(self, process: session.ServerProcess, visitor: Visitor) -> None:
        login = str(process.get_extra_info("username"))
        if login == JOIN_PRINCIPAL:
            await self._join(process, visitor)
            return
        started = ActiveSession(
            id=str(uuid.uuid4()),
            user=visitor.user,
            login=login,
            cluster=self._cluster.name,
            node=self._node,
            created=self._clock.now(),
        )
        try:
            await self._run(process, started)
        except TeletermError as error:
            _refuse(process, error.message)

    async def _run(self, process: session.ServerProcess, started: ActiveSession) -> None:
        if process.subsystem:
            raise TeletermError(f'There is no subsystem "{process.subsystem}" here.')
        room = self._room(process, started)
        env = self._env(process, started)
        with self._active.hold(started, room):
            if room is not None:
                await _unless_gone(room.wait_for_moderator(), process)
            if process.channel.is_closing():
                return
            child = self._start(process, env, started.login)
            if room is not None:
                room.begin(child)
            try:
                with keeper.noted(self._demo_folder, child.pid):
                    await session.run(process, child, room)
            finally:
                if room is not None:
                    room.end()

    def _room(self, process: session.ServerProcess, started: ActiveSession) -> Room | None:
        if process.term_type is None:
            return None
        columns, rows = process.term_size[:2]
        size = size_of(columns, rows)
        recorder = self._active.recordings.begin(
            started, self._clock, f"{size.columns}:{size.rows}", process.command
        )
        return Room(process, started.user, recorder, is_moderated=self._is_moderated)

    async def _join(self, process: session.ServerProcess, visitor: Visitor) -> None:
        room = self._active.room(process.env.get("TELEPORT_SESSION", ""))
        mode = process.env.get("TELEPORT_SSH_JOIN_MODE", PEER)
        if process.term_type is None or process.command is not None or mode not in MODES:
            _refuse(process, "Sessions can only be joined on a terminal.")
        elif room is None:
            _refuse(process, "There is no such session.")
        else:
            await room.join(process, visitor.user, mode)

    def _start(
        self, process: session.ServerProcess, env: dict[str, str], login: str
    ) -> children.Child:
        home = env["HOME"]
        if process.term_type is None:
            argv = self._shell.argv(process.command)
            return children.start_on_pipes(children.Command(argv=argv, env=env, cwd=home))
        env |= self._shell.terminal_env(login, process.term_type)
        command = children.Command(argv=self._shell.argv(process.command), env=env, cwd=home)
        columns, rows = process.term_size[:2]
        return children.start_on_terminal(command, size_of(columns, rows))

    def _env(self, process: session.ServerProcess, started: ActiveSession) -> dict[str, str]:
        given = {
            name: value
            for name, value in process.env.items()
            if name not in _OWN_NAMES and not name.startswith(_OWN_PREFIXES)
        }
        agent = process.channel.get_agent_path()
        return (
            given
            | self._shell.env()
            | ({"SSH_AUTH_SOCK": agent} if agent else {})
            | self._x11_env(process)
            | {
                "SSH_CLIENT": "127.0.0.1 0 3022",
                "SSH_CONNECTION": "127.0.0.1 0 127.0.0.1 3022",
                "SSH_SESSION_ID": started.id,
                "TELEPORT_SESSION": started.id,
                "SSH_TELEPORT_USER": started.user,
                "SSH_TELEPORT_HOST_UUID": self._node.uuid,
                "SSH_TELEPORT_CLUSTER_NAME": self._cluster.name,
            }
        )

    def _x11_env(self, process: session.ServerProcess) -> dict[str, str]:
        display = process.channel.get_x11_display()
        if display is None or self._xauthority is None:
            return {}
        return {"DISPLAY": display, "XAUTHORITY": self._xauthority}


def _refuse(process: session.ServerProcess, message: str) -> None:
    process.stderr.write(f"{message}\n".encode())
    process.exit(_FAILED)


async def _unless_gone(work: Awaitable[None], process: session.ServerProcess) -> None:
    """Wait for something, or until the client has gone."""
    waiting = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(process.channel.wait_closed())
    try:
        await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (waiting, gone):
            task.cancel()
        await asyncio.wait({waiting, gone})


class _AnyLogin(asyncssh.SSHServer):
    """Leaves the decision to the certificate: its principals are the logins it may use.

    A node that one must ask for lets in who has the role for it. A certificate whose role wants a
    second factor for sessions must say that there was one.
    """

    def __init__(self, node: DemoNode, active: ActiveSessions) -> None:
        self._node = node
        self._active = active

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Look at certificates' extensions, which the library lets nobody see; and say sizes."""
        self._answer_sizes(conn)
        inner = conn._validate_openssh_certificate  # noqa: SLF001  # see above

        async def validate(username: str, shown: SSHOpenSSHCertificate) -> asyncssh.SSHKey | None:
            extensions = ssh_certificate.parse(shown.public_data).extensions
            roles = extensions.get("teleport-roles", "")
            if not may_enter(self._node, (OPERATOR,) if OPERATOR in roles else ()):
                return None
            is_careful = CAREFUL in roles
            if is_careful and not extensions.get("mfa-verified"):
                return None
            return await inner(username, shown)

        setattr(conn, _VALIDATE, validate)

    def _answer_sizes(self, conn: asyncssh.SSHServerConnection) -> None:
        """Answer how large the terminal of a session is, which guests ask before they join.

        The library looks its handlers up by the request's name and offers no other way in.
        """

        def answer(packet: SSHPacket) -> None:
            ident = packet.get_remaining_payload().decode("utf-8", "replace")
            room = self._active.room(ident)
            columns, _, rows = room.size.partition(":") if room else ("", "", "")
            size = {"Height": int(rows), "Width": int(columns)} if room else {}
            conn._report_global_response(json.dumps(size).encode() if size else False)  # noqa: SLF001  # see above

        setattr(conn, _TERMINAL_SIZE, answer)

    def connection_requested(
        self, dest_host: str, dest_port: int, orig_host: str, orig_port: int
    ) -> bool:
        """Forward: whoever is here has a shell on this machine anyway."""
        return True

    def server_requested(self, listen_host: str, listen_port: int) -> bool:
        """Listen for the client, for the same reason."""
        return True


class _HomeFiles(asyncssh.SFTPServer):
    """Files as the user who runs the demo sees them; relative paths start at home."""

    def exit(self) -> None:
        """Report success at the end: OpenSSH's `scp` counts a channel without a status as lost."""
        self.channel.exit(0)

    def map_path(self, path: bytes) -> bytes:
        """Give the place of a path on this machine."""
        return os.path.join(os.fsencode(Path.home()), path)  # noqa: PTH118 - bytes


class _Shell:
    """How shells are started on one node."""

    def __init__(self, node: DemoNode, folder: Path) -> None:
        self._node = node
        self._folder = folder
        self._program = shutil.which("bash") or "/bin/sh"
        self._is_bash = Path(self._program).name == "bash"
        folder.mkdir(mode=0o700, parents=True)
        commands = folder / "bin"
        commands.mkdir(mode=0o700)
        hostname = commands / "hostname"
        hostname.write_text(f"#!/bin/sh\necho {shlex.quote(node.hostname)}\n", encoding="utf-8")
        hostname.chmod(0o700)
        self._path = f"{commands}:{os.environ.get('PATH') or _DEFAULT_PATH}"
        (folder / "shellrc").write_text(self._start_file(), encoding="utf-8")

    def argv(self, command: str | None) -> list[str]:
        """Give the command line of a command, or of an interactive shell."""
        if command is not None:
            return [self._program, "-c", command]
        if self._is_bash:
            return [self._program, "--noprofile", "--rcfile", str(self._folder / "shellrc"), "-i"]
        return [self._program, "-i"]

    def env(self) -> dict[str, str]:
        """Give the environment of every session."""
        user = os.environ.get("USER") or os.environ.get("LOGNAME") or "user"
        return {
            "HOME": str(Path.home()),
            "HOSTNAME": self._node.hostname,
            "LOGNAME": user,
            "PATH": self._path,
            "SHELL": self._program,
            "USER": user,
        }

    def terminal_env(self, login: str, term: str) -> dict[str, str]:
        """Give what a session on a terminal has besides."""
        prompt = f"{login}@{self._node.hostname}"
        return {"TERM": term, "ENV": str(self._folder / "shellrc"), "DEMO_PROMPT": prompt}

    def _start_file(self) -> str:
        where = r":\w" if self._is_bash else ""
        return (
            f"PATH={shlex.quote(self._path)}\n"
            f"HISTFILE={shlex.quote(str(self._folder / 'history'))}\n"
            f"PS1=\"$DEMO_PROMPT{where}\"'$ '\n"
            "unset DEMO_PROMPT ENV PROMPT_COMMAND\n"
        )


def _xauthority(folder: Path) -> str | None:
    """The file for the cookies of forwarded displays; None where no program could use them."""
    if shutil.which("xauth") is None:
        return None
    path = folder / "xauthority"
    path.touch(mode=0o600)
    return str(path)


def _host_key(
    cluster: DemoMember, node: DemoNode
) -> tuple[asyncssh.SSHKey, asyncssh.SSHCertificate]:
    key = ed25519.Ed25519PrivateKey.generate()
    principals = [
        f"{node.uuid}.{cluster.name}",
        node.uuid,
        f"{node.hostname}.{cluster.name}",
        node.hostname,
        "localhost",
        "127.0.0.1",
        "::1",
    ]
    line = cluster.authorities.host_ssh.issue_host(cluster.name, principals, key.public_key())
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    return asyncssh.import_private_key(pem), asyncssh.import_certificate(line)
