"""The command line of `teleterm`, taken apart by hand: argparse would cost ten milliseconds."""

from dataclasses import dataclass, replace
from typing import Literal

from teleterm.model.errors import BadInput

USAGE = """usage: teleterm [--demo] [ssh user@host | teleport://...]
       teleterm --status | --self-test | --link | --unlink | --update | --version | --help
       teleterm --desktop | --handle-links | uninstall [--purge]

Without arguments the window opens. A second start brings the first window forward.

  --demo        open the window on a demo cluster that runs on this computer
  --status      print clusters, logins and local proxies
  --self-test   check that this installation is whole
  --link        make `tsh` and `teleterm` available in other terminals
  --unlink      take these links away again
  --desktop     add teleterm to the desktop's menu; --handle-links: open teleport:// links as well
  --update      look for an update now; --update-now: restart into it as well
  uninstall     remove what was installed; with --purge profiles, settings and state as well
"""

Action = Literal[
    "window", "demo", "status", "link", "unlink", "version", "help",
    "desktop", "handle-links", "update", "update-now", "uninstall", "purge",
]  # fmt: skip

_ACTIONS: dict[str, Action] = {
    "--demo": "demo",
    "--status": "status",
    "--link": "link",
    "--unlink": "unlink",
    "--desktop": "desktop",
    "--handle-links": "handle-links",
    "--update": "update",
    "--update-now": "update-now",
    "uninstall": "uninstall",
    "--purge": "purge",
    "--version": "version",
    "version": "version",
    "--help": "help",
    "-h": "help",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What the person asked for; `line` is what the window shall offer to open, if anything."""

    action: Action = "window"
    line: str = ""
    lock_fd: int = -1


def parse(argv: list[str]) -> Arguments:
    """Take the command line apart.

    Raises: BadInput naming the first argument that isn't known.
    """
    arguments = Arguments()
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        if word == "--purge" and arguments.action != "uninstall":
            raise BadInput("--purge belongs to uninstall.", field="argv", value=word)
        if word in _ACTIONS:
            arguments = replace(arguments, action=_ACTIONS[word])
        elif word == "--lock-fd" and rest and rest[0].isdigit():
            arguments = replace(arguments, lock_fd=int(rest.pop(0)))
        else:
            return replace(arguments, line=_line(word, rest))
    return arguments


def _line(word: str, rest: list[str]) -> str:
    """The line to open: `ssh user@host`, or a link."""
    if word == "ssh" and len(rest) == 1 and not rest[0].startswith("-"):
        return f"ssh {rest[0]}"
    if word == "ssh":
        raise BadInput('Say "teleterm ssh user@host", and nothing else.', field="argv", value=word)
    if word == "link" and len(rest) == 1:
        word, rest = rest[0], []
    if word.startswith("teleport://") and not rest:
        from teleterm.osutil import deeplink

        deeplink.parse(word)
        return word
    raise BadInput(f'Unknown argument "{word}". See teleterm --help.', field="argv", value=word)
