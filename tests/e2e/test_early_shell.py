"""The last session's shell comes up before the rest of the window, and nothing typed is lost."""

from pathlib import Path

import pytest

from tests.support.person import Person, pid_of, teleterm
from tests.support.shell_home import home_with_a_shell

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state after a session with one shell."""
    folder = home_with_a_shell(tmp_path_factory.mktemp("e") / "h")
    with teleterm(folder):
        person = Person(folder)
        person.sees("ui: painted first prompt")
        person.sees("ui: layout saved with a shell in front")
    return folder


def mark_of_next_start(home: Path) -> tuple[Person, int]:
    """A person, and where the log ends before the next start."""
    person = Person(home)
    return person, person.mark()


def test_the_prompt_is_painted_before_the_window_is_ready_and_keys_are_kept(home: Path) -> None:
    person, mark = mark_of_next_start(home)
    with teleterm(home):
        painted = person.sees("ui: painted first prompt", after=mark)
        person.types("echo one-$((40+2))\n")
        ready = person.sees("ui: window ready", after=mark)
        assert painted.start() < ready.start()
        person.sees("ui: terminal live sh", after=mark)
        person.types("echo two-$((40+3))\n")
        text = person.waits_to_read(r"\ntwo-43")
        assert text.count("one-42") == 1


def test_a_changed_config_means_an_ordinary_start(home: Path) -> None:
    (home / "config" / "app_config.json").write_text('{"session.restore": "never"}')
    person, mark = mark_of_next_start(home)
    with teleterm(home):
        person.sees("ui: window ready", after=mark)
        log = (home / "state" / "logs" / "main.log").read_text()[mark:]
        assert "painted first prompt" not in log


def test_a_damaged_file_means_an_ordinary_start(home: Path) -> None:
    (home / "state" / "opening.json").write_bytes(b'{"version":1')
    person, mark = mark_of_next_start(home)
    with teleterm(home):
        ready = person.sees("ui: window ready", after=mark)
        assert person.sees("ui: painted first prompt", after=mark).start() > ready.start()


def test_a_second_start_hands_over_and_opens_nothing(home: Path) -> None:
    person, mark = mark_of_next_start(home)
    with teleterm(home):
        person.sees("ui: terminal live sh", after=mark)
        host = pid_of(home, "ptyhost")
        with teleterm(home) as second:
            assert second.wait(timeout=30) == 0
        assert pid_of(home, "ptyhost") == host
        assert person.mark() >= mark
        log = (home / "state" / "logs" / "main.log").read_text()[mark:]
        assert log.count("ui: window ready") == 1
