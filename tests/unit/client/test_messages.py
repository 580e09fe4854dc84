"""Certificate requests, second factors and gRPC errors as messages and back."""

from datetime import UTC, datetime

import grpc
import pytest

from teleterm.client import certs, grpc_errors, mfa
from teleterm.client.identity import AppRoute, DatabaseRoute
from teleterm.client.prompts import SsoAnswer, TotpAnswer, WebauthnAnswer
from teleterm.model.errors import (
    BadInput,
    ErrorCode,
    PeerBroke,
    Refused,
    TeletermError,
    Unreachable,
)
from teleterm.model.secret import Secret
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.webauthn import webauthn_pb2 as webauthn

END = datetime(2030, 1, 1, tzinfo=UTC)
DATABASE = certs.ForDatabase(
    route=DatabaseRoute(service="pg", protocol="postgres", username="alice", database="shop")
)
APP = certs.ForApp(route=AppRoute(name="grafana", public_addr="g.example.com", cluster="root"))
KUBE = certs.ForKube(name="dev")
DESKTOP = certs.ForDesktop(name="win", login="admin")
NODE = certs.ForNode(node="node1", login="root")
Request = auth.UserCertsRequest


@pytest.mark.parametrize(
    ("purpose", "usage", "target"),
    [
        (DATABASE, Request.Database, "Database"),
        (APP, Request.App, "App"),
        (KUBE, Request.Kubernetes, "KubernetesCluster"),
        (DESKTOP, Request.WindowsDesktop, "WindowsDesktop"),
        (NODE, Request.SSH, "Node"),
    ],
)
def test_requests(
    purpose: certs.Purpose, usage: "Request.CertUsage.ValueType", target: str
) -> None:
    request = certs.CertRequest(purpose=purpose, cluster="leaf")
    message = certs.to_message(request, username="alice", expires=END)
    assert (message.Usage, message.Username, message.RouteToCluster) == (usage, "alice", "leaf")
    assert message.Expires.ToDatetime(UTC) == END
    assert certs.mfa_check(purpose).WhichOneof("Target") == target
    assert certs.describe(purpose)


def test_a_renewal_asks_for_everything() -> None:
    request = certs.CertRequest(access_requests=("one",), drop_requests=("*",))
    message = certs.to_message(request, username="alice", expires=END)
    assert message.Usage == Request.All
    assert list(message.AccessRequests) == ["one"]
    assert list(message.DropAccessRequests) == ["*"]


def test_routes_are_whole() -> None:
    request = certs.CertRequest(purpose=DATABASE, requester=certs.Requester.DATABASE_TUNNEL)
    message = certs.to_message(request, username="alice", expires=END)
    assert message.RequesterName == Request.TSH_DB_LOCAL_PROXY_TUNNEL
    assert message.RouteToDatabase == auth.RouteToDatabase(
        ServiceName="pg", Protocol="postgres", Username="alice", Database="shop"
    )


def _challenge(**members: object) -> auth.MFAAuthenticateChallenge:
    message = auth.MFAAuthenticateChallenge()
    if "totp" in members:
        message.TOTP.SetInParent()
    if "key" in members:
        message.WebauthnChallenge.CopyFrom(
            webauthn.CredentialAssertion(
                public_key=webauthn.PublicKeyCredentialRequestOptions(
                    challenge=b"c",
                    rp_id="example.com",
                    allow_credentials=[webauthn.CredentialDescriptor(type="public-key", id=b"i")],
                )
            )
        )
    return message


def test_a_session_is_confirmed_by_a_key_not_by_a_code() -> None:
    both = _challenge(totp=True, key=True)

    def asked(*, is_session: bool) -> tuple[bool, bool]:
        found = mfa.to_challenge(
            both, cluster="root", web_addr="h:1", reason="why", is_session=is_session
        )
        return found.totp, found.webauthn is not None

    assert asked(is_session=False) == (True, True)
    assert asked(is_session=True) == (False, True)
    with pytest.raises(Refused) as caught:
        mfa.to_challenge(
            _challenge(totp=True), cluster="root", web_addr="h:1", reason="", is_session=True
        )
    assert caught.value.code is ErrorCode.MFA_REFUSED


