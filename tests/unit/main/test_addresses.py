import pytest

from teleterm.main import addresses
from teleterm.model.errors import BadInput


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("teleport.example.com", "teleport.example.com"),
        ("  Teleport.Example.com:3080 ", "teleport.example.com:3080"),
        ("https://teleport.example.com/web/login?x=1", "teleport.example.com"),
        ("https://teleport.example.com:443", "teleport.example.com:443"),
        ("tsh login --proxy=prod.example.com:443 --user alice", "prod.example.com:443"),
        ("$ tsh login --user=alice --proxy prod.example.com", "prod.example.com"),
        ("teleport://alice@prod.example.com/ssh/x", "prod.example.com"),
        ("127.0.0.1:3080", "127.0.0.1:3080"),
        ("[::1]:3080", "[::1]:3080"),
        ("localhost/", "localhost"),
    ],
)
def test_whatever_a_person_pastes(typed: str, address: str) -> None:
    assert addresses.parse(typed) == address


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter the address"),
        ("two words", "no spaces"),
        ("http://prod.example.com", "not with http"),
        ("prod.example.com:", "port after the colon is missing"),
        ("prod.example.com:99999", "is not a port"),
        ("prod.example.com:ssh", "is not a port"),
        ("-prod", "not the name of a host"),
        ("a..b", "not the name of a host"),
        ("tsh login --user=alice", "--proxy is missing"),
    ],
)
def test_says_what_is_wrong(typed: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        addresses.parse(typed)
    assert caught.value.field == "address"
