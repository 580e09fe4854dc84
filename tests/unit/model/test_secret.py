"""A secret shows itself only when asked by name."""

import copy

import pytest

from teleterm.model.secret import Secret


def test_shows_stars() -> None:
    secret = Secret("hunter2")
    assert f"{secret} {secret!r}" == "*** ***"
    assert secret.reveal() == "hunter2"


def test_cannot_be_copied_out() -> None:
    with pytest.raises(TypeError):
        copy.copy(Secret("x"))
