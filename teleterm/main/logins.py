"""Logging in: the calls that make a cluster's login, with the words for what can go wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from teleterm.bridge.contract import Done, LoginLocal, LoginPasswordless, LoginSso, Reply
from teleterm.main import refusals
from teleterm.main.clusters import Clusters
from teleterm.main.desk import Desk, Refusal
from teleterm.main.notices import Notices
from teleterm.main.prompts import Prompts
from teleterm.model.errors import BadInput, TeletermError

if TYPE_CHECKING:
    from teleterm.main.daemon import Daemon


class Logins:
    """Logs in, refreshes the clusters afterwards and says until when the login lasts."""

    def __init__(
        self, daemon: "Daemon", clusters: Clusters, prompts: Prompts, notices: Notices
    ) -> None:
        self._daemon = daemon
        self._clusters = clusters
        self._prompts = prompts
        self._notices = notices
        self._on_login: list[Callable[[str], None]] = []

    def register(self, desk: Desk) -> None:
        """Take the window's requests."""
        desk.on(LoginLocal, self._login_local)
        desk.on(LoginSso, self._login_sso)
        desk.on(LoginPasswordless, self._login_passwordless)

    def on_login(self, heard: Callable[[str], None]) -> None:
        """Call `heard` with the cluster's address after each login."""
        self._on_login.append(heard)

    async def log_in(self, cluster_uri: str, user: str, password: str) -> None:
        """Log in with name and password.

        Raises: Refusal, worded.
        """
        client = await self._daemon.client()
        await self._try(cluster_uri, client.login_local(cluster_uri, user, password))

    async def _login_local(self, request: LoginLocal) -> Reply:
        if not request.user:
            raise BadInput("Enter your user name.", field="user")
        if not request.password:
            raise BadInput("Enter your password.", field="password")
        await self.log_in(request.cluster_uri, request.user, request.password)
        return Done()

    async def _login_sso(self, request: LoginSso) -> Reply:
        client = await self._daemon.client()
        uri = request.cluster_uri
        await self._try(uri, client.login_sso(uri, request.connector_type, request.connector_name))
        return Done()

    async def _login_passwordless(self, request: LoginPasswordless) -> Reply:
        client = await self._daemon.client()
        uri = request.cluster_uri
        await self._try(uri, client.login_passwordless(uri, self._prompts.key_login(uri)))
        return Done()

    async def _try(self, cluster_uri: str, call: Awaitable[None]) -> None:
        before = self._prompts.codes_answered.get(cluster_uri, 0)
        try:
            await call
        except TeletermError as error:
            subject = replace(
                self._clusters.subject(cluster_uri, "log in"),
                is_login=True,
                was_code_asked=self._prompts.codes_answered.get(cluster_uri, 0) > before,
            )
            raise Refusal(refusals.explain(error, subject)) from None
        await self._refresh()
        view = self._clusters.find(cluster_uri)
        if view:
            until = datetime.fromtimestamp(view.expires_at, tz=UTC).astimezone()
            valid = f", valid until {until:%H:%M}" if view.expires_at else ""
            self._notices.success(f"Logged in to {view.title}{valid}", key=f"login-{cluster_uri}")
        for heard in self._on_login:
            heard(cluster_uri)

    async def answer_headless(
        self, cluster_uri: str, request_id: str, *, is_approved: bool
    ) -> None:
        """Approve or reject a headless login; what comes of it is a notice."""
        key = f"headless-{request_id}"
        try:
            client = await self._daemon.client()
            await client.answer_headless(cluster_uri, request_id, is_approved=is_approved)
        except TeletermError as error:
            subject = self._clusters.subject(cluster_uri, "answer the headless login")
            failed = refusals.explain(error, subject)
            self._notices.failed("The headless login was not answered.", failed, key=key)
            return
        done = "Approved: the command runs as you." if is_approved else "Rejected."
        self._notices.success(done, key=key)

    async def _refresh(self) -> None:
        try:
            await asyncio.shield(self._clusters.refresh())
        except TeletermError as error:
            subject = self._clusters.subject("", "list the clusters")
            raise Refusal(refusals.explain(error, subject)) from None
