"""The profile file of a proxy, as `~/.tsh/<proxy host>.yaml` holds it.

Source: cluster-login.md 6.2; checked against files of the official program.
"""

import re
from dataclasses import dataclass, fields
from pathlib import Path

from teleterm.client import yaml_limits
from teleterm.model.errors import BadInput, ErrorCode
from teleterm.wire import durations

DEFAULT_WEB_PORT = 3080
DEFAULT_SSH_DIAL_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How to reach a proxy and who logs in there.

    `cluster` is the selected cluster, root or leaf; empty means the root. `extra` is YAML text of
    the keys this program doesn't know; it goes back into the file as it came.
    """

    web_proxy_addr: str
    ssh_proxy_addr: str = ""
    kube_proxy_addr: str = ""
    postgres_proxy_addr: str = ""
    mysql_proxy_addr: str = ""
    mongo_proxy_addr: str = ""
    relay_addr: str = ""
    default_relay_addr: str = ""
    user: str = ""
    cluster: str = ""
    tls_routing_enabled: bool = False
    tls_routing_conn_upgrade_required: bool = False
    auth_connector: str = ""
    load_all_cas: bool = False
    mfa_mode: str = ""
    private_key_policy: str = ""
    piv_slot: str = ""
    piv_pin_cache_ttl: str = "0s"
    missingclusterdetails: bool = False
    saml_slo_enabled: bool = False
    ssh_dial_timeout: str = ""
    sso_host: str = ""
    extra: str = ""

    @property
    def name(self) -> str:
        """The host of the proxy: names the profile and its folder of keys."""
        return split_address(self.web_proxy_addr)[0]

    @property
    def web_port(self) -> int:
        """The port of the web proxy address."""
        return split_address(self.web_proxy_addr)[1] or DEFAULT_WEB_PORT

    @property
    def ssh_dial_timeout_s(self) -> float:
        """How long to wait for a server to answer."""
        try:
            nanoseconds = durations.decode_ns(self.ssh_dial_timeout)
        except ValueError:
            return DEFAULT_SSH_DIAL_TIMEOUT_S
        return nanoseconds / durations.SECOND_NS or DEFAULT_SSH_DIAL_TIMEOUT_S


# in the order of the file; `dir` is written empty and never read
_ORDER = [field.name for field in fields(Profile) if field.name != "extra"]
_ORDER.insert(_ORDER.index("cluster") + 1, "dir")
_ALWAYS = {"dir", "private_key_policy", "piv_slot", "piv_pin_cache_ttl", "missingclusterdetails"}
_BOOLS = {field.name for field in fields(Profile) if field.type is bool}
_LINE = re.compile(r"^([a-z_]+): (?:\"([^\"\\]*)\"|([A-Za-z0-9_./@*][^#\"'\\{}\[\]&!|>%`]*))$")
_PLAIN = re.compile(r"^[A-Za-z_./@][A-Za-z0-9_./@:+-]*[A-Za-z0-9_/@+-]$|^[A-Za-z_]$|^\d+[a-z]\w*$")
_UNFIT_FOR_PATH = re.compile(r"[/\\\x00-\x1f\x7f]")
"""Keys lie in folders named after proxy and user: a name must not lead anywhere else."""
_YAML_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def split_address(address: str) -> tuple[str, int]:
    """Host and port of `host:port`; port 0 when there is none. IPv6 stands in brackets."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit() or (":" in host and not host.endswith("]")):
        return address.strip("[]"), 0
    return host.strip("[]"), int(port)


def join_address(host: str, port: int) -> str:
    """`host:port`, an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def parse(text: str, path: Path) -> Profile:
    """What a profile file says.

    Raises: BadInput naming the file at `path` when it is damaged.
    """
    values = _parse_flat(text)
    extra: dict[str, object] = {}
    if values is None:
        values, extra = _parse_yaml(text, path)
    else:
        extra = {key: value for key, value in values.items() if key not in _ORDER}
    texts: dict[str, str] = {}
    for name in _ORDER:
        value = values.get(name, "")
        if name != "dir" and value:
            texts[name] = value
    if not texts.get("web_proxy_addr"):
        raise _damaged(path, "it names no web proxy")
    host, _ = split_address(texts["web_proxy_addr"])
    for what, name in (("web proxy", host), ("user", texts.get("user", ""))):
        if _UNFIT_FOR_PATH.search(name) or name in {".", ".."}:
            raise _damaged(path, f"its {what} can't be the name of a folder")
    bools = {name: texts.pop(name) == "true" for name in _BOOLS if name in texts}
    return Profile(**texts, **bools, extra=_dump(extra))  # type: ignore[arg-type]  # keys are fields


def encode(profile: Profile) -> str:
    """The text of a profile file, keys in the order of the official program."""
    lines: list[str] = []
    for name in _ORDER:
        value: str | bool = "" if name == "dir" else getattr(profile, name)
        if value or name in _ALWAYS:
            text = str(value).lower() if isinstance(value, bool) else _scalar(value)
            lines.append(f"{name}: {text}\n")
    return "".join(lines) + profile.extra


def _scalar(value: str) -> str:
    if _PLAIN.match(value) and value.lower() not in _YAML_WORDS:
        return value
    import json

    return json.dumps(value, ensure_ascii=False)


def _parse_flat(text: str) -> dict[str, str] | None:
    """The values of a file of plain `key: value` lines; None when it needs a YAML reader.

    All profiles are of that kind, and not starting a YAML reader saves a third of `tsh status`.
    """
    values: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None or ": " in (match[3] or ""):
            return None
        values[match[1]] = match[2] if match[2] is not None else (match[3] or "").strip()
    return values


def _parse_yaml(text: str, path: Path) -> tuple[dict[str, str], dict[str, object]]:
    import yaml

    if yaml_limits.is_beyond(text):
        raise _damaged(path, "it is larger or nested deeper than any profile")
    try:
        found: object = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _damaged(path, "it is no YAML", details=str(error)) from error
    except (RecursionError, ValueError) as error:
        # a date with 13 months, or lists as deep as the stack: the reader doesn't wrap these
        raise _damaged(path, "it is no YAML", details=str(error)) from None
    if not isinstance(found, dict):
        raise _damaged(path, "it holds no settings")
    texts: dict[str, str] = {}
    extra: dict[str, object] = {}
    for key, value in found.items():
        if key not in _ORDER:
            extra[str(key)] = value
        elif isinstance(value, bool):
            texts[str(key)] = "true" if value else "false"
        elif value is None or isinstance(value, str | int | float):
            texts[str(key)] = "" if value is None else str(value)
        else:
            raise _damaged(path, f"the value of {key} is no text")
    return texts, extra


def _dump(extra: dict[str, object]) -> str:
    if not extra:
        return ""
    if all(isinstance(value, str) for value in extra.values()):
        return "".join(f"{key}: {_extra_scalar(str(value))}\n" for key, value in extra.items())
    import yaml

    text: str = yaml.safe_dump(extra, sort_keys=False, default_flow_style=False)
    return text


def _extra_scalar(value: str) -> str:
    return value if value in {"true", "false"} or value.isdigit() else _scalar(value)


def _damaged(path: Path, why: str, *, details: str = "") -> BadInput:
    return BadInput(
        f"The profile {path.name} can't be read: {why}.",
        field="profile",
        value=str(path),
        code=ErrorCode.DAMAGED_FILE,
        hint="Remove the file and log in again.",
        details=details,
    )
