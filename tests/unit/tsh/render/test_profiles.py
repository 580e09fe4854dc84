"""The block and the document of `tsh status`, as recorded from the official program."""

from datetime import UTC, datetime, timedelta

import pytest

from teleterm.client.identity import DatabaseRoute, Identity
from teleterm.client.profile import Profile
from teleterm.tsh.render import document, profiles
from teleterm.tsh.render.profiles import ProfileRow

UNTIL = datetime(2026, 11, 23, 16, 52, 47, tzinfo=UTC)
NOW = UNTIL - timedelta(hours=11, minutes=59, seconds=30)
BLOCK = """> Profile URL:        https://localhost:7443
  Logged in as:       alice
  Cluster:            root.demo
  Roles:              access, auditor, editor
  Logins:             root, nobody
  Kubernetes:         enabled
  Databases:          pg
  Valid until:        2026-11-23 16:52:47 +0000 UTC [valid for 11h59m]
  Extensions:         login-ip, permit-pty

"""


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "UTC")
    if hasattr(time, "tzset"):
        time.tzset()


def row() -> ProfileRow:
    return ProfileRow(
        profile=Profile(web_proxy_addr="localhost:7443", kube_proxy_addr="localhost:7443"),
        identity=Identity(
            username="alice",
            cluster="root.demo",
            valid_until=UNTIL,
            roles=("editor", "access", "auditor"),
            traits={"logins": ("root", "nobody"), "empty": ()},
            logins=("root", "nobody"),
            extensions=("login-ip", "permit-pty"),
            databases=(DatabaseRoute(service="pg", protocol="postgres"),),
        ),
    )


def test_block() -> None:
    assert profiles.text(row(), now=NOW, active=True, environ={}) == BLOCK
    other = profiles.text(row(), now=NOW, active=False, environ={})
    assert other == "  " + BLOCK[2:]


def test_variables_are_shown_where_they_stand_in() -> None:
    environ = {"TELEPORT_PROXY": "other:1", "TELEPORT_CLUSTER": "leaf"}
    block = profiles.text(row(), now=NOW, active=True, environ=environ)
    assert "Profile URL:        https://other:1 (TELEPORT_PROXY)\n" in block
    assert "Cluster:            leaf (TELEPORT_CLUSTER)\n" in block


def test_expired() -> None:
    assert "[EXPIRED]" in profiles.text(row(), now=UNTIL, active=True, environ={})


def test_document() -> None:
    text = document.to_json(profiles.document(row(), [], {}))
    assert text.startswith('{\n  "active": {\n    "profile_url": "https://localhost:7443",\n')
    assert '"traits": {\n      "logins": [\n  "root",\n  "nobody"\n]\n    },\n' in text
    assert text.endswith('  },\n  "profiles": []\n}')
    assert "empty" not in text
