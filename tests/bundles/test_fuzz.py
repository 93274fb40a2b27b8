"""Documents that somebody changed anywhere: refused with a sentence, or taken over whole."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path as FilePath
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smstui.bundles.applying import apply
from smstui.bundles.document import from_json, to_json
from smstui.bundles.errors import BundleError
from smstui.bundles.exporting import collect
from smstui.bundles.plan import faults, make_plan
from smstui.bundles.sections.registry import sections
from smstui.store import Store
from smstui.store.records import Actor, ListQuery
from tests.bundles.kit import contents
from tests.conftest import NOW, PASSPHRASE

Path = tuple[Any, ...]

NASTY = ["", "x", "é" * 300, "a\x1b[31m", "main", "relay", "2026-11-23", "[bold]"]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-1, 2**70)
    | st.floats(allow_nan=False)
    | st.sampled_from(NASTY)
    | st.text(max_size=8)
)
NAMES = st.text(max_size=6)
VALUES = LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(NAMES, LEAVES, max_size=3)


def places(value: Any, path: Path = ()) -> list[Path]:
    """Return where something can be changed in a document."""
    found = [path] if path else []
    inside: Any = ()
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    for key, item in inside:
        found += places(item, (*path, key))
    return found


def changed(document: Any, path: Path, value: Any, *, removed: bool) -> Any:
    """Return a document with one value replaced or taken out."""
    edited = copy.deepcopy(document)
    place = edited
    for key in path[:-1]:
        place = place[key]
    if removed:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return edited


@pytest.fixture(scope="module")
def document(filled_store: FilePath) -> Any:
    """What a bundle of a store with a record of every kind says."""
    with open_store(filled_store) as store:
        return json.loads(to_json(collect(store, with_secrets=True, clock=lambda: NOW)))


def open_store(path: FilePath) -> Store:
    return Store.open(path, PASSPHRASE, actor=Actor("ada"), clock=lambda: NOW)


@given(data=st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_changed_the_store_stays_whole(
    document: Any,
    filled_store: FilePath,
    empty_store: FilePath,
    tmp_path: FilePath,
    data: st.DataObject,
) -> None:
    path = data.draw(st.sampled_from(places(document)))
    edited = changed(document, path, data.draw(VALUES), removed=data.draw(st.booleans()))
    tmp_path.chmod(0o700)
    copied = FilePath(
        shutil.copy(data.draw(st.sampled_from([filled_store, empty_store])), tmp_path / "fuzz.db")
    )
    with open_store(copied) as store:
        before = contents(store)
        refused: BundleError | None = None
        try:
            plan = make_plan(store, from_json(json.dumps(edited).encode(), tuple(sections())))
            asked = {item.number: item.choices[-1] for item in plan.items if item.is_asked}
            apply(store, plan, asked)
        except BundleError as error:
            refused = error
        if refused is not None:
            assert refused.message.replace("\n", "").isprintable()
            assert contents(store) == before
            return
        # What was taken over can be listed and exported, and is the same as itself.
        assert not faults(store, collect(store, with_secrets=True, clock=lambda: NOW))
        for section in sections().values():
            repository = section.repository(store)
            repository.rows(repository.ids(ListQuery()))
