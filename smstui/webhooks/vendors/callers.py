"""Whether a caller is who it says, by the fields of `caller_fields`, and the proof of a sample."""

from __future__ import annotations

import base64
import re
import secrets
from datetime import datetime

from pydantic import SecretStr

from smstui.i18n import _
from smstui.providers.base import basic_auth, mask
from smstui.webhooks.base import Call, Refused, Webhook
from smstui.webhooks.signatures import (
    SINCH_ALGORITHM,
    SINCH_HEADER,
    SINCH_NONCE,
    SINCH_TIMESTAMP,
    Encoding,
    hmac_of,
    same,
    sinch_signature,
)
from smstui.webhooks.vendors.caller_fields import Way, caller_fields

SINCH_TOLERANCE = 300
"""Seconds by which the timestamp of a signature may be off, either way."""


def way_of(webhook: Webhook, default: Way) -> Way:
    """Return how callers of a webhook prove themselves.

    Raises:
        Refused: the webhook names a way that there is not.
    """
    try:
        return Way(webhook.text("authentication") or default)
    except ValueError:
        raise Refused(
            _("The webhook does not say how its callers prove themselves."),
            word=_("no way in"),
        ) from None


def check_caller(webhook: Webhook, call: Call, way: Way) -> None:
    """Believe a caller, or not.

    Raises:
        Refused: it did not prove itself.
    """
    if way is Way.BASIC:
        _check_basic(webhook, call)
    elif way is Way.HEADER:
        _check_header(webhook, call)
    elif way is Way.BEARER:
        _check_bearer(webhook, call)
    elif way is Way.HMAC:
        _check_hmac(webhook, call)
    elif way is Way.SINCH:
        _check_sinch(webhook, call)


def proof(webhook: Webhook, body: bytes, way: Way, now: datetime) -> tuple[tuple[str, str], ...]:
    """Return the headers with which a provider would prove itself."""
    if way is Way.BASIC:
        return (basic_auth(webhook.text("caller_user"), webhook.text("caller_password")),)
    if way is Way.HEADER:
        return ((webhook.text("header_name"), webhook.text("header_value")),)
    if way is Way.BEARER:
        return (("Authorization", f"Bearer {webhook.text('bearer_token')}"),)
    if way is Way.HMAC:
        return ((webhook.text("hmac_header"), _signature(webhook, body)),)
    if way is Way.SINCH:
        nonce, timestamp = secrets.token_hex(13).upper(), str(int(now.timestamp()))
        signature = sinch_signature(webhook.text("hmac_secret"), body, nonce, timestamp)
        return (
            (SINCH_HEADER, signature),
            (SINCH_NONCE, nonce),
            (SINCH_TIMESTAMP, timestamp),
            (SINCH_ALGORITHM, "HmacSHA256"),
        )
    return ()


def caller_settings(webhook: Webhook, way: Way) -> list[tuple[str, str]]:
    """Return label and value of what the provider needs to prove itself; secrets masked."""
    return [
        (_(spec.label), _shown(webhook, name, secret=spec.is_secret))
        for name, spec in caller_fields(way).items()
        if name != "authentication"
    ]


def nonce_of(call: Call, way: Way) -> str:
    """Return what comes once only with a way: the nonce of Sinch's signature."""
    return call.header(SINCH_NONCE) if way is Way.SINCH else ""


def _shown(webhook: Webhook, name: str, *, secret: bool) -> str:
    text = webhook.text(name)
    return mask(SecretStr(text)) if secret and text else text


def _needed(webhook: Webhook, name: str) -> str:
    """Return a setting without which nobody can be believed."""
    value = webhook.text(name)
    if not value:
        raise Refused(
            _("The webhook lacks what its callers prove themselves with: edit it, and fill it in."),
            word=_("no secret"),
        )
    return value


