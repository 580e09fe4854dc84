"""One command on several nodes at the same time: each line of output says where it comes from."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from teleterm.model.errors import TeletermError
from teleterm.tsh import fatal, targets
from teleterm.tsh.render import plain
from teleterm.tsh.typed_input import write_all

if TYPE_CHECKING:
    from collections.abc import Mapping

    import asyncssh

    from teleterm.client.cluster import ClusterClient

_STDOUT, _STDERR = 1, 2
_READ_BYTES = 32 * 1024
_LINE_BYTES = 1024
MOST_AT_ONCE = 32


class Connect(Protocol):
    """Logs in to a node."""

    async def __call__(self, node: targets.Node, /) -> "asyncssh.SSHClientConnection":
        """Log in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How the command ended on a node."""

    name: str
    status: int


class LabelledLines:
    """Writes whole lines, each with a label in front; longer ones are cut into several."""

    def __init__(self, fd: int, label: str, line_bytes: int = _LINE_BYTES) -> None:
        self._fd = fd
        self._prefix = f"[{label}] ".encode()
        self._room = max(line_bytes - len(self._prefix), 1)
        self._rest = b""

    def write(self, data: bytes) -> None:
        """Take more output. Blocks while nobody reads."""
        self._rest += data
        lines: list[bytes] = []
        while True:
            at = self._rest.find(b"\n")
            if 0 <= at <= self._room:
                line, self._rest = self._rest[:at], self._rest[at + 1 :]
            elif len(self._rest) > self._room:
                line, self._rest = self._rest[: self._room], self._rest[self._room :]
            else:
                break
            lines.append(self._prefix + line + b"\n")
        if lines:
            write_all(self._fd, b"".join(lines))

    def close(self) -> None:
        """Write what has no end of line yet."""
        if self._rest:
            self.write(b"\n")


class Several:
    """A command for several nodes; `folder` gets the outputs and the names, if it is named."""

    def __init__(
        self, command: str, env: "Mapping[str, str]", *, folder: str = "", line_bytes: int = 0
    ) -> None:
        self._command = command
        self._env = env
        self._folder = Path(folder) if folder else None
        self._line_bytes = line_bytes or _LINE_BYTES

    async def run(self, nodes: Sequence[targets.Node], connect: Connect, *, at_once: int) -> int:
        """Run it everywhere, say how it went, and give the exit status."""
        if self._folder is not None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        gate = asyncio.Semaphore(at_once)

        async def one(node: targets.Node) -> Ended:
            async with gate:
                return await self._on(node, connect)

        ended = await asyncio.gather(*(one(node) for node in nodes))
        return self._report(ended)

    async def _on(self, node: targets.Node, connect: Connect) -> Ended:
        import asyncssh

        name = plain.cell(node.shown)
        try:
            connection = await connect(node)
        except TeletermError as error:
            sys.stderr.write(f"{plain.lines(fatal.words(error))}\n")
            return Ended(name=name, status=1)
        sys.stdout.write(f"Running command on {name}:\n")
        sys.stdout.flush()
        try:
            status = await self._output(connection, name)
        except (asyncssh.Error, OSError) as error:
            sys.stderr.write(f"{plain.lines(str(error))}\n")
            status = 1
        finally:
            connection.close()
        return Ended(name=name, status=status)

    async def _output(self, connection: "asyncssh.SSHClientConnection", name: str) -> int:
        process = await connection.create_process(self._command, env=self._env, encoding=None)
        process.stdin.write_eof()
        with ExitStack() as files:
            copies = [
                self._copy(process.stdout, LabelledLines(_STDOUT, name, self._line_bytes),
                           self._log(files, f"{name}.stdout")),
                self._copy(process.stderr, LabelledLines(_STDERR, name, self._line_bytes),
                           self._log(files, f"{name}.stderr")),
            ]  # fmt: skip
            await asyncio.gather(*copies)
        await process.wait_closed()
        status = process.exit_status
        return 1 if status is None else 255 if status < 0 else status

    async def _copy(
        self,
        reader: "asyncssh.SSHReader[bytes]",
        screen: LabelledLines,
        log: BinaryIO | None,
    ) -> None:
        while data := await reader.read(_READ_BYTES):
            screen.write(data)
            if log is not None:
                log.write(data)
        screen.close()

    def _log(self, files: ExitStack, name: str) -> BinaryIO | None:
        if self._folder is None:
            return None
        safe = name.replace("/", "_")
        return files.enter_context((self._folder / safe).open("wb"))

    def _report(self, ended: Sequence[Ended]) -> int:
        good = [one for one in ended if not one.status]
        bad = [one for one in ended if one.status]
        out = sys.stdout
        out.write("\n")
        out.writelines(f"[{one.name}] failed with exit code {one.status}\n" for one in bad)
        out.writelines(f"[{one.name}] success\n" for one in good)
        out.write(f"\n{len(good)} host(s) succeeded; {len(bad)} host(s) failed\n")
        out.flush()
        if self._folder is not None:
            for name, some in (("hosts.succeeded", good), ("hosts.failed", bad)):
                if some:
                    text = "".join(f"{one.name}\n" for one in some)
                    (self._folder / name).write_text(text, encoding="utf-8")
        if not bad:
            return 0
        fatal.show(f"{len(bad)} command(s) failed")
        return bad[-1].status


async def at_once(client: "ClusterClient", node: str, login: str) -> int:
    """How many nodes may be used at the same time: one after the other where each asks for MFA."""
    from teleterm.client.certs import ForNode, mfa_check

    auth = await client.auth()
    if await auth.is_mfa_required(mfa_check(ForNode(node=node, login=login))):
        return 1
    limits = [
        int(role.Spec.Options.MaxConnections)
        for role in await auth.current_roles()
        if role.Spec.Options.MaxConnections
    ]
    return min(MOST_AT_ONCE, max(min(limits) // 2, 1)) if limits else MOST_AT_ONCE
