"""The exact versions a release is built from: `python installer/pins.py` writes pins.txt anew.

The file is for builds with `build.py --python`, and for the check that each of its lines has a
wheel wherever a release is promised. What only another system needs stands there with its marker.
"""

import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from installer import materials  # noqa: E402 - found through the line above

PLACE = ROOT / "installer" / "pins.txt"
BUILDERS = ("pyinstaller", "pyinstaller-hooks-contrib", "altgraph", "packaging", "setuptools")
"""What packs, and isn't packed."""
MARKED = {
    "cryptography": "sys_platform != 'darwin' or platform_machine != 'x86_64'",
    "pexpect": "sys_platform != 'win32'",
    "ptyprocess": "sys_platform != 'win32'",
}
"""Where the version installed here holds, unless it is everywhere."""
OS_NAMES = {"linux": "posix", "darwin": "posix", "win32": "nt"}


def read() -> list[Requirement]:
    """The lines of pins.txt."""
    lines = PLACE.read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def holding(system: str, processor: str) -> list[str]:
    """The pins of a system (linux, darwin, win32) and processor, as pip takes them."""
    about = {
        "sys_platform": system,
        "os_name": OS_NAMES[system],
        "platform_machine": processor,
    }
    return [
        f"{one.name}{one.specifier}"
        for one in read()
        if one.marker is None or one.marker.evaluate(about)
    ]


def write() -> None:
    """Write what is installed here; lines for other systems are kept, to be raised by hand."""
    kept = [str(one) for one in read() if one.marker and not one.marker.evaluate()]
    found = {part.name: part.version for part in materials.python_parts()}
    found |= {name: metadata.version(name) for name in BUILDERS}
    ours = [
        str(Requirement(f"{name}=={version}{_marked(name)}")) for name, version in found.items()
    ]
    head = "# Written by installer/pins.py: what a release is built from.\n"
    PLACE.write_text(head + "\n".join(sorted([*ours, *kept], key=str.lower)) + "\n", "utf-8")


def _marked(name: str) -> str:
    return f"; {MARKED[name]}" if name in MARKED else ""


if __name__ == "__main__":
    write()
