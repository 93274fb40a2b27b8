"""What is to be known of secrets that are stored more than once; no secret is looked at for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smstui.environments import sharing_warning
from smstui.i18n import _, ngettext
from smstui.providers.fields import Issue, Severity
from smstui.store.listing import some_of
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.records import CredentialRecord


def twins_here(store: Store, record: CredentialRecord) -> list[str]:
    """Return the names of the other credentials of the same environment that hold a secret of one.

    Each is named once, in the order of its field and name.
    """
    twins = store.credentials.twins(record.id)
    return list(dict.fromkeys(t.name for t in twins if t.environment_id == record.environment_id))


def same_as(names: list[str]) -> str:
    """Return that others hold the same secret, in a few words; empty for none."""
    return _("! same secret as {names}").format(names=clean(some_of(names))) if names else ""


def secret_issues(store: Store, record: CredentialRecord) -> list[Issue]:
    """Return a warning for each secret of a credential that is stored elsewhere, too."""
    issues: list[Issue] = []
    twins = store.credentials.twins(record.id)
    for field in dict.fromkeys(twin.field for twin in twins):
        here = [
            twin.name
            for twin in twins
            if twin.field == field and twin.environment_id == record.environment_id
        ]
        others = [
            (twin.environment, twin.name)
            for twin in twins
            if twin.field == field and twin.environment_id != record.environment_id
        ]
        if here:
            said = ngettext(
                "{names} holds the same secret. Rotate both together.",
                "{names} hold the same secret. Rotate them together.",
                len(here),
            ).format(names=clean(some_of(here)))
            issues.append(Issue(field, said, Severity.WARNING))
        if others:
            issues.append(Issue(field, sharing_warning(others), Severity.WARNING))
    return issues
