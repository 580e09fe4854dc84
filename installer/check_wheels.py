"""Whether every pinned dependency has a wheel for each system a release is promised for.

`python installer/check_wheels.py`: needs the package index, reads its lists, keeps nothing.
Exit status: 0 all are there, 1 one is missing, 75 the index can't be reached.
"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from installer import pins, promised  # noqa: E402 - found through the line above

MISSING, AWAY = 1, 75
AT_ONCE = 2
NO_CONNECTION = "Retrying ("
"""How pip says that the index didn't answer; what follows reads as if there were no versions."""


def missing(name: str) -> str:
    """What pip says when a wheel is missing; nothing when all are there.

    Shape: each pin for itself, since pip would read the conditions of this system into their needs.
    """
    target = promised.TARGETS[name]
    wanted = pins.holding(target.system, target.processor)
    done = subprocess.run(
        [
            sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-input",
            "--no-deps", "--no-cache-dir", "--disable-pip-version-check", "--target", "unused",
            "--ignore-installed", *target.options(), *wanted,
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )  # fmt: skip
    return "" if done.returncode == 0 else done.stderr.strip() or f"pip: {done.returncode}"


def main() -> int:
    """Ask for each system."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = dict(zip(promised.TARGETS, threads.map(missing, promised.TARGETS), strict=True))
    for name, said in answers.items():
        sys.stdout.write(f"{name}: {said or 'all wheels are there'}\n")
    if any(said and NO_CONNECTION not in said for said in answers.values()):
        return MISSING
    return AWAY if any(answers.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
