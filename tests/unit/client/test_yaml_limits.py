import pytest

from teleterm.client import yaml_limits

DEEP = {
    "brackets on one line": "a: " + "[" * 100 + "]" * 100,
    "brackets on many lines": "a: [\n" * 100,
    "braces": "{a: " * 100 + "}" * 100,
    "dashes": "- " * 100 + "x",
    "indents": "\n".join(" " * (2 * n) + "a:" for n in range(100)),
    "size": "a: b\n" * 100_000,
}


@pytest.mark.parametrize("name", DEEP)
def test_what_no_profile_holds_is_beyond(name: str) -> None:
    assert yaml_limits.is_beyond(DEEP[name])


def test_what_profiles_hold_is_not() -> None:
    text = "web_proxy_addr: x:3080\nlist:\n  - a: [1, 2, {b: c}]\n  - - - d\n" * 50
    assert not yaml_limits.is_beyond(text)
