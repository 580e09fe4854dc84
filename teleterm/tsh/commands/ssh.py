"""`tsh ssh`: a shell, a command, or only forwarded ports."""

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError
from teleterm.tsh import context as contexts
from teleterm.tsh import fatal, forwards, quick_ssh, refusals, ssh_options, targets
from teleterm.tsh.context import Context
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import plain
from teleterm.tsh.ssh_options import SshOptions

if TYPE_CHECKING:
    import asyncssh

    from teleterm.client.cluster import ClusterClient
    from teleterm.tsh.shell import Ended, Request
    from teleterm.tsh.x11 import Display

NO_STATUS = "wait: remote command exited without exit status or exit signal"


def run(parsed: Parsed) -> int:
    """Connect, and end with the status of what ran there."""
    if parsed.is_on("show-version"):
        from teleterm import __version__

        sys.stdout.write(f"Teleterm v{__version__}\n")
        return 0
    if parsed.is_on("tty") and parsed.is_on("no-tty"):
        raise BadInput("either -t or -T can be specified, not both", field="tty")
    if not parsed.text("[user@]host"):
        raise BadInput("required argument '[user@]host' not provided", field="host")
    if parsed.is_on("fork-after-authentication"):
        raise Refused("-f is not supported yet.", code=ErrorCode.NOT_IMPLEMENTED)
    context = contexts.start(parsed)
    quick_ssh.load()
    job = _Job(context)
    try:
        return contexts.wait(context.with_cluster(job.work))
    except KeyboardInterrupt:
        if parsed.is_on("no-remote-exec"):
            return 0
        fatal.show("connection canceled")
        return 1


