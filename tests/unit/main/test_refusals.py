import time

import pytest

from teleterm.main import refusals
from teleterm.main.refusals import Subject
from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError, Unreachable

SUBJECT = Subject(
    action="log in to node1 as root",
    cluster="prod",
    host="prod.example.com:443",
    name="node1",
    port=5432,
)


def said(text: str, code: ErrorCode = ErrorCode.UNKNOWN) -> TeletermError:
    """An error with this text, as a daemon gives it."""
    return TeletermError(text, code=code)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (
            'Get "https://x/webapi/ping": dial tcp: lookup x on 10.0.0.1:53: no such host',
            "host_not_found",
            "Could not reach prod.example.com: no such host. Check the address, or your VPN.",
        ),
        (
            "[Errno -2] Name or service not known",
            "host_not_found",
            "Could not reach prod.example.com: no such host. Check the address, or your VPN.",
        ),
        (
            "dial tcp 127.0.0.1:443: connect: connection refused",
            "no_answer",
            "Could not reach prod.example.com:443: nothing answered within 10 s.",
        ),
        (
            "Could not reach prod.example.com:443: it refused the connection.",
            "no_answer",
            "Could not reach prod.example.com:443: nothing answered within 10 s.",
        ),
        (
            "dial tcp 10.1.1.1:443: i/o timeout",
            "no_answer",
            "Could not reach prod.example.com:443: nothing answered within 10 s.",
        ),
        (
            "tls: failed to verify certificate: x509: certificate signed by unknown authority",
            "untrusted",
            "The certificate of prod.example.com is not signed by an authority this computer"
            " trusts.",
        ),
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate",
            "untrusted",
            "The certificate of prod.example.com is not signed by an authority this computer"
            " trusts.",
        ),
        (
            "The certificate of prod.example.com is not signed by an authority this computer"
            " trusts.",
            "untrusted",
            "The certificate of prod.example.com is not signed by an authority this computer"
            " trusts.",
        ),
        (
            "x509: certificate is valid for a.example.com, not prod.example.com",
            "untrusted",
            "The certificate of prod.example.com is for another name, so this may not be"
            " prod.example.com.",
        ),
        (
            "x509: certificate has expired or is not yet valid: current time"
            " 2026-11-23T04:00:00Z is before 2026-11-23T04:14:30Z",
            "clock",
            "This computer's clock is 14 min off. Certificates cannot be checked until it is"
            " right.",
        ),
        (
            "listen tcp 127.0.0.1:5432: bind: address already in use",
            "port_in_use",
            "Port 5432 is in use by another program.",
        ),
        (
            "access denied to root connecting to node1",
            "denied",
            "prod does not let you log in to node1 as root.",
        ),
        (
            'database "node1" not found',
            "not_found",
            "node1 is not connected to prod right now.",
        ),
        (
            "failed to connect to all addresses; last error: UNKNOWN: unix:/run/tsh.sock: No such",
            "daemon_gone",
            "The tsh daemon stopped. Terminals go on; new connections need it.",
        ),
        (
            "could not refresh the session\n\tthe person closed the dialog",
            "needs_login",
            "The login on prod ended and was not renewed, so nothing was let through.",
        ),
        (
            "failed to authenticate using available MFA devices",
            "mfa_refused",
            "The confirmation was not accepted.",
        ),
    ],
)
def test_the_table(text: str, code: str, words: str) -> None:
    failed = refusals.explain(said(text), SUBJECT)
    assert (failed.code, failed.message) == (code, words)
    assert failed.details == text


def test_a_login_that_ended_says_when() -> None:
    ended = time.time() - 60
    subject = Subject(action="list", cluster="prod", ended_at=ended)
    failed = refusals.explain(said("ssh: cert has expired", ErrorCode.NEEDS_LOGIN), subject)
    at = time.strftime("%H:%M", time.localtime(ended))
    assert failed.message == f"Your login on prod ended at {at}. Log in to go on."
    assert failed.needs_login
    assert failed.hint == "Log in"


def test_a_login_that_never_was() -> None:
    failed = refusals.explain(
        said("not logged in", ErrorCode.NEEDS_LOGIN), Subject(action="list", cluster="prod")
    )
    assert failed.message == "You are not logged in to prod. Log in to go on."


@pytest.mark.parametrize(
    ("was_asked", "field", "words"),
    [
        (False, "password", "User name or password is not right."),
        (True, "code", "The code is not right. A code works once: wait for the next one."),
    ],
)
@pytest.mark.parametrize(
    "text", ["invalid credentials", "invalid username, password or second factor"]
)
def test_a_wrong_login_names_the_field(text: str, was_asked: bool, field: str, words: str) -> None:
    subject = Subject(action="log in", cluster="prod", is_login=True, was_code_asked=was_asked)
    failed = refusals.explain(said(text, ErrorCode.NEEDS_LOGIN), subject)
    assert (failed.code, failed.field, failed.message) == ("wrong_credentials", field, words)
    assert not failed.needs_login


def test_the_words_of_logins_are_not_used_elsewhere() -> None:
    failed = refusals.explain(said("invalid credentials"), Subject(action="open orders"))
    assert failed.message == "Can't open orders: invalid credentials."


def test_sentences_for_people_are_left_as_they_are() -> None:
    error = BadInput("Enter your password.", field="password")
    failed = refusals.explain(error, Subject(action="log in", is_login=True))
    assert (failed.message, failed.field) == ("Enter your password.", "password")


def test_only_the_first_line_is_the_message() -> None:
    failed = refusals.explain(Refused("role missing\n\tat auth"), Subject(action="open orders"))
    assert failed.message == "Can't open orders: role missing."
    assert failed.details == "role missing\n\tat auth"


def test_what_may_pass_by_itself_may_be_tried_again() -> None:
    assert refusals.explain(Unreachable("gone"), Subject(action="x")).is_retryable
    assert not refusals.explain(Refused("no"), Subject(action="x")).is_retryable


def test_a_bug_shows_no_class_names() -> None:
    failed = refusals.explain(KeyError("uri"), Subject(action="open orders"))
    assert failed.message == "Can't open orders."
