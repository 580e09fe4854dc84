"""The address of a cluster out of whatever a person typed or pasted."""

import re
import shlex

from teleterm.model import port as ports
from teleterm.model.errors import BadInput

_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])\Z")


def parse(text: str) -> str:
    """`host` or `host:port`, out of those, a web address, or a pasted `tsh login` line.

    Raises: BadInput (field `address`) with what is wrong.
    """
    given = text.strip()
    if not given:
        raise _wrong("Enter the address of a cluster.", text)
    if given.startswith(("tsh ", "$ tsh ")):
        given = _from_command(given.removeprefix("$ "))
    scheme, separator, rest = given.partition("://")
    if separator:
        if scheme not in {"https", "teleport"}:
            raise _wrong(f"A cluster's address starts with https, not with {scheme}.", text)
        given = rest
        given = given.split("/")[0].split("?")[0].split("#")[0].rpartition("@")[2]
    given = given.rstrip("/")
    if re.search(r"\s", given):
        raise _wrong("An address holds no spaces.", text)
    if "/" in given:
        given = given.split("/")[0]
    return _checked(given, text)


def _checked(given: str, text: str) -> str:
    host, port = given, ""
    if given.startswith("["):
        host, _, tail = given.partition("]")
        host, port = f"{host}]", tail.removeprefix(":")
    elif ":" in given:
        host, _, port = given.partition(":")
        if not port:
            raise _wrong("The port after the colon is missing.", text)
    if port and not ports.read(port):
        raise _wrong(f'"{port}" is not a port. Ports are numbers from 1 to 65535.', text)
    if not _HOST.match(host) or ".." in host:
        raise _wrong(f'"{host}" is not the name of a host.', text)
    return f"{host.lower()}:{int(port)}" if port else host.lower()


def _from_command(line: str) -> str:
    """The proxy of a pasted command line."""
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    for index, word in enumerate(words):
        if word.startswith("--proxy="):
            return word.removeprefix("--proxy=")
        if word == "--proxy" and index + 1 < len(words):
            return words[index + 1]
    raise _wrong("This command names no cluster: --proxy is missing.", line)


def _wrong(message: str, text: str) -> BadInput:
    return BadInput(message, field="address", value=text[:200])
