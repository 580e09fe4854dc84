"""The generated modules are what `protos/` says, and nobody edited them."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "protos" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_regenerating_changes_nothing() -> None:
    assert _generator().check() == []


def test_imports_are_moved_below_our_package() -> None:
    rewrite = _generator().rewrite_imports
    assert rewrite("from teleport.types import types_pb2 as x\n") == (
        "from teleterm.protogen.teleport.types import types_pb2 as x\n"
    )
    assert rewrite("from google.protobuf import empty_pb2\n") == (
        "from google.protobuf import empty_pb2\n"
    )
