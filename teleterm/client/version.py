"""The release of Teleport whose protocols this client speaks, and how releases compare."""

import re

CLIENT_VERSION = "18.3.0"
_PARTS = re.compile(r"^v?(\d+)\.(\d+)\.(\d+)(?:-(.+))?$")


def key(version: str) -> tuple[int, int, int, str]:
    """A value that sorts as releases do: `18.0.0-rc.1` comes before `18.0.0`.

    A text that is no version sorts first.
    """
    match = _PARTS.match(version)
    if match is None:
        return (0, 0, 0, "")
    return (int(match[1]), int(match[2]), int(match[3]), match[4] or "~")


def warning(server: str, oldest_client: str, cluster: str, ours: str = CLIENT_VERSION) -> str:
    """What to tell the user about the two releases; empty when they fit.

    Source: cluster-login.md 1.5: too old for the server, or a newer major than the server's.
    """
    if oldest_client and key(ours) < key(oldest_client):
        return (
            f"{cluster} runs {server} and asks for tsh {oldest_client.removesuffix('-aa')} or "
            f"newer, this is {ours}. Some things may not work."
        )
    if server and key(ours)[0] > key(server)[0] > 0:
        return f"{cluster} runs {server}, this tsh is {ours}. Some things may not work."
    return ""
