"""The demo's web API and its one port, seen with httpx and ssl."""

import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from tests.support.demo_process import Ready, running_demo
from tests.support.login import code
from tests.support.raw_client import (
    SSH_GRPC,
    Login,
    client_context,
    connect,
    encoded,
    finish_body,
    web,
)

pytestmark = pytest.mark.slow


def test_discovery(demo: Ready) -> None:
    with web(demo) as client:
        ping = client.get("/webapi/ping").raise_for_status().json()
        assert ping["cluster_name"] == demo.root
        assert ping["server_version"] == "18.3.0"
        assert ping["proxy"]["ssh"]["public_addr"] == demo.proxy
        assert client.get("/webapi/find").json()["cluster_name"] == demo.root
        assert client.get("/webapi/ping/nope").status_code == 400
        assert client.get("/webapi/nope").json()["error"]["message"]
        page = client.get("/")
        assert "demo" in page.text
        assert page.headers["content-type"].startswith("text/html")


def test_wrong_passwords_and_codes_are_told_apart_as_real_clusters_do(demo: Ready) -> None:
    keys = (ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1()))
    with web(demo) as client:
        begun = client.post("/webapi/mfa/login/begin", json={"user": demo.user, "pass": "wrong"})
        assert begun.status_code == 403
        assert begun.json() == {"error": {"message": "invalid credentials"}}
        body = finish_body(demo, "000000", *keys)
        finished = client.post("/webapi/mfa/login/finish", json=body)
        assert finished.status_code == 403
        message = "invalid username, password or second factor"
        assert finished.json()["error"]["message"] == message


def test_a_code_works_once() -> None:
    keys = (ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1()))
    with running_demo("--no-postgres") as running, web(running.ready) as client:
        body = finish_body(running.ready, code(running.ready.totp_secret), *keys)
        assert client.post("/webapi/mfa/login/finish", json=body).status_code == 200
        assert client.post("/webapi/mfa/login/finish", json=body).status_code == 403
        found = running.ready.databases
        assert {one.online for one in found if one.protocol == "postgres"} == {False}


def test_login_gives_what_clients_keep(demo_login: Login) -> None:
    assert demo_login.answer.username == demo_login.ready.user
    (signer,) = demo_login.answer.host_signers
    assert signer.domain_name == demo_login.ready.root
    assert signer.checking_keys[0].startswith(b"ssh-ed25519 ")
    assert demo_login.answer.cert.startswith(b"ssh-ed25519-cert-v01@openssh.com ")
    certificate = x509.load_pem_x509_certificate(demo_login.answer.tls_cert)
    (issuer,) = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert issuer.value == demo_login.ready.root


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ([], None),
        (["http/1.1"], "http/1.1"),
        (["h2", "http/1.1"], "http/1.1"),
        (["teleport-reversetunnel"], "teleport-reversetunnel"),
        (["teleport-postgres"], "teleport-postgres"),
        (["teleport-postgres-ping", "teleport-postgres"], "teleport-postgres-ping"),
    ],
)
def test_the_web_certificate_answers_to(
    demo: Ready, offered: list[str], chosen: str | None
) -> None:
    context = ssl.create_default_context(cafile=demo.ca_file)
    if offered:
        context.set_alpn_protocols(offered)
    with connect(demo, context, "localhost") as connection:
        assert connection.selected_alpn_protocol() == chosen


@pytest.mark.parametrize("first", [SSH_GRPC, "teleport-auth@{root}", "teleport-auth@{leaf}"])
def test_inner_services_show_their_clusters_certificate(
    demo: Ready, demo_login: Login, first: str
) -> None:
    protocol = first.format(root=encoded(demo.root), leaf=encoded(demo.leaf))
    context = client_context(
        [protocol, "h2"],
        demo_login.host_authority,
        demo_login.answer.tls_cert,
        demo_login.tls_key,
    )
    if "leaf" in first:
        with pytest.raises(ssl.SSLCertVerificationError):
            connect(demo, context, encoded(demo.root))
    else:
        with connect(demo, context, encoded(demo.root)) as connection:
            assert connection.selected_alpn_protocol() == "h2"


@pytest.mark.parametrize("offered", [["nope"], ["teleport-auth@6e6f7065.teleport.cluster.local"]])
def test_unknown_protocols_get_no_answer(demo: Ready, offered: list[str]) -> None:
    context = ssl.create_default_context(cafile=demo.ca_file)
    context.set_alpn_protocols(offered)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        connect(demo, context, "localhost")
