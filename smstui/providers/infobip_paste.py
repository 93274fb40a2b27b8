"""What of a paste belongs into Infobip's form: a bare API key, or a curl command to its API.

Shape of a key and of the calls: Infobip's pages on API keys and on the SMS API, version 3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import SecretStr

from smstui.providers.curl import Command, is_placeholder, parse_curl
from smstui.providers.extraction import members
from smstui.providers.fields import FieldSpec, Offer, Value
from smstui.providers.hosts import split_host
from smstui.providers.infobip_fields import tidy_msisdn
from smstui.providers.pasting import from_command, from_value, known, known_secret
from smstui.providers.payload import InvalidJson, parse_json

_KEY = re.compile(
    r"(?:(?:authorization:\s*)?app\s+)?([0-9a-f]{32}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})",
    re.IGNORECASE,
)
_DLT = {"principalEntityId": "principal_entity_id", "contentTemplateId": "content_template_id"}


def recognise(pasted: str, specs: Mapping[str, FieldSpec]) -> Offer | None:
    """Return what a paste would fill in; None when it is nothing of Infobip's."""
    key = _KEY.fullmatch(pasted.strip())
    if key is not None:
        return from_value(specs, "api_key", SecretStr(key[1]))
    command = parse_curl(pasted)
    if command is None:
        return None
    scheme, _blank, token = command.header("authorization").rpartition(" ")
    host, _port = split_host(command.host)
    has_key = scheme.lower() == "app"
    if not (host.endswith(".infobip.com") or (has_key and command.path.startswith("/sms/"))):
        return None
    changes: dict[str, Value] = {
        "api_base_url": "" if re.search(r"[${<]", host) else command.host,
        "api_key": known_secret(SecretStr(token)) if has_key else None,
        **_from_body(command),
    }
    return from_command(specs, changes, command)


def _from_body(command: Command) -> dict[str, Value]:
    """Return the sender and the DLT ids of the first message that has them."""
    try:
        document = parse_json(command.body)
    except InvalidJson:
        return {}
    changes: dict[str, Value] = {}
    for name, value in members(document):
        if not isinstance(value, str) or is_placeholder(value):
            continue
        if name in ("sender", "from"):
            field = "sender_number" if any(c.isalpha() for c in value) else "inbound_number"
            changes.setdefault(field, tidy_msisdn(value).value)
        elif name in _DLT:
            changes.setdefault(_DLT[name], known(value))
    return changes