class _Job:
    """One `tsh ssh`, whatever it asks for."""

    def __init__(self, context: Context) -> None:
        parsed = context.parsed
        self.context = context
        self.parsed = parsed
        self.options: SshOptions = ssh_options.parse(parsed.many("option"))
        for warning in self.options.warnings:
            sys.stdout.write(f"{warning}\n")
        self.target = targets.narrowed(
            targets.parse(
                parsed.text("[user@]host"), login=parsed.text("login"), port=parsed.number("port")
            ),
            parsed,
        )
        self.local = [forwards.parse(text) for text in parsed.many("forward")]
        self.remote = [forwards.parse(text) for text in parsed.many("remote-forward")]
        self.dynamic = [forwards.parse_dynamic(text) for text in parsed.many("dynamic-forward")]
        self.command = " ".join(parsed.many("command"))

    async def work(self, client: "ClusterClient") -> int:
        """Connect to the node, or to each that is meant when there is a command."""
        nodes = await targets.nodes(client, self.target)
        if len(nodes) > 1 and self.command:
            return await self._everywhere(client, nodes)
        if len(nodes) > 1:
            sys.stderr.write(
                f"\x1b[33mWARNING\x1b[0m: Multiple nodes match the label selector, "
                f"picking first: {plain.cell(nodes[0].shown)}\n"
            )
        return await self._on(client, nodes[0])

    async def _everywhere(self, client: "ClusterClient", nodes: list[targets.Node]) -> int:
        from teleterm.tsh import several, terminal

        async def connect(node: targets.Node) -> "asyncssh.SSHClientConnection":
            return await self._connect(client, node)

        job = several.Several(
            self.command,
            self._env(client.profile.web_proxy_addr, is_shell=False),
            folder=self.parsed.text("log-dir"),
            line_bytes=terminal.cols() if sys.stdout.isatty() else 0,
        )
        sys.stdout.write(
            "\x1b[1mWARNING\x1b[0m: Multiple nodes matched label selector, "
            "running command on all.\n"
        )
        sys.stdout.flush()
        most = await several.at_once(client, nodes[0].host, self.target.login)
        return await job.run(nodes, connect, at_once=most)

    async def _on(self, client: "ClusterClient", node: targets.Node) -> int:
        try:
            connection = await self._connect(client, node)
        except Refused as error:
            if error.code is not ErrorCode.AMBIGUOUS:
                raise
            await refusals.show_ambiguous(client, self.target.host, self.target.port)
            raise fatal.Exit(1) from error
        try:
            return await self._use(connection, client)
        finally:
            connection.close()

    async def _connect(
        self, client: "ClusterClient", node: targets.Node
    ) -> "asyncssh.SSHClientConnection":
        from teleterm.client import ssh

        if self.context.jump:
            await client.transport()
        target = ssh.SshTarget(
            host=node.host,
            login=self.target.login,
            port=self.target.port,
            cluster="" if self.context.cluster else client.transport_cluster,
        )
        try:
            return await ssh.connect(client, target, forward_agent=self._agent())
        except TeletermError as error:
            raise refusals.reworded(error, target.login, node.shown) from error

    def _agent(self) -> str:
        """The socket of the agent to offer; empty when none shall be or none is there."""
        if not self.parsed.is_on("forward-agent") and self.options.forward_agent == "no":
            return ""
        return self.context.environ.get("SSH_AUTH_SOCK", "")

    async def _use(
        self, connection: "asyncssh.SSHClientConnection", client: "ClusterClient"
    ) -> int:
        await forwards.start(connection, local=self.local, remote=self.remote, dynamic=self.dynamic)
        if self.parsed.is_on("no-remote-exec"):
            await connection.wait_closed()
            return 0
        if self.parsed.is_on("local"):
            return await self._here()
        return await self._there(connection, client)

    async def _here(self) -> int:
        from teleterm.osutil import procs

        argv = self.parsed.many("command")
        if not argv:
            raise BadInput("local execution needs a command", field="command")
        process = procs.spawn(argv, stdin=0)
        return await asyncio.to_thread(process.wait)

    async def _there(
        self, connection: "asyncssh.SSHClientConnection", client: "ClusterClient"
    ) -> int:
        from teleterm.tsh import shell, x11

        if not self._wants_x11():
            return _status(await shell.run(connection, self._request(client)))
        trusted = self.parsed.is_on("x11-trusted") or self.options.trusts_x11
        timeout = self.options.x11_timeout or self.parsed.text("x11-untrusted-timeout")
        async with x11.display(self.context.environ, trusted=trusted, timeout=timeout) as display:
            return _status(await shell.run(connection, self._request(client, display)))

    def _request(self, client: "ClusterClient", display: "Display | None" = None) -> "Request":
        from teleterm.tsh.shell import Request

        is_shell = not self.command
        wants_pty = is_shell or self.parsed.is_on("tty") or self.options.request_tty
        return Request(
            command=self.command,
            wants_pty=wants_pty and not self.parsed.is_on("no-tty"),
            env=self._env(client.profile.web_proxy_addr, is_shell=is_shell),
            term=os.environ.get("TERM") or "xterm",
            has_escapes=self.parsed.is_on("enable-escape-sequences"),
            x11=display,
        )

    def _wants_x11(self) -> bool:
        return (
            self.parsed.is_on("x11-trusted")
            or self.parsed.is_on("x11-untrusted")
            or self.options.forward_x11
        )

    def _env(self, web_addr: str, *, is_shell: bool) -> dict[str, str]:
        """Variables for the session, as the official program sends them."""
        wanted = ("LANG", "LANGUAGE", *self.options.send_env)
        env = {name: os.environ[name] for name in wanted if os.environ.get(name)}
        env["SSH_SESSION_WEBPROXY_ADDR"] = web_addr
        if is_shell:
            import json

            invited = [one for text in self.parsed.many("invite") for one in text.split(",")]
            env |= {
                "TELEPORT_SSH_JOIN_MODE": "peer",
                "TELEPORT_SESSION_REASON": self.parsed.text("reason"),
                "TELEPORT_SESSION_INVITED_USERS": json.dumps(invited or None),
                "TELEPORT_SESSION_PARTICIPANT_REQUIREMENTS": str(
                    self.parsed.is_on("participant-req")
                ).lower(),
            }
        return env


def _status(ended: "Ended") -> int:
    if ended.by_person:
        return 0
    if ended.status is None:
        fatal.show(NO_STATUS)
        return 1
    if ended.status:
        fatal.show(f"Process exited with status {ended.status}")
    return ended.status
