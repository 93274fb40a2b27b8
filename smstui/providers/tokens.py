"""Tokens and API keys as people paste them: with the word that stands before them in a header."""

from __future__ import annotations

import re

from smstui.i18n import _
from smstui.providers.fields import Tidied, strip_blanks

_SCHEMES = re.compile(
    r"(?:authorization:\s*)?(?:(app|basic|bearer)\s+)+(?=\S)", re.ASCII | re.IGNORECASE
)


def tidy_token(text: str) -> Tidied:
    """Drop the words before a token that was copied with its header: ``Bearer``, ``App App``."""
    stripped = strip_blanks(text)
    schemes = _SCHEMES.match(stripped.value)
    if schemes is None:
        return stripped
    said = _("The word {word} before it was removed.").format(word=schemes[1].capitalize())
    return Tidied(stripped.value[schemes.end() :], said)
