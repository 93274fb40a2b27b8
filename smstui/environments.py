"""Environments, which Adobe calls sandboxes: their fields, and what is shared between them.

The store knows rows, this knows what they mean; screens and command line come here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from smstui.i18n import N_, _
from smstui.providers.base import InvalidFields
from smstui.providers.fields import (
    Choice,
    Draft,
    FieldSpec,
    Issue,
    Kind,
    Value,
    check_fields,
    text_of,
)
from smstui.store.environments import COLOUR, PRODUCTION, NewEnvironment
from smstui.text import clean, fold

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.environments import EnvironmentRecord
    from smstui.store.records import CredentialRecord

COLOURS: Mapping[str, str] = {
    "grey": N_("grey"),
    "green": N_("green"),
    "cyan": N_("cyan"),
    "amber": N_("amber"),
    "red": N_("red"),
}
"""What the word of an environment may be drawn in, and what that is called."""

LONGEST_NAME = 40
"""Characters: the name stands in every header."""

SPECS: Mapping[str, FieldSpec] = {
    "name": FieldSpec(
        label=N_("Name"),
        help=N_("One word or two, as they stand in the header: dev, stage, production."),
        required=True,
        max_length=LONGEST_NAME,
    ),
    COLOUR: FieldSpec(
        label=N_("Colour"),
        kind=Kind.CHOICE,
        help=N_("What its word in the header is drawn in."),
        required=True,
        choices=tuple(Choice(value, label) for value, label in COLOURS.items()),
        default="grey",
    ),
    PRODUCTION: FieldSpec(
        label=N_("Production"),
        kind=Kind.SWITCH,
        help=N_("Its name is asked for before anything is deleted or really sent."),
        default=False,
    ),
}


def check(draft: Draft) -> list[Issue]:
    """Return what is wrong with an environment in a form."""
    return check_fields(SPECS, draft)


def new_environment(draft: Draft) -> NewEnvironment:
    """Return a draft as what the store keeps; what it leaves out has its default.

    Raises:
        InvalidFields: the draft has errors.
    """
    whole = {name: spec.default for name, spec in SPECS.items()} | dict(draft)
    name = SPECS["name"].tidy(text_of(whole["name"])).value
    errors = check({**whole, "name": name})
    if errors:
        raise InvalidFields(errors)
    fields = {COLOUR: text_of(whole[COLOUR]), PRODUCTION: bool(whole[PRODUCTION])}
    return NewEnvironment(name, fields)


def create(store: Store, draft: Draft) -> EnvironmentRecord:
    """Save a new environment; nothing is in it yet.

    Raises:
        InvalidFields: the draft has errors.
        NameTaken: another environment has that name.
    """
    return store.environments.add(new_environment(draft))


def update(store: Store, record: EnvironmentRecord, draft: Draft) -> EnvironmentRecord:
    """Save a changed environment; what the draft leaves out stays.

    Raises:
        InvalidFields: the draft has errors.
        NameTaken: another environment has that name.
        StaleRevision: it was changed elsewhere since ``record`` was read.
        NotFound: it was deleted meanwhile.
    """
    new = new_environment({**stored_draft(record), **draft})
    return store.environments.replace(record.id, new, revision=record.revision)


def stored_draft(record: EnvironmentRecord) -> dict[str, Value]:
    """Return a stored environment as a draft."""
    colour = record.colour if record.colour in COLOURS else text_of(SPECS[COLOUR].default)
    return {"name": record.name, COLOUR: colour, PRODUCTION: record.is_production}


def is_named(environment: EnvironmentRecord, typed: str) -> bool:
    """Whether somebody typed the name of an environment; case does not matter."""
    return fold(typed.strip()) == fold(environment.name)


def question_of(environment: EnvironmentRecord) -> str:
    """Return what is asked before something is done in production that cannot be taken back."""
    return _("This is production. Type {name} to go on.").format(name=environment.name)


def sharing(store: Store, record: CredentialRecord) -> list[tuple[str, str]]:
    """Return environment and name of the credentials elsewhere that have a secret of this one.

    One account may serve several environments (a number each); it is the login that Adobe would
    not share.
    """
    twins = store.credentials.twins(record.id)
    elsewhere = (twin for twin in twins if twin.environment_id != record.environment_id)
    return list(dict.fromkeys((twin.environment, twin.name) for twin in elsewhere))


def sharing_warning(others: Sequence[tuple[str, str]]) -> str:
    """Return what is to be known of a credential that other environments use too; empty for none.

    Adobe's newest advice: one set of credentials, webhooks, callback addresses and RCS agents for
    each sandbox. Older text allows sharing, so this warns and forbids nothing.

    Args:
        others: environment and name of each, as `sharing` returns them.
    """
    if not others:
        return ""
    where = ", ".join(f"{clean(environment)} ({clean(name)})" for environment, name in others)
    return _(
        "Also used in {where}. Adobe advises one set of credentials, webhooks and RCS agents "
        "for each sandbox, and not to share them."
    ).format(where=where)
