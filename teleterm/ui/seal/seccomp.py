"""seccomp: the system calls that the kernel refuses to the window, for every thread of it.

Source: uapi/linux/seccomp.h and filter.h; the numbers are those of the kernel's tables, which
tests/unit/ui/seal/test_seccomp.py compares with the headers of the machine it runs on.
"""

import os
import struct
import sys
from dataclasses import dataclass

from teleterm.ui.seal import kernel

EPERM, ENOSYS = 1, 38
CLONE_THREAD = 0x00010000
TTY_INJECTIONS = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX: typing into the terminal that the window was started from."""
X32 = 0x40000000
NOT_HERE = "not on this system ({}): Tcl and audit only"
SET_MODE_FILTER, ALL_THREADS = 1, 1
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
LOAD, JUMP_IF_EQUAL, JUMP_IF_AT_LEAST, JUMP_IF_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16

SHARED = {
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "pidfd_open": 434,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "mount_setattr": 442,
    "memfd_secret": 447,
    "fchmodat2": 452,
}
"""Calls that have one number on every machine."""

X86_64 = SHARED | {
    "socket": 41,
    "connect": 42,
    "accept": 43,
    "bind": 49,
    "listen": 50,
    "fork": 57,
    "vfork": 58,
    "execve": 59,
    "kill": 62,
    "chmod": 90,
    "fchmod": 91,
    "chown": 92,
    "fchown": 93,
    "lchown": 94,
    "ptrace": 101,
    "pivot_root": 155,
    "chroot": 161,
    "mount": 165,
    "umount2": 166,
    "iopl": 172,
    "ioperm": 173,
    "init_module": 175,
    "delete_module": 176,
    "tkill": 200,
    "kexec_load": 246,
    "add_key": 248,
    "request_key": 249,
    "keyctl": 250,
    "fchownat": 260,
    "fchmodat": 268,
    "unshare": 272,
    "accept4": 288,
    "rt_sigqueueinfo": 129,
    "perf_event_open": 298,
    "setns": 308,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "finit_module": 313,
    "memfd_create": 319,
    "kexec_file_load": 320,
    "bpf": 321,
    "execveat": 322,
    "userfaultfd": 323,
}

AARCH64 = SHARED | {
    "umount2": 39,
    "mount": 40,
    "pivot_root": 41,
    "chroot": 51,
    "fchmod": 52,
    "fchmodat": 53,
    "fchownat": 54,
    "fchown": 55,
    "unshare": 97,
    "kexec_load": 104,
    "init_module": 105,
    "delete_module": 106,
    "ptrace": 117,
    "kill": 129,
    "tkill": 130,
    "rt_sigqueueinfo": 138,
    "socket": 198,
    "bind": 200,
    "listen": 201,
    "accept": 202,
    "connect": 203,
    "add_key": 217,
    "request_key": 218,
    "keyctl": 219,
    "execve": 221,
    "perf_event_open": 241,
    "accept4": 242,
    "setns": 268,
    "process_vm_readv": 270,
    "process_vm_writev": 271,
    "finit_module": 273,
    "memfd_create": 279,
    "bpf": 280,
    "execveat": 281,
    "userfaultfd": 282,
    "kexec_file_load": 294,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What a filter must know of a processor: its mark in the kernel, and its numbers."""

    mark: int
    seccomp: int
    clone: int
    clone3: int
    ioctl: int
    refused: dict[str, int]
    has_x32: bool = False


MACHINES = {
    "x86_64": Machine(
        mark=0xC000003E, seccomp=317, clone=56, clone3=435, ioctl=16, refused=X86_64, has_x32=True
    ),
    "aarch64": Machine(
        mark=0xC00000B7, seccomp=277, clone=220, clone3=435, ioctl=29, refused=AARCH64
    ),
}


if sys.platform == "linux":

    def restrict() -> str:
        """Refuse those calls to all threads of this process, for good.

        Gives:  what holds from here on, in words.
        Raises: NoFence where the kernel has no seccomp, or this processor's numbers are unknown.
        """
        name = os.uname().machine
        machine = MACHINES.get(name)
        if machine is None:
            raise kernel.NoFence(f"no table of system calls for {name}")
        code = program(machine)
        header = struct.pack("@HP", len(code) // 8, kernel.address_of(code))
        kernel.forbid_new_privileges()
        try:
            stray = kernel.call(machine.seccomp, SET_MODE_FILTER, ALL_THREADS, header)
        except OSError as error:
            raise kernel.NoFence(f"the kernel refused the filter: {error.strerror}") from None
        if stray:
            raise kernel.NoFence(f"thread {stray} could not be sealed")
        return f"on ({len(machine.refused)} calls refused)"

else:

    def restrict() -> str:
        """Say that this system has no seccomp."""
        raise kernel.NoFence(NOT_HERE.format(sys.platform))


def program(machine: Machine) -> bytes:
    """The filter in the kernel's byte code, eight bytes a step.

    Shape: jumps go forward by at most 255 steps, so the two ends stand behind the list of calls.
    """
    refused = sorted(machine.refused.values())
    steps: list[bytes] = []
    left = len(refused)
    # The ends, counted from behind: [... calls ...][allow][refuse]; see the last lines.
    steps += [
        _step(LOAD, ARCHITECTURE_AT),
        _step(JUMP_IF_EQUAL, machine.mark, met=1),
        _step(RETURN, REFUSE | EPERM),
        _step(LOAD, NUMBER_AT),
    ]
    if machine.has_x32:
        steps += [_step(JUMP_IF_AT_LEAST, X32, unmet=1), _step(RETURN, REFUSE | EPERM)]
    steps += [
        _step(JUMP_IF_EQUAL, machine.clone3, unmet=1),
        _step(RETURN, REFUSE | ENOSYS),
        _step(JUMP_IF_EQUAL, machine.clone, unmet=4),
        _step(LOAD, ARGUMENTS_AT),
        _step(JUMP_IF_ANY_BIT, CLONE_THREAD, unmet=1),
        _step(RETURN, ALLOW),
        _step(RETURN, REFUSE | EPERM),
        _step(JUMP_IF_EQUAL, machine.ioctl, unmet=5),
        _step(LOAD, ARGUMENTS_AT + 8),
        _step(JUMP_IF_EQUAL, TTY_INJECTIONS[0], met=2),
        _step(JUMP_IF_EQUAL, TTY_INJECTIONS[1], met=1),
        _step(RETURN, ALLOW),
        _step(RETURN, REFUSE | EPERM),
    ]
    for number in refused:
        steps.append(_step(JUMP_IF_EQUAL, number, met=left))
        left -= 1
    steps += [_step(RETURN, ALLOW), _step(RETURN, REFUSE | EPERM)]
    return b"".join(steps)


def _step(code: int, value: int, *, met: int = 0, unmet: int = 0) -> bytes:
    return struct.pack("=HBBI", code, met, unmet, value)
