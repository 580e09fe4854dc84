"""`teleterm --status`: clusters, logins and local proxies, on the terminal."""

import asyncio
import sys
from datetime import UTC, datetime

from teleterm.main import tsh as tsh_parts
from teleterm.main.config.file import ConfigFile
from teleterm.main.instance import LOCK_NAME
from teleterm.main.profiles import Profiles
from teleterm.model.errors import TeletermError
from teleterm.osutil import dirs, locks


def run(folders: dirs.Folders) -> int:
    """Print everything; gives the exit status."""
    folders.prepare()
    config = ConfigFile(folders.config_file)
    config.load()
    lines = list(clusters(Profiles(tsh_parts.home(config, folders.tsh_home))))
    sys.stdout.write("Clusters\n" + ("\n".join(lines) or "  none") + "\n")
    lock = locks.try_take(folders.run / LOCK_NAME)
    if lock:
        lock.release()
        sys.stdout.write("teleterm isn't running.\n")
        return 0
    try:
        found = asyncio.run(_gateways(folders))
    except TeletermError as error:
        sys.stderr.write(f"teleterm: the daemon doesn't answer: {error.message}\n")
        return 1
    sys.stdout.write("Local proxies\n" + ("\n".join(found) or "  none") + "\n")
    return 0


def clusters(profiles: Profiles) -> list[str]:
    """A line for each cluster: address, user, until when."""
    lines: list[str] = []
    for path in sorted(profiles.home.glob("*.yaml")):
        one = profiles.read(path.stem)
        ends = profiles.expires_at(one.name, one.user) if one.user else 0
        until = datetime.fromtimestamp(ends, tz=UTC).astimezone() if ends else None
        if until is None:
            state = "not logged in"
        elif until.timestamp() <= datetime.now(UTC).timestamp():
            state = f"expired at {until:%Y-%m-%d %H:%M}"
        else:
            state = f"{one.user}, valid until {until:%Y-%m-%d %H:%M}"
        lines.append(f"  {one.web_address or one.name}  {state}")
    return lines


async def _gateways(folders: dirs.Folders) -> list[str]:
    from teleterm.tshdclient import connection

    client = connection.client_over_unix(folders.run / "tsh.sock")
    try:
        gateways = await client.gateways()
    finally:
        await client.close()
    return [
        f"  {one.local_address}:{one.local_port}  {one.protocol} {one.target_name}"
        + (f" as {one.user}" if one.user else "")
        for one in gateways
    ]
