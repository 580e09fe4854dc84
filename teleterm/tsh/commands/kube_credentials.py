"""`tsh kube credentials`: a certificate for kubectl, which runs this by itself.

Source: connections.md 3.2; Kubernetes' `client.authentication.k8s.io/v1beta1`.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput
from teleterm.tsh import context as contexts
from teleterm.tsh.context import Context
from teleterm.tsh.grammar import Parsed

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.client.keystore import ResourceFiles
    from teleterm.client.profile import Profile
    from teleterm.model.secret import Secret

_EARLY = timedelta(minutes=1)


def run(parsed: Parsed) -> int:
    """Print it: the one that is there, or a new one when that ends within a minute."""
    context = contexts.start(parsed)
    known = _known(context)
    if known is not None:
        sys.stdout.write(known)
        return 0

    async def work(client: "ClusterClient") -> str:
        return await _issue(client, context)

    sys.stdout.write(contexts.wait(context.with_cluster(work)))
    return 0


def _known(context: Context) -> str | None:
    """What to print when nothing has to be asked of the cluster."""
    from teleterm.client.keystore import expiry

    profile = context.known_profile()
    if profile is None:
        return None
    _check_direct(profile)
    pair = context.store.keys.resource_pair(_files(context, profile))
    ends = expiry(pair)
    if pair is None or ends is None or ends - context.clock.now() <= _EARLY:
        return None
    return _words(pair, ends, context.clock.now())


def _files(context: Context, profile: "Profile") -> "ResourceFiles":
    from teleterm.client.keystore import ResourceFolder

    parsed = context.parsed
    return context.store.keys.resource_files(
        ResourceFolder.KUBE,
        profile.name,
        profile.user,
        parsed.text("teleport-cluster"),
        parsed.text("kube-cluster"),
    )


def _check_direct(profile: "Profile") -> None:
    if profile.tls_routing_conn_upgrade_required:
        raise BadInput(
            "Cannot connect Kubernetes clients to Teleport Proxy directly. Please use `tsh proxy "
            "kube` or `tsh kubectl` instead."
        )


async def _issue(client: "ClusterClient", context: Context) -> str:
    _check_direct(client.profile)
    parsed = context.parsed
    issued = await client.issue_kube(
        parsed.text("kube-cluster"), cluster=parsed.text("teleport-cluster"), save=True
    )
    return _words((issued.key, issued.tls_certificate), issued.expires, context.clock.now())


def _words(pair: "tuple[Secret[bytes], bytes]", ends: datetime, now: datetime) -> str:
    """One line, as kubectl reads it; the end is a minute early, so that no request meets it."""
    key, certificate = pair
    shown = ends - _EARLY if ends - now > _EARLY else ends
    value = {
        "kind": "ExecCredential",
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "spec": {"interactive": False},
        "status": {
            "expirationTimestamp": shown.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "clientCertificateData": certificate.decode("ascii"),
            "clientKeyData": key.reveal().decode("ascii").rstrip("\n"),
        },
    }
    return json.dumps(value, separators=(",", ":")) + "\n\n"
