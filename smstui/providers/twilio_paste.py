"""What of a paste belongs into Twilio's form: a bare SID, or a curl command to Twilio's API.

Prefixes and paths: Twilio's pages on SIDs and on the Messages resource.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from smstui.providers.curl import Command, parse_curl
from smstui.providers.fields import FieldSpec, Offer, Value
from smstui.providers.hosts import is_loopback, split_host
from smstui.providers.pasting import from_command, from_value, known, known_secret
from smstui.providers.phone import tidy_phone
from smstui.providers.twilio_hosts import DEFAULT_HOST, product_url

_FIELDS = {"AC": "account_sid", "MG": "message_sid", "SK": "api_key_sid"}
_SID = re.compile(r"(AC|MG|SK)[0-9a-fA-F]{32}", re.ASCII)
_PATH = re.compile(r"/2010-04-01/Accounts/|/v1/Services\b", re.ASCII)


def recognise(pasted: str, specs: Mapping[str, FieldSpec]) -> Offer | None:
    """Return what a paste would fill in; None when it is nothing of Twilio's."""
    sid = _SID.fullmatch(pasted.strip())
    if sid is not None:
        return from_value(specs, _FIELDS[sid[1]], sid[0])
    command = parse_curl(pasted)
    if command is None or not _is_twilios(command):
        return None
    changes: dict[str, Value] = {}
    for found in _SID.finditer(command.path):
        changes.setdefault(_FIELDS[found[1]], found[0])
    login = _SID.fullmatch(command.user)
    if login is not None and login[1] != "MG":
        changes[_FIELDS[login[1]]] = login[0]
        name = "auth_token" if login[1] == "AC" else "api_key_secret"
        changes[name] = known_secret(command.password)
    changes |= _sender(command)
    host = product_url(command.host, "api").removeprefix("https://")
    if host != DEFAULT_HOST:
        changes["api_host"] = host
    return from_command(specs, changes, command)


def _is_twilios(command: Command) -> bool:
    host, _port = split_host(command.host)
    if host == "twilio.com" or host.endswith(".twilio.com"):
        return True
    return _PATH.search(command.path) is not None and (
        is_loopback(host) or _SID.search(command.path) is not None
    )


def _sender(command: Command) -> dict[str, Value]:
    values = dict(command.pairs)
    changes: dict[str, Value] = {}
    for name in ("MessagingServiceSid", "From"):
        value = values.get(name, "")
        sid = _SID.fullmatch(value)
        if sid is not None and sid[1] == "MG":
            changes.setdefault("message_sid", value)
        elif name == "From" and known(value) and ":" not in value:
            changes["inbound_number"] = tidy_phone(value).value
    return changes
