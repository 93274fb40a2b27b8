"""What is wrong or doubtful with the keywords and replies of a webhook, each at its field.

Sources: Adobe's page on webhooks and what its pages say differently (custom words replace the
defaults; short codes; one sender for two kinds of messages).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from smstui.i18n import _
from smstui.messaging.numbers import is_short_code
from smstui.providers.fields import Draft, Issue, Severity, joined_words, text_of
from smstui.webhooks.keywords import (
    LABELS,
    REPLY_FIELDS,
    WORD_FIELDS,
    Category,
    folded,
    reply_in,
    words_in,
)
from smstui.webhooks.replies import too_long

Words = Mapping[Category, tuple[str, ...]]

STOP = "STOP"
BOTH = "Both"
"""The value of ``serves`` for a sender of Marketing and Transactional."""

TRANSLATIONS: Mapping[Category, Mapping[str, tuple[str, ...]]] = {
    Category.OPT_IN: {
        "SUBSCRIBE": ("sottoscrivi", "iscriviti", "suscribirse", "abonner", "abonnieren"),
        "YES": ("sì", "si", "sí", "oui", "ja", "sim"),
        "START": ("avvia", "iniziare", "iniciar", "démarrer", "starten"),
        "CONTINUE": ("continua", "continuar", "continuer", "fortfahren"),
        "RESUME": ("riprendi", "reanudar", "reprendre", "fortsetzen"),
        "BEGIN": ("inizia", "comenzar", "commencer", "beginnen"),
    },
    Category.OPT_OUT: {
        STOP: (
            "interrompi",
            "detener",
            "arresta",
            "ferma",
            "fine",
            "basta",
            "parar",
            "arrêt",
            "stopp",
        ),
        "QUIT": ("esci", "salir", "quitter", "beenden", "sair"),
        "CANCEL": ("annulla", "cancella", "cancelar", "annuler", "abbrechen"),
        "END": ("termina", "finalizar", "terminer", "ende", "fin"),
        "UNSUBSCRIBE": ("annulla iscrizione", "cancelar suscripción", "désabonner", "abmelden"),
        "NO": ("non", "nein", "não"),
    },
    Category.HELP: {
        "HELP": ("aiuto", "guida", "ayuda", "aide", "hilfe", "ajuda"),
        "INFORMATION": ("informazioni", "información", "informationen"),
    },
}
"""Words that stand for a default one in Italian, Spanish, French, German and Portuguese, among them
those that Adobe's translated pages show by mistake."""


def lint(draft: Draft, own_answers: Collection[str] = ()) -> Iterator[Issue]:
    """Yield what is wrong or doubtful with the keywords and replies of an inbound webhook.

    Args:
        draft: its fields; nothing is asked of their types.
        own_answers: keywords that its provider answers by itself on a long number.
    """
    words = {category: words_in(draft, category) for category in WORD_FIELDS}
    yield from _opt_out(words)
    yield from _twice(words)
    yield from _translated(words)
    yield from _opt_in(draft, words)
    is_short = is_short_code(text_of(draft.get("sender_phone_number")))
    yield from _replies(draft, words, () if is_short else own_answers)
    yield from _sender(draft, words, is_short=is_short)


def _warning(name: str, message: str) -> Issue:
    return Issue(name, message, Severity.WARNING)


def _holds(words: tuple[str, ...], wanted: str) -> bool:
    return folded(wanted) in map(folded, words)


def _opt_out(words: Words) -> Iterator[Issue]:
    if not _holds(words[Category.OPT_OUT], STOP):
        yield Issue(
            WORD_FIELDS[Category.OPT_OUT],
            _("STOP is missing. These words replace the defaults: nobody could opt out with STOP."),
        )


def _twice(words: Words) -> Iterator[Issue]:
    """Yield keywords that an earlier category has already: one text has one meaning."""
    taken: dict[str, Category] = {}
    for category, name in WORD_FIELDS.items():
        for word in words[category]:
            other = taken.setdefault(folded(word), category)
            if other is not category:
                said = _("{word} is a keyword of {category} already. Remove one of the two.")
                yield Issue(name, said.format(word=word, category=_(LABELS[other])))


def _translated(words: Words) -> Iterator[Issue]:
    for category, translations in TRANSLATIONS.items():
        mine = words[category]
        typed = {folded(word): word for word in mine}
        for english, others in translations.items():
            found = next((typed[other] for other in others if other in typed), None)
            if found is not None and not _holds(mine, english):
                said = _(
                    "{word} looks like a translation of {english}, which is missing. Keywords are "
                    "what people type; they are never translated."
                )
                yield _warning(WORD_FIELDS[category], said.format(word=found, english=english))


def _opt_in(draft: Draft, words: Words) -> Iterator[Issue]:
    opt_in, double = words[Category.OPT_IN], words[Category.DOUBLE_OPT_IN]
    if not opt_in:
        yield _warning(
            WORD_FIELDS[Category.OPT_IN],
            _("Without a keyword here nobody can opt in again after STOP."),
        )
    reply = reply_in(draft, Category.DOUBLE_OPT_IN)
    if double and reply and not _names_one(reply, opt_in):
        said = _("The reply names no opt-in keyword, so nobody knows how to confirm.")
        yield _warning(REPLY_FIELDS[Category.DOUBLE_OPT_IN], said)


def _names_one(reply: str, words: tuple[str, ...]) -> bool:
    spaced = "".join(c if c.isalnum() else " " for c in folded(reply))
    within = f" {' '.join(spaced.split())} "
    named = ("".join(c if c.isalnum() else " " for c in folded(word)).split() for word in words)
    return any(f" {' '.join(word)} " in within for word in named if word)


def _replies(draft: Draft, words: Words, own_answers: Collection[str]) -> Iterator[Issue]:
    missing = {
        Category.OPT_OUT: _("Without a reply, nobody learns that the opt-out worked."),
        Category.DOUBLE_OPT_IN: _("Without a reply, nobody is asked to confirm."),
        Category.HELP: _("Without a reply, a call for help stays unanswered."),
    }
    for category, name in REPLY_FIELDS.items():
        reply, mine = reply_in(draft, category), words.get(category, ())
        answered = [word for word in mine if folded(word).upper() in own_answers]
        if mine and not reply and not answered and category in missing:
            yield _warning(name, missing[category])
        if reply and answered:
            said = _("The provider answers {words} itself; this comes second, if at all.")
            yield _warning(name, said.format(words=joined_words(answered)))
        if reply and not mine and category is not Category.DEFAULT:
            yield _warning(name, _("No keyword leads to this reply."))
        if too_long(reply):
            yield _warning(name, too_long(reply))
    if draft.get("fuzzy_logic") is True:
        reply = reply_in(draft, Category.OPT_OUT, is_fuzzy=True)
        said = too_long(reply) if reply else _("Without a reply, Fuzzy Logic does nothing.")
        if said:
            yield _warning("fuzzy_auto_response", said)


def _sender(draft: Draft, words: Words, *, is_short: bool) -> Iterator[Issue]:
    if text_of(draft.get("serves")) == BOTH:
        yield _warning("serves", stop_blocks_both())
    for category in (Category.OPT_IN, Category.HELP):
        if is_short and words[category]:
            said = _(
                "Adobe's pages differ on whether short codes handle these. Try one before you "
                "rely on it."
            )
            yield _warning(WORD_FIELDS[category], said)


def stop_blocks_both() -> str:
    """Return what STOP does to a sender of both kinds of messages, as a sentence."""
    return _(
        "STOP blocks every later message of this sender, transactional ones too. Use a sender of "
        "its own for each kind."
    )
