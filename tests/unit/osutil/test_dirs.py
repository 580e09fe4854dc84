import os
import stat
import sys
from pathlib import Path

import pytest

from teleterm.model.errors import BadInput, Refused
from teleterm.osutil import dirs


def test_everything_is_below_the_home_that_is_named(tmp_path: Path) -> None:
    found = dirs.find({"TELETERM_HOME": str(tmp_path)})
    assert found.config_file == tmp_path / "config" / "app_config.json"
    assert found.state_file == tmp_path / "state" / "app_state.json"
    assert found.tsh_home == tmp_path / "data" / "tsh"


def test_folders_are_private(tmp_path: Path) -> None:
    found = dirs.find({"TELETERM_HOME": str(tmp_path / "home")})
    found.prepare()
    for folder in (found.data, found.tsh_home, found.logs, found.run):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_relative_home_is_refused() -> None:
    with pytest.raises(BadInput, match="absolute"):
        dirs.find({"TELETERM_HOME": "somewhere"})


def test_the_run_folder_is_elsewhere_when_its_path_is_too_long(tmp_path: Path) -> None:
    home = tmp_path / ("x" * 120)
    found = dirs.find({"TELETERM_HOME": str(home)})
    assert home not in found.run.parents
    assert len(os.fsencode(found.run / dirs.LONGEST_SOCKET)) <= dirs.MAX_SOCKET_BYTES
    assert found.run != dirs.find({"TELETERM_HOME": str(home) + "y"}).run


@pytest.mark.parametrize(("length", "is_inside"), [(103, True), (104, False)])
def test_the_border_is_103_bytes(length: int, is_inside: bool) -> None:
    fixed = len("/run/ptyhost.sock")
    home = "/" + "h" * (length - fixed - 1)
    found = dirs.find({"TELETERM_HOME": home})
    assert (Path(home) in found.run.parents) is is_inside


def test_a_run_folder_that_others_may_enter_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(Refused, match="other users"):
        dirs.check_private(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_a_run_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    """Root gives one away; anybody else looks at root's."""
    folder = tmp_path if os.geteuid() == 0 else Path("/")
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
    with pytest.raises(Refused, match="isn't a folder of yours"):
        dirs.check_private(folder)


def test_a_link_is_no_run_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "run").symlink_to(tmp_path / "real")
    with pytest.raises(Refused, match="isn't a folder of yours"):
        dirs.check_private(tmp_path / "run")


def test_the_session_run_folder_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert dirs.find({"XDG_RUNTIME_DIR": str(tmp_path)}).run == tmp_path / "teleterm"


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
def test_a_folder_whose_name_is_no_text_is_refused(tmp_path: Path) -> None:
    home = os.fsdecode(os.fsencode(tmp_path) + b"/h\xe9")
    with pytest.raises(Refused, match="no UTF-8"):
        dirs.find({"TELETERM_HOME": home}).prepare()
