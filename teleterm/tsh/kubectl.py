"""Running the computer's own kubectl: through a local proxy where the cluster needs one."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from teleterm.client import kube_entries, kubeconfig
from teleterm.model.errors import ErrorCode, Unreachable
from teleterm.tsh.context import Context
from teleterm.tsh.kube_tunnel import KubeTunnel

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

_HOST = "127.0.0.1"


def program() -> str:
    """The path of kubectl.

    Raises: Unreachable (CLIENT_MISSING).
    """
    found = shutil.which("kubectl")
    if found is None:
        raise Unreachable(
            '"kubectl" is not installed, or not in PATH.',
            code=ErrorCode.CLIENT_MISSING,
            hint="Install it; on Debian the package is called kubernetes-client.",
        )
    return found


async def run(client: "ClusterClient", context: Context, args: Sequence[str]) -> int:
    """Run it with the user's kubeconfig; gives its exit status."""
    if not client.profile.tls_routing_conn_upgrade_required:
        return await _spawn(args, {})
    original = kubeconfig.load(kubeconfig.default_path(context.environ))
    targets = kube_entries.logged_in(original, kube_entries.server_of(client.profile))
    if not targets:
        return await _spawn(args, {})
    proxy = KubeTunnel(client, context, targets, original)
    await proxy.start(_HOST, 0)
    try:
        return await _spawn(args, {"KUBECONFIG": str(proxy.path)})
    finally:
        await proxy.close()


async def _spawn(args: Sequence[str], changes: dict[str, str]) -> int:
    from teleterm.osutil import env, procs

    if sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: None)
    sys.stdout.flush()
    process = procs.spawn([program(), *args], stdin=0, env=env.foreign_env(os.environ, changes))
    status = await asyncio.to_thread(process.wait)
    return status if status >= 0 else 128 - status
