"""One-time codes: the numbers of RFC 6238, and that each is good once."""

import base64

import pytest

from teleterm.demo import totp

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("unix_s", "code"),
    # RFC 6238 appendix B gives eight digits; six are their end.
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (20000000000, "353130")],
)
def test_gives_the_codes_of_the_standard(unix_s: int, code: str) -> None:
    assert totp.code_at(RFC_SECRET, unix_s) == code


def test_a_code_is_good_once() -> None:
    checker = totp.CodeChecker(RFC_SECRET)
    code = totp.code_at(RFC_SECRET, 1000)
    assert checker.accept(code, 1000)
    assert not checker.accept(code, 1001)
    assert checker.accept(totp.code_at(RFC_SECRET, 1030), 1030)


def test_a_neighbouring_period_is_good_but_no_further_one() -> None:
    checker = totp.CodeChecker(RFC_SECRET)
    assert not checker.accept(totp.code_at(RFC_SECRET, 930), 1000)
    assert checker.accept(totp.code_at(RFC_SECRET, 970), 1000)
    assert checker.accept(totp.code_at(RFC_SECRET, 1020), 1000)


def test_reuse_can_be_allowed() -> None:
    checker = totp.CodeChecker(RFC_SECRET, allow_reuse=True)
    code = totp.code_at(RFC_SECRET, 1000)
    assert checker.accept(code, 1000)
    assert checker.accept(code, 1000)


@pytest.mark.parametrize("code", ["", "abc", "000000000", "é12345"])
def test_nonsense_is_refused(code: str) -> None:
    assert not totp.CodeChecker(RFC_SECRET).accept(code, 1000)
