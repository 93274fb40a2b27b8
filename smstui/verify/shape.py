"""The shape stage: what can be known of a credential and a message without any network."""

from __future__ import annotations

from typing import Any

from smstui.i18n import _
from smstui.providers.base import Credential, Outcome, Provider, Result
from smstui.providers.fields import Issue, Severity
from smstui.verify.events import Depth, Stage


def shape_of(
    provider: Provider[Any], credential: Credential, depth: Depth, to: str, text: str
) -> Stage:
    """Return the shape stage.

    Args:
        provider: the credential's vendor.
        credential: what to verify.
        depth: at depth send, the message is looked at, too.
        to: the recipient.
        text: the message.
    """
    issues = provider.check(credential.draft())
    said = _("fields fit {vendor}'s rules")
    if depth is Depth.SEND:
        issues = issues + provider.check_message(credential, to, text)
        said = _("fields and message fit {vendor}'s rules")
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    shown = errors or issues
    if not shown:
        summary = said.format(vendor=provider.vendor)
        outcome = Outcome(result=Result.PASSED, word=_("fields fit"), summary=summary)
    else:
        in_message = shown[0].field in ("to", "text")
        outcome = Outcome(
            result=Result.FAILED if errors else Result.WARNED,
            word=_("to be mended") if errors else _("doubtful"),
            summary=_told(credential, shown[0]),
            cause=" ".join(issue.message for issue in shown),
            next_step=""
            if not errors
            else _("Correct it, then verify again.")
            if in_message
            else _("Edit the credential, then verify again."),
            field=shown[0].field,
        )
    return Stage("shape", outcome.result, 0.0, outcome.summary, outcome)


def _told(credential: Credential, issue: Issue) -> str:
    labels = {"to": _("Number"), "text": _("Message")}
    spec = credential.specs().get(issue.field)
    label = labels.get(issue.field) or (_(spec.label) if spec else issue.field)
    return f"{label}: {issue.message}"
