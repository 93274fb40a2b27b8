"""How results are told in a list."""

from __future__ import annotations

import pytest

from smstui.results import result_mark


@pytest.mark.parametrize(
    ("result", "word", "mark"),
    [
        ("passed", "delivered", "✓ delivered"),
        ("warned", "test credentials", "! test credentials"),
        ("pending", "accepted", "! accepted"),
        ("failed", "token refused", "✗ token refused"),
        ("", "", "– never"),
    ],
)
def test_a_result_is_a_sign_and_a_word(result: str, word: str, mark: str) -> None:
    assert result_mark(result, word) == mark
