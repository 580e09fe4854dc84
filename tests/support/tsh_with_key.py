"""Our tsh with a security key in software: `tsh_with_key.py KEYFILE PIN tsh-arguments...`.

The program itself has no way to be given such a key; this starts its `main` with another finder.
With SOFTWARE_KEY_FINGER in the environment the key waits until there is a file of that name, which
is a touch and gone after it; without, it is touched at once.
"""

import functools
import os
import sys
import threading
from pathlib import Path

from teleterm.client import security_keys
from teleterm.client.fido import DeviceKey
from teleterm.tsh.__main__ import main
from tests.support.software_device import SoftwareDevice


def touched(finger: Path, event: threading.Event) -> bool:
    """Wait for the finger; False when nobody waits for it any more."""
    while not event.wait(0.02):
        try:
            finger.unlink()
        except FileNotFoundError:
            continue
        return True
    return False


def run() -> None:
    """Plug the key in, and run tsh."""
    finger = os.environ.get("SOFTWARE_KEY_FINGER", "")
    touch = functools.partial(touched, Path(finger)) if finger else None
    device = SoftwareDevice(Path(sys.argv[1]), pin=sys.argv[2], touch=touch)
    security_keys.plugged_in = lambda: [DeviceKey(device)]
    sys.exit(main(sys.argv[3:]))


if __name__ == "__main__":
    run()
