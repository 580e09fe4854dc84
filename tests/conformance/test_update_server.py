"""The place of updates as a real web server, and each way in which it may fail a client."""

import socket
from pathlib import Path

import pytest

from teleterm.main.update import tufclient
from teleterm.model.errors import Refused, TeletermError, Unreachable
from tests.support.signed import Signed
from tests.support.update_server import serving

pytestmark = pytest.mark.slow


@pytest.fixture
def signed(tmp_path: Path) -> Signed:
    """A repository with one release."""
    made = Signed(tmp_path)
    made.add("1.1.0")
    return made


def look(signed: Signed, url: str, state: Path, total_s: float = 20.0) -> list[str]:
    """What a client finds there: the versions."""
    client = tufclient.Repository(url, signed.root, state, total_s=total_s)
    return [one.version for one in client.index().releases]


def test_an_honest_one_is_read(signed: Signed, tmp_path: Path) -> None:
    with serving(signed.repo, "honest") as server:
        assert look(signed, server.url, tmp_path / "state") == ["1.1.0"]


def test_one_that_drips_is_given_up_when_the_time_is_over(signed: Signed, tmp_path: Path) -> None:
    """A byte came, so the connection lives; the clock is looked at all the same."""
    with serving(signed.repo, "slow") as server:
        with pytest.raises(Unreachable) as caught:
            look(signed, server.url, tmp_path / "state", total_s=0.0)
    assert "too slow" in caught.value.details


def test_one_that_says_nothing_is_given_up(
    signed: Signed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tufclient, "ANSWER_S", 0.2)
    with serving(signed.repo, "silent") as server:
        with pytest.raises(Unreachable) as caught:
            look(signed, server.url, tmp_path / "state")
    assert "timed out" in caught.value.details


def test_one_without_an_end_is_cut_off(signed: Signed, tmp_path: Path) -> None:
    with serving(signed.repo, "endless") as server:
        with pytest.raises(TeletermError) as caught:
            look(signed, server.url, tmp_path / "state")
    assert isinstance(caught.value, Refused | Unreachable)
    assert "bytes" in caught.value.details, "the length ended it, not the clock"


def test_one_that_is_away_is_said_to_be(signed: Signed, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="could not be read"):
        look(signed, f"http://127.0.0.1:{port}", tmp_path / "state")
