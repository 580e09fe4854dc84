"""Logging in at the terminal, by whichever connector: local, passwordless, headless, SSO."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from teleterm.client.login import LoginResult, Terms, login_local, login_passwordless
from teleterm.client.security_keys import SecurityKeys
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.tsh import key_talk
from teleterm.tsh.key_talk import TerminalKeyTalk
from teleterm.tsh.render import plain

if TYPE_CHECKING:
    from teleterm.client.discovery import ProxyInfo
    from teleterm.client.prompts import WebauthnAnswer, WebauthnChallenge
    from teleterm.client.store import ProfileStore
    from teleterm.tsh.context import Context

HEADLESS, LOCAL, PASSWORDLESS = "headless", "local", "passwordless"
HEADLESS_COMMANDS = (("ls",), ("ssh",), ("scp",))
_SSO = ("github", "oidc", "saml")
_IGNORED_USER = (
    "WARNING: Ignoring Teleport user ({user}) for Single Sign-On (SSO) login.\n"
    "Provide the user name during the SSO flow instead. Use --auth=local if you did not intend to"
    " login with SSO.\n"
)
_WHO = (
    "\nhint: set the --user flag to log in as a specific user, or leave it empty to use the system"
    " user ({user})\n\n"
)


async def log_in(
    context: "Context", store: "ProfileStore", info: "ProxyInfo", *, user: str, terms: Terms
) -> LoginResult:
    """Log in as the command line, the profile or the cluster says.

    Raises: Refused (WRONG_CREDENTIALS, ...), BadInput for a connector that doesn't exist.
    """
    if terms.connector:
        from teleterm.client.discovery import ping

        info = await ping(info.web_addr, context.net(), connector=terms.connector)
    name = info.auth.connector_name or LOCAL
    if info.auth.type in _SSO:
        return await _by_browser(context, store, info, terms)
    if name == PASSWORDLESS:
        return await login_passwordless(store, info, sign=_sign, options=context.net(), terms=terms)
    if name == HEADLESS:
        return await _headless(context, store, info, user=user, terms=terms)
    if info.auth.type != LOCAL:
        raise BadInput(
            f'unsupported authentication type: "{info.auth.type}"',
            field="auth",
            value=info.auth.type,
        )
    return await _local(context, store, info, user=user, terms=terms)


async def _local(
    context: "Context", store: "ProfileStore", info: "ProxyInfo", *, user: str, terms: Terms
) -> LoginResult:
    prompts = context.prompts()
    try:
        return await login_local(
            store, info, user=user, prompts=prompts, options=context.net(), terms=terms
        )
    except Refused as error:
        if error.code is not ErrorCode.WRONG_CREDENTIALS:
            raise
        if not context.user:
            sys.stderr.write(_WHO.format(user=plain.cell(user)))
        factor = "invalid username, password or second factor"
        message = factor if prompts.has_asked_mfa else "invalid credentials"
        raise Refused(message, code=error.code, details=error.details) from error


async def _sign(challenge: "WebauthnChallenge") -> "WebauthnAnswer":
    return await SecurityKeys().sign(challenge, TerminalKeyTalk(key_talk.LOGIN))


async def _headless(
    context: "Context", store: "ProfileStore", info: "ProxyInfo", *, user: str, terms: Terms
) -> LoginResult:
    from teleterm.client import headless

    if context.parsed.command.path not in HEADLESS_COMMANDS:
        raise BadInput(
            "Headless login is not supported for this command. Only 'tsh ls', 'tsh ssh', and 'tsh"
            " scp' are supported.",
            field="auth",
            value=HEADLESS,
        )

    def tell(ident: str) -> None:
        sys.stderr.write(
            plain.lines(
                "Complete headless authentication in your local web browser:\n\n"
                f"https://{info.web_addr}/web/headless/{ident}\n\n"
                "or execute this command in your local terminal:\n\n"
                f"tsh headless approve --user={user} --proxy={info.web_addr} {ident}\n"
            )
        )
        sys.stderr.flush()

    return await headless.log_in(
        store, info, user=user, tell=tell, options=context.net(), terms=terms
    )


async def _by_browser(
    context: "Context", store: "ProfileStore", info: "ProxyInfo", terms: Terms
) -> LoginResult:
    from teleterm.client import sso
    from teleterm.tsh.browser import TerminalBrowser

    if context.user:
        sys.stderr.write(_IGNORED_USER.format(user=plain.cell(context.user)))
    parsed = context.parsed
    redirector = sso.Redirector(
        info.web_addr,
        bind_addr=parsed.text("bind-addr"),
        callback=parsed.text("callback"),
    )
    browser = TerminalBrowser(parsed.text("browser") or parsed.text("browser-login"))
    return await sso.log_in(
        store,
        info,
        redirector=redirector,
        open_page=browser.open,
        options=context.net(),
        terms=replace(terms, connector=terms.connector or info.auth.connector_name),
    )
