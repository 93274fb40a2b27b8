"""What of a pasted curl command belongs into the forms of Sinch, Sinch MMS and Sinch RCS.

Paths and hosts: Sinch's references of the SMS API and of the Conversation API. Ids and tokens of
Sinch's look like anybody's, so that none is recognised by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from smstui.providers.curl import Command, parse_curl
from smstui.providers.extraction import members
from smstui.providers.fields import FieldSpec, Offer, Value
from smstui.providers.hosts import split_host
from smstui.providers.pasting import from_command, known, known_secret
from smstui.providers.payload import InvalidJson, parse_json
from smstui.providers.phone import tidy_phone
from smstui.providers.sinch_hosts import CONVERSATION_REGIONS, SMS_REGIONS

_PLAN = re.compile(r"/xms/v1/([^/]+)(?:/|$)")
_PROJECT = re.compile(r"/v1/projects/([^/]+)(?:/|$)")
_APP = re.compile(r"/apps/([^/]+)")
_HOST = re.compile(r"([a-z]+)\.(?:sms|conversation)\.api\.sinch\.com")
_CHANNELS = {"MMS", "RCS"}


def recognise_plan(pasted: str, specs: Mapping[str, FieldSpec]) -> Offer | None:
    """Return what a command to the SMS API would fill in; None for any other paste."""
    command = parse_curl(pasted)
    plan = _PLAN.search(command.path) if command is not None else None
    if command is None or plan is None:
        return None
    token = command.header("authorization").rpartition(" ")[2]
    sender = dict(members(_document(command))).get("from")
    return from_command(
        specs,
        {
            "service_id": known(plan[1]),
            "api_token": known_secret(SecretStr(token)) if token else None,
            "inbound_number": _number(sender),
            **_place(command, SMS_REGIONS),
        },
        command,
    )


def recognise_app(pasted: str, specs: Mapping[str, FieldSpec], channel: str) -> Offer | None:
    """Return what a command to the Conversation API would fill in; None for any other paste.

    Args:
        pasted: the paste.
        specs: the fields of the form.
        channel: what the form is for; a command that names the other channel alone is not for it.
    """
    command = parse_curl(pasted)
    project = _PROJECT.search(command.path) if command is not None else None
    if command is None or project is None:
        return None
    values = list(members(_document(command)))
    named = {value for _name, value in values if isinstance(value, str)} & _CHANNELS
    if named and channel not in named:
        return None
    app = _APP.search(command.path)
    ids = [value for name, value in values if name == "app_id" and isinstance(value, str)]
    senders = [value for name, value in values if name in ("SMS_SENDER", "MMS_SENDER")]
    return from_command(
        specs,
        {
            "project_id": known(project[1]),
            "app_id": known(app[1] if app else next(iter(ids), "")),
            "key_id": known(command.user),
            "key_secret": known_secret(command.password),
            "sender_number": _number(next(iter(senders), None)),
            **_place(command, CONVERSATION_REGIONS),
        },
        command,
    )


def _document(command: Command) -> Any:
    try:
        return parse_json(command.body)
    except InvalidJson:
        return None


def _number(sender: Any) -> str:
    if not isinstance(sender, str) or not known(sender):
        return ""
    if re.fullmatch(r"[1-9][0-9]{7,14}", sender, re.ASCII):
        return f"+{sender}"  # Sinch's documents leave the plus out.
    return sender if any(c.isalpha() for c in sender) else tidy_phone(sender).value


def _place(command: Command, regions: tuple[str, ...]) -> dict[str, Value]:
    """Return region or API host of a command."""
    host = _HOST.fullmatch(split_host(command.host)[0])
    if host is None:
        is_open = re.search(r"[${<]", command.host)
        return {} if is_open else {"api_host": command.host}
    return {"region": host[1]} if host[1] in regions else {}
