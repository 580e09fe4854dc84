import pytest

from teleterm.model.errors import BadInput
from teleterm.osutil import deeplink


def test_takes_a_link_apart() -> None:
    link = deeplink.parse("teleport://alice@prod.example.com:3080/ssh/root@node1")
    assert (link.user, link.host, link.port) == ("alice", "prod.example.com", 3080)
    assert (link.page, link.target) == ("ssh", "root@node1")


def test_keys_of_a_page() -> None:
    link = deeplink.parse("teleport://prod.example.com/resources?kind=db&q=orders")
    assert link.port == 443
    assert link.values == (("kind", "db"), ("q", "orders"))


@pytest.mark.parametrize(
    "text",
    [
        "https://prod.example.com/",
        "teleport:///vnet",
        "teleport://prod.example.com/unknown",
        "teleport://prod.example.com/ssh/-oProxyCommand=x",
        "teleport://prod.example.com/ssh/a/b",
        "teleport://prod.example.com/resources?shell=1",
        "teleport://prod.example.com/vnet#x",
        "teleport://a:b@prod.example.com/vnet",
        "teleport://prod.example.com:99999/vnet",
        "teleport://prod.example.com/vnet\n",
        "teleport://-bad/vnet",
        "teleport://prod.example.com/" + "a" * 3000,
    ],
)
def test_refuses_everything_else(text: str) -> None:
    with pytest.raises(BadInput, match="Can't open this link"):
        deeplink.parse(text)
