"""A store and a simulator beside it, for set-ups that are kept and carried out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smstui.store import Store
from smstui.store.records import Actor
from tests.conftest import NOW, MakeStore
from tests.rcs.world import World, running
from tests.webhooks.stage import handle_of


@pytest.fixture
def world(make_store: MakeStore) -> Iterator[World]:
    """A simulator, an empty store, and a clock between them."""
    with running(make_store()) as world:
        yield world


@pytest.fixture
def sessions(make_store: MakeStore) -> Iterator[tuple[Store, Store]]:
    """Two people at one store: ada and grace."""
    path = make_store()
    handle = handle_of(path)
    with (
        Store.reopen(path, handle, actor=Actor("ada", ""), clock=lambda: NOW) as ada,
        Store.reopen(path, handle, actor=Actor("grace", ""), clock=lambda: NOW) as grace,
    ):
        yield ada, grace
