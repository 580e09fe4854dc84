"""`teleterm --demo`: the window on a cluster that lives on this computer for as long as it runs."""

import asyncio
import contextlib
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from teleterm.model import totp
from teleterm.model.errors import TeletermError, Unreachable
from teleterm.osutil import env, procs

if TYPE_CHECKING:
    from teleterm.main.logins import Logins
    from teleterm.tshdclient.client import TerminalClient
    from teleterm.tshdclient.records import MfaQuestion

START_TIMEOUT_S = 60.0
STOP_GRACE_S = 10.0


class DemoNode(msgspec.Struct, frozen=True):
    """A node of the demo."""

    cluster: str
    hostname: str
    logins: list[str] = []


class DemoDatabase(msgspec.Struct, frozen=True):
    """A database of the demo."""

    name: str
    online: bool = False
    users: list[str] = []
    names: list[str] = []


class DemoFacts(msgspec.Struct, frozen=True):
    """The line that a demo cluster prints once it is ready (architecture.md 6)."""

    proxy: str
    root: str
    user: str
    password: str
    totp_secret: str
    ca_file: str
    leaf: str = ""
    nodes: list[DemoNode] = []
    databases: list[DemoDatabase] = []


class Demo:
    """One demo cluster, a child of ours: it ends when its standard input does."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "demo.log"
        with self._log.open("ab") as log:
            self._process = procs.spawn(
                procs.tsh_argv("demo", "start", "--format", "json"),
                env=env.role_env() | {"TMPDIR": str(folder)},
                stdin=procs.PIPE,
                stdout=procs.PIPE,
                stderr=log,
                start_new_session=True,
            )
        self._facts: DemoFacts | None = None
        self._has_logged_in = False

    @property
    def ca_file(self) -> str:
        """The authority of the demo's web address."""
        return self._facts.ca_file if self._facts else ""

    @property
    def facts(self) -> DemoFacts:
        """What it is; only after `wait`."""
        assert self._facts is not None  # noqa: S101 - the caller waited
        return self._facts

    def wait(self) -> DemoFacts:
        """Wait until it is ready.

        Blocks: START_TIMEOUT_S at most.
        Raises: Unreachable when it ends or says nothing.
        """
        assert self._process.stdout is not None  # noqa: S101 - it was made with a pipe
        line = procs.read_line(self._process, timeout_s=START_TIMEOUT_S)
        try:
            self._facts = msgspec.json.decode(line, type=DemoFacts)
        except msgspec.DecodeError as error:
            raise Unreachable(
                "The demo cluster didn't start.",
                details=f"{error}\n{self._log.read_text('utf-8', 'replace')[-2000:]}",
            ) from None
        return self._facts

    async def start(self) -> None:
        """Wait until it is ready, and say on the terminal how to log in by hand.

        Raises: Unreachable.
        """
        await asyncio.to_thread(self.wait)
        sys.stdout.write(how_to(self.facts))
        sys.stdout.flush()

    async def log_in(self, client: "TerminalClient", logins: "Logins") -> None:
        """Add the cluster and log in, once; the code is computed here."""
        facts = self.facts
        if not self._has_logged_in:
            added = await client.add_cluster(facts.proxy)
            await logins.log_in(added.uri, facts.user, facts.password)
            self._has_logged_in = True

    def code(self, question: "MfaQuestion") -> str:
        """The code for the program's own first login; later ones are asked as anywhere else."""
        if self._has_logged_in or not question.has_code or self._facts is None:
            return ""
        return totp.code_at(self._facts.totp_secret, time.time())

    def stop(self) -> None:
        """End it; it removes its own folder."""
        if self._process.stdin:
            self._process.stdin.close()
        with contextlib.suppress(TeletermError):
            procs.wait_or_end(self._process, grace_s=STOP_GRACE_S)
        if self._process.stdout:
            self._process.stdout.close()


def how_to(facts: DemoFacts) -> str:
    """How to log in to the demo by hand."""
    nodes = ", ".join(f"{node.hostname} ({node.cluster})" for node in facts.nodes)
    return (
        "\nA demo cluster runs on this computer, and only for it.\n"
        f"  address    {facts.proxy}\n"
        f"  user       {facts.user}\n"
        f"  password   {facts.password}\n"
        f"  setup key  {facts.totp_secret}   (for an authenticator app)\n"
        f"  nodes      {nodes}\n"
        "Log in by hand in another terminal:\n"
        f"  SSL_CERT_FILE={facts.ca_file} {_tsh_here()} login"
        f" --proxy={facts.proxy} --user={facts.user}\n\n"
    )


def live_database(facts: DemoFacts) -> DemoDatabase | None:
    """A database of the demo that answers."""
    return next((one for one in facts.databases if one.online), None)


def _tsh_here() -> str:
    """What to type for our tsh: its name where that is found, else its place."""
    beside = Path(sys.executable).with_name("tsh")
    return "tsh" if shutil.which("tsh") or not beside.exists() else str(beside)
