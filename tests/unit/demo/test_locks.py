"""Locked users: refused, and sent away."""

import asyncio

import pytest

from teleterm.demo.locks import Locks
from teleterm.model.errors import Refused


def test_a_locked_user_is_refused() -> None:
    locks = Locks()
    locks.check("bob")
    locks.lock("bob")
    with pytest.raises(Refused, match='lock targeting User:"bob" is in force'):
        locks.check("bob")
    locks.check("alice")
    locks.unlock("bob")
    locks.check("bob")


def test_what_a_locked_user_does_is_cut_off() -> None:
    async def run() -> tuple[bool, bool, bool]:
        locks = Locks()
        ended = asyncio.Event()

        async def stay() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        cutting = asyncio.ensure_future(locks.until_locked("bob", stay()))
        other = asyncio.ensure_future(locks.until_locked("alice", asyncio.sleep(0)))
        assert not await other
        locks.lock("bob")
        return await cutting, ended.is_set(), await locks.until_locked("bob", asyncio.sleep(0))

    is_cut, has_ended, _ = asyncio.run(run())
    assert is_cut
    assert has_ended


def test_what_fails_fails() -> None:
    async def fail() -> None:
        raise ValueError("it broke")

    with pytest.raises(ValueError, match="it broke"):
        asyncio.run(Locks().until_locked("bob", fail()))
