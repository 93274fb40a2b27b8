"""Which pictures are taken at which size of the terminal."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

USUAL, WIDE, NARROW = (80, 24), (120, 40), (60, 20)
SIZES = pytest.mark.parametrize("size", [USUAL, WIDE], ids="{0[0]}x{0[1]}".format)
"""Takes a picture as usual, and one that is wide."""
SMALL_SIZES = pytest.mark.parametrize("size", [NARROW, USUAL], ids="{0[0]}x{0[1]}".format)
"""Takes a picture as usual, and one that is narrow."""


def pictures(
    name: str, values: Iterable[str], *, wide: Iterable[str] = (), narrow: Iterable[str] = ()
) -> pytest.MarkDecorator:
    """Take a picture of each state at 80x24, and of a few of them at other sizes.

    What a size does to a screen shows in one or two of its states; each picture takes a second.

    Args:
        name: of the argument that takes the state, beside ``size``.
        values: the states.
        wide: those that are taken at 120x40, too.
        narrow: those that are taken at 60x20, too.
    """
    chosen = {USUAL: tuple(values), WIDE: tuple(wide), NARROW: tuple(narrow)}
    cases = [(value, size) for size, states in chosen.items() for value in states]
    names = [f"{value}-{size[0]}x{size[1]}" for value, size in cases]
    return pytest.mark.parametrize((name, "size"), cases, ids=names)
