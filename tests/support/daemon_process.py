"""Start the daemon as a window does, and answer what it asks."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import grpc

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc

ROOT = Path(__file__).resolve().parents[2]
READY_S = 15.0
STOP_S = 10.0
CALL_S = 30.0
TSH = [sys.executable, "-m", "teleterm.tsh"]
Context = grpc.aio.ServicerContext[object, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Daemon:
    """A daemon that runs, the folder it works in and its readiness line."""

    process: subprocess.Popen[bytes]
    folder: Path
    line: str

    @property
    def port(self) -> int:
        """The port of the readiness line."""
        return int(self.line.partition(":")[2].strip(" }\n"))

    @property
    def socket(self) -> Path:
        """The socket of a daemon that isn't on TCP."""
        return self.folder / "tsh.sock"

    def log(self) -> str:
        """What it wrote on standard error so far."""
        return (self.folder / "tshd.log").read_text()

    def terminate(self) -> int:
        """Ask it to end, and give its exit status."""
        self.process.terminate()
        return self.process.wait(STOP_S)


def arguments(folder: Path, address: str) -> list[str]:
    """What a window passes, in its order (terminal_service.md 3.1)."""
    return [
        "daemon",
        "start",
        f"--addr={address}",
        f"--certs-dir={folder / 'certs'}",
        "--prehog-addr=http://localhost:1",
        f"--kubeconfigs-dir={folder / 'kube'}",
        f"--agents-dir={folder / 'agents'}",
        "--installation-id=7a3b8f0e-34d0-4c3d-93f2-1f2f5ab1d9a1",
        "--add-keys-to-agent=no",
    ]


@contextlib.contextmanager
def running_daemon(
    folder: Path,
    *,
    address: str = "",
    environ: Mapping[str, str] | None = None,
    program: Sequence[str] = TSH,
) -> Iterator[Daemon]:
    """Run `tsh daemon start` until the block ends; over a Unix socket if no address is given."""
    folder.mkdir(parents=True, exist_ok=True)
    where = address or f"unix://{folder / 'tsh.sock'}"
    env = {
        **os.environ,
        "TELEPORT_HOME": str(folder / "home"),
        "TELEPORT_TOOLS_VERSION": "off",
        **(environ or {}),
    }
    with (folder / "tshd.log").open("ab") as log:
        process = subprocess.Popen(
            [*program, *arguments(folder, where)],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline().decode()
            assert line, (folder / "tshd.log").read_text()
            yield Daemon(process=process, folder=folder, line=line)
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


@dataclass(slots=True, kw_only=True)
class Window(pb_grpc.TshdEventsServiceServicer):
    """A window's events service: remembers what it is asked, answers as it is told."""

    code: Callable[[], str] = lambda: ""
    relogin: Callable[[], Awaitable[None]] | None = None
    refuses_mfa: bool = False
    holds_mfa: bool = False
    prompts: list[pb.PromptMFARequest] = field(default_factory=list)
    relogins: list[pb.ReloginRequest] = field(default_factory=list)
    notices: list[pb.SendNotificationRequest] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    withdrawn: asyncio.Event = field(default_factory=asyncio.Event)
    noticed: asyncio.Event = field(default_factory=asyncio.Event)

    async def PromptMFA(  # noqa: N802
        self, request: pb.PromptMFARequest, context: Context
    ) -> pb.PromptMFAResponse:
        """Give the code, close the dialog, or leave it open."""
        self.prompts.append(request)
        self.asked.set()
        if self.refuses_mfa:
            await context.abort(grpc.StatusCode.ABORTED, "the dialog was closed")
        if self.holds_mfa:
            try:
                await asyncio.Event().wait()
            finally:
                self.withdrawn.set()
        return pb.PromptMFAResponse(totp_code=self.code())

    async def Relogin(self, request: pb.ReloginRequest, context: Context) -> pb.ReloginResponse:  # noqa: N802
        """Log in again, as far as the test says how."""
        self.relogins.append(request)
        if self.relogin is None:
            await context.abort(grpc.StatusCode.UNKNOWN, "nobody logged in")
        else:
            await self.relogin()
        return pb.ReloginResponse()

    async def SendNotification(  # noqa: N802
        self, request: pb.SendNotificationRequest, context: Context
    ) -> pb.SendNotificationResponse:
        """Remember it."""
        self.notices.append(request)
        self.noticed.set()
        return pb.SendNotificationResponse()


@contextlib.asynccontextmanager
async def connected(
    daemon: Daemon, window: Window | None = None
) -> "AsyncIterator[pb_grpc.TerminalServiceAsyncStub]":
    """A window's connection over Unix sockets, both ways."""
    server = grpc.aio.server()
    pb_grpc.add_TshdEventsServiceServicer_to_server(window or Window(), server)
    events = daemon.folder / "tshde.sock"
    server.add_insecure_port(f"unix:{events}")
    await server.start()
    try:
        async with grpc.aio.insecure_channel(f"unix:{daemon.socket}") as channel:
            stub: pb_grpc.TerminalServiceAsyncStub = pb_grpc.TerminalServiceStub(channel)
            request = pb.UpdateTshdEventsServerAddressRequest(address=f"unix://{events}")
            await stub.UpdateTshdEventsServerAddress(request, timeout=CALL_S)
            yield stub
    finally:
        await server.stop(None)
