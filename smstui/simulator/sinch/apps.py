"""Apps of the Conversation API and their channels: how they are shown, and replaced.

Rules: Sinch's reference of the Conversation API, App. A PATCH of ``channel_credentials`` replaces
the whole list; a channel that is sent back as it was stays what it is.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from smstui.simulator.sinch.accounts import (
    ACTIVE,
    FAILING,
    KNOWN_CHANNELS,
    PENDING,
    App,
    Cast,
    Link,
    Project,
)

_ANSWERED_ONLY = (
    *("channel", "state", "callback_secret", "channel_known_id", "credential_ordinal_number"),
)


def record(app: App, now: datetime) -> dict[str, Any]:
    """Return an app as the API shows it, with the secrets of its channels in clear."""
    return {
        "id": app.app_id,
        "display_name": app.name,
        "channel_credentials": [
            _channel_record(channel, link, now)
            for channel, link in app.links.items()
            if link.state_at(now)
        ],
        "conversation_metadata_report_view": "NONE",
        "retention_policy": {"retention_type": "MESSAGE_EXPIRE_POLICY", "ttl_days": 180},
        "dispatch_retention_policy": {
            "retention_type": "MESSAGE_EXPIRE_POLICY",
            "ttl_days": app.keeps_days,
        },
        "processing_mode": "DISPATCH",
        "rate_limits": {"inbound": 25, "outbound": 20, "webhooks": 25},
        "queue_stats": {"outbound_size": 0, "outbound_limit": 500_000},
        "callback_settings": {"secret_for_overridden_callback_urls": app.callback_secret},
    }


def _channel_record(channel: str, link: Link, now: datetime) -> dict[str, Any]:
    state = link.state_at(now)
    told = "The channel refuses the credentials" if state == FAILING else ""
    return {
        "channel": channel,
        **link.credentials,
        "callback_secret": "",
        "state": {"status": state, "description": told},
        "channel_known_id": "",
    }


def what_is_wrong(document: dict[str, Any]) -> str:
    """Return why a PATCH is refused; empty when it is right."""
    channels = document.get("channel_credentials", [])
    if not isinstance(channels, list):
        return "channel_credentials: must be a list"
    seen = []
    for entry in channels:
        channel = entry.get("channel") if isinstance(entry, dict) else None
        if channel not in KNOWN_CHANNELS:
            return "channel_credentials: unknown channel"
        if not _credentials(entry):
            return f"channel_credentials: {channel} has no credentials"
        seen.append(channel)
    if len(set(seen)) < len(seen):
        return "channel_credentials: a channel may be given once"
    return ""


def patch(cast: Cast, project: Project, app: App, document: dict[str, Any], now: datetime) -> None:
    """Replace the channels of an app by those of a body, if it names any."""
    if "channel_credentials" not in document:
        return
    wanted = {}
    for entry in document["channel_credentials"]:
        channel, credentials = entry["channel"], _credentials(entry)
        known = app.links.get(channel)
        is_same = known is not None and known.credentials == credentials and known.state_at(now)
        link = known if is_same else _link(cast, project, channel, credentials, now)
        wanted[channel] = link
    app.links.clear()
    app.links.update({channel: link for channel, link in wanted.items() if link is not None})


def why_failing(app: App, channel: str, number: str, now: datetime) -> str:
    """Return why a channel cannot carry a message to a number, for its own sake; else empty."""
    link = app.links[channel]
    state = link.state_at(now)
    if state == FAILING:
        return "CHANNEL_BAD_CONFIGURATION"
    if link.sender is None:
        return ""
    if state == PENDING:
        return "CHANNEL_CONFIGURATION_MISSING"
    return "" if link.sender.reaches(number, now) else "RECIPIENT_NOT_REACHABLE"


def _credentials(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in _ANSWERED_ONLY}


def _link(
    cast: Cast, project: Project, channel: str, credentials: dict[str, Any], now: datetime
) -> Link:
    bearer = credentials.get("static_bearer")
    given = bearer if isinstance(bearer, dict) else {}
    identity, token = given.get("claimed_identity"), given.get("token")
    if channel == "SMS":
        plan = cast.plans.get(str(identity))
        is_right = plan is not None and plan.token == token
        return Link(ACTIVE if is_right else FAILING, credentials, now)
    if channel != "RCS":
        return Link(ACTIVE, credentials, now)
    if identity in project.rcs_senders:
        return Link("", credentials, now)  # The id in place of authName: the channel vanishes.
    for sender in project.rcs_senders.values():
        if sender.auth_name == identity and sender.is_made(now):
            is_right = sender.auth_token == token
            return Link(ACTIVE if is_right else FAILING, credentials, now, sender)
    return Link(FAILING, credentials, now)
