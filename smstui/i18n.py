"""Translation by gettext: English in the code, catalogues in ``locale/`` beside it.

Labels declared in models are marked with `N_` and translated when they are drawn, so the
language can be chosen after the modules were imported.
"""

from __future__ import annotations

import gettext
from pathlib import Path

LANGUAGES = ("en", "it")
LOCALE_DIR = Path(__file__).parent / "locale"

_language = "en"
_translations: gettext.NullTranslations = gettext.NullTranslations()


def set_language(language: str) -> None:
    """Choose the language of everything that is drawn from now on.

    Args:
        language: ``en`` or ``it``; anything else falls back to English.
    """
    global _language, _translations
    _language = language if language in LANGUAGES else "en"
    _translations = gettext.translation(
        "smstui", localedir=LOCALE_DIR, languages=[language], fallback=True
    )


def language() -> str:
    """Return the language in use: one of `LANGUAGES`."""
    return _language


def _(text: str) -> str:
    """Return the translation of text; the empty text stays empty."""
    return _translations.gettext(text) if text else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form of the text that fits count."""
    return _translations.ngettext(singular, plural, count)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark text for translation and return it as it is."""
    return text
