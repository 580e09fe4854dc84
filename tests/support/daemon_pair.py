"""Two daemons on copies of one profile folder, asked the same: the official one and ours."""

import asyncio
import contextlib
import re
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
from google.protobuf import json_format
from google.protobuf.message import Message

from teleterm.protogen.teleport.lib.teleterm.auto_update.v1 import (
    auto_update_service_pb2_grpc as update_grpc,
)
from tests.support.daemon_process import CALL_S, Daemon, Window, connected, running_daemon

if TYPE_CHECKING:
    from teleterm.protogen.teleport.lib.teleterm.v1.service_pb2_grpc import (
        TerminalServiceAsyncStub,
    )

OURS = [sys.executable, "-m", "teleterm.tsh"]
TRAILER = "is-resolvable-with-relogin"
# What differs by chance: ids, ports, moments.
_CHANCE = (
    (re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"), "<id>"),
    (re.compile(r"(:|-[pP] |--port[ =]|\"localPort\": \")\d{4,5}\b"), r"\1<port>"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"), "<time>"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended: its status, whether a login may mend it, and its answers as JSON lines.

    `said` is the text of a failure, which isn't compared.
    """

    code: str
    may_relogin: bool = False
    answers: tuple[str, ...] = ()
    said: str = field(default="", compare=False)


@dataclass(slots=True, kw_only=True)
class Side:
    """One of the two: its daemon, its window and the ways to ask it."""

    name: str
    daemon: Daemon
    window: Window
    tsh: "TerminalServiceAsyncStub"
    updates: update_grpc.AutoUpdateServiceStub

    async def answers(self, method: str, *requests: Message) -> "list[Message] | grpc.RpcError":
        """What it answers, or how it failed; several requests or none are a stream's."""
        ask = getattr(self.tsh, method, None) or getattr(self.updates, method)
        try:
            if isinstance(ask, grpc.aio.StreamStreamMultiCallable):
                return [one async for one in ask(iter(requests), timeout=CALL_S)]
            (request,) = requests
            if isinstance(ask, grpc.aio.UnaryStreamMultiCallable):
                return [one async for one in ask(request, timeout=CALL_S)]
            return [await ask(request, timeout=CALL_S)]
        except grpc.aio.AioRpcError as error:
            return error

    async def ask(self, method: str, *requests: Message) -> Outcome:
        """The same, as something that can be compared."""
        found = await self.answers(method, *requests)
        if isinstance(found, grpc.aio.AioRpcError):
            trailers = dict(tuple(found.trailing_metadata() or ()))
            return Outcome(
                found.code().name, trailers.get(TRAILER) == "1", said=found.details() or ""
            )
        assert isinstance(found, list)
        return Outcome("OK", answers=tuple(map(_text, found)))


@dataclass(slots=True)
class Pair:
    """Both sides, the official one first."""

    official: Side
    ours: Side

    async def ask(self, method: str, *requests: Message) -> tuple[Outcome, Outcome]:
        """Ask both the same, one after the other."""
        return await self.official.ask(method, *requests), await self.ours.ask(method, *requests)

    async def each(self, method: str, make: Callable[[Side], Message]) -> tuple[Outcome, Outcome]:
        """Ask both for something that goes by another name at each."""
        one, other = self.official, self.ours
        return await one.ask(method, make(one)), await other.ask(method, make(other))


def _text(message: Message) -> str:
    text = json_format.MessageToJson(message, preserving_proto_field_name=False, indent=1)
    for pattern, name in _CHANCE:
        text = pattern.sub(name, text)
    return text


@contextlib.contextmanager
def two_daemons(
    folder: Path, official: str, home: Path, environ: Mapping[str, str]
) -> Iterator[tuple[Daemon, Daemon]]:
    """Run both on copies of `home` until the block ends."""
    with contextlib.ExitStack() as stack:
        running: list[Daemon] = []
        for name, program in (("official", [official]), ("ours", OURS)):
            shutil.copytree(home, folder / name / "home", symlinks=True)
            env = {**environ, "TELEPORT_HOME": str(folder / name / "home")}
            running.append(
                stack.enter_context(running_daemon(folder / name, environ=env, program=program))
            )
        yield running[0], running[1]


@contextlib.asynccontextmanager
async def both_connected(
    daemons: tuple[Daemon, Daemon], window: Callable[[], Window]
) -> AsyncIterator[Pair]:
    """A window for each."""
    async with contextlib.AsyncExitStack() as stack:
        sides: list[Side] = []
        for name, daemon in zip(("official", "ours"), daemons, strict=True):
            seen = window()
            tsh = await stack.enter_async_context(connected(daemon, seen))
            channel = await stack.enter_async_context(
                grpc.aio.insecure_channel(f"unix:{daemon.socket}")
            )
            updates = update_grpc.AutoUpdateServiceStub(channel)
            sides.append(Side(name=name, daemon=daemon, window=seen, tsh=tsh, updates=updates))
        yield Pair(*sides)


def run(daemons: tuple[Daemon, Daemon], window: Callable[[], Window], steps: "Steps") -> None:
    """Do something with both."""

    async def whole() -> None:
        async with both_connected(daemons, window) as pair:
            await steps(pair)

    asyncio.run(whole())


if TYPE_CHECKING:
    from collections.abc import Awaitable

    Steps = Callable[[Pair], Awaitable[None]]
