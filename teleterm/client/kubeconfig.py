"""The kubeconfig file of Kubernetes' own programs: read, changed and written as they do.

Lists come sorted by name, and what this program doesn't know stays as it was.
Source: Kubernetes client-go `clientcmd/api/v1`, compared with files the official program wrote.
"""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from teleterm.model.errors import BadInput, ErrorCode
from teleterm.osutil import atomic

Node = dict[str, "Node"] | list["Node"] | str | int | float | bool | None
Entry = dict[str, Node]
_MODE = 0o600
_SECTIONS = {"clusters": "cluster", "users": "user", "contexts": "context"}


@dataclass(slots=True)
class KubeConfig:
    """One file; entries by name. `rest` is everything else in it."""

    clusters: dict[str, Entry] = field(default_factory=dict)
    users: dict[str, Entry] = field(default_factory=dict)
    contexts: dict[str, Entry] = field(default_factory=dict)
    current: str = ""
    rest: Entry = field(default_factory=dict)


def default_path(environ: Mapping[str, str]) -> Path:
    """The file that is changed: the first of `KUBECONFIG`, or the one in the user's folder."""
    chosen = environ.get("KUBECONFIG", "").split(os.pathsep)[0]
    return Path(chosen) if chosen else Path.home() / ".kube" / "config"


def load(path: Path) -> KubeConfig:
    """What a file says; an empty one when there is none.

    Raises: BadInput when it can't be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return KubeConfig()
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(path, str(error)) from error
    return decode(text, path)


def save(path: Path, config: KubeConfig) -> None:
    """Write a file; it may hold keys."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    atomic.write(path, encode(config).encode(), mode=_MODE)


def decode(text: str, path: Path) -> KubeConfig:
    """What the text of a file says.

    Raises: BadInput naming the file at `path` when it is no kubeconfig.
    """
    import yaml

    from teleterm.client.plain_yaml import Loader

    try:
        found: object = yaml.load(text, Loader=Loader)  # noqa: S506  # it knows plain values only
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _damaged(path, str(error)) from error
    whole = _node(found)
    if whole is None:
        return KubeConfig()
    if not isinstance(whole, dict):
        raise _damaged(path, "it is no mapping")
    config = KubeConfig()
    for section, word in _SECTIONS.items():
        _read_section(whole.pop(section, None), word, _section(config, section))
    current = whole.pop("current-context", "")
    config.current = current if isinstance(current, str) else ""
    config.rest = whole
    for user in config.users.values():
        _settle_exec(user)
    return config


def encode(config: KubeConfig) -> str:
    """The text of a file."""
    import yaml

    from teleterm.client.plain_yaml import Dumper

    whole: Entry = {"apiVersion": "v1", "kind": "Config", "preferences": {}, **config.rest}
    for section, word in _SECTIONS.items():
        entries = _section(config, section)
        listed: list[Node] = [{"name": name, word: entries[name]} for name in sorted(entries)]
        whole[section] = listed or None
    whole["current-context"] = config.current
    text: str = yaml.dump(
        whole, Dumper=Dumper, sort_keys=True, default_flow_style=False, width=1 << 30,
        allow_unicode=True,
    )  # fmt: skip
    return text


def text_of(entry: Entry, name: str) -> str:
    """A text in an entry; empty when there is none."""
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def encoded(data: bytes) -> str:
    """Bytes as the `…-data` keys hold them."""
    return base64.b64encode(data).decode("ascii")


def _section(config: KubeConfig, name: str) -> dict[str, Entry]:
    return {"clusters": config.clusters, "users": config.users, "contexts": config.contexts}[name]


def _read_section(found: Node, word: str, into: dict[str, Entry]) -> None:
    for one in found if isinstance(found, list) else []:
        if isinstance(one, dict):
            name, entry = one.get("name"), one.get(word)
            if isinstance(name, str):
                into[name] = entry if isinstance(entry, dict) else {}


def _settle_exec(user: Entry) -> None:
    """Fill in what Kubernetes' own programs write down when they find it missing."""
    program = user.get("exec")
    if isinstance(program, dict):
        if text_of(program, "apiVersion") in {
            "client.authentication.k8s.io/v1alpha1",
            "client.authentication.k8s.io/v1beta1",
        }:
            program.setdefault("interactiveMode", "IfAvailable")
        program.setdefault("provideClusterInfo", False)


def _node(found: object) -> Node:
    if isinstance(found, dict):
        return {str(key): _node(value) for key, value in found.items()}
    if isinstance(found, list):
        return [_node(one) for one in found]
    if found is None or isinstance(found, str | int | float | bool):
        return found
    return str(found)


def _damaged(path: Path, details: str) -> BadInput:
    return BadInput(
        f"The kubeconfig {path} can't be read.",
        field="KUBECONFIG",
        value=str(path),
        code=ErrorCode.DAMAGED_FILE,
        details=details,
        hint="Correct the file, or choose another one with KUBECONFIG.",
    )
