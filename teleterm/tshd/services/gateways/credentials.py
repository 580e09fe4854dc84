"""The certificate of a gateway: obtained, kept while it lasts, renewed when it has ended.

Source: terminal_service.md 11.2 step 6, 11.3, 14.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from teleterm.client.alpn_proxy import ClientCert
from teleterm.client.certs import IssuedCerts
from teleterm.model.clock import Clock
from teleterm.model.errors import TeletermError
from teleterm.tshd.services.events import Window

_log = logging.getLogger("teleterm.tshd.gateways")


class Issuer(Protocol):
    """Whoever can have a certificate made for one resource."""

    async def __call__(self) -> IssuedCerts:
        """Have it made; the user may be asked for a second factor.

        Raises: Refused, Unreachable.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """What a gateway is, as the window knows it."""

    gateway_uri: str
    target_uri: str
    root_cluster_uri: str


class GatewayCredentials:
    """One certificate for all connections of a gateway; renewals wait for each other."""

    def __init__(self, owner: Owner, issuer: Issuer, window: Window, clock: Clock) -> None:
        self._owner = owner
        self._issuer = issuer
        self._window = window
        self._clock = clock
        self._lock = asyncio.Lock()
        self._issued: IssuedCerts | None = None

    async def obtain(self) -> None:
        """Get the first certificate; failures are the caller's.

        Raises: Refused, Unreachable.
        """
        async with self._lock:
            self._issued = await self._issuer()

    @property
    def until(self) -> datetime | None:
        """When the certificate ends; None before there is one."""
        return self._issued.expires if self._issued else None

    def clear(self) -> None:
        """Have the next connection obtain a new one."""
        self._issued = None

    async def current(self) -> ClientCert:
        """The certificate for a connection that has just come in.

        One that has ended or is about to is renewed, if need be after the user has logged in again.
        Raises: TeletermError when there is none to be had.
        """
        async with self._lock:
            issued = self._issued
            if issued is None or not issued.lasts(self._clock.now()):
                _log.info("renewing the certificate of %s", self._owner.gateway_uri)
                issued = self._issued = await self._renew()
            return ClientCert(key=issued.key, certificate=issued.tls_certificate)

    async def _renew(self) -> IssuedCerts:
        try:
            issued = await self._issuer()
            if issued.lasts(self._clock.now()):
                return issued
        except TeletermError as error:
            if not error.needs_login:
                raise
        _log.info("a new login is needed for %s", self._owner.gateway_uri)
        await self._window.relogin(
            self._owner.root_cluster_uri, self._owner.gateway_uri, self._owner.target_uri
        )
        return await self._issuer()
