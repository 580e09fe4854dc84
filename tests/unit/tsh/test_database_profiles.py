"""The service file of PostgreSQL's clients."""

from pathlib import Path

from teleterm.tsh import database_profiles

THEIRS = "# mine\n[other]\nhost=h\n"


def test_sections_come_and_go_and_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "services"
    environ = {"PGSERVICEFILE": str(file)}
    file.write_text(THEIRS)
    database_profiles.remember(environ, "root-pg", {"host": "a", "port": "1"})
    database_profiles.remember(environ, "root-pg", {"host": "b", "port": "2"})
    assert file.read_text() == THEIRS + "\n[root-pg]\nhost=b\nport=2\n"
    database_profiles.forget(environ, "root-pg")
    assert file.read_text() == THEIRS


def test_a_missing_file_is_no_trouble(tmp_path: Path) -> None:
    environ = {"PGSERVICEFILE": str(tmp_path / "none")}
    database_profiles.forget(environ, "x")
    assert not (tmp_path / "none").exists()
