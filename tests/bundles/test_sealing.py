"""The encrypted form: whole or refused, in one plain sentence, and never at a hostile cost."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.bundles import sealing
from smstui.bundles.errors import (
    BundleError,
    DamagedBundle,
    NewerBundle,
    NotABundle,
    WrongBundlePassphrase,
)
from smstui.bundles.sealing import MAGIC, look_at, seal, unseal
from smstui.passphrase import InvalidPassphrase
from tests.bundles.kit import SEALING

CONTENT = b'{"canary": "of the content"}' * 20
SEALED = seal(CONTENT, SEALING)
VERSION_AT = len(MAGIC)
COSTS_AT = VERSION_AT + 2


def opened(data: bytes, passphrase: SecretStr = SEALING) -> bytes:
    return unseal(look_at(data), passphrase)


def test_what_was_sealed_comes_back_and_cannot_be_read_without_the_passphrase() -> None:
    assert opened(SEALED) == CONTENT
    assert b"canary" not in SEALED
    assert seal(CONTENT, SEALING) != SEALED
    with pytest.raises(WrongBundlePassphrase):
        opened(SEALED, SecretStr("a lantern for the harbour walk"))
    with pytest.raises(InvalidPassphrase):
        seal(CONTENT, SecretStr("short"))


@given(st.integers(0, len(SEALED) - 1))
@settings(max_examples=60, deadline=None)
def test_a_file_that_was_cut_short_is_refused(length: int) -> None:
    with pytest.raises((DamagedBundle, NotABundle)):
        opened(SEALED[:length])


@given(st.integers(COSTS_AT + 12, len(SEALED) - 1), st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_a_changed_byte_is_noticed(place: int, change: int) -> None:
    edited = bytearray(SEALED)
    edited[place] ^= change
    with pytest.raises(BundleError):
        opened(bytes(edited))


@pytest.mark.parametrize("place", range(COSTS_AT))
def test_a_changed_beginning_is_noticed(place: int) -> None:
    edited = bytearray(SEALED)
    edited[place] ^= 0x40
    with pytest.raises((DamagedBundle, NewerBundle, NotABundle)):
        opened(bytes(edited))


def test_parts_in_another_order_or_more_of_them_are_refused() -> None:
    half = len(SEALED) // 2
    for data in (SEALED + b"\0", SEALED + SEALED, SEALED[half:] + SEALED[:half]):
        with pytest.raises((DamagedBundle, NotABundle)):
            opened(data)
    swapped = SEALED[:-64] + SEALED[-32:] + SEALED[-64:-32]
    with pytest.raises(DamagedBundle, match="cut short or edited"):
        opened(swapped)


def test_a_newer_version_is_told_before_any_passphrase() -> None:
    newer = MAGIC + struct.pack(">H", 2) + SEALED[COSTS_AT:]
    with pytest.raises(NewerBundle, match="Update smstui"):
        look_at(newer)


@pytest.mark.parametrize(
    "costs",
    [
        (2**32 - 1, 65536, 4),
        (3, 2**32 - 1, 4),
        (3, 65536, 2**32 - 1),
        (0, 65536, 4),
        (3, 8, 4),
        (3, 65536, 0),
        (11, 65536, 4),
        (3, 256 * 1024 + 1, 4),
    ],
)
def test_what_a_file_asks_of_the_key_derivation_is_bounded(
    costs: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        pytest.fail("a hostile cost was obeyed")

    monkeypatch.setattr(sealing, "derive_key", refuse)
    hostile = SEALED[:COSTS_AT] + struct.pack(">III", *costs) + SEALED[COSTS_AT + 12 :]
    with pytest.raises(DamagedBundle):
        opened(hostile)


def test_costs_of_their_own_are_authenticated() -> None:
    dearer = SEALED[:COSTS_AT] + struct.pack(">III", 1, 65536, 4) + SEALED[COSTS_AT + 12 :]
    with pytest.raises(WrongBundlePassphrase, match="edited"):
        opened(dearer)
