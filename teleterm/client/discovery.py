"""Finding a proxy and what it says of itself.

Source: cluster-login.md 1; `/webapi/ping`, `/web/config.js`, `/webapi/motd`.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from teleterm.client import upgrade, version
from teleterm.client.net import NetOptions
from teleterm.client.profile import Profile, join_address, split_address
from teleterm.client.webapi import WebApi
from teleterm.model.errors import BadInput, PeerBroke, TeletermError, Unreachable
from teleterm.osutil.tasks import spawn
from teleterm.wire import durations

_PORTS = (3080, 443)
_SSH_PORT, _KUBE_PORT, _MYSQL_PORT, _WEB_PORT = 3023, 3026, 3036, 3080
_CONFIG_PREFIX = "var GRV_CONFIG = "
_UNSPECIFIED = {"", "0.0.0.0", "::"}  # noqa: S104 - compared with, never listened on
_SUITES = {1: "legacy", 2: "balanced-v1", 3: "fips-v1", 4: "hsm-v1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthProvider:
    """A way to log in: `local`, or a connector (`oidc`, `saml`, `github`) with its display name."""

    type: str
    name: str
    display: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthSettings:
    """How users log in. `suite` names the kinds of keys to make; empty means `legacy`."""

    type: str = "local"
    connector_name: str = ""
    connector_display: str = ""
    second_factor: str = ""
    preferred_mfa: str = ""
    passwordless: bool = False
    headless: bool = False
    rp_id: str = ""
    private_key_policy: str = ""
    suite: str = ""
    session_ttl_s: float = 0.0
    has_motd: bool = False
    load_all_cas: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyInfo:
    """What a proxy says of itself, and the addresses that follow from it."""

    web_addr: str
    cluster_name: str
    server_version: str
    min_client_version: str
    tls_routing: bool
    auth: AuthSettings
    ssh_addr: str = ""
    kube_addr: str = ""
    postgres_addr: str = ""
    mysql_addr: str = ""
    mongo_addr: str = ""
    edition: str = ""
    conn_upgrade: bool = False
    raw: Mapping[str, object] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """The host of the web address: names the profile."""
        return split_address(self.web_addr)[0]

    def version_warning(self, ours: str = version.CLIENT_VERSION) -> str:
        """What to tell the user about our release and the proxy's; empty when they fit."""
        return version.warning(
            self.server_version, self.min_client_version, self.cluster_name, ours
        )

    def profile(self, base: Profile | None, *, user: str) -> Profile:
        """The profile to save; what the user chose in `base` is kept."""
        old = base or Profile(web_proxy_addr=self.web_addr)
        return replace(
            old,
            web_proxy_addr=self.web_addr,
            ssh_proxy_addr=self.ssh_addr,
            kube_proxy_addr=self.kube_addr,
            postgres_proxy_addr=self.postgres_addr,
            mysql_proxy_addr=self.mysql_addr,
            mongo_proxy_addr=self.mongo_addr,
            user=user or old.user,
            tls_routing_enabled=self.tls_routing,
            tls_routing_conn_upgrade_required=self.conn_upgrade,
            load_all_cas=self.auth.load_all_cas,
            mfa_mode=old.mfa_mode or "auto",
            private_key_policy=self.auth.private_key_policy.removeprefix("none"),
            ssh_dial_timeout=old.ssh_dial_timeout or _dial_timeout(self.raw),
        )


async def find_proxy(address: str, options: NetOptions) -> ProxyInfo:
    """Find the proxy a person means by `host`, `host:port` or `https://host:port`.

    Without a port, 3080 and 443 are asked at once, and the first that answers counts.
    Raises: BadInput; Unreachable; Refused (UNTRUSTED, CLOCK); PeerBroke when it is no proxy.
    """
    host, port = parse_address(address)
    if port:
        return await ping(join_address(host, port), options)
    tries = [spawn(_attempt(join_address(host, port), options)) for port in _PORTS]
    errors: list[TeletermError] = []
    try:
        for answer in asyncio.as_completed(tries):
            found = await answer
            if isinstance(found, ProxyInfo):
                return found
            errors.append(found)
    finally:
        for one in tries:
            one.cancel()
    spoke = [error for error in errors if not isinstance(error, Unreachable)]
    raise (spoke or errors)[0]


