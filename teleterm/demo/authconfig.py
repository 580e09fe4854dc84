"""What the parts of one auth server have in common."""

import datetime
from dataclasses import dataclass, field

from teleterm.demo.certificates import CertificateDesk
from teleterm.demo.inventory import DemoMember, DemoUser
from teleterm.demo.requests import RequestDesk
from teleterm.demo.sessions import ActiveSessions
from teleterm.model.clock import Clock
from teleterm.protogen.teleport.userpreferences.v1 import service_pb2 as preferences_pb2


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthConfig:
    """What one auth server speaks for; `others` are the clusters it trusts.

    `preferences` are what users have chosen, kept as long as the demo runs.
    """

    member: DemoMember
    others: tuple[DemoMember, ...]
    user: DemoUser
    proxy: str
    session_ttl: datetime.timedelta
    desk: CertificateDesk
    active: ActiveSessions
    requests: RequestDesk
    clock: Clock
    preferences: dict[str, preferences_pb2.UserPreferences] = field(default_factory=dict)
