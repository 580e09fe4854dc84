import asyncio
import logging

import pytest

from teleterm.osutil import tasks


async def boom() -> None:
    raise ValueError("boom")


def test_a_failure_is_logged_with_the_task_s_name(caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> None:
        await asyncio.wait([tasks.spawn(boom(), name="maker")])

    with caplog.at_level(logging.ERROR):
        asyncio.run(go())
    assert "task maker failed" in caplog.text
    assert "boom" in caplog.text


def test_results_and_cancellations_are_silent(caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> int:
        stuck = tasks.spawn(asyncio.Event().wait())
        stuck.cancel()
        await asyncio.wait([stuck])

        async def value() -> int:
            return 7

        return await tasks.spawn(value())

    assert asyncio.run(go()) == 7
    assert caplog.text == ""
