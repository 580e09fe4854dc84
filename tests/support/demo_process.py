"""Start the demo as a person does, and read what it says once it is ready."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

READY_S = 60.0
STOP_S = 20.0
ROOT = Path(__file__).resolve().parents[2]


class DemoNode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A node as the ready line names it."""

    cluster: str
    hostname: str
    logins: list[str]


class DemoPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A user as the ready line names it."""

    name: str
    password: str
    totp_secret: str


class DemoDatabase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A database as the ready line names it."""

    cluster: str
    name: str
    protocol: str
    online: bool
    users: list[str]
    names: list[str]


class Ready(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The one line on standard output."""

    proxy: str
    root: str
    leaf: str
    user: str
    password: str
    totp_secret: str
    users: list[DemoPerson]
    ca_file: str
    nodes: list[DemoNode]
    databases: list[DemoDatabase]

    def as_user(self, name: str) -> "Ready":
        """The same demo, with another user to log in as."""
        (found,) = [one for one in self.users if one.name == name]
        return msgspec.structs.replace(
            self, user=found.name, password=found.password, totp_secret=found.totp_secret
        )

    @property
    def port(self) -> int:
        """The one port."""
        return int(self.proxy.rpartition(":")[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningDemo:
    """The process and what it said."""

    process: subprocess.Popen[bytes]
    ready: Ready

    def tell(self, command: str) -> None:
        """Have it make a fault (see `teleterm.demo.command`), and wait until it has."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{command}\n".encode())
        self.process.stdin.flush()
        assert self.process.stdout.readline() == f"{command}: done\n".encode()


@contextlib.contextmanager
def running_demo(*arguments: str) -> Iterator[RunningDemo]:
    """Run `tsh demo start` in a process of its own until the block ends."""
    argv = [sys.executable, "-m", "teleterm.tsh", "demo", "start", "--format", "json", *arguments]
    process = subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, f"the demo ended with {process.wait(STOP_S)} before it was ready"
            yield RunningDemo(process=process, ready=msgspec.json.decode(line, type=Ready))
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
