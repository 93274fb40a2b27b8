"""What becomes of one text: its category, its reply, and what it does to consent.

*Try a reply* and the receiver ask the same function; it uses no network and no store.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from smstui.i18n import _
from smstui.messaging.parts import count_parts
from smstui.providers.fields import Draft, text_of
from smstui.webhooks.consent import ConsentState, describe, next_state
from smstui.webhooks.keywords import (
    LABELS,
    WORD_FIELDS,
    Category,
    Keywords,
    Match,
    match,
    prepare,
    reply_in,
    words_in,
)
from smstui.webhooks.linter import BOTH, stop_blocks_both
from smstui.webhooks.replies import too_long


@dataclass(frozen=True, slots=True)
class Trial:
    """What a webhook makes of one text. Its repr shows no reply.

    Attributes:
        category: what the text means; of a fuzzy match `Category.OPT_OUT`.
        keyword: the keyword it is, as the admin typed it, or comes near to; empty for none.
        is_fuzzy: it only looks like an opt-out, and changes nothing.
        reply: what is answered; empty for nothing.
        reply_parts: the parts of the reply, 0 for none.
        consent_before: the consent so far, None when nothing was known.
        consent_after: the consent since; the same as before when nothing changed.
        warnings: what is doubtful, one sentence each.
        explanation: what happened and why, for a person.
    """

    category: Category
    keyword: str
    is_fuzzy: bool
    reply: str = field(repr=False)
    reply_parts: int
    consent_before: ConsentState | None
    consent_after: ConsentState | None
    warnings: tuple[str, ...]
    explanation: str


def keywords_of(draft: Draft) -> Keywords:
    """Return the keywords of a webhook's fields, ready to be matched."""
    words = tuple((category, words_in(draft, category)) for category in WORD_FIELDS)
    return _prepared(words, draft.get("fuzzy_logic") is True)


@lru_cache(maxsize=64)
def _prepared(words: tuple[tuple[Category, tuple[str, ...]], ...], is_fuzzy: bool) -> Keywords:
    return prepare(dict(words), is_fuzzy=is_fuzzy)


def try_reply(draft: Draft, text: str, before: ConsentState | None = None) -> Trial:
    """Return what a webhook makes of a text.

    Args:
        draft: the fields of the webhook.
        text: what a subscriber sent.
        before: the subscriber's consent so far, None when nothing is known.
    """
    meaning = match(text, keywords_of(draft))
    changed = next_state(before, meaning)
    after = before if changed is None else changed
    reply = reply_in(draft, meaning.category, is_fuzzy=meaning.is_fuzzy)
    return Trial(
        category=meaning.category,
        keyword=meaning.keyword,
        is_fuzzy=meaning.is_fuzzy,
        reply=reply,
        reply_parts=count_parts(reply).parts,
        consent_before=before,
        consent_after=after,
        warnings=_warnings(draft, meaning, reply),
        explanation=_explanation(draft, meaning, before, after),
    )


def _warnings(draft: Draft, meaning: Match, reply: str) -> tuple[str, ...]:
    is_opt_out = meaning.category is Category.OPT_OUT and not meaning.is_fuzzy
    blocks_both = is_opt_out and text_of(draft.get("serves")) == BOTH
    is_silent = not reply and meaning.category is not Category.DEFAULT
    said = (
        stop_blocks_both() if blocks_both else "",
        _("No reply is set, so nothing is answered.") if is_silent else "",
        too_long(reply),
    )
    return tuple(filter(None, said))


def _explanation(
    draft: Draft, meaning: Match, before: ConsentState | None, after: ConsentState | None
) -> str:
    if meaning.category is Category.DEFAULT:
        return _("No keyword matches; consent stays as it is.")
    if meaning.is_fuzzy:
        return _("This comes near to “{keyword}”, and opts nobody out by itself.").format(
            keyword=meaning.keyword
        )
    said = _("{keyword} is a keyword of {category}.").format(
        keyword=meaning.keyword, category=_(LABELS[meaning.category])
    )
    if meaning.category in (Category.HELP, Category.CUSTOM):
        return said + " " + _("Consent stays as it is.")
    sender = text_of(draft.get("sender_phone_number"))
    return f"{said} {describe(before, after, sender=sender)}"
