import pytest

from teleterm.ui.documents import endings

GONE = "node1 is not connected to prod right now."
DENIED = "prod does not let you log in to node1 as root."


@pytest.mark.parametrize(
    ("screen", "words"),
    [
        (
            "ERROR: failed connecting to host node1: target host node1 is offline or does not"
            " exist\n\n",
            GONE,
        ),
        ("ERROR: failed connecting to host node1: it is offline or does no\nt exist", GONE),
        ("ERROR: access denied to root connecting to node1", DENIED),
        ("$ exit 3\nERROR: Process exited with status 3", ""),
        ("node1 is offline or does not exist", ""),
        ("ERROR: offline or does not exist\nERROR: Process exited with status 1", ""),
        ("", ""),
    ],
)
def test_the_last_error_decides(screen: str, words: str) -> None:
    assert endings.reason(screen, host="node1", login="root", cluster="prod") == words


@pytest.mark.parametrize(
    ("screen", "lost"),
    [
        ("$ \nERROR: wait: remote command exited without exit status or exit signal\n", True),
        ("ERROR: wait: remote command exited without exit sta\ntus or exit signal", True),
        ("ERROR: node1 closed the connection. Try again.", True),
        ("ERROR: Could not reach prod:443: nothing answered within 10 s.", True),
        ("$ exit 3\nERROR: Process exited with status 3", False),
        ("ERROR: access denied to root connecting to node1", False),
        ("connection reset\nERROR: Process exited with status 255", False),
        ("", False),
    ],
)
def test_lost_and_ended_are_told_apart(screen: str, lost: bool) -> None:
    assert endings.is_lost(screen) is lost
