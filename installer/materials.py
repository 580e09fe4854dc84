"""What a tree is made of: licences of every part, and a list for programs (CycloneDX 1.5)."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from teleterm import __version__

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = Path("/usr/share/doc")
LICENCE_NAMES = re.compile(r"(?i)^(licen[cs]e|copying|notice|authors)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that is packed: a Python package or a library of the system."""

    name: str
    version: str
    licence: str
    purl: str
    texts: list[Path] = field(default_factory=list)


def read_libraries(folder: Path) -> dict[str, Path]:
    """Where the packed libraries came from: the list that teleterm.spec left in its folder."""
    lines = (folder / "libraries.txt").read_text("utf-8").splitlines()
    return {kept: Path(source) for kept, source in (line.split("\t") for line in lines)}


def write(tree: Path, libraries: dict[str, Path]) -> None:
    """Write `licences/` with the texts, a list for people and one for programs."""
    place = tree / "licences"
    place.mkdir()
    parts = sorted(
        [*python_parts(), *system_parts(libraries), *builders_parts()],
        key=lambda part: part.name.lower(),
    )
    shutil.copy(ROOT / "LICENSE", place / "teleterm.txt")
    lines = [f"teleterm {__version__}: Apache-2.0", ""]
    for part in parts:
        lines.append(f"{part.name} {part.version}: {part.licence}")
        for number, text in enumerate(part.texts):
            suffix = f"-{number}" if number else ""
            shutil.copyfile(text, place / f"{part.name}{suffix}.txt")
    (place / "LICENCES.txt").write_text("\n".join(lines) + "\n", "utf-8")
    (place / "sbom.cdx.json").write_text(json.dumps(bill(parts), indent=1) + "\n", "utf-8")


def bill(parts: list[Part]) -> dict[str, object]:
    """The bill of materials; without a time or a random number, so that it can be made again."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "teleterm", "version": __version__}
        },
        "components": [
            {
                "type": "library",
                "name": part.name,
                "version": part.version,
                **({"purl": part.purl} if part.purl else {}),
                "licenses": [{"license": {"name": part.licence}}],
            }
            for part in parts
        ],
    }


def python_parts() -> list[Part]:
    """Every Python package that ours needs, however deep; Python itself is one of the system's."""
    wanted = [_name(one) for one in wanted_of_project()]
    found: dict[str, metadata.Distribution] = {}
    while wanted:
        name = wanted.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        try:
            about = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # needed on another system only
        found[key] = about
        wanted += [_name(one) for one in about.requires or () if "extra ==" not in one]
    return [_of(about) for about in found.values()]


def wanted_of_project() -> list[str]:
    """The dependencies that pyproject.toml names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [str(one) for one in project["dependencies"]]


def _name(requirement: str) -> str:
    return re.split(r"[ ;<>=!~\[(]", requirement)[0]


def _of(about: metadata.Distribution) -> Part:
    name, version = about.metadata["Name"], about.version
    texts = [
        Path(str(about.locate_file(one)))
        for one in about.files or ()
        if LICENCE_NAMES.match(one.name) and ".dist-info" in one.parts[0]
    ]
    return Part(
        name=name,
        version=version,
        licence=_licence(about),
        purl=f"pkg:pypi/{name.lower()}@{version}",
        texts=[text for text in texts if text.is_file()],
    )


def _licence(about: metadata.Distribution) -> str:
    stated = next(
        iter(
            about.metadata.get_all("License-Expression") or about.metadata.get_all("License") or ()
        ),
        "",
    )
    classes = [
        one.rsplit("::", 1)[-1].strip()
        for one in about.metadata.get_all("Classifier") or ()
        if one.startswith("License ::")
    ]
    first = stated.strip().splitlines()[0] if stated.strip() else ""
    if first == "UNKNOWN" or first.startswith("Copyright"):
        first = ""
    return first[:80] or ", ".join(classes) or "see its text"


def builders_parts() -> list[Part]:
    """What comes with PyInstaller, and with a Python that somebody built for this."""
    own = metadata.distribution("pyinstaller")
    texts = [
        Path(str(own.locate_file(one))) for one in own.files or () if one.name == "COPYING.txt"
    ]
    bootloader = Part(
        name="pyinstaller-bootloader",
        version=own.version,
        licence="GPL-2.0-or-later WITH Bootloader-exception",
        purl=f"pkg:pypi/pyinstaller@{own.version}",
        texts=texts,
    )
    noted = Path(sys.base_prefix) / "share" / "licences"
    return [bootloader, *(_noted(text) for text in sorted(noted.glob("*.txt")))]


def _noted(text: Path) -> Part:
    """A part whose name and version its licence's file bears, as old_system.sh leaves them."""
    name, _, version = text.stem.rpartition("_")
    return Part(
        name=name,
        version=version,
        licence="see its text",
        purl=f"pkg:generic/{name}@{version}",
        texts=[text],
    )


def system_parts(libraries: dict[str, Path]) -> list[Part]:
    """The packages of the system whose libraries were packed (Debian and its kin say which).

    Shape: Python's own packages have been named already; what nobody knows is named by its file.
    """
    is_python = re.compile(r"(site|dist)-packages|lib-dynload|/lib/python3")
    paths = [path for path in libraries.values() if not is_python.search(path.as_posix())]
    noted = Path(sys.base_prefix) / "share" / "licences"
    if noted.is_dir():
        paths = [path for path in paths if not path.is_relative_to(sys.base_prefix)]
    owners = {path: owner for path in paths for owner in [_owner(path)]}
    packages = [_package(owner) for owner in sorted({one for one in owners.values() if one})]
    unknown = [path.name for path, owner in owners.items() if not owner]
    return packages + [
        Part(name=name, version="", licence="of the Python it was built with", purl="")
        for name in sorted(set(unknown))
    ]


def _owner(path: Path) -> str:
    """The system's package that a library belongs to; nothing where none does."""
    if shutil.which("dpkg-query") is None:
        return ""
    real = path.resolve()
    asked = subprocess.run(  # noqa: PLW1510 - an unknown name is no failure
        ["dpkg-query", "-S", real, f"/lib{str(real).removeprefix('/usr/lib')}"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    found = [line.split(": ")[0] for line in asked.stdout.splitlines()]
    return found[0].split(", ")[0].split(":")[0] if found else ""


def _package(name: str) -> Part:
    asked = subprocess.run(  # noqa: PLW1510 - an unknown name is no failure
        ["dpkg-query", "-W", "-f", "${Version}\n", name], capture_output=True, text=True, timeout=60
    )
    version = asked.stdout.split("\n")[0]
    text = DOCUMENTS / name / "copyright"
    return Part(
        name=name,
        version=version,
        licence="see its text",
        purl=f"pkg:deb/debian/{name}@{version}",
        texts=[text] if text.is_file() else [],
    )
