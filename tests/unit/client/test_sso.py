"""The sealed answer of a login by browser. The listener: tests/conformance/test_sso.py."""

import json

import pytest

from teleterm.client.sso import unseal
from teleterm.demo.sso import seal
from teleterm.model.errors import PeerBroke

KEY = bytes(range(32))


def test_opens_what_was_sealed_for_it() -> None:
    assert unseal(KEY, seal(KEY, {"username": "alice"})) == {"username": "alice"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        json.dumps({"ciphertext": "AAAA", "nonce": ""}),
        json.dumps({"ciphertext": 1, "nonce": 2}),
        seal(bytes(32), {"username": "mallory"}),
    ],
    ids=["nothing", "list", "empty", "no nonce", "numbers", "another key"],
)
def test_refuses_everything_else(text: str) -> None:
    with pytest.raises(PeerBroke):
        unseal(KEY, text)
