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
