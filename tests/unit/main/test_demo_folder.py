"""What killed demos leave, and who may not be taken for one."""

import os
from pathlib import Path

from teleterm.main import demo_folder
from teleterm.osutil import locks


def demo(place: Path, name: str) -> Path:
    """A demo's folder with its lock, which nobody holds; gives the run folder."""
    run = place / f"{demo_folder.PREFIX}{name}" / "home" / "run"
    run.mkdir(parents=True, mode=0o700)
    (run / "main.lock").touch()
    os.utime(run / "main.lock", (0, 0))
    return run


def test_only_demos_that_are_dead_and_ours_are_removed(tmp_path: Path) -> None:
    demo(tmp_path, "killed")
    living = locks.try_take(demo(tmp_path, "alive") / "main.lock")
    shells = locks.try_take(demo(tmp_path, "shells") / "ptyhost.lock")
    (demo(tmp_path, "young") / "main.lock").unlink()
    os.utime(demo(tmp_path, "fresh") / "main.lock")
    demo(tmp_path, "open").chmod(0o755)
    kept = demo(tmp_path / "elsewhere", "x").parents[1]
    (tmp_path / f"{demo_folder.PREFIX}link").symlink_to(kept)
    (tmp_path / f"{demo_folder.PREFIX}file").touch()
    demo_folder.sweep(tmp_path)
    assert sorted(one.name.removeprefix(demo_folder.PREFIX) for one in tmp_path.iterdir()) == [
        "alive", "elsewhere", "file", "fresh", "link", "open", "shells", "young",
    ]  # fmt: skip
    assert kept.is_dir()
    for lock in (living, shells):
        assert lock is not None
        lock.release()
