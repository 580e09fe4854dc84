"""`tsh join`: takes part in a session on a node that somebody else opened."""

import asyncio
import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.osutil.tasks import spawn
from teleterm.tsh import context as contexts
from teleterm.tsh import fatal, quick_ssh
from teleterm.tsh.commands.play import SESSION_ID
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.typed_input import write_all

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2
    from teleterm.tsh.shell import Request


def run(parsed: Parsed) -> int:
    """Join until the session ends or one leaves."""
    ident = parsed.text("session-id")
    if not SESSION_ID.fullmatch(ident):
        raise BadInput(f"'{ident}' is not a valid session ID (must be GUID)", field="session-id")
    context = contexts.start(parsed)
    quick_ssh.load()

    async def work(client: "ClusterClient") -> int:
        from teleterm.client import ssh
        from teleterm.tsh import shell

        tracker = await _tracker(client, ident)
        target = ssh.SshTarget(host=tracker.Spec.Address, login=ssh.JOIN_LOGIN, resumes=False)
        connection = await ssh.connect(client, target)
        presence = _Presence(client, ident)
        may_end = parsed.text("mode") == "moderator"
        request = _request(client, parsed, ident, presence.begin if may_end else None)
        try:
            ended = await shell.run(connection, request)
        finally:
            await presence.end()
            connection.close()
        if ended.by_person or not ended.status:
            return 0
        fatal.show(ended.told)
        return ended.status

    return contexts.wait(context.with_cluster(work))


async def _tracker(client: "ClusterClient", ident: str) -> "types_pb2.SessionTrackerV1":
    """The session.

    Raises: Refused when it is gone, BadInput when such sessions can't be joined.
    """
    auth = await client.auth()
    try:
        tracker = await auth.session_tracker(ident)
    except Refused as error:
        if error.code is not ErrorCode.NOT_FOUND:
            raise
        raise Refused(
            f'session "{ident}" not found or it has ended', code=error.code, details=error.details
        ) from error
    kind = tracker.Spec.Kind
    if kind == "k8s":
        raise BadInput(
            "session joining for Kubernetes is supported with the command tsh kube join",
            field="session-id",
        )
    if kind != "ssh":
        raise BadInput(f"session joining is not supported for {kind} sessions", field="session-id")
    if tracker.Spec.TargetSubKind.startswith("openssh"):
        raise BadInput(
            "session joining is only supported for Teleport nodes, not OpenSSH nodes",
            field="session-id",
        )
    return tracker


class _Presence:
    """Says that a moderator is there, once the node has asked."""

    def __init__(self, client: "ClusterClient", ident: str) -> None:
        self._client = client
        self._ident = ident
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Say so from now on."""
        if self._task is None:
            self._task = spawn(self._confirm(), name="presence")

    async def end(self) -> None:
        """Say nothing more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _confirm(self) -> None:
        from teleterm.client import presence
        from teleterm.client.security_keys import SecurityKeys
        from teleterm.tsh import moderating

        def say(text: str) -> None:
            write_all(1, f"\r\nTeleport > {text}\r\n".encode())

        async with presence.Presence(self._client, self._ident) as asker:
            await moderating.confirm(asker, SecurityKeys(), say, every_s=presence.EVERY_S)


def _request(
    client: "ClusterClient", parsed: Parsed, ident: str, on_presence: "Callable[[], None] | None"
) -> "Request":
    from teleterm.tsh.shell import Request

    mode = parsed.text("mode")
    invited = [one for text in parsed.many("invite") for one in text.split(",")]
    return Request(
        wants_pty=True,
        env={
            "SSH_SESSION_WEBPROXY_ADDR": client.profile.web_proxy_addr,
            "TELEPORT_SESSION": ident,
            "TELEPORT_SSH_JOIN_MODE": mode,
            "TELEPORT_SESSION_REASON": parsed.text("reason"),
            "TELEPORT_SESSION_INVITED_USERS": json.dumps(invited or None),
        },
        term=os.environ.get("TERM") or "xterm",
        has_escapes=parsed.is_on("enable-escape-sequences"),
        watches=mode != "peer",
        may_end=mode == "moderator",
        joins=ident,
        on_presence=on_presence,
    )
