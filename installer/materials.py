"""What a tree is made of: licences of every part, and a list for programs (CycloneDX 1.5)."""

import json
import re
import shutil
import subprocess
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


def write(tree: Path) -> None:
    """Write `licences/` with the texts, a list for people and one for programs."""
    place = tree / "licences"
    place.mkdir()
    parts = sorted([*python_parts(), *system_parts(tree)], key=lambda part: part.name.lower())
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
                "purl": part.purl,
                "licenses": [{"license": {"name": part.licence}}],
            }
            for part in parts
        ],
    }


def python_parts() -> list[Part]:
    """Every Python package that ours needs, however deep; Python itself is one of the system's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [_name(one) for one in project["dependencies"]]
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
    return first[:80] or ", ".join(classes) or "see its text"


def system_parts(tree: Path) -> list[Part]:
    """The packages of the system whose libraries were packed (Debian and its kin say which)."""
    if shutil.which("dpkg-query") is None:
        return []
    names = [path.name for path in (tree / "lib").iterdir() if ".so" in path.name]
    asked = subprocess.run(  # noqa: PLW1510 - an unknown name is no failure
        ["dpkg-query", "-S", *(f"*/{name}" for name in names)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    owners = {
        owner.split(":")[0]
        for line in asked.stdout.splitlines()
        for owner in line.split(": ")[0].split(", ")
    }
    owners = {one for one in owners if not one.startswith(("diversion", "local diversion"))}
    return [_package(owner) for owner in owners]


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
