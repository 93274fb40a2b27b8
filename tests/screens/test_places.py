"""Addresses and the places they lead to."""

from __future__ import annotations

import pytest

from screens.places import place_at, split_address


@pytest.mark.parametrize("path", ["credentials", "webhooks"])
def test_no_name_is_taken_for_a_command(path: str) -> None:
    place = place_at(path)
    assert place is not None
    for name in ("+new", "+health", "+copy/x", "a/b", "50%", "ü ö", "[/x]", "?"):
        from screens.places import COPY, record_address

        page = place.build(split_address(record_address(path, name))[1])
        assert page.address == record_address(path, name)
        copy = place.build(split_address(record_address(f"{path}/{COPY}", name))[1])
        assert copy.address == record_address(f"{path}/{COPY}", name)
