"""A peer that doesn't read makes nobody grow."""

import os
import socket
from functools import partial

import pytest

from teleterm.bridge.outlet import Outlet


def test_takes_what_fits_and_sends_in_order() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        outlet = Outlet(partial(os.write, ours.fileno()), 2_000_000)
        payload = os.urandom(1_500_000)
        assert outlet.put(payload)
        assert not outlet.put(payload)
        received = b""
        while len(received) < len(payload):
            received += theirs.recv(65536)
            outlet.flush()
        assert received == payload
        assert outlet.waiting_bytes == 0


def test_says_that_the_other_side_has_gone() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours, pytest.raises(OSError, match="pipe"):
        Outlet(partial(os.write, ours.fileno()), 100).put(b"x")
