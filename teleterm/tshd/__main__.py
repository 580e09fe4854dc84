"""Starts the daemon without the command line of tsh (for work on the daemon itself)."""

import argparse
import os
import sys
from pathlib import Path

from teleterm.tshd import daemon
from teleterm.tshd.options import DaemonOptions


def run() -> int:
    """Parse the flags of `tsh daemon start` and run the daemon."""
    parser = argparse.ArgumentParser(prog="python -m teleterm.tshd")
    for flag in (
        "addr", "certs-dir", "kubeconfigs-dir", "agents-dir", "installation-id", "prehog-addr",
    ):  # fmt: skip
        parser.add_argument(f"--{flag}", default="")
    for flag in ("insecure", "debug", "hardware-key-agent"):
        parser.add_argument(f"--{flag}", action="store_true")
    parser.add_argument("--add-keys-to-agent", default="auto")
    chosen = os.environ.get("TELEPORT_HOME", "")
    home = Path(chosen) if chosen else Path.home() / ".tsh"
    return daemon.main(DaemonOptions(home=home, **vars(parser.parse_args())))


if __name__ == "__main__":
    sys.exit(run())
