from pathlib import Path

import pytest

from teleterm.main import welcome


@pytest.mark.parametrize(
    ("names", "version"),
    [
        (["libXft.so.2", "libXft.so.2.3.6"], (2, 3, 6)),
        (["x86_64-linux-gnu/libXft.so.2.3.3", "libXft.so.2.3.8"], (2, 3, 3)),
        ([], (0,)),
    ],
)
def test_the_lowest_version_counts(
    tmp_path: Path, names: list[str], version: tuple[int, ...]
) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert welcome.xft_version((str(tmp_path),)) == version
