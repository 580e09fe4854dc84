"""Lines of known_hosts."""

import pytest

from teleterm.wire.known_hosts import AuthorityLine, decode, encode, is_superseded

KEY = "ssh-ed25519 AAAAC3Nza"
LINE = AuthorityLine(proxy_host="proxy.example.com", cluster="root", key=KEY)
TEXT = f"@cert-authority proxy.example.com,root,*.root {KEY} type=host"


def test_both_ways() -> None:
    assert encode(LINE) == TEXT
    assert decode(TEXT) == LINE


def test_a_comment_of_the_key_does_not_get_in() -> None:
    line = AuthorityLine(proxy_host="", cluster="root", key=f"{KEY} some comment\n")
    assert encode(line) == f"@cert-authority root,*.root {KEY} type=host"


@pytest.mark.parametrize(
    "text", ["", "# nothing", f"root {KEY}", "@cert-authority root", "@revoked a b c"]
)
def test_other_lines_say_nothing(text: str) -> None:
    assert decode(text) is None


@pytest.mark.parametrize(
    ("hosts", "proxy", "cluster"),
    [("root,*.root", "", "root"), ("*.root", "", "root"), ("p,root,*.root", "p", "root")],
)
def test_the_number_of_hosts_tells_what_they_are(hosts: str, proxy: str, cluster: str) -> None:
    found = decode(f"@cert-authority {hosts} {KEY} type=host")
    assert found == AuthorityLine(proxy_host=proxy, cluster=cluster, key=KEY)


def test_only_the_oldest_form_with_the_same_key_is_superseded() -> None:
    assert is_superseded(f"root {KEY}", [LINE])
    assert not is_superseded("root ssh-ed25519 AAAAother", [LINE])
    assert not is_superseded(f"other {KEY}", [LINE])
    assert not is_superseded(TEXT, [LINE])
