"""What is said of a bundle and of what taking it over would do, on screens and command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from smstui.bundles.applying import chosen
from smstui.bundles.document import Bundle
from smstui.bundles.plan import Choice, Item, Plan, Status
from smstui.bundles.sections.registry import sections
from smstui.i18n import N_, _
from smstui.text import clean
from smstui.times import iso

SIGNS: Mapping[Status, str] = {
    Status.NEW: "+",
    Status.SAME: "=",
    Status.CHANGED: "~",
    Status.CONFLICT: "!",
}
LEFT_BEHIND = N_("It holds no events, no consent and no audit trail; a backup of the store does.")


def holding_line(bundle: Bundle) -> str:
    """Return what a bundle holds: "2 environments, 1 credential"."""
    parts = []
    for key, section in sections().items():
        count = len(bundle.entries.get(key, ()))
        if count:
            word = _(section.label) if count == 1 else _(section.plural)
            parts.append(f"{count} {word}")
    return ", ".join(parts) or _("nothing")


def origin_line(bundle: Bundle) -> str:
    """Return by whom and when a bundle was made, and whether secrets are in it."""
    who = clean(bundle.made_by) or _("somebody")
    said = (
        _("Made by {who} on {when} UTC, with secrets.")
        if bundle.has_secrets
        else _("Made by {who} on {when} UTC, secrets blank.")
    )
    return said.format(who=who, when=f"{bundle.made_at:%Y-%m-%d %H:%M}")


def status_words(item: Item) -> str:
    """Return how an item stands to the store, with its sign: "~ changed"."""
    return f"{SIGNS[item.status]} {_(item.status.value)}"


def counts_line(plan: Plan) -> str:
    """Return how many items stand how: "38 new, 3 the same"."""
    counts = Counter(item.status for item in plan.items)
    return ", ".join(f"{counts[status]} {_(status.value)}" for status in Status if counts[status])


def choice_words(item: Item, choice: Choice | None) -> str:
    """Return what is to become of an item; None when nobody has chosen yet."""
    if item.status is Status.SAME:
        return ""
    if choice is None:
        return _("choose") if item.is_asked else _("add")
    if item.status is Status.NEW:
        return _("leave out") if choice is Choice.OURS else _("add")
    return _(_CHOICES[choice])


_CHOICES: Mapping[Choice, str] = {
    Choice.OURS: N_("keep ours"),
    Choice.THEIRS: N_("take theirs"),
    Choice.BOTH: N_("keep both"),
}


def bundle_record(bundle: Bundle) -> dict[str, Any]:
    """Return what a bundle says of itself as JSON values."""
    return {
        "made_at": iso(bundle.made_at),
        "made_by": bundle.made_by,
        "made_with": bundle.made_with,
        "has_secrets": bundle.has_secrets,
    }


def item_record(item: Item, choices: Mapping[int, Choice]) -> dict[str, Any]:
    """Return an item, and what is to become of it, as JSON values; no secret is in them."""
    is_open = item.is_asked and item.number not in choices
    choice = None if item.status is Status.SAME or is_open else chosen(item, choices).value
    return {
        "section": item.section.key,
        "environment": item.theirs.environment or None,
        "name": item.theirs.name,
        "status": item.status.value,
        "changes": [
            {"field": change.label, "ours": change.before, "theirs": change.after}
            for change in item.changes
        ],
        "obstacle": item.obstacle or None,
        "choice": choice,
        "copy_name": item.copy_name or None,
    }
