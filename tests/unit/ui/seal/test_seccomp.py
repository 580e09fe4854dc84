"""The filter, run by a small machine of our own, and its numbers beside the system's headers."""

import re
import struct
from pathlib import Path

import pytest

from teleterm.ui.seal import seccomp
from teleterm.ui.seal.seccomp import ALLOW, ENOSYS, EPERM, MACHINES, REFUSE, Machine

HEADERS = {
    "x86_64": (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), "__NR_"),
    "aarch64": (Path("/usr/include/asm-generic/unistd.h"), "__NR(?:3264)?_"),
}
LARGE_ENOUGH = 4096


def verdict(machine: Machine, number: int, *arguments: int, mark: int | None = None) -> int:
    """What the kernel would answer to a call."""
    words = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("=IIQ6Q", number, machine.mark if mark is None else mark, 0, *words)
    code = seccomp.program(machine)
    steps = list(struct.iter_unpack("=HBBI", code))
    at, held = 0, 0
    while True:
        operation, met, unmet, value = steps[at]
        at += 1
        if operation == seccomp.LOAD:
            held = int.from_bytes(data[value : value + 4], "little")
        elif operation == seccomp.RETURN:
            return int(value)
        else:
            holds = {
                seccomp.JUMP_IF_EQUAL: held == value,
                seccomp.JUMP_IF_AT_LEAST: held >= value,
                seccomp.JUMP_IF_ANY_BIT: bool(held & value),
            }[operation]
            at += met if holds else unmet


@pytest.mark.parametrize("name", MACHINES)
def test_exactly_the_listed_calls_are_refused(name: str) -> None:
    machine = MACHINES[name]
    special = {machine.clone, machine.clone3, machine.ioctl}
    refused = {n for n in range(600) if n not in special and verdict(machine, n) != ALLOW}
    assert refused == set(machine.refused.values())
    assert {verdict(machine, n) for n in refused} == {REFUSE | EPERM}


@pytest.mark.parametrize("name", MACHINES)
def test_threads_may_start_and_processes_may_not(name: str) -> None:
    machine = MACHINES[name]
    assert verdict(machine, machine.clone, 0x3D0F00) == ALLOW  # what pthread_create asks for
    assert verdict(machine, machine.clone, 0x01200011) == REFUSE | EPERM  # what fork asks for
    assert verdict(machine, machine.clone3) == REFUSE | ENOSYS  # glibc falls back to clone


@pytest.mark.parametrize("name", MACHINES)
def test_typing_into_a_foreign_terminal_is_refused(name: str) -> None:
    machine = MACHINES[name]
    assert verdict(machine, machine.ioctl, 2, 0x5412) == REFUSE | EPERM
    assert verdict(machine, machine.ioctl, 2, 0x541C) == REFUSE | EPERM
    assert verdict(machine, machine.ioctl, 2, 0x5413) == ALLOW


def test_other_tables_of_the_same_kernel_are_closed() -> None:
    machine = MACHINES["x86_64"]
    assert verdict(machine, 1, mark=0x40000003) == REFUSE | EPERM  # 32-bit calls
    assert verdict(machine, seccomp.X32 | 1) == REFUSE | EPERM


@pytest.mark.parametrize("name", MACHINES)
def test_numbers_are_those_of_the_headers(name: str) -> None:
    place, prefix = HEADERS[name]
    if not place.exists():
        pytest.skip(f"{place} is not there: install linux-libc-dev")
    text = place.read_text()
    listed = {
        found: int(number) for found, number in re.findall(rf"#define {prefix}(\w+)\s+(\d+)", text)
    }
    known = {call: number for call, number in MACHINES[name].refused.items() if call in listed}
    assert len(known) > 50
    assert known == {call: listed[call] for call in known}
