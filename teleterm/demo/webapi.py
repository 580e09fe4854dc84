"""The proxy's web API: discovery, what logins end with, and a page for browsers."""

import base64
import datetime
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

import msgspec

from teleterm.demo import sso
from teleterm.demo.factors import FactorDesk
from teleterm.demo.headless import HeadlessDesk
from teleterm.demo.http import Request, Response, error_response, json_response
from teleterm.demo.inventory import ROOT, VERSION, DemoMember, DemoSettings, DemoUser
from teleterm.demo.issuing import CertificateRequest, Issuer
from teleterm.demo.locks import Locks
from teleterm.demo.passkeys import RP_ID
from teleterm.demo.weblogin import LoginPages, LoginPagesConfig

_CONNECTORS = ("local", "passwordless", "headless")
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>teleterm demo</title>
<body style="font-family: sans-serif; max-width: 40em; margin: 4em auto">
<h1>teleterm demo cluster</h1>
<p>This is not a production cluster: it is a demo of teleterm, it runs on this computer only, and it
is gone when its program ends. There is no web interface. Log in with <code>tsh login
--proxy={proxy}</code> or with the teleterm window.</p>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebApiConfig:
    """What the web API speaks for."""

    proxy: str
    settings: DemoSettings
    users: tuple[DemoUser, ...]
    root: DemoMember
    issuer: Issuer
    factors: FactorDesk
    headless: HeadlessDesk
    locks: Locks


class WebApi:
    """Answers the requests of one proxy."""

    def __init__(self, config: WebApiConfig) -> None:
        self._config = config
        pages = LoginPages(
            LoginPagesConfig(
                users=config.users,
                factors=config.factors,
                headless=config.headless,
                locks=config.locks,
                reply=self._reply,
            )
        )
        self._waiting: dict[tuple[str, str], Callable[[Request], Awaitable[Response]]] = {
            ("POST", "/webapi/headless/login"): pages.headless
        }
        self._routes: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "/"): self._page,
            ("GET", "/web"): self._page,
            ("GET", "/web/config.js"): self._config_js,
            ("GET", "/webapi/ping"): lambda _: json_response(self._ping(with_ttl=True)),
            ("GET", "/webapi/find"): lambda _: json_response(self._ping(with_ttl=False)),
            ("GET", "/webapi/motd"): lambda _: json_response({"Text": config.settings.motd}),
            ("POST", "/webapi/mfa/login/begin"): pages.begin,
            ("POST", "/webapi/mfa/login/finish"): pages.finish,
        }
        if config.settings.with_sso:
            desk = sso.SsoDesk(config.proxy, config.users, config.locks, self._reply)
            self._routes |= {
                ("POST", f"/webapi/{one.kind}/login/console"): desk.begin for one in sso.CONNECTORS
            }
            self._routes |= {
                ("GET", sso.PAGE): desk.page,
                ("POST", sso.PAGE): desk.confirm,
            }

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        route = self._routes.get((request.method, request.path))
        if route is not None:
            return route(request)
        waiting = self._waiting.get((request.method, request.path))
        if waiting is not None:
            return await waiting(request)
        if request.method == "GET" and request.path.startswith("/webapi/ping/"):
            return self._ping_connector(request.path.removeprefix("/webapi/ping/"))
        if request.method == "GET" and request.path.startswith("/web/"):
            return self._page(request)
        return error_response(HTTPStatus.NOT_FOUND, f"{request.path} not found")

    def _page(self, _request: Request) -> Response:
        page = _PAGE.format(proxy=self._config.proxy)
        return Response(body=page.encode(), content_type="text/html; charset=utf-8")

    def _config_js(self, _request: Request) -> Response:
        value = {
            "auth": {
                "localAuthEnabled": True,
                "allowPasswordless": True,
                "providers": [
                    {"type": one.kind, "name": one.name, "displayName": one.display}
                    for one in self._connectors
                ],
                "second_factor": "on",
            },
            "proxyCluster": ROOT,
            "edition": "oss",
        }
        body = b"var GRV_CONFIG = " + msgspec.json.encode(value) + b";"
        return Response(body=body, content_type="application/javascript")

    def _ping_connector(self, name: str) -> Response:
        answer = self._ping(with_ttl=False)
        local = answer["auth"] if isinstance(answer["auth"], dict) else {}
        for one in self._connectors:
            if one.name == name:
                local.pop("local", None)
                found = {"name": one.name, "display": one.display}
                return json_response(
                    {**answer, "auth": {**local, "type": one.kind, one.kind: found}}
                )
        if name not in _CONNECTORS:
            known = ", ".join(_CONNECTORS)
            message = f'invalid connector name "{name}"; valid options: {known}'
            return error_response(HTTPStatus.BAD_REQUEST, message)
        return json_response({**answer, "auth": {**local, "local": {"name": name}}})

    @property
    def _connectors(self) -> tuple[sso.Connector, ...]:
        return sso.CONNECTORS if self._config.settings.with_sso else ()

    def _ping(self, *, with_ttl: bool) -> dict[str, object]:
        config = self._config
        ttl = _go_duration(config.settings.session_ttl) if with_ttl else "0s"
        listen = f"127.0.0.1:{config.proxy.rpartition(':')[2]}"
        return {
            "auth": {
                "type": "local",
                "second_factor": "on",
                "preferred_local_mfa": "webauthn",
                "allow_passwordless": True,
                "allow_headless": True,
                "local": {"name": ""},
                "webauthn": {"rp_id": RP_ID},
                "private_key_policy": "none",
                "device_trust": {"disabled": True},
                "has_motd": bool(config.settings.motd),
                "default_session_ttl": ttl,
                "signature_algorithm_suite": config.settings.suite,
            },
            "proxy": {
                "kube": {"enabled": True, "listen_addr": listen},
                "ssh": {
                    "listen_addr": listen,
                    "tunnel_listen_addr": listen,
                    "web_listen_addr": listen,
                    "public_addr": config.proxy,
                },
                "db": {"postgres_listen_addr": listen, "mysql_listen_addr": listen},
                "tls_routing_enabled": True,
            },
            "server_version": VERSION,
            "min_client_version": config.settings.min_client_version,
            "cluster_name": ROOT,
            "edition": "oss",
            "automatic_upgrades": False,
            "fips": False,
        }

    def _reply(self, wanted: sso.Wanted) -> dict[str, object]:
        """What every way to log in ends with.

        Raises: ValueError when a public key can't be read.
        """
        made = self._config.issuer.issue(
            CertificateRequest(
                ssh_public_key=wanted.ssh_public_key,
                tls_public_key=wanted.tls_public_key,
                user=wanted.user,
                end=self._config.issuer.end_after(wanted.ttl),
                mfa_device=wanted.mfa_device,
                is_sso=wanted.is_sso,
                route_to_cluster=wanted.route_to_cluster,
                login_ip=wanted.login_ip,
            )
        )
        authorities = self._config.root.authorities
        signer = {
            "domain_name": ROOT,
            "checking_keys": [_b64(authorities.host_ssh.public_line)],
            "tls_certs": [_b64(authorities.host_tls.pem)],
        }
        return {
            "username": wanted.user,
            "cert": _b64(made.ssh),
            "tls_cert": _b64(made.tls),
            "host_signers": [signer],
            "samlSingleLogoutEnabled": False,
            "mfa_token": "",
            "client_options": {},
        }


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _go_duration(span: datetime.timedelta) -> str:
    """Spell a time span as Go does: 12h0m0s, 5m0s, 20s."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{seconds}s"
    return f"{minutes}m{seconds}s" if minutes else f"{seconds}s"
