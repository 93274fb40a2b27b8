"""What of a pasted curl command belongs into the custom provider's form.

Address, headers, login and body are taken over; in a body the recipient, the sender and the text
give way to Adobe's three variables, where the names of the fields tell which is which.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import SecretStr

from smstui.i18n import _
from smstui.providers.auth import AuthType
from smstui.providers.curl import Command, is_placeholder, parse_curl
from smstui.providers.custom_rules import CONNECTION_HEADERS
from smstui.providers.fields import FieldSpec, Offer, Pairs, Value
from smstui.providers.pasting import from_command, known, known_secret, left_out
from smstui.providers.payload import (
    FORM_TYPE,
    InvalidJson,
    check_content_type,
    is_form,
    parse_json,
)
from smstui.secret_forms import is_secret_name

_RECIPIENTS = {
    *("to", "tonumber", "recipient", "recipients", "destination", "destinations", "receiver"),
    *("msisdn", "phone", "phonenumber", "phonenumbers", "mobile", "mobilenumber"),
    *("tophonenumber", "destinationaddress", "destinationnumber"),
}
_SENDERS = {
    *("from", "fromnumber", "sender", "senderid", "sendername", "originator", "source"),
    *("sourceaddress", "agentid", "messagingservicesid", "smssender", "sendernumber"),
}
_TEXTS = {"body", "text", "message", "content", "msg", "sms", "messagebody", "messagetext"}
_INNER = {"number", "id", "identity", "identifiervalue", "address", "value", "phone", "phonenumber"}
"""Names that say nothing by themselves; the object around them does."""

_NUMBER = re.compile(r"([a-z]+:)?(\+?[0-9(][0-9 ().-]{4,20})", re.ASCII)
_DROPPED = {*CONNECTION_HEADERS, "authorization", "user-agent", "content-type", "charset", "cookie"}
_SHELL_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)|\{+(\w+)\}+|<(\w[^<>\n]*)>")


def recognise(pasted: str, specs: Mapping[str, FieldSpec]) -> Offer | None:
    """Return what a curl command would fill in; None when the paste is no command."""
    command = parse_curl(pasted)
    if command is None or urlsplit(command.url).scheme not in ("http", "https"):
        return None
    url, key = _without_key(command.url)
    login = _login(command) or (_api_key("query", *key) if key else {})
    used = str(login.get("api_key_name", "")).lower()
    remarks = [left_out(key[0])] if key and used != key[0].lower() else []
    payload = _payload(command)
    changes: dict[str, Value] = {"provider_url": _with_blanks(url), **login}
    rows: list[tuple[str, str]] = []
    for name, value in command.headers:
        if is_secret_name(name) and name.lower() not in (used, "authorization"):
            remarks.append(left_out(name))
        elif name.lower() not in {*_DROPPED, used, *(row[0].lower() for row in rows)}:
            rows.append((name, value))
    if payload is not None:
        changes |= payload.changes()
        remarks += payload.remarks
    if rows or payload is not None:
        changes["headers"] = (("Content-Type", _kind(command)), ("Charset", "utf-8"), *rows)
    if command.method not in ("POST", "GET"):
        remarks.append(_("Messages go out by POST, not by {method}.").format(method=command.method))
    if command.is_multipart:
        remarks.append(_("The form is sent URL-encoded, not as multipart."))
    return from_command(specs, changes, command, remarks)


def _kind(command: Command) -> str:
    """Return the Content-Type that the body will have here: of a form, or of some JSON."""
    kind = command.header("content-type")
    if command.pairs:
        return FORM_TYPE
    return "application/json" if is_form(kind) or check_content_type(kind) else kind


def _without_key(url: str) -> tuple[str, tuple[str, str] | None]:
    """Return an address without the key in its query, and that key with its name."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    key = next((pair for pair in query if is_secret_name(pair[0])), None)
    if key is None:
        return url, None
    others = urlencode([pair for pair in query if not is_secret_name(pair[0])])
    return urlunsplit(parts._replace(query=others)), key


