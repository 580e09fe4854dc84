"""The service file of PostgreSQL's clients."""

from pathlib import Path

from teleterm.tsh import database_profiles

THEIRS = "# mine\n[other]\nhost=h\n"


def test_sections_come_and_go_and_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "services"
    file.write_text(THEIRS)
    database_profiles.remember(file, "root-pg", {"host": "a", "port": "1"})
    database_profiles.remember(file, "root-pg", {"host": "b", "port": "2"})
    assert file.read_text() == THEIRS + "\n[root-pg]\nhost=b\nport=2\n"
    database_profiles.forget(file, "root-pg")
    assert file.read_text() == THEIRS


def test_a_missing_file_is_no_trouble(tmp_path: Path) -> None:
    database_profiles.forget(tmp_path / "none", "x")
    assert not (tmp_path / "none").exists()


def test_a_key_may_stand_alone(tmp_path: Path) -> None:
    file = tmp_path / "my.cnf"
    database_profiles.remember(file, "client_root-maria", {"skip-password": None, "port": "1"})
    assert file.read_text() == "[client_root-maria]\nskip-password\nport=1\n"
