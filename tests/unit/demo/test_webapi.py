"""The web API's answers, without a socket."""

import asyncio
import base64
import datetime
import json

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import ssh

from teleterm.demo import inventory, totp
from teleterm.demo.authorities import ClusterAuthorities
from teleterm.demo.factors import FactorDesk
from teleterm.demo.headless import HeadlessDesk
from teleterm.demo.http import Request
from teleterm.demo.issuing import Issuer
from teleterm.demo.locks import Locks
from teleterm.demo.webapi import WebApi, WebApiConfig
from teleterm.model.clock import ManualClock

START = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)
USER = inventory.DemoUser(password="right")
ROOT = inventory.root_member(ClusterAuthorities(inventory.ROOT, START), offline={})
SSH_KEY = ed25519.Ed25519PrivateKey.generate().public_key()
TLS_KEY = ec.generate_private_key(ec.SECP256R1()).public_key()


class Api:
    """A web API with its clock."""

    def __init__(self, settings: inventory.DemoSettings | None = None) -> None:
        self.clock = ManualClock(START)
        used = settings or inventory.DemoSettings()
        self._api = WebApi(
            WebApiConfig(
                proxy="localhost:3080",
                settings=used,
                users=(USER,),
                root=ROOT,
                issuer=Issuer(ROOT.authorities, (USER,), self.clock, used.session_ttl),
                factors=FactorDesk((USER,), self.clock),
                headless=HeadlessDesk(),
                locks=Locks(),
            )
        )

    def get(self, path: str) -> tuple[int, bytes]:
        response = asyncio.run(self._api.answer(Request(method="GET", path=path)))
        return response.status.value, response.body

    def post(self, path: str, body: object) -> tuple[int, dict[str, object]]:
        request = Request(
            method="POST", path=path, body=json.dumps(body).encode(), peer_host="127.0.0.1"
        )
        response = asyncio.run(self._api.answer(request))
        return response.status.value, json.loads(response.body)

    def code(self) -> str:
        return totp.code_at(USER.totp_secret, self.clock.now().timestamp())

    def finish(self, **changes: object) -> tuple[int, dict[str, object]]:
        body: dict[str, object] = {
            "user": "alice",
            "password": "right",
            "totp_code": self.code(),
            "ssh_pub_key": b64(
                SSH_KEY.public_bytes(
                    serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
                )
                + b"\n"
            ),
            "tls_pub_key": b64(
                TLS_KEY.public_bytes(
                    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
                )
            ),
            "ttl": 3600 * 10**9,
            "webauthn_challenge_response": None,
        }
        return self.post("/webapi/mfa/login/finish", body | changes)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def message(answer: dict[str, object]) -> str:
    error = answer["error"]
    assert isinstance(error, dict)
    return str(error["message"])


def test_ping_tells_what_discovery_needs() -> None:
    status, body = Api().get("/webapi/ping")
    found = json.loads(body)
    assert status == 200
    assert found["cluster_name"] == "demo.localhost"
    assert found["auth"]["default_session_ttl"] == "12h0m0s"
    assert found["auth"]["second_factor"] == "on"
    assert found["proxy"]["tls_routing_enabled"] is True
    assert found["proxy"]["ssh"]["public_addr"] == "localhost:3080"


@pytest.mark.parametrize(
    ("seconds", "text"), [(20, "20s"), (300, "5m0s"), (3600, "1h0m0s"), (5445, "1h30m45s")]
)
def test_the_session_time_is_spelled_as_durations_are(seconds: int, text: str) -> None:
    settings = inventory.DemoSettings(session_ttl=datetime.timedelta(seconds=seconds))
    found = json.loads(Api(settings).get("/webapi/ping")[1])
    assert found["auth"]["default_session_ttl"] == text


def test_connectors_by_name() -> None:
    status, body = Api().get("/webapi/ping/local")
    assert status == 200
    assert json.loads(body)["auth"]["default_session_ttl"] == "0s"
    status, body = Api().get("/webapi/ping/nope")
    assert status == 400
    assert "local" in message(json.loads(body))


def test_motd_config_and_page() -> None:
    api = Api(inventory.DemoSettings(motd="hello"))
    assert json.loads(api.get("/webapi/ping")[1])["auth"]["has_motd"] is True
    assert json.loads(api.get("/webapi/motd")[1]) == {"Text": "hello"}
    assert api.get("/web/config.js")[1].startswith(b"var GRV_CONFIG = {")
    assert b"demo" in api.get("/")[1]
    assert api.get("/webapi/nope")[0] == 404


def test_begin_checks_the_password() -> None:
    api = Api()
    path = "/webapi/mfa/login/begin"
    assert api.post(path, {"user": "alice", "pass": "right", "passwordless": False}) == (
        200,
        {"webauthn_challenge": None, "totp_challenge": True, "sso_challenge": None},
    )
    for user, password in [("alice", "wrong"), ("bob", "right"), ("", "")]:
        status, answer = api.post(path, {"user": user, "pass": password})
        assert (status, message(answer)) == (403, "invalid credentials")
    assert api.post(path, ["no", "object"])[0] == 400


def test_finish_gives_certificates_for_the_keys() -> None:
    api = Api()
    status, answer = api.finish()
    assert status == 200
    assert answer["username"] == "alice"
    certificate = x509.load_pem_x509_certificate(base64.b64decode(str(answer["tls_cert"])))
    assert certificate.public_key() == TLS_KEY
    assert certificate.not_valid_after_utc == START + datetime.timedelta(hours=1)
    line = ssh.load_ssh_public_identity(base64.b64decode(str(answer["cert"])))
    assert isinstance(line, ssh.SSHCertificate)
    assert line.public_key() == SSH_KEY
    signers = answer["host_signers"]
    assert isinstance(signers, list)
    assert [signer["domain_name"] for signer in signers] == ["demo.localhost"]


def test_a_session_is_no_longer_than_allowed() -> None:
    api = Api(inventory.DemoSettings(session_ttl=datetime.timedelta(minutes=5)))
    _, answer = api.finish()
    certificate = x509.load_pem_x509_certificate(base64.b64decode(str(answer["tls_cert"])))
    assert certificate.not_valid_after_utc == START + datetime.timedelta(minutes=5)


def test_finish_refuses_wrong_or_used_codes_and_passwords() -> None:
    api = Api()
    wrong = (403, "invalid username, password or second factor")
    for changes in ({"totp_code": "000000"}, {"password": "wrong"}, {"user": "bob"}):
        status, answer = api.finish(**changes)
        assert (status, message(answer)) == wrong
    assert api.finish()[0] == 200
    status, answer = api.finish()
    assert (status, message(answer)) == wrong
    api.clock.move(datetime.timedelta(seconds=30))
    assert api.finish()[0] == 200


def test_finish_needs_keys_it_can_read() -> None:
    api = Api()
    status, answer = api.finish(ssh_pub_key=None, tls_pub_key=None)
    assert (status, message(answer)) == (400, "'ssh_pub_key' or 'tls_pub_key' must be set")
    assert api.finish(ssh_pub_key=b64(b"nonsense"))[0] == 400
