import pytest

from teleterm.main.outside import checked_url
from teleterm.model.errors import BadInput

HOSTS = frozenset({"goteleport.com", "prod.example.com"})


@pytest.mark.parametrize(
    "url",
    [
        "https://goteleport.com/docs/",
        "https://prod.example.com:3080/web",
        "https://grafana.prod.example.com/",
    ],
)
def test_pages_of_ours_and_of_clusters_open(url: str) -> None:
    assert checked_url(url, HOSTS) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://prod.example.com/",
        "https://evil.example/",
        "https://prod.example.com.evil.example/",
        "https://notprod.example.com/",
        "https://prod.example.com@evil.example/",
        "https://a@prod.example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://prod.example.com/\n",
        "https://[::1",
        "",
        "https://prod.example.com/" + "a" * 3000,
    ],
)
def test_nothing_else_does(url: str) -> None:
    with pytest.raises(BadInput):
        checked_url(url, HOSTS)
