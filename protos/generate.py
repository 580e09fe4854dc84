"""Compile the .proto files below `protos/` into `teleterm/protogen/`.

    python protos/generate.py            write the generated modules
    python protos/generate.py --check    only name what would change; exit 1 if anything would

protoc writes absolute imports rooted at `teleport` and `prehog`; they are rewritten to live under
`teleterm.protogen`. Packages and paths on the wire stay as they are: method names come from them.
"""

import argparse
import filecmp
import re
import sys
import tempfile
from pathlib import Path

PROTOS = Path(__file__).resolve().parent
ROOT = PROTOS.parent
OUTPUT = ROOT / "teleterm" / "protogen"
PACKAGE = "teleterm.protogen"
FIRST_LINE = '"""Generated from `protos/` by `protos/generate.py`; never edited."""\n'

_ROOTS = "|".join(sorted({path.name for path in PROTOS.iterdir() if path.is_dir()}))
_FROM = re.compile(rf"^(\s*)from ({_ROOTS})((?:\.\w+)*) import ", re.MULTILINE)
_IMPORT_AS = re.compile(rf"^(\s*)import ({_ROOTS})((?:\.\w+)*)\.(\w+) as (\w+)$", re.MULTILINE)
_RUNTIME = re.compile(
    r"^# Protobuf Python Version: .*\n|"
    r"^from google\.protobuf import runtime_version as _runtime_version\n|"
    r"^_runtime_version\.ValidateProtobufRuntimeVersion\(\n(?:    .*\n)*\)\n",
    re.MULTILINE,
)
# Of a service, one may leave methods out: the generated ones answer UNIMPLEMENTED.
_ABSTRACT = re.compile(r"^    @_abc(?:_1)?\.abstractmethod\n", re.MULTILINE)
_GRPC_VERSION = re.compile(r"^GRPC_GENERATED_VERSION = '.*'$", re.MULTILINE)
OLDEST_GRPC = "1.80.0"  # as in pyproject.toml


def rewrite_imports(text: str) -> str:
    """Give generated source with its imports below our own package."""
    text = _FROM.sub(rf"\1from {PACKAGE}.\2\3 import ", text)
    return _IMPORT_AS.sub(rf"\1from {PACKAGE}.\2\3 import \4 as \5", text)


def without_versions(text: str) -> str:
    """Give generated source that doesn't name the protoc it came from.

    What protoc writes is the same for every release we support, so the committed files need not
    change with the tools of whoever runs this, nor ask users for that very release.
    """
    return _GRPC_VERSION.sub(f"GRPC_GENERATED_VERSION = '{OLDEST_GRPC}'", _RUNTIME.sub("", text))


def generate(folder: Path) -> None:
    """Write everything below `folder`, which stands for `teleterm/protogen`."""
    from importlib.resources import files

    from grpc_tools import protoc

    sources = sorted(str(path.relative_to(PROTOS)) for path in PROTOS.rglob("*.proto"))
    well_known = str(files("grpc_tools") / "_proto")
    arguments = ["protoc", f"-I{PROTOS}", f"-I{well_known}"]
    arguments += [f"--{kind}_out={folder}" for kind in ("python", "grpc_python")]
    arguments += [f"--mypy_out=quiet:{folder}", f"--mypy_grpc_out=quiet:{folder}"]
    with _tools_on_path():
        status = protoc.main([*arguments, *sources])
    if status != 0:
        raise SystemExit("protoc failed")
    _tidy(folder)


def _tidy(folder: Path) -> None:
    for path in folder.rglob("*_pb2_grpc.py"):
        if "add_" not in path.read_text(encoding="utf-8"):  # a file without a service
            path.unlink()
            path.with_suffix(".pyi").unlink(missing_ok=True)
    for path in [*folder.rglob("*_pb2*.py"), *folder.rglob("*_pb2*.pyi")]:
        text = rewrite_imports(path.read_text(encoding="utf-8"))
        path.write_text(without_versions(_ABSTRACT.sub("", text)), encoding="utf-8")
    for inner in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        if inner.name != "__pycache__":
            (inner / "__init__.py").write_text(FIRST_LINE, encoding="utf-8")


class _tools_on_path:  # noqa: N801 - used as a statement
    """Let protoc find the stub plugins that sit beside this interpreter."""

    def __enter__(self) -> None:
        import os

        self._before = os.environ.get("PATH", "")
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), self._before])

    def __exit__(self, *_: object) -> None:
        import os

        os.environ["PATH"] = self._before


def differences(generated: Path, committed: Path) -> list[str]:
    """Name the files that are in one of the folders only, or differ."""

    def listing(folder: Path) -> set[str]:
        return {
            str(path.relative_to(folder))
            for path in folder.rglob("*")
            if path.suffix in {".py", ".pyi"}
        }

    ours, theirs = listing(generated), listing(committed)
    found = [f"not generated any more: {name}" for name in theirs - ours]
    found += [f"missing: {name}" for name in ours - theirs]
    found += [
        f"differs: {name}"
        for name in ours & theirs
        if not filecmp.cmp(generated / name, committed / name, shallow=False)
    ]
    return sorted(found)


def check() -> list[str]:
    """Generate anew beside and say what differs from the committed modules."""
    with tempfile.TemporaryDirectory() as folder_text:
        folder = Path(folder_text)
        generate(folder)
        return differences(folder, OUTPUT)


def main(arguments: list[str]) -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description="compile protos/ into teleterm/protogen/")
    parser.add_argument("--check", action="store_true", help="only say what would change")
    if parser.parse_args(arguments).check:
        found = check()
        sys.stdout.write("".join(f"{line}\n" for line in found))
        return 1 if found else 0
    for path in OUTPUT.rglob("*_pb2*.py*"):
        path.unlink()
    OUTPUT.mkdir(parents=True, exist_ok=True)
    generate(OUTPUT)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
