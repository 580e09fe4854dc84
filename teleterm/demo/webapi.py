"""The proxy's web API: discovery, login with password and code, and a page for browsers."""

import base64
import datetime
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import msgspec

from teleterm.demo import sso
from teleterm.demo.http import Request, Response, error_response, json_response
from teleterm.demo.inventory import (
    MIN_CLIENT_VERSION,
    ROOT,
    VERSION,
    DemoMember,
    DemoSettings,
    DemoUser,
)
from teleterm.demo.issuing import CertificateRequest, Issuer
from teleterm.demo.totp import CodeChecker
from teleterm.model.clock import Clock

_CONNECTORS = ("local",)
_WRONG_PASSWORD = "invalid credentials"  # noqa: S105 - a message
_WRONG_CODE = "invalid username, password or second factor"
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>teleterm demo</title>
<body style="font-family: sans-serif; max-width: 40em; margin: 4em auto">
<h1>teleterm demo cluster</h1>
<p>This is not a production cluster: it is a demo of teleterm, it runs on this computer only, and it
is gone when its program ends. There is no web interface. Log in with <code>tsh login
--proxy={proxy}</code> or with the teleterm window.</p>
"""


class _BeginBody(msgspec.Struct, forbid_unknown_fields=False):
    user: str = ""
    password: str = msgspec.field(default="", name="pass")
    passwordless: bool = False


class _FinishBody(msgspec.Struct, forbid_unknown_fields=False):
    user: str = ""
    password: str = ""
    totp_code: str = ""
    ssh_pub_key: bytes | None = None
    tls_pub_key: bytes | None = None
    ttl: int = 0
    route_to_cluster: str = msgspec.field(default="", name="RouteToCluster")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebApiConfig:
    """What the web API speaks for."""

    proxy: str
    settings: DemoSettings
    user: DemoUser
    root: DemoMember
    issuer: Issuer
    clock: Clock


class WebApi:
    """Answers the requests of one proxy."""

    def __init__(self, config: WebApiConfig) -> None:
        self._config = config
        self._codes = CodeChecker(
            config.user.totp_secret, allow_reuse=config.settings.allow_code_reuse
        )
        self._routes: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "/"): self._page,
            ("GET", "/web"): self._page,
            ("GET", "/web/config.js"): self._config_js,
            ("GET", "/webapi/ping"): lambda _: json_response(self._ping(with_ttl=True)),
            ("GET", "/webapi/find"): lambda _: json_response(self._ping(with_ttl=False)),
            ("GET", "/webapi/motd"): lambda _: json_response({"Text": config.settings.motd}),
            ("POST", "/webapi/mfa/login/begin"): self._begin,
            ("POST", "/webapi/mfa/login/finish"): self._finish,
        }
        if config.settings.with_sso:
            desk = sso.SsoDesk(config.proxy, config.user.name, config.user.password, self._reply)
            self._routes |= {
                ("POST", "/webapi/github/login/console"): desk.begin,
                ("GET", sso.PAGE): desk.page,
                ("POST", sso.PAGE): desk.confirm,
            }

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        route = self._routes.get((request.method, request.path))
        if route is not None:
            return route(request)
        if request.method == "GET" and request.path.startswith("/webapi/ping/"):
            return self._ping_connector(request.path.removeprefix("/webapi/ping/"))
        if request.method == "GET" and request.path.startswith("/web/"):
            return self._page(request)
        return error_response(HTTPStatus.NOT_FOUND, f"{request.path} not found")

    def _page(self, _request: Request) -> Response:
        page = _PAGE.format(proxy=self._config.proxy)
        return Response(body=page.encode(), content_type="text/html; charset=utf-8")

    def _config_js(self, _request: Request) -> Response:
        github: dict[str, object] = {
            "type": "github",
            "name": sso.CONNECTOR,
            "displayName": sso.DISPLAY,
        }
        providers = [github] if self._config.settings.with_sso else []
        value = {
            "auth": {"localAuthEnabled": True, "providers": providers, "second_factor": "otp"},
            "proxyCluster": ROOT,
            "edition": "oss",
        }
        body = b"var GRV_CONFIG = " + msgspec.json.encode(value) + b";"
        return Response(body=body, content_type="application/javascript")

    def _ping_connector(self, name: str) -> Response:
        if name == sso.CONNECTOR and self._config.settings.with_sso:
            answer = self._ping(with_ttl=False)
            github = {"name": sso.CONNECTOR, "display": sso.DISPLAY}
            local = answer["auth"] if isinstance(answer["auth"], dict) else {}
            local.pop("local", None)
            return json_response({**answer, "auth": {**local, "type": "github", "github": github}})
        if name not in _CONNECTORS:
            known = ", ".join(_CONNECTORS)
            message = f'invalid connector name "{name}"; valid options: {known}'
            return error_response(HTTPStatus.BAD_REQUEST, message)
        return json_response(self._ping(with_ttl=False))

    def _ping(self, *, with_ttl: bool) -> dict[str, object]:
        config = self._config
        ttl = _go_duration(config.settings.session_ttl) if with_ttl else "0s"
        listen = f"127.0.0.1:{config.proxy.rpartition(':')[2]}"
        return {
            "auth": {
                "type": "local",
                "second_factor": "otp",
                "preferred_local_mfa": "otp",
                "local": {"name": "local"},
                "private_key_policy": "none",
                "device_trust": {"disabled": True},
                "has_motd": bool(config.settings.motd),
                "default_session_ttl": ttl,
                "signature_algorithm_suite": "balanced-v1",
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
            "min_client_version": MIN_CLIENT_VERSION,
            "cluster_name": ROOT,
            "edition": "oss",
            "automatic_upgrades": False,
            "fips": False,
        }

    def _begin(self, request: Request) -> Response:
        try:
            body = msgspec.json.decode(request.body, type=_BeginBody)
        except msgspec.MsgspecError as error:
            return error_response(HTTPStatus.BAD_REQUEST, str(error))
        if body.passwordless:
            message = "passwordless login is not offered by this cluster"
            return error_response(HTTPStatus.BAD_REQUEST, message)
        if not self._knows(body.user, body.password):
            return error_response(HTTPStatus.FORBIDDEN, _WRONG_PASSWORD)
        return json_response(
            {"webauthn_challenge": None, "totp_challenge": True, "sso_challenge": None}
        )

    def _finish(self, request: Request) -> Response:
        try:
            body = msgspec.json.decode(request.body, type=_FinishBody)
        except msgspec.MsgspecError as error:
            return error_response(HTTPStatus.BAD_REQUEST, str(error))
        if not body.ssh_pub_key and not body.tls_pub_key:
            message = "'ssh_pub_key' or 'tls_pub_key' must be set"
            return error_response(HTTPStatus.BAD_REQUEST, message)
        now_s = self._config.clock.now().timestamp()
        knows = self._knows(body.user, body.password)
        if not knows or not self._codes.accept(body.totp_code, now_s):
            return error_response(HTTPStatus.FORBIDDEN, _WRONG_CODE)
        wanted = sso.Wanted(
            ssh_public_key=body.ssh_pub_key or b"",
            tls_public_key=body.tls_pub_key or b"",
            ttl=datetime.timedelta(microseconds=max(body.ttl, 0) // 1000),
            route_to_cluster=body.route_to_cluster,
            login_ip=request.peer_host,
        )
        try:
            return json_response(self._reply(wanted))
        except ValueError as error:
            return error_response(HTTPStatus.BAD_REQUEST, str(error))

    def _reply(self, wanted: sso.Wanted) -> dict[str, object]:
        """What every way to log in ends with.

        Raises: ValueError when a public key can't be read.
        """
        made = self._config.issuer.issue(
            CertificateRequest(
                ssh_public_key=wanted.ssh_public_key,
                tls_public_key=wanted.tls_public_key,
                end=self._config.issuer.end_after(wanted.ttl),
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
            "username": self._config.user.name,
            "cert": _b64(made.ssh),
            "tls_cert": _b64(made.tls),
            "host_signers": [signer],
            "samlSingleLogoutEnabled": False,
            "mfa_token": "",
            "client_options": {},
        }

    def _knows(self, user: str, password: str) -> bool:
        right_password = hmac.compare_digest(password.encode(), self._config.user.password.encode())
        return user == self._config.user.name and right_password


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _go_duration(span: datetime.timedelta) -> str:
    """Spell a time span as Go does: 12h0m0s, 5m0s, 20s."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{seconds}s"
    return f"{minutes}m{seconds}s" if minutes else f"{seconds}s"
