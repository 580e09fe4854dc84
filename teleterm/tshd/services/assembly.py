"""Puts the services together, once at the start."""

import os
from dataclasses import dataclass
from pathlib import Path

from teleterm.client.net import NetOptions
from teleterm.client.security_keys import SecurityKeys
from teleterm.client.store import ProfileStore
from teleterm.model.clock import Clock, SystemClock
from teleterm.tshd.certificates import KeyPair
from teleterm.tshd.options import DaemonOptions
from teleterm.tshd.services.access_requests import AccessRequests
from teleterm.tshd.services.changes import Changes
from teleterm.tshd.services.clusters import Clusters
from teleterm.tshd.services.computer import ThisComputer
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.database_users import DatabaseUsers
from teleterm.tshd.services.desktops import Desktops
from teleterm.tshd.services.events import EventsLink, EventsTls
from teleterm.tshd.services.gateways.table import Gateways
from teleterm.tshd.services.headless import HeadlessWatchers
from teleterm.tshd.services.logins import Logins
from teleterm.tshd.services.preferences import Preferences
from teleterm.tshd.services.resources import Resources
from teleterm.tshd.services.standing import Standing
from teleterm.tshd.services.transfers import Transfers
from teleterm.tshd.services.updates import Updates


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything the handlers call."""

    events: EventsLink
    connections: Connections
    clusters: Clusters
    logins: Logins
    resources: Resources
    database_users: DatabaseUsers
    preferences: Preferences
    gateways: Gateways
    headless: HeadlessWatchers
    access_requests: AccessRequests
    updates: Updates
    computer: ThisComputer
    transfers: Transfers
    desktops: Desktops
    standing: Standing

    async def close(self) -> None:
        """End in order: gateways, watchers, connections, the way to the window."""
        await self.gateways.close()
        await self.headless.close()
        await self.connections.close()
        await self.events.close()


def assemble(options: DaemonOptions, pair: KeyPair | None, clock: Clock | None = None) -> Services:
    """Make the services; nothing is opened yet."""
    time = clock or SystemClock()
    tls = None
    if pair is not None:
        tls = EventsTls(key=pair.key, certificate=pair.certificate, folder=Path(options.certs_dir))
    net = NetOptions(insecure=options.insecure, environ=dict(os.environ))
    events = EventsLink(tls)
    keys = SecurityKeys()
    connections = Connections(ProfileStore(options.home, clock=time), net, events, time, keys)
    resources = Resources(connections)
    headless = HeadlessWatchers(connections, events)
    changes = Changes()
    kubeconfigs = Path(options.kubeconfigs_dir)
    gateways = Gateways(connections, resources, events, time, kubeconfigs, changes)
    return Services(
        events=events,
        connections=connections,
        clusters=Clusters(connections, time),
        logins=Logins(connections, events, headless, keys, agent_option=options.add_keys_to_agent),
        resources=resources,
        database_users=DatabaseUsers(connections, resources),
        preferences=Preferences(connections),
        gateways=gateways,
        headless=headless,
        access_requests=AccessRequests(connections),
        updates=Updates(connections),
        computer=ThisComputer(connections, Path(options.agents_dir), time),
        transfers=Transfers(connections, time),
        desktops=Desktops(connections),
        standing=Standing(connections, gateways, changes),
    )
