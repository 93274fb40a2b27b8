"""What is wrong with a custom credential's fields taken together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from smstui.i18n import _
from smstui.providers.auth import (
    AuthType,
    CannotSign,
    jwt_expired,
    jwt_key_remark,
    make_jwt,
)
from smstui.providers.certificates import certificate_issues
from smstui.providers.custom_fields import DEFAULT_HEADERS
from smstui.providers.endpoints import is_header_name
from smstui.providers.extraction import Extraction, check_path, members
from smstui.providers.fields import (
    Draft,
    Issue,
    Offer,
    Pairs,
    Severity,
    Value,
    is_empty,
    text_of,
)
from smstui.providers.payload import (
    InvalidJson,
    NotAForm,
    check_content_type,
    form_pairs,
    is_form,
    mentions,
    parse_json,
)
from smstui.secret_forms import is_secret_name
from smstui.text import clean

FURTHER_ROWS = 10
"""Header rows beside the two that stay (Adobe)."""

_LOCKED = ("content-type", "charset")
CONNECTION_HEADERS = {
    "connection",
    "content-encoding",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
"""Headers that belong to the connection; a request sets none of them."""
_AUTHORIZING = (
    AuthType.MAC,
    AuthType.OAUTH,
    AuthType.JWT,
    AuthType.BASIC,
    AuthType.BEARER,
    AuthType.LOGIN,
)


def header_rows(draft: Draft) -> Pairs:
    """Return the header rows of a draft; those of a new form when it has none yet."""
    rows = draft.get("headers")
    return rows if isinstance(rows, tuple) else DEFAULT_HEADERS


def header_value(rows: Pairs, name: str) -> str:
    """Return the value of the first row of that name, in any case; empty when there is none."""
    return next((value for key, value in rows if key.strip().lower() == name), "")


def header_issues(draft: Draft) -> Iterator[Issue]:
    """Yield what is wrong with the header rows."""
    rows = header_rows(draft)
    names = [name.strip().lower() for name, _value in rows]

    def error(message: str, changes: Pairs | None = None, label: str = "") -> Issue:
        offer = Offer(label, {"headers": changes}) if changes is not None else None
        return Issue("headers", message, offer=offer)

    if any(name not in names for name in _LOCKED) or (
        header_value(rows, "charset").strip().lower() != "utf-8"
    ):
        said = _("The rows Content-Type and Charset stay, and Charset is utf-8.")
        yield error(said, _with_locked(rows), _("Put them right"))
    wrong_type = check_content_type(header_value(rows, "content-type"))
    if "content-type" in names and wrong_type:
        yield error(wrong_type)
    further = sum(name not in _LOCKED for name in names)
    if further > FURTHER_ROWS:
        yield error(
            _("At most {most} rows beside Content-Type and Charset; there are {count}.").format(
                most=FURTHER_ROWS, count=further
            )
        )
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield error(_("{name} occurs twice.").format(name=clean(name)[:60]))
    for key, value in rows:
        yield from (error(message) for message in _row_problems(draft, key.strip(), value))
    yield from _secret_rows(draft, rows)


def _row_problems(draft: Draft, name: str, value: str) -> Iterator[str]:
    shown = clean(name)[:60]
    if not is_header_name(name):
        said = _("{name} is no header's name: those have letters, digits and hyphens.")
        yield said.format(name=shown or _("An empty name"))
        return
    if "\n" in value or "\r" in value:
        yield _("The value of {name} has a line break, which would begin another header.").format(
            name=shown
        )
    elif not value.isascii() or not value.isprintable():
        yield _("The value of {name} is not plain ASCII, and headers carry nothing else.").format(
            name=shown
        )
    if name.lower() in CONNECTION_HEADERS:
        yield _("{name} belongs to the connection and is set there; leave it out.").format(
            name=shown
        )
    if name.lower() == _auth_header(draft):
        yield _("{name} is set by the Auth Type already; leave one of the two out.").format(
            name=shown
        )


def _auth_header(draft: Draft) -> str:
    """Return the header that the Auth Type sets, in lower case; empty for none."""
    kind = text_of(draft.get("auth_type"))
    if kind in _AUTHORIZING:
        return "authorization"
    if kind == AuthType.API_KEY and text_of(draft.get("api_key_place")) != "query":
        return text_of(draft.get("api_key_name")).lower() or "x-api-key"
    return ""


def _with_locked(rows: Pairs) -> Pairs:
    kind = header_value(rows, "content-type") or DEFAULT_HEADERS[0][1]
    others = tuple(row for row in rows if row[0].strip().lower() not in _LOCKED)
    return (("Content-Type", kind), DEFAULT_HEADERS[1], *others)


def _secret_rows(draft: Draft, rows: Pairs) -> Iterator[Issue]:
    """Yield a warning for a secret in a row, where it would be shown and exported."""
    is_free = text_of(draft.get("auth_type")) in ("", AuthType.NONE)
    for row in rows:
        name, value = row[0].strip(), row[1].strip()
        if not value or not is_secret_name(name):
            continue
        prefix, _blank, key = value.rpartition(" ")
        changes: dict[str, Value] = {
            "auth_type": AuthType.API_KEY.value,
            "api_key_place": "header",
            "api_key_name": name,
            "api_key_prefix": prefix.strip(),
            "api_token": SecretStr(key),
            "headers": tuple(other for other in rows if other != row),
        }
        yield Issue(
            "headers",
            _("{name} holds a secret. Header rows are shown and exported as they are.").format(
                name=clean(name)[:60]
            ),
            Severity.WARNING,
            Offer(_("Move it to Auth Type: API key"), changes) if is_free else None,
        )


def payload_issues(draft: Draft) -> Iterator[Issue]:
    """Yield what is wrong with the payload beside headers, sender and Auth Type."""
    template = _parsed(draft, "provider_payload")
    if template is None:
        return
    if is_form(header_value(header_rows(draft), "content-type")):
        try:
            form_pairs(template)
        except NotAForm as error:
            yield Issue("provider_payload", error.message)
    kind = text_of(draft.get("auth_type"))
    has_option = any(key == "authOption" for key, _value in members(template))
    if kind in (AuthType.BASIC, AuthType.BEARER) and not has_option:
        yield Issue(
            "provider_payload",
            _(
                "With Basic and Bearer, Adobe asks for authOption in the payload, and does not "
                "publish its values. Ask Adobe's support."
            ),
            Severity.WARNING,
        )
    if mentions(template, "fromNumber") and is_empty(draft.get("sender_number")):
        yield Issue(
            "sender_number",
            _("Without it this console cannot send: {variable} has no value.").format(
                variable="{{fromNumber}}"
            ),
            Severity.WARNING,
        )


def extraction_issues(draft: Draft) -> Iterator[Issue]:
    """Yield what is wrong with the way to the message id."""
    mode, path = text_of(draft.get("message_id_extraction")), text_of(draft.get("message_id_path"))
    if mode in set(Extraction) and path and (wrong := check_path(Extraction(mode), path)):
        yield Issue("message_id_path", wrong)


def auth_issues(draft: Draft, now: datetime) -> Iterator[Issue]:
    """Yield what is wrong with the fields of the chosen Auth Type, and of mTLS."""
    kind = text_of(draft.get("auth_type"))
    needs_token = kind in (AuthType.API_KEY, AuthType.MAC, AuthType.BEARER)
    if needs_token and is_empty(draft.get("api_token")):
        yield Issue("api_token", _("API Token is missing."))
    if kind == AuthType.OAUTH:
        yield from _oauth_issues(draft)
    elif kind == AuthType.JWT:
        yield from _jwt_issues(draft, now)
    elif kind == AuthType.LOGIN:
        yield from _login_issues(draft)
    has_mtls = draft.get("mtls_support") is True
    if has_mtls:
        certificate = text_of(draft.get("client_certificate"))
        key, passphrase = _secret(draft, "client_key"), _secret(draft, "client_key_passphrase")
        if certificate:
            yield from certificate_issues(certificate, key, passphrase, now)
    elif kind == AuthType.NONE and not any(is_secret_name(n) for n, _v in header_rows(draft)):
        yield Issue(
            "auth_type",
            _("Nothing proves to the provider who sends. Choose a type, or mTLS."),
            Severity.WARNING,
        )


def _oauth_issues(draft: Draft) -> Iterator[Issue]:
    body = _parsed(draft, "oauth_body")
    if not isinstance(body, dict):
        return
    if text_of(draft.get("oauth_encoding")) != "json":
        try:
            form_pairs(body)
        except NotAForm as error:
            yield Issue("oauth_body", error.message)
    if "grant_type" not in body:
        yield Issue(
            "oauth_body",
            _("There is no grant_type; for machines it is client_credentials."),
            Severity.WARNING,
        )


def _login_issues(draft: Draft) -> Iterator[Issue]:
    if wrong := check_path(Extraction.DOT_PATH, text_of(draft.get("token_path"))):
        yield Issue("token_path", wrong)
    body = _parsed(draft, "login_body")
    if isinstance(body, dict):
        try:
            form_pairs(body)
        except NotAForm as error:
            yield Issue("login_body", error.message)
        if text_of(draft.get("login_method")) == "GET":
            yield Issue("login_body", _("A GET carries no body. Log in by POST, or empty this."))
        if any(is_secret_name(key) and value for key, value in members(body)):
            yield Issue(
                "login_body",
                _("This is shown and exported as it is. Secrets belong into User name, Password."),
                Severity.WARNING,
            )


def _jwt_issues(draft: Draft, now: datetime) -> Iterator[Issue]:
    claims, key = _parsed(draft, "jwt_payload"), _secret(draft, "jwt_key")
    if not isinstance(claims, dict):
        return
    if "exp" not in claims:
        said = _("There is no exp: such a token never expires. 300 means five minutes.")
        yield Issue("jwt_payload", said, Severity.WARNING)
    elif jwt_expired(claims, now):
        said = _("The moment in exp has passed. 300 means five minutes from now.")
        yield Issue("jwt_payload", said, Severity.WARNING)
    if key is None:
        return
    algorithm = text_of(draft.get("jwt_algorithm"))
    try:
        make_jwt(text_of(draft.get("jwt_payload")), algorithm, key, now)
    except CannotSign as error:
        yield Issue("jwt_payload" if error.in_claims else "jwt_key", error.message)
        return
    if remark := jwt_key_remark(algorithm, key):
        yield Issue("jwt_key", remark, Severity.WARNING)


def _parsed(draft: Draft, name: str) -> Any:
    """Return a field's JSON, or None when it has none; what is wrong with it is told elsewhere."""
    try:
        return parse_json(text_of(draft.get(name)))
    except InvalidJson:
        return None


def _secret(draft: Draft, name: str) -> SecretStr | None:
    """Return a secret of a draft, in which secrets may still be plain text; None for none."""
    text = text_of(draft.get(name))
    return SecretStr(text) if text else None