def test_answers() -> None:
    assert mfa.to_response(TotpAnswer(code=Secret("1"))).TOTP.Code == "1"
    assert mfa.to_response(SsoAnswer(request_id="r", token=Secret("t"))).SSO.token == "t"
    key = WebauthnAnswer(
        credential_id=b"i", client_data_json=b"{}", authenticator_data=b"a", signature=b"s"
    )
    assert mfa.to_response(key).Webauthn.raw_id == b"i"
    assert mfa.to_response(key).Webauthn.response.signature == b"s"


def _error(code: grpc.StatusCode, text: str) -> grpc.aio.AioRpcError:
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), grpc.aio.Metadata(), details=text)


@pytest.mark.parametrize(
    ("code", "text", "kind", "expected"),
    [
        ("PERMISSION_DENIED", "access denied", Refused, ErrorCode.DENIED),
        (
            "PERMISSION_DENIED",
            "access denied: client credentials have expired, please relogin.",
            Refused,
            ErrorCode.NEEDS_LOGIN,
        ),
        ("PERMISSION_DENIED", "access to resource requires MFA", Refused, ErrorCode.MFA_REFUSED),
        (
            "INVALID_ARGUMENT",
            "per-session MFA is not satisfied by OTP devices",
            Refused,
            ErrorCode.MFA_REFUSED,
        ),
        ("UNAUTHENTICATED", "", Refused, ErrorCode.NEEDS_LOGIN),
        ("NOT_FOUND", "user not found", Refused, ErrorCode.NOT_FOUND),
        (
            "NOT_FOUND",
            'access denied\n\t"user" "ann" does not exist',
            Refused,
            ErrorCode.DENIED,
        ),
        ("NOT_FOUND", "ambiguous host could match multiple nodes", Refused, ErrorCode.AMBIGUOUS),
        ("ALREADY_EXISTS", "it is there", Refused, ErrorCode.ALREADY_EXISTS),
        ("RESOURCE_EXHAUSTED", "too big", Refused, ErrorCode.LIMIT),
        ("UNIMPLEMENTED", "no", Refused, ErrorCode.NOT_IMPLEMENTED),
        ("INVALID_ARGUMENT", "bad name", BadInput, ErrorCode.BAD_VALUE),
        ("UNAVAILABLE", "down", Unreachable, ErrorCode.NO_ANSWER),
        ("DEADLINE_EXCEEDED", "", Unreachable, ErrorCode.NO_ANSWER),
        ("INTERNAL", "", PeerBroke, ErrorCode.PEER_BROKE),
        ("UNKNOWN", "something odd", Refused, ErrorCode.UNKNOWN),
    ],
)
def test_errors(code: str, text: str, kind: type[TeletermError], expected: ErrorCode) -> None:
    found = grpc_errors.translate(_error(grpc.StatusCode[code], text), "root")
    assert (type(found), found.code) == (kind, expected)
    assert found.message
    assert found.details.startswith(code)


def test_a_lost_connection_tells_why_it_was_lost() -> None:
    found = grpc_errors.translate(
        _error(grpc.StatusCode.UNAVAILABLE, "x"),
        "root",
        lost=Refused("no", code=ErrorCode.UNTRUSTED),
    )
    assert found.code is ErrorCode.UNTRUSTED


def test_only_the_first_line_is_shown() -> None:
    assert grpc_errors.sentence("not allowed\n\tgoroutine 1") == "Not allowed."
    assert grpc_errors.sentence(" \n") == ""


def test_why_access_was_denied_is_shown() -> None:
    found = grpc_errors.sentence('access denied\n\t"user" "ann" does not exist')
    assert found == 'Access denied: "user" "ann" does not exist.'
    bare = grpc_errors.translate(_error(grpc.StatusCode.PERMISSION_DENIED, "access denied"), "root")
    assert bare.hint == "Your user may be locked: ask an administrator of the cluster."


def test_where_an_expression_is_wrong_is_shown() -> None:
    found = grpc_errors.sentence("parsing expression\n\t1:5: expected ')', found 'EOF'\n\tmore")
    assert found == "Parsing expression: 1:5: expected ')', found 'EOF'."
