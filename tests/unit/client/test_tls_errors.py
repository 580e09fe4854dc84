"""Failed connections in words."""

import socket
import ssl

import pytest

from teleterm.client.tls_errors import clock_is_off, explain
from teleterm.model.errors import ErrorCode, PeerBroke, Refused, TeletermError, Unreachable


def _verify(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


def _alert(reason: str) -> ssl.SSLError:
    return ssl.SSLError(1, f"[SSL: {reason}] something")


@pytest.mark.parametrize(
    ("error", "kind", "code", "part"),
    [
        (socket.gaierror(-2, "x"), Unreachable, ErrorCode.HOST_NOT_FOUND, "no such host"),
        (ConnectionRefusedError(), Unreachable, ErrorCode.NO_ANSWER, "refused"),
        (TimeoutError(), Unreachable, ErrorCode.NO_ANSWER, "within 10 s"),
        (ConnectionResetError(), Unreachable, ErrorCode.NO_ANSWER, "closed"),
        (OSError(101, "Network is unreachable"), Unreachable, ErrorCode.NO_ANSWER, "network is"),
        (_verify(10), Refused, ErrorCode.UNTRUSTED, "has expired"),
        (_verify(9), Refused, ErrorCode.UNTRUSTED, "clock"),
        (_verify(62), Refused, ErrorCode.UNTRUSTED, "another name"),
        (_verify(20), Refused, ErrorCode.UNTRUSTED, "not signed by an authority"),
        (_alert("SSLV3_ALERT_CERTIFICATE_EXPIRED"), Refused, ErrorCode.NEEDS_LOGIN, "has ended"),
        (_alert("TLSV1_ALERT_UNKNOWN_CA"), Refused, ErrorCode.NEEDS_LOGIN, "does not accept"),
        (_alert("WRONG_VERSION_NUMBER"), PeerBroke, ErrorCode.PEER_BROKE, "does not speak TLS"),
        (_alert("INTERNAL"), Unreachable, ErrorCode.NO_ANSWER, "no secure connection"),
    ],
)
def test_words(error: BaseException, kind: type[TeletermError], code: ErrorCode, part: str) -> None:
    found = explain(error, "example.com:443", timeout_s=10)
    assert type(found) is kind
    assert found.code is code
    assert part in found.message
    assert "example.com" in found.message
    assert type(error).__name__ in found.details


def test_our_own_errors_stay_as_they_are() -> None:
    error = Refused("no")
    assert explain(error, "x:1", timeout_s=1) is error


@pytest.mark.parametrize(("seconds", "words"), [(840, "14 min"), (-840, "14 min"), (10800, "3 h")])
def test_clock(seconds: float, words: str) -> None:
    assert clock_is_off(seconds).message.startswith(f"This computer's clock is {words} off.")