async def ping(web_addr: str, options: NetOptions, *, connector: str = "") -> ProxyInfo:
    """Ask the proxy at `web_addr` (host:port) for its settings.

    Raises: as `find_proxy`.
    """
    async with WebApi(web_addr, options) as web:
        path = f"/webapi/ping/{connector}" if connector else "/webapi/ping"
        checking = spawn(upgrade.is_required(web_addr, options), name="check for an upgrade")
        try:
            info = parse_ping(await web.get(path), web_addr)
            return replace(info, conn_upgrade=info.tls_routing and await checking)
        finally:
            checking.cancel()


async def auth_providers(web_addr: str, options: NetOptions) -> list[AuthProvider]:
    """The ways to log in that the proxy offers, `local` first."""
    async with WebApi(web_addr, options) as web:
        text = await web.get_text("/web/config.js")
    return parse_providers(text)


async def motd(web_addr: str, options: NetOptions) -> str:
    """The message of the day; empty when there is none."""
    async with WebApi(web_addr, options) as web:
        return _text(await web.get("/webapi/motd"), "Text")


def parse_address(address: str) -> tuple[str, int]:
    """Host and port (0 when none is given) of what a person typed.

    Raises: BadInput when it is no address.
    """
    text = address.strip().removeprefix("https://").rstrip("/")
    host, port = split_address(text)
    if not host or any(letter in host for letter in "/ @\\?#") or "://" in text or port > 65535:
        raise BadInput(
            f'"{address}" is no proxy address.',
            field="proxy",
            value=address,
            hint="Write a host name, with a port if it isn't 443 or 3080.",
        )
    return host, port


def parse_ping(answer: Mapping[str, object], typed_addr: str) -> ProxyInfo:
    """The settings in the answer to a ping.

    Raises: PeerBroke when they aren't those of a proxy.
    """
    proxy, auth = _object(answer, "proxy"), _object(answer, "auth")
    if not proxy:
        raise PeerBroke(f"{typed_addr} is no Teleport proxy.", hint="Check the address.")
    ssh, db = _object(proxy, "ssh"), _object(proxy, "db")
    public = _text(ssh, "public_addr")
    web_addr = _with_port(public, _WEB_PORT) if public else typed_addr
    tls_routing = bool(proxy.get("tls_routing_enabled"))
    return ProxyInfo(
        web_addr=web_addr,
        cluster_name=_text(answer, "cluster_name"),
        server_version=_text(answer, "server_version"),
        min_client_version=_text(answer, "min_client_version"),
        edition=_text(answer, "edition"),
        tls_routing=tls_routing,
        auth=_auth_settings(auth),
        ssh_addr=_ssh_address(ssh, web_addr, tls_routing=tls_routing),
        kube_addr=_kube_address(_object(proxy, "kube"), web_addr, tls_routing=tls_routing),
        postgres_addr=_postgres_address(db, web_addr, tls_routing=tls_routing),
        mysql_addr=_own_address(db, "mysql", web_addr, _MYSQL_PORT),
        mongo_addr=_own_address(db, "mongo", web_addr, split_address(web_addr)[1]),
        raw=dict(answer),
    )


def parse_providers(text: str) -> list[AuthProvider]:
    """The ways to log in, from the text of `/web/config.js`; damaged text offers only `local`."""
    try:
        found: object = json.loads(text.strip().removeprefix(_CONFIG_PREFIX).rstrip(";"))
    except (ValueError, RecursionError):
        found = {}
    auth = _object(found, "auth") if isinstance(found, dict) else {}
    providers = auth.get("providers")
    offered: list[AuthProvider] = []
    if auth.get("localAuthEnabled", True):
        offered.append(AuthProvider(type="local", name="local", display="local"))
    for one in providers if isinstance(providers, list) else []:
        if isinstance(one, dict):
            name = _text(one, "name")
            display = _text(one, "displayName") or name
            offered.append(AuthProvider(type=_text(one, "type"), name=name, display=display))
    return offered


