"""`run`: a program in a pty, with the engine for its terminal."""

from __future__ import annotations

import argparse
import os
import select
import shutil
import sys
from pathlib import Path

from teleterm.terminal.cli.feed import line_limit, size_in_cells
from teleterm.terminal.dump import json_of_screen, text_of_screen
from teleterm.terminal.engine import Engine
from teleterm.terminal.events import ResizeAsked

_READ_BYTES = 65_536


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the flags."""
    parser.add_argument("--cols", type=size_in_cells, default=80)
    parser.add_argument("--rows", type=size_in_cells, default=24)
    parser.add_argument("--scrollback", type=line_limit, default=10_000)
    parser.add_argument("--dump", choices=("text", "json"), default="text")
    parser.add_argument("program", nargs=argparse.REMAINDER, metavar="-- CMD")


def main(options: argparse.Namespace) -> int:
    """Run the program to its end, print the screen; gives the program's exit status."""
    program = options.program[1:] if options.program[:1] == ["--"] else options.program
    if not program:
        sys.stderr.write("Say what to run, after --.\n")
        return 2
    engine = Engine(
        options.cols,
        options.rows,
        scrollback=options.scrollback,
        replies_window_ops=True,
        answers_checksums=True,
    )
    return _run(program, engine, options.dump)


def _print(engine: Engine, dump: str) -> None:
    shown = text_of_screen(engine) if dump == "text" else json_of_screen(engine) + "\n"
    sys.stdout.buffer.write(shown.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


if sys.platform == "win32":

    def _run(_program: list[str], _engine: Engine, _dump: str) -> int:
        sys.stderr.write("Running programs needs a pty, which this system's Python hasn't.\n")
        return 2

else:
    from ptyprocess import PtyProcess, PtyProcessError

    def _run(program: list[str], engine: Engine, dump: str) -> int:
        path = shutil.which(program[0])
        if path is None:
            return _refuse(program[0])
        environment = dict(os.environ, TERM="xterm-256color", COLORTERM="truecolor")
        for name in ("COLUMNS", "LINES"):
            environment.pop(name, None)
        try:
            child = PtyProcess.spawn(
                program, env=environment, dimensions=(engine.rows, engine.cols)
            )
        except (OSError, ValueError, PtyProcessError) as error:
            sys.stderr.write(f'Can\'t run "{program[0]}": {error}.\n')
            return 126
        status = _drive(child, engine)
        _print(engine, dump)
        return status

    def _refuse(name: str) -> int:
        """Say why there is nothing to run, with the status that a shell gives."""
        if Path(name).exists() and os.sep in name:
            sys.stderr.write(f"Can't run \"{name}\": this file isn't a program.\n")
            return 126
        sys.stderr.write(f'Can\'t run "{name}": there is no such program.\n')
        return 127

    def _drive(child: PtyProcess, engine: Engine) -> int:
        """Pass bytes both ways until the program has ended; gives its exit status."""
        descriptor = child.fd
        os.set_blocking(descriptor, False)
        waiting = b""
        while True:
            readable, writable, _ = select.select(
                [descriptor], [descriptor] if waiting else [], [], None
            )
            if writable:
                waiting = waiting[_write(descriptor, waiting) :]
            if not readable:
                continue
            data = _read(descriptor)
            if not data:
                break
            engine.feed(data)
            waiting += engine.take_replies()
            for event in engine.take_events():
                if isinstance(event, ResizeAsked):
                    child.setwinsize(event.rows, event.cols)
            waiting = waiting[_write(descriptor, waiting) :] if waiting else b""
        child.wait()
        if child.signalstatus is not None:
            return 128 + int(child.signalstatus)
        return int(child.exitstatus or 0)

    def _read(descriptor: int) -> bytes:
        """Read what there is, up to 64 KiB: the kernel hands a pty out in small pieces."""
        parts: list[bytes] = []
        length = 0
        while length < _READ_BYTES:
            try:
                part = os.read(descriptor, _READ_BYTES)
            except BlockingIOError:
                break
            except OSError:
                part = b""
            if not part:
                break
            parts.append(part)
            length += len(part)
        return b"".join(parts)

    def _write(descriptor: int, data: bytes) -> int:
        try:
            return os.write(descriptor, data[:4096])
        except OSError:
            return 0
