"""`tsh ssh`: a shell, a command, or only forwarded ports."""

import asyncio
import os
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.tsh import (
    background,
    fatal,
    forwards,
    quick_ssh,
    reach,
    refusals,
    ssh_options,
    targets,
    x11,
)
from teleterm.tsh import context as contexts
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
        _check_background(parsed)
        if not background.is_child(parsed):
            return background.start()
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
        x11.seconds(self._x11_timeout())

    async def work(self, client: "ClusterClient") -> int:
        """Connect and run; where the login is refused, ask for access if the person may."""
        if self.parsed.is_on("fork-after-authentication"):
            background.end_with_parent(self.parsed)
        try:
            return await self._once(client)
        except Refused as error:
            if error.code is not ErrorCode.DENIED or not await self._gains_access(client, error):
                raise
        return await self._once(client)

    async def _gains_access(self, client: "ClusterClient", error: Refused) -> bool:
        """Ask for access, if there is any to ask for, and wait until it is granted."""
        from teleterm.tsh import auto_request

        if auto_request.is_off(self.context):
            return False
        mode, clock = self.parsed.text("request-mode"), self.context.clock
        need = auto_request.Need(
            login=self.target.login, host=self.target.host, port=self.target.port
        )
        found = await auto_request.remedy(client, mode, need, clock.now())
        if found is None:
            return False
        fatal.show(fatal.words(error))
        auto_request.announce(f"{self.target.login}@{self.target.host}")
        reason = self.parsed.text("request-reason")
        await auto_request.obtain(client, found, reason=reason, now=clock.now)
        return True

    async def _once(self, client: "ClusterClient") -> int:
        """Connect to the node, or to each that is meant when there is a command."""
        nodes = await targets.nodes(client, self.target)
        if len(nodes) > 1 and self.parsed.is_on("fork-after-authentication"):
            raise BadInput(
                "fork after authentication not supported for commands on multiple nodes",
                field="fork-after-authentication",
            )
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
            return await self._connect(client, node, agent)

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
        async with AsyncExitStack() as stack:
            agent = await self._agent(client, stack)
            return await job.run(nodes, connect, at_once=most)

    async def _on(self, client: "ClusterClient", node: targets.Node) -> int:
        async with AsyncExitStack() as stack:
            agent = await self._agent(client, stack)
            try:
                connection = await self._connect(client, node, agent)
            except Refused as error:
                if error.code is not ErrorCode.AMBIGUOUS:
                    raise
                await refusals.show_ambiguous(client, self.target.host, self.target.port)
                raise fatal.Exit(1) from error
            stack.callback(connection.close)
            return await self._use(connection, client)

    async def _connect(
        self, client: "ClusterClient", node: targets.Node, agent: str
    ) -> "asyncssh.SSHClientConnection":
        from teleterm.client import ssh

        if self.context.jump:
            await client.transport()
        target = ssh.SshTarget(
            host=node.host,
            login=self.target.login,
            port=self.target.port,
            cluster="" if self.context.cluster else client.transport_cluster,
            checks_host=self.options.checks_host,
            resumes=not self.parsed.is_on("no-resume"),
        )
        return await reach.node(client, target, node.shown, forward_agent=agent)

    async def _agent(self, client: "ClusterClient", stack: AsyncExitStack) -> str:
        """The socket of the agent to offer; empty when none shall be or none is there."""
        if self.parsed.is_on("forward-agent") or self.options.forward_agent == "yes":
            return self.context.environ.get("SSH_AUTH_SOCK", "")
        if self.options.forward_agent == "no":
            return ""
        from teleterm.client import local_agent

        return await stack.enter_async_context(local_agent.listening(client))

    async def _use(
        self, connection: "asyncssh.SSHClientConnection", client: "ClusterClient"
    ) -> int:
        await forwards.start(connection, local=self.local, remote=self.remote, dynamic=self.dynamic)
        if self.parsed.is_on("fork-after-authentication"):
            background.go(self.parsed)
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
        if not (self.local or self.remote or self.dynamic):
            sys.stdout.write("--local without a forwarded port: the connection has no use.\n")
            sys.stdout.flush()
        process = procs.spawn(argv, stdin=0)
        return await asyncio.to_thread(process.wait)

    async def _there(
        self, connection: "asyncssh.SSHClientConnection", client: "ClusterClient"
    ) -> int:
        from teleterm.tsh import shell

        if not self._wants_x11():
            return _status(await shell.run(connection, self._request(client)))
        trusted = self.parsed.is_on("x11-trusted") or self.options.trusts_x11
        timeout = self._x11_timeout()
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

    def _x11_timeout(self) -> str:
        return self.options.x11_timeout or self.parsed.text("x11-untrusted-timeout")

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


def _check_background(parsed: Parsed) -> None:
    """Only what needs nobody at the keyboard may go to the background.

    Raises: BadInput.
    """
    if not (parsed.many("command") or parsed.is_on("no-remote-exec")):
        raise BadInput(
            "fork after authentication not allowed for interactive sessions",
            field="fork-after-authentication",
        )


def _status(ended: "Ended") -> int:
    if ended.by_person:
        return 0
    if ended.status is None:
        fatal.show(NO_STATUS)
        return 1
    if ended.status:
        fatal.show(ended.told)
    return ended.status