async def _attempt(web_addr: str, options: NetOptions) -> ProxyInfo | TeletermError:
    try:
        return await ping(web_addr, options)
    except TeletermError as error:
        return error


def _auth_settings(auth: Mapping[str, object]) -> AuthSettings:
    kind = _text(auth, "type") or "local"
    connector = _object(auth, kind)
    second = auth.get("second_factor")
    suite = auth.get("signature_algorithm_suite")
    return AuthSettings(
        type=kind,
        connector_name=_text(connector, "name"),
        connector_display=_text(connector, "display"),
        second_factor=("on" if second else "off")
        if isinstance(second, bool)
        else _text(auth, "second_factor"),
        preferred_mfa=_text(auth, "preferred_local_mfa"),
        passwordless=bool(auth.get("allow_passwordless")),
        headless=bool(auth.get("allow_headless")),
        rp_id=_text(_object(auth, "webauthn"), "rp_id"),
        private_key_policy=_text(auth, "private_key_policy"),
        suite=_suite(suite),
        session_ttl_s=_seconds(_text(auth, "default_session_ttl")),
        has_motd=bool(auth.get("has_motd")),
        load_all_cas=bool(auth.get("load_all_cas")),
    )


def _suite(value: object) -> str:
    """The suite's short name; servers write it, its number or its long name."""
    if isinstance(value, int):
        return _SUITES.get(value, "")
    text = value if isinstance(value, str) else ""
    return text.removeprefix("SIGNATURE_ALGORITHM_SUITE_").lower().replace("_", "-")


def _ssh_address(ssh: Mapping[str, object], web_addr: str, *, tls_routing: bool) -> str:
    public = _text(ssh, "ssh_public_addr")
    if public:
        return _with_port(public, _SSH_PORT)
    if tls_routing:
        return web_addr
    listen_port = split_address(_text(ssh, "listen_addr"))[1] or _SSH_PORT
    return join_address(split_address(web_addr)[0], listen_port)


def _kube_address(kube: Mapping[str, object], web_addr: str, *, tls_routing: bool) -> str:
    if tls_routing:
        return web_addr
    if not kube.get("enabled"):
        return ""
    public, listen = _text(kube, "public_addr"), _text(kube, "listen_addr")
    if public:
        return _with_port(public, _KUBE_PORT)
    host, port = split_address(listen)
    if host in _UNSPECIFIED:
        host = split_address(web_addr)[0]
    return join_address(host, port or _KUBE_PORT)


def _postgres_address(db: Mapping[str, object], web_addr: str, *, tls_routing: bool) -> str:
    web_host, web_port = split_address(web_addr)
    public = _text(db, "postgres_public_addr")
    port = split_address(_text(db, "postgres_listen_addr"))[1]
    if public:
        return _with_port(public, web_port)
    return web_addr if tls_routing or not port else join_address(web_host, port)


def _own_address(db: Mapping[str, object], name: str, web_addr: str, default_port: int) -> str:
    """The address of a database protocol with a port of its own; empty when it has none."""
    public = _text(db, f"{name}_public_addr")
    port = split_address(_text(db, f"{name}_listen_addr"))[1]
    if public:
        return _with_port(public, default_port)
    return join_address(split_address(web_addr)[0], port) if port else ""


def _with_port(address: str, port: int) -> str:
    host, given = split_address(address)
    return join_address(host, given or port)


def _dial_timeout(raw: Mapping[str, object]) -> str:
    value = _object(_object(raw, "proxy"), "ssh").get("dial_timeout")
    return durations.encode_ns(value) if isinstance(value, int) and value > 0 else "30s"


def _seconds(text: str) -> float:
    try:
        return durations.decode_ns(text) / durations.SECOND_NS
    except ValueError:
        return 0.0


def _object(values: Mapping[str, object], key: str) -> dict[str, object]:
    found = values.get(key)
    return found if isinstance(found, dict) else {}


def _text(values: Mapping[str, object], key: str) -> str:
    found = values.get(key)
    return found if isinstance(found, str) else ""