def _check_basic(webhook: Webhook, call: Call) -> None:
    expected = f"{_needed(webhook, 'caller_user')}:{_needed(webhook, 'caller_password')}"
    scheme, _blank, token = call.header("Authorization").partition(" ")
    if scheme.lower() != "basic":
        raise _no_login(_("user and password (HTTP Basic)"))
    try:
        given = base64.b64decode(token.strip(), validate=True).decode("utf-8", "replace")
    except ValueError:
        given = ""
    if not same(expected, given):
        raise _wrong_login()


def _check_header(webhook: Webhook, call: Call) -> None:
    name, expected = _needed(webhook, "header_name"), _needed(webhook, "header_value")
    given = call.header(name)
    if not given:
        raise _no_login(_("the header {name}").format(name=name))
    if not same(expected, given):
        raise _wrong_login()


def _check_bearer(webhook: Webhook, call: Call) -> None:
    expected = _needed(webhook, "bearer_token")
    scheme, _blank, given = call.header("Authorization").partition(" ")
    if scheme.lower() != "bearer":
        raise _no_login(_("a bearer token"))
    if not same(expected, given.strip()):
        raise _wrong_login()


def _check_hmac(webhook: Webhook, call: Call) -> None:
    name = _needed(webhook, "hmac_header")
    expected = _signature(webhook, call.body)
    given = call.header(name).strip()
    if not given:
        raise _unsigned(name)
    algorithm, equals, rest = given.partition("=")
    if equals and algorithm.lower() == webhook.text("hmac_algorithm"):
        given = rest
    if webhook.text("hmac_encoding") != Encoding.BASE64:
        given = given.lower()
    if not same(expected, given):
        raise _badly_signed(
            _("Compare secret, hash and writing with the provider; a proxy may change the body.")
        )


def _signature(webhook: Webhook, body: bytes) -> str:
    encoding = Encoding(webhook.text("hmac_encoding") or Encoding.HEX)
    algorithm = webhook.text("hmac_algorithm") or "sha256"
    return hmac_of(_needed(webhook, "hmac_secret"), body, algorithm, encoding)


def _check_sinch(webhook: Webhook, call: Call) -> None:
    secret = _needed(webhook, "hmac_secret")
    given, nonce, timestamp = (
        call.header(name) for name in (SINCH_HEADER, SINCH_NONCE, SINCH_TIMESTAMP)
    )
    if not given or not nonce or not timestamp:
        raise _unsigned(SINCH_HEADER)
    if not same(sinch_signature(secret, call.body, nonce, timestamp), given):
        raise _badly_signed(
            _("Compare the secret with that of Sinch's webhook; a proxy may change the body.")
        )
    if not re.fullmatch(r"[0-9]{1,12}", timestamp, re.ASCII):
        raise Refused(_("The timestamp of the signature is no number."), word=_("no time"))
    off = call.received.timestamp() - int(timestamp)
    if abs(off) > SINCH_TOLERANCE:
        raise Refused(
            (
                _("The call was signed {seconds} seconds ago, more than {most}.")
                if off > 0
                else _("The call is signed {seconds} seconds ahead of this clock, over {most}.")
            ).format(seconds=round(abs(off)), most=SINCH_TOLERANCE)
            + " "
            + _("Either it is an old call, sent again, or a clock is wrong."),
            word=_("old signature") if off > 0 else _("clock is off"),
        )


def _no_login(expected: str) -> Refused:
    return Refused(
        _("The caller did not prove itself; {expected} was expected.").format(expected=expected),
        word=_("no login"),
    )


def _wrong_login() -> Refused:
    return Refused(
        _("The caller's login is not that of this webhook. Compare it with the provider's."),
        word=_("wrong login"),
    )


def _unsigned(header: str) -> Refused:
    return Refused(
        _("The call has no signature in {header}.").format(header=header),
        word=_("no signature"),
    )


def _badly_signed(next_step: str) -> Refused:
    said = _("The signature does not fit the body.")
    return Refused(f"{said} {next_step}", word=_("bad signature"))
