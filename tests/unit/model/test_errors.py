"""Errors carry words for people and a code for programs."""

from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError, Unreachable


def test_default_codes_follow_the_class() -> None:
    assert Refused("no").code is ErrorCode.DENIED
    assert Unreachable("nobody").code is ErrorCode.NO_ANSWER
    assert BadInput("off", field="port", value="x").field == "port"


def test_needs_login_is_a_code() -> None:
    error: TeletermError = Refused("ended", code=ErrorCode.NEEDS_LOGIN, hint="Log in again.")
    assert error.needs_login
    assert str(error) == "ended"
    assert not Refused("no").needs_login
