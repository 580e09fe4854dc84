"""Places of `tsh scp`."""

import pytest

from teleterm.model.errors import BadInput
from teleterm.tsh.commands import scp
from teleterm.tsh.commands.scp import Place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("file", Place(path="file")),
        ("./a:b", Place(path="./a:b")),
        ("/a/b", Place(path="/a/b")),
        ("C:\\x", Place(path="C:\\x")),
        ("host:", Place(host="host", path=".")),
        ("host:/a", Place(host="host", path="/a")),
        ("bob@host:a b", Place(host="bob@host", path="a b")),
        ("bob@[::1]:/a", Place(host="bob@::1", path="/a")),
    ],
)
def test_places(text: str, expected: Place) -> None:
    assert scp.parse(text) == expected


def test_one_side_is_here() -> None:
    here, there = Place(path="a"), Place(host="h", path="b")
    scp.check([here], there)
    scp.check([there], here)
    for sources, destination in (([here], here), ([there], there), ([here, there], here)):
        with pytest.raises(BadInput):
            scp.check(sources, destination)
