"""Headless logins that wait: seen by their user only, decided once, told to who listens."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from teleterm.demo.headless import APPROVED, DENIED, HeadlessDesk, Waiting
from teleterm.model.errors import Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth


def login(ident: str = "one", user: str = "bob") -> Waiting:
    return Waiting(
        ident=ident, user=user, client_ip="127.0.0.1", ssh_public_key=b"", tls_public_key=b""
    )


async def following(events: AsyncIterator[auth.Event]) -> auth.Event:
    return await anext(events)


def test_approved_by_the_user_who_watches() -> None:
    async def run() -> None:
        desk = HeadlessDesk()
        pending = desk.watch("bob", is_pending_only=True)
        every = desk.watch("bob", is_pending_only=False)
        assert (await following(pending)).Type == auth.INIT
        assert (await following(every)).Type == auth.INIT
        waiting = asyncio.ensure_future(desk.wait(login()))
        shown = await following(pending)
        assert shown.HeadlessAuthentication.header.Metadata.Name == "one"
        with pytest.raises(Refused, match="such a headless login"):
            await desk.wait(login())
        found = await desk.find("bob", "one")
        desk.decide(found, APPROVED, "soft")
        with pytest.raises(Refused, match="decided already"):
            desk.decide(found, DENIED, "")
        assert await waiting == "soft"
        seen = [await following(every) for _ in range(3)]
        assert [one.HeadlessAuthentication.state for one in seen[:2]] == [1, APPROVED]
        assert seen[2].ResourceHeader.Metadata.Name == "one"
        await pending.aclose()  # type: ignore[attr-defined]  # an async generator
        await every.aclose()  # type: ignore[attr-defined]  # an async generator

    asyncio.run(run())


def test_denied() -> None:
    async def run() -> None:
        desk = HeadlessDesk()
        waiting = asyncio.ensure_future(desk.wait(login()))
        found = await desk.find("bob", "one")
        desk.decide(found, DENIED, "")
        with pytest.raises(Refused, match="denied"):
            await waiting

    asyncio.run(run())
