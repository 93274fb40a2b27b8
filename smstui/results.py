"""How results are told: always a glyph and a word, never a colour alone."""

from __future__ import annotations

from smstui.i18n import N_, _

GLYPHS = {"passed": "✓", "warned": "!", "failed": "✗", "pending": "…", "skipped": "–", "": "–"}
NEVER = N_("never")


def result_mark(result: str, word: str) -> str:
    """Return a result for a list: ``✓ delivered``, ``! accepted``, ``✗ refused``, ``– never``.

    Args:
        result: a value of `smstui.providers.base.Result`, empty for never verified.
        word: the outcome's word, already in the language it was kept in.
    """
    # In a list nothing is under way: what was still pending when the run ended was not seen to end.
    glyph = GLYPHS["warned" if result == "pending" else result]
    return f"{glyph} {word or _(NEVER)}"
