"""Errors and the statuses they become."""

import grpc
import pytest

from teleterm.model.errors import BadInput, ErrorCode, Refused, Unreachable
from teleterm.tshd import failures
from teleterm.tshd.failures import RELOGIN_TRAILER

S = grpc.StatusCode


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused("no", code=ErrorCode.NOT_FOUND), S.NOT_FOUND),
        (Refused("no"), S.PERMISSION_DENIED),
        (Refused("no", code=ErrorCode.ALREADY_EXISTS), S.ALREADY_EXISTS),
        (Refused("no", code=ErrorCode.MFA_REFUSED), S.ABORTED),
        (Refused("no", code=ErrorCode.NOT_IMPLEMENTED), S.UNIMPLEMENTED),
        (Refused("no", code=ErrorCode.LIMIT), S.RESOURCE_EXHAUSTED),
        (BadInput("no"), S.INVALID_ARGUMENT),
        (Unreachable("no"), S.UNAVAILABLE),
        (FileNotFoundError(2, "No such file"), S.NOT_FOUND),
        (NotImplementedError(), S.UNIMPLEMENTED),
        (RuntimeError("a bug"), S.UNKNOWN),
    ],
)
def test_the_table(error: Exception, status: grpc.StatusCode) -> None:
    failure = failures.of(error)
    assert failure.status is status
    assert not failure.trailers


def test_an_ended_login_carries_the_trailer() -> None:
    failure = failures.of(Refused("Your login ended.", code=ErrorCode.NEEDS_LOGIN))
    assert failure.trailers == ((RELOGIN_TRAILER, "1"),)


def test_a_bug_tells_nothing_of_itself() -> None:
    assert "secret" not in failures.of(RuntimeError("secret")).text


def test_a_busy_port_says_so_in_words_a_program_knows() -> None:
    error = BadInput("Port 1 is in use.", code=ErrorCode.PORT_IN_USE)
    assert failures.of(error).text.endswith("\taddress already in use")


def test_further_lines_of_the_server_are_kept() -> None:
    error = Refused("Parsing.", code=ErrorCode.UNKNOWN, details="UNKNOWN: parsing\n\t1:14: EOF")
    assert failures.of(error).text == "Parsing.\n\t1:14: EOF"