def _login(command: Command) -> dict[str, Value]:
    """Return what fills Auth Type and its fields, from a login or a header; empty for none."""
    if command.user:
        return {
            "auth_type": AuthType.BASIC.value,
            "user_name": known(command.user),
            "password": known_secret(command.password),
        }
    scheme, _blank, token = command.header("authorization").rpartition(" ")
    if token and scheme.lower() == "bearer":
        return {"auth_type": AuthType.BEARER.value, "api_token": known_secret(SecretStr(token))}
    for name, value in command.headers:
        if value and is_secret_name(name) and name.lower() != "cookie":
            prefix, _blank, token = value.rpartition(" ")
            return _api_key("header", name, token) | {"api_key_prefix": prefix.strip()}
    return {}


def _api_key(place: str, name: str, token: str) -> dict[str, Value]:
    return {
        "auth_type": AuthType.API_KEY.value,
        "api_key_place": place,
        "api_key_name": name,
        "api_token": known_secret(SecretStr(token)),
    }


def _with_blanks(url: str) -> str:
    """Return an address with the shell's variables as blanks, which the form asks to replace."""

    def blank(match: re.Match[str]) -> str:
        name = next(filter(None, match.groups()))
        return f"<{name[:1].upper()}{name[1:60]}>"

    return _SHELL_VARIABLE.sub(blank, url)


@dataclass
class _Payload:
    """A body whose recipient, sender and text give way to variables, one after the other."""

    sender: str = ""
    number_format: str = ""
    text: str = ""
    remarks: list[str] = field(default_factory=list)

    def changes(self) -> dict[str, Value]:
        """Return what of the body goes into which field."""
        return {
            "provider_payload": self.text,
            "sender_number": self.sender,
            "number_format": self.number_format,
        }

    def put(self, value: Any, name: str = "", around: str = "") -> Any:
        """Return a value with variables in the place of what changes from message to message.

        Args:
            value: a part of the body.
            name: what it goes by.
            around: the name of the object around it.
        """
        if isinstance(value, dict):
            return {key: self.put(entry, key, name or around) for key, entry in value.items()}
        if isinstance(value, list):
            return [self.put(entry, name, around) for entry in value]
        if value is None or isinstance(value, bool | float) or value == "":
            return value
        text = str(value)
        if "{{" in text:
            return value
        if is_secret_name(name):
            self.remarks.append(left_out(name))
            return f"<{name[:1].upper()}{name[1:]}>"
        role = around if _plain(name) in _INNER and around else name
        return self._variable(text, _plain(role)) or value

    def _variable(self, text: str, role: str) -> str:
        """Return what stands for a text of that role; empty when it stays."""
        if role in _RECIPIENTS:
            number = _NUMBER.fullmatch(text)
            if number is None:
                return "{{toNumber}}" if is_placeholder(text) else ""
            if not number[2].startswith("+"):
                self.number_format = "digits"
            return f"{number[1] or ''}{{{{toNumber}}}}"
        if role in _SENDERS:
            self.sender = known(text)
            return "{{fromNumber}}"
        return "{{message}}" if role in _TEXTS else ""


def _payload(command: Command) -> _Payload | None:
    if command.pairs:
        document: Any = _as_object(command.pairs)
    else:
        try:
            document = parse_json(command.body)
        except InvalidJson:
            return None
    if not isinstance(document, dict | list):
        return None
    payload = _Payload()
    payload.text = json.dumps(payload.put(document), ensure_ascii=False, indent=2)
    return payload


def _as_object(pairs: Pairs) -> dict[str, Any]:
    """Return the pairs of a form as an object; a name that repeats has a list."""
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name not in values:
            values[name] = value
        elif isinstance(values[name], list):
            values[name].append(value)
        else:
            values[name] = [values[name], value]
    return values


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
