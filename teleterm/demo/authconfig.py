"""What the parts of one auth server have in common."""

import datetime
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from teleterm.demo.certificates import CertificateDesk
from teleterm.demo.factors import FactorDesk
from teleterm.demo.headless import HeadlessDesk
from teleterm.demo.identity import Identity
from teleterm.demo.inventory import DemoMember, DemoUser
from teleterm.demo.requests import RequestDesk
from teleterm.demo.sessions import ActiveSessions
from teleterm.model.clock import Clock
from teleterm.protogen.teleport.userpreferences.v1 import service_pb2 as preferences_pb2


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthConfig:
    """What one auth server speaks for; `others` are the clusters it trusts.

    `preferences` are what users have chosen, kept as long as the demo runs. `gone` are the nodes
    and clusters out of reach.
    """

    member: DemoMember
    others: tuple[DemoMember, ...]
    users: Mapping[str, DemoUser]
    proxy: str
    session_ttl: datetime.timedelta
    suite: str
    desk: CertificateDesk
    active: ActiveSessions
    requests: RequestDesk
    factors: FactorDesk
    headless: HeadlessDesk
    clock: Clock
    gone: Set[str] = frozenset()
    preferences: dict[str, preferences_pb2.UserPreferences] = field(default_factory=dict)

    def user_of(self, caller: Identity) -> DemoUser:
        """The user who calls."""
        return self.users[caller.user]
