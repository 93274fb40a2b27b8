"""Webhooks of an app of the Conversation API: what is set, checked and told.

Rules: Sinch's reference of the Conversation API, Webhooks. At most five for an app, each with
another target.
"""

from __future__ import annotations

from typing import Any

from smstui.simulator.core import Hook
from smstui.simulator.sinch.accounts import App, AppWebhook
from smstui.simulator.sinch.api import is_url

MAX_WEBHOOKS, MAX_TARGET = 5, 742
TRIGGERS = frozenset(
    {
        *("MESSAGE_DELIVERY", "MESSAGE_SUBMIT", "MESSAGE_INBOUND", "EVENT_DELIVERY"),
        *("EVENT_INBOUND", "CAPABILITY", "CHANNEL_EVENT", "OPT_IN", "OPT_OUT", "UNSUPPORTED"),
    }
)


def what_is_wrong(app: App, document: dict[str, Any]) -> str:
    """Return why a webhook is refused; empty when it is right."""
    target, triggers = document.get("target"), document.get("triggers")
    if not is_url(target, most=MAX_TARGET):
        return "target: not a valid URL"
    if not isinstance(triggers, list) or not triggers or not TRIGGERS.issuperset(triggers):
        return "triggers: at least one of the known triggers is required"
    if not isinstance(document.get("secret", ""), str):
        return "secret: must be a string"
    if any(hook.target == target for hook in app.webhooks):
        return "target: the app has a webhook with this target already"
    if len(app.webhooks) >= MAX_WEBHOOKS:
        return f"An app has at most {MAX_WEBHOOKS} webhooks"
    return ""


def read(document: dict[str, Any], webhook_id: str) -> AppWebhook:
    """Return the webhook that a request describes."""
    triggers = tuple(document["triggers"])
    return AppWebhook(webhook_id, document["target"], triggers, document.get("secret", ""))


def record(app: App, hook: AppWebhook) -> dict[str, Any]:
    """Return a webhook as the API shows it, its secret in clear as the real one does."""
    return {
        "id": hook.webhook_id,
        "app_id": app.app_id,
        "target": hook.target,
        "target_type": "HTTP",
        "secret": hook.secret,
        "triggers": list(hook.triggers),
    }


def replace_all(app: App, hook: Hook, ids: tuple[str, str]) -> None:
    """Have an app call these two URLs and no others; one webhook does when they are the same."""
    wanted: dict[str, tuple[str, ...]] = {}
    if hook.feedback:
        wanted[hook.feedback] = ("MESSAGE_DELIVERY",)
    if hook.inbound:
        wanted[hook.inbound] = (*wanted.get(hook.inbound, ()), "MESSAGE_INBOUND")
    app.webhooks[:] = [
        AppWebhook(id_, target, triggers, hook.secret, hook.headers)
        for id_, (target, triggers) in zip(ids, wanted.items(), strict=False)
    ]
