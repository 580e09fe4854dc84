"""Requests and replies of a login."""

import base64

import pytest

from teleterm.client.keygen import UserKeys
from teleterm.client.login_messages import finish_body, login_error, parse_challenge, parse_reply
from teleterm.client.prompts import (
    MfaAnswer,
    SsoAnswer,
    TotpAnswer,
    WebauthnAnswer,
    WebauthnDescriptor,
)
from teleterm.model.errors import BadInput, ErrorCode, PeerBroke, Refused
from teleterm.model.secret import Secret

KEYS = UserKeys(
    ssh_private=Secret(b"p"),
    ssh_public="ssh-ed25519 AAAA\n",
    tls_private=Secret(b"q"),
    tls_public=b"PEM",
)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _body(answer: MfaAnswer | None) -> dict[str, object]:
    return finish_body(
        user="alice",
        password=Secret("pw"),
        answer=answer,
        keys=KEYS,
        cluster="",
        ttl_ns=60_000_000_000,
    )


def test_password_alone() -> None:
    assert _body(None) == {
        "user": "alice",
        "password": "pw",
        "webauthn_challenge_response": None,
        "totp_code": "",
        "RouteToCluster": "",
        "KubernetesCluster": "",
        "ssh_pub_key": _b64(b"ssh-ed25519 AAAA\n"),
        "tls_pub_key": _b64(b"PEM"),
        "ttl": 60_000_000_000,
    }


def test_with_a_code() -> None:
    assert _body(TotpAnswer(code=Secret("123456")))["totp_code"] == "123456"


def test_with_a_security_key_bytes_go_out_in_the_url_form() -> None:
    answer = WebauthnAnswer(
        credential_id=b"\xff\xfe",
        client_data_json=b"{}",
        authenticator_data=b"\xfb",
        signature=b"s",
    )
    assert _body(answer)["webauthn_challenge_response"] == {
        "id": "__4",
        "type": "public-key",
        "rawId": "__4",
        "response": {"clientDataJSON": "e30", "authenticatorData": "-w", "signature": "cw"},
        "extensions": {"appid": False},
    }


def test_a_browser_confirms_no_login() -> None:
    with pytest.raises(BadInput):
        _body(SsoAnswer(request_id="x", token=Secret("y")))


def test_challenges() -> None:
    nothing = {"webauthn_challenge": None, "totp_challenge": False}
    assert parse_challenge(nothing, cluster="root", web_addr="h:1") is None
    both = {
        "totp_challenge": True,
        "webauthn_challenge": {
            "publicKey": {
                "challenge": _b64(b"\xff" * 32),
                "rpId": "example.com",
                "timeout": 60000,
                "allowCredentials": [{"type": "public-key", "id": _b64(b"\xfe\xff")}],
                "userVerification": "preferred",
                "extensions": {"appid": "https://example.com"},
            }
        },
    }
    found = parse_challenge(both, cluster="root", web_addr="example.com:443")
    assert found is not None
    assert found.totp
    key = found.webauthn
    assert key is not None
    assert key.challenge == b"\xff" * 32
    assert key.allow == (WebauthnDescriptor(type="public-key", ident=b"\xfe\xff"),)
    assert key.origin == "https://example.com:443"
    assert (key.timeout_ms, key.user_verification) == (60000, "preferred")
    assert key.app_id == "https://example.com"


REPLY: dict[str, object] = {
    "username": "alice",
    "cert": _b64(b"ssh line"),
    "tls_cert": _b64(b"PEM"),
    "host_signers": [
        {
            "domain_name": "root",
            "checking_keys": [_b64(b"ssh-ed25519 A\n")],
            "tls_certs": [_b64(b"CA")],
        }
    ],
}


def test_reply() -> None:
    found = parse_reply(REPLY)
    assert (found.username, found.ssh_certificate) == ("alice", "ssh line")
    assert found.tls_certificate == b"PEM"
    assert found.authorities[0].name == "root"
    assert found.authorities[0].ssh_keys == ("ssh-ed25519 A",)
    assert found.authorities[0].tls_pems == (b"CA",)


@pytest.mark.parametrize("missing", ["username", "cert", "tls_cert", "host_signers"])
def test_replies_without_a_part_are_refused(missing: str) -> None:
    with pytest.raises(PeerBroke):
        parse_reply({key: value for key, value in REPLY.items() if key != missing})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("invalid credentials", ErrorCode.WRONG_CREDENTIALS),
        ("invalid username, password or second factor", ErrorCode.WRONG_CREDENTIALS),
        ("too many incorrect attempts, please try again later", ErrorCode.LOCKED_OUT),
        ("private key policy not met: hardware_key", ErrorCode.DENIED),
        ("local auth disabled", ErrorCode.DENIED),
    ],
)
def test_refusals(text: str, code: ErrorCode) -> None:
    error = login_error(Refused(text, details=f"HTTP 403: {text}"), with_code=True)
    assert error.code is code
