"""A pty host in a process of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

from teleterm.bridge import pty_client, pty_contract
from teleterm.model.errors import Unreachable
from tests.support.pty_window import PtyWindow

REPOSITORY = Path(__file__).parents[2]


class RunningHost:
    """A host in a folder of its own."""

    def __init__(self, folder: Path, *, linger_s: float = 60.0) -> None:
        self.folder = folder
        arguments = ["--run-folder", str(folder), "--linger", str(linger_s)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "teleterm", "--role", "ptyhost", *arguments], cwd=REPOSITORY
        )
        self.client = self.connect()

    def connect(self) -> pty_client.PtyClient:
        """Connect as soon as it listens."""
        ends_at = time.monotonic() + 20
        while True:
            try:
                return pty_client.connect(self.folder / pty_contract.SOCKET_NAME)
            except Unreachable:
                if time.monotonic() > ends_at or self.process.poll() is not None:
                    raise

    def shell(
        self, *argv: str, cols: int = 80, rows: int = 24, home: Path = Path("/")
    ) -> tuple[str, PtyWindow, int]:
        """Start a program; give the terminal, a window on it and the program's pid."""
        opened = self.client.open(
            pty_contract.Open(
                argv=argv or ("/bin/sh",),
                env={
                    "PATH": os.environ["PATH"],
                    "TERM": "xterm-256color",
                    "PS1": "$ ",
                    "HOME": str(home),
                },
                cwd="/",
                cols=cols,
                rows=rows,
                scrollback=1000,
                meta="m",
            )
        )
        window = PtyWindow(self.client.attach(opened.terminal_id))
        return opened.terminal_id, window, opened.pid
