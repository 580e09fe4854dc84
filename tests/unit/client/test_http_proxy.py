"""Which proxy is used, for whom, and what its answers mean."""

import pytest

from teleterm.client import http_proxy
from teleterm.client.http_proxy import HttpProxy
from teleterm.client.net import is_proxy_set
from teleterm.model.errors import ErrorCode, PeerBroke, Refused, Unreachable

PROXY = HttpProxy(host="proxy", port=8080)
ENVIRON = {
    "HTTPS_PROXY": "http://proxy:8080",
    "NO_PROXY": "example.com, .corp,10.0.0.1,192.168.0.0/16,fd00::/8,odd.example:444,*.star,"
    "2001:db8::1,[2001:db8::2]:80,bad/99,,:80",
}


@pytest.mark.parametrize(
    ("address", "proxied"),
    [
        ("teleport.sh:443", True),
        ("example.com:443", False),
        ("EXAMPLE.com:443", False),
        ("sub.example.com:443", False),
        ("notexample.com:443", True),
        ("a.corp:443", False),
        ("corp:443", True),
        ("a.star:443", False),
        ("star:443", True),
        ("10.0.0.1:443", False),
        ("10.0.0.2:443", True),
        ("192.168.7.9:3080", False),
        ("192.169.0.1:3080", True),
        ("[fd12::1]:443", False),
        ("[2001:db8::1]:443", False),
        ("[2001:db8:0::1]:443", False),
        ("[2001:db8::2]:80", False),
        ("[2001:db8::2]:443", True),
        ("odd.example:444", False),
        ("odd.example:443", True),
        ("localhost:443", False),
        ("127.0.0.1:443", False),
        ("127.8.9.1:443", False),
        ("[::1]:443", False),
    ],
)
def test_who_is_reached_through_a_proxy(address: str, *, proxied: bool) -> None:
    assert http_proxy.find(address, ENVIRON) == (PROXY if proxied else None)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"https_proxy": "proxy:8080"}, PROXY),
        ({"HTTPS_PROXY": "http://proxy"}, HttpProxy(host="proxy", port=80)),
        ({"HTTPS_PROXY": "https://proxy"}, HttpProxy(host="proxy", port=443, has_tls=True)),
        ({"HTTP_PROXY": "proxy:8080"}, PROXY),
        ({"HTTPS_PROXY": "proxy:8080", "HTTP_PROXY": "other"}, PROXY),
        ({"HTTPS_PROXY": "http://[::1]:8080"}, HttpProxy(host="::1", port=8080)),
        (
            {"HTTPS_PROXY": "http://al%40ce:p%3Aw@proxy:8080"},
            HttpProxy(host="proxy", port=8080, credentials="al@ce:p:w"),
        ),
        ({"HTTPS_PROXY": "proxy:8080", "no_proxy": "*"}, None),
        ({}, None),
    ],
)
def test_how_a_proxy_is_named(environ: dict[str, str], expected: HttpProxy | None) -> None:
    assert http_proxy.find("host:443", environ) == expected
    assert is_proxy_set(environ) == any("_PROXY" in name.upper() for name in environ)


@pytest.mark.parametrize("text", ["socks5://proxy:1080", "http://", "http://proxy:99999", "ftp:x"])
def test_other_proxies_are_refused_without_their_password(text: str) -> None:
    given = text.replace("://", "://me:secret@")
    with pytest.raises(Unreachable) as caught:
        http_proxy.find("host:443", {"HTTPS_PROXY": given})
    assert "only http:// and https://" in caught.value.message
    assert "secret" not in str(caught.value)


def test_what_a_proxy_answers() -> None:
    http_proxy.check_answer(b"HTTP/1.1 200 Connection established\r\nA: b", PROXY)
    with pytest.raises(PeerBroke, match="no answer that HTTP knows"):
        http_proxy.check_answer(b"", PROXY)
    with pytest.raises(Refused) as refused:
        http_proxy.check_answer(b"HTTP/1.1 407 Proxy Authentication Required", PROXY)
    assert refused.value.code is ErrorCode.DENIED
    assert refused.value.message == "The proxy proxy wants another user or password."
    with pytest.raises(Unreachable, match="it answered 403 Forbidden"):
        http_proxy.check_answer(b"HTTP/1.0 403 Forbidden", PROXY)
