import os

import pytest

from teleterm.model.errors import BadInput, ErrorCode, Unreachable
from teleterm.osutil import shells


def test_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/sh")
    assert shells.find("system") == ("/bin/sh",)
    monkeypatch.setenv("SHELL", "/nonexistent")
    assert os.access(shells.find("")[0], os.X_OK)


def test_only_shells_that_are_listed() -> None:
    names = shells.available()
    assert "sh" in names or "bash" in names
    with pytest.raises(BadInput, match="no shell"):
        shells.find("/usr/bin/python3")
    with pytest.raises(BadInput, match="no shell"):
        shells.find("../../bin/bash")


def test_the_custom_one_must_be_there() -> None:
    assert shells.find("custom", custom="/bin/sh")[0].endswith("sh")
    with pytest.raises(Unreachable) as caught:
        shells.find("custom", custom="/nonexistent/fish")
    assert caught.value.code is ErrorCode.CLIENT_MISSING
