"""Our tsh with a security key in software: `tsh_with_key.py KEYFILE PIN tsh-arguments...`.

The program itself has no way to be given such a key; this starts its `main` with another finder.
"""

import sys
from pathlib import Path

from teleterm.client import security_keys
from teleterm.client.fido import DeviceKey
from teleterm.tsh.__main__ import main
from tests.support.software_device import SoftwareDevice


def run() -> None:
    """Plug the key in, and run tsh."""
    device = SoftwareDevice(Path(sys.argv[1]), pin=sys.argv[2])
    security_keys.plugged_in = lambda: [DeviceKey(device)]
    sys.exit(main(sys.argv[3:]))


if __name__ == "__main__":
    run()
