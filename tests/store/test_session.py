from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from smstui.store.errors import NameTaken, StoreError, WrongPassphrase
from smstui.store.records import Actor, NewCredential
from smstui.store.session import StoreSession

New = Callable[..., NewCredential]
ADA = Actor("ada")


async def test_calls_run_one_after_the_other_in_one_thread_of_their_own(
    path: Path, passphrase: SecretStr, new: New
) -> None:
    session = StoreSession()
    assert not session.is_open
    await session.open(path, passphrase, actor=ADA)
    assert session.is_open

    threads = await asyncio.gather(
        *(session.call(lambda store: threading.current_thread()) for _number in range(5))
    )
    await asyncio.gather(
        *(session.call(lambda s, n=number: s.credentials.add(new(f"{n}"))) for number in range(5))
    )

    assert len(set(threads)) == 1
    assert threads[0] is not threading.main_thread()
    assert await session.call(lambda store: store.credentials.count()) == 5
    await session.close()


async def test_errors_reach_the_caller_and_the_session_goes_on(
    path: Path, passphrase: SecretStr, new: New
) -> None:
    session = StoreSession()
    await session.open(path, passphrase, actor=ADA)
    await session.call(lambda store: store.credentials.add(new("one")))

    with pytest.raises(NameTaken):
        await session.call(lambda store: store.credentials.add(new("one")))
    assert await session.call(lambda store: store.credentials.count()) == 1
    await session.close()


async def test_after_a_wrong_passphrase_the_right_one_still_opens(
    path: Path, passphrase: SecretStr
) -> None:
    session = StoreSession()

    with pytest.raises(WrongPassphrase):
        await session.open(path, SecretStr("not the passphrase"), actor=ADA)
    assert not session.is_open
    await session.open(path, passphrase, actor=ADA)
    assert session.is_open
    await session.close()


async def test_closing_waits_for_calls_then_refuses_more(
    path: Path, passphrase: SecretStr, new: New
) -> None:
    session = StoreSession()
    await session.open(path, passphrase, actor=ADA)
    saving = asyncio.ensure_future(session.call(lambda store: store.credentials.add(new("one"))))
    await asyncio.sleep(0)

    await session.close()
    await session.close()

    assert (await saving).name == "one"
    assert not session.is_open
    with pytest.raises(StoreError, match="Open it"):
        await session.call(lambda store: store.credentials.count())
    assert [file.name for file in path.parent.iterdir()] == ["smstui.db"]


async def test_a_locked_session_opens_again(path: Path, passphrase: SecretStr) -> None:
    session = StoreSession()
    for _number in range(2):
        await session.open(path, passphrase, actor=ADA)
        assert await session.call(lambda store: store.credentials.count()) == 0
        await session.close()


async def test_a_store_that_nobody_waits_for_any_more_is_closed(
    path: Path, passphrase: SecretStr
) -> None:
    session = StoreSession()
    opening = asyncio.ensure_future(session.open(path, passphrase, actor=ADA))
    await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening

    assert not session.is_open
    for thread in threading.enumerate():
        if thread.name.startswith("smstui-store"):
            await asyncio.to_thread(thread.join)
    assert [file.name for file in path.parent.iterdir()] == ["smstui.db"]


async def test_create_makes_a_store_and_opens_it(tmp_path: Path, passphrase: SecretStr) -> None:
    session = StoreSession()
    await session.create(tmp_path / "new" / "smstui.db", passphrase, actor=ADA)

    assert await session.call(lambda store: store.credentials.count()) == 0
    await session.close()
