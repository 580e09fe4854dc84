"""Landlock: what files, sockets and processes the kernel still lets the window reach.

Source: the kernel's Documentation/userspace-api/landlock.rst and uapi/linux/landlock.h, ABI 1 to 7.
"""

import os
import struct
import sys

from teleterm.ui.seal import kernel

CREATE, ADD_RULE, RESTRICT = 444, 445, 446
ASK_VERSION = 1
NOT_HERE = "not on this system ({}): Tcl and audit only"
PATH_BENEATH = 1
READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights on files each ABI knows, lowest bit first; newer ones know those of 5."""
NETWORK_SINCE, SCOPES_SINCE = 4, 6
BIND_AND_CONNECT = 0b11
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


if sys.platform == "linux":

    def abi() -> int:
        """The version of Landlock that this kernel has; 0 for none."""
        try:
            return kernel.call(CREATE, 0, 0, ASK_VERSION)
        except OSError:
            return 0

    def restrict(readable: tuple[str, ...]) -> str:
        """Leave nothing but reading below `readable`: no write, start, TCP, nor signal to others.

        Gives:  what holds from here on, in words.
        Raises: NoFence where the kernel has no Landlock.
        Thread: while there is one: others would stay free.
        """
        version = abi()
        if version < 1:
            raise kernel.NoFence("this kernel has no Landlock")
        rules = _ruleset(version)
        try:
            for path in readable:
                _allow_reading(rules, path)
            kernel.forbid_new_privileges()
            kernel.call(RESTRICT, rules, 0)
        except OSError as error:
            raise kernel.NoFence(f"Landlock refused the rules: {error.strerror}") from None
        finally:
            os.close(rules)
        return _words(version)

    def _ruleset(version: int) -> int:
        files = (1 << FILE_RIGHTS.get(version, FILE_RIGHTS[5])) - 1
        network = BIND_AND_CONNECT if version >= NETWORK_SINCE else 0
        scopes = ABSTRACT_SOCKETS_AND_SIGNALS if version >= SCOPES_SINCE else 0
        words = 3 if version >= SCOPES_SINCE else 2 if version >= NETWORK_SINCE else 1
        asked = struct.pack("=3Q", files, network, scopes)[: 8 * words]
        try:
            return kernel.call(CREATE, asked, len(asked), 0)
        except OSError as error:
            raise kernel.NoFence(f"Landlock gave no rule set: {error.strerror}") from None

    def _allow_reading(rules: int, path: str) -> None:
        """Allow reading a file, or all below a folder; a place that isn't there needs no rule."""
        try:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            return
        try:
            is_folder = os.path.isdir(path)  # noqa: PTH112 - pathlib would be loaded for this alone
            rights = READ_FILE | READ_FOLDER if is_folder else READ_FILE
            kernel.call(ADD_RULE, rules, PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
        finally:
            os.close(place)

    def _words(version: int) -> str:
        held = ["files"]
        if version >= NETWORK_SINCE:
            held.append("TCP")
        if version >= SCOPES_SINCE:
            held.append("abstract sockets and signals")
        return f"on (ABI {version}: {', '.join(held)})"

else:

    def abi() -> int:
        """The version of Landlock: only Linux has one."""
        return 0

    def restrict(readable: tuple[str, ...]) -> str:
        """Say that this system has no Landlock."""
        raise kernel.NoFence(NOT_HERE.format(sys.platform))
