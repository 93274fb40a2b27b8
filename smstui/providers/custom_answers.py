"""What the answer of an unknown provider means: by HTTP status, and by signs that all know.

Nobody documents these formats, so the rules are few and plain. An error status is a refusal. In a
2xx answer a state such as REJECTED is a refusal too (Infobip answers so); an error text is one
unless a message id stands beside it, then it is a reason to look. What is no JSON is told as such.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any, NamedTuple

from smstui.i18n import _
from smstui.providers.answers import failed_by_status, quoted, unreadable
from smstui.providers.auth import AuthType
from smstui.providers.base import Outcome, Response, Result
from smstui.providers.custom_fields import CustomCredential
from smstui.providers.extraction import Extraction, extract, members
from smstui.text import clean

_STATE_KEYS = {"status", "state", "result", "groupname", "messagestatus", "statusname", "outcome"}
_REFUSED_STATE = re.compile(
    r"error|fail(ed|ure)?|reject(ed)?.*|refused|denied|invalid.*|undeliverable|nok|ko",
    re.IGNORECASE,
)
_SUCCESS_KEYS = {"success", "ok", "successful", "issuccess", "accepted"}
_ERROR_KEYS = {
    "error",
    "errors",
    "errorcode",
    "errormessage",
    "errortext",
    "errordescription",
    "fault",
    "exception",
    "requesterror",
}
_NO_ERROR = {"", "0", "00", "000", "none", "null", "no", "false", "ok", "success", "no error"}
_TEXT_KEYS = ("message", "description", "detail", "text", "title", "reason", "error_description")
_CODE_KEYS = ("code", "errorCode", "error_code", "status", "id")
_ERROR_WORD = re.compile(
    r"\b(err(or)?|fail(ed|ure)?|invalid|denied|refused|rejected|unauthori[sz]ed|forbidden|nok)\b",
    re.IGNORECASE,
)


class _Sign(NamedTuple):
    """A sign of trouble in a good answer: what it says, and whether it settles the matter."""

    said: str
    is_refusal: bool


def read(response: Response, credential: CustomCredential) -> Outcome:
    """Return what the answer to a message means."""
    document = response.document()
    if response.status >= 300:
        return _refused(response, document, credential)
    if document is None:
        return _without_json(response, credential)
    mode = Extraction(credential.message_id_extraction)
    message_id = extract(document, mode, credential.message_id_path)
    sign = _sign(document)
    raw = _message(document) or quoted(response)
    if sign is not None and (sign.is_refusal or not message_id):
        return Outcome(
            result=Result.FAILED,
            word=_("refused"),
            summary=_("refused inside an answer of HTTP {status}").format(status=response.status),
            cause=_("The provider answers as if all were well, and says: {said}").format(
                said=sign.said
            ),
            next_step=_("Read its own text below; check recipient, sender and payload."),
            code=_code(document),
            raw=raw,
            message_id=message_id,
        )
    if sign is not None:
        return Outcome(
            result=Result.WARNED,
            word=_("accepted"),
            summary=_("{id}, with an error text beside it").format(id=message_id),
            cause=_("The answer holds a message id and an error text: {said}").format(
                said=sign.said
            ),
            next_step=_("Look the message up at the provider."),
            code=_code(document),
            raw=raw,
            message_id=message_id,
        )
    return _accepted(response, credential, message_id)


def _accepted(response: Response, credential: CustomCredential, message_id: str) -> Outcome:
    if message_id or credential.message_id_extraction == Extraction.NONE:
        summary = message_id or _("accepted (HTTP {status})").format(status=response.status)
        return Outcome(
            result=Result.PASSED, word=_("accepted"), summary=summary, message_id=message_id
        )
    return Outcome(
        result=Result.WARNED,
        word=_("accepted"),
        summary=_("accepted (HTTP {status}), no message id").format(status=response.status),
        cause=_("There is nothing at {path} in the answer.").format(
            path=clean(credential.message_id_path)
        ),
        next_step=_("Copy the answer and try the extraction out on it in the form."),
        field="message_id_path",
    )


def _without_json(response: Response, credential: CustomCredential) -> Outcome:
    """Return what a good answer means that is empty, plain text or a web page."""
    text = quoted(response)
    if not text:
        return _accepted(response, credential, "")
    is_page = response.body.lstrip()[:1] == b"<"
    if is_page or _ERROR_WORD.search(text):
        broken = unreadable(response)
        if is_page:
            return broken
        return dataclasses.replace(
            broken,
            word=_("refused"),
            cause=_("The provider answers with a text that speaks of an error."),
            next_step=_("Read its own text below."),
        )
    return Outcome(
        result=Result.WARNED,
        word=_("accepted"),
        summary=_("accepted (HTTP {status}), answer not JSON").format(status=response.status),
        cause=_("The answer is plain text, so no message id can be taken from it."),
        next_step=_("Read its own text below."),
        raw=text,
    )


def _refused(response: Response, document: Any, credential: CustomCredential) -> Outcome:
    outcome = failed_by_status(response, raw=_message(document))
    changes: dict[str, Any] = {
        "code": _code(document) or str(response.status),
        "request_id": response.header("X-Request-Id"),
    }
    if response.status == 404:
        changes["next_step"] = _("Check Provider URL, and the ids in it.")
        changes["field"] = "provider_url"
    elif response.status == 405:
        changes["word"] = _("wrong address")
        changes["cause"] = _("This address takes no POST, so it is not one for sending.")
        changes["next_step"] = _("Check Provider URL.")
        changes["field"] = "provider_url"
    elif response.status == 415:
        changes["word"] = _("wrong format")
        changes["cause"] = _("The provider does not take this Content-Type.")
        changes["next_step"] = _("Try JSON or a form in the first header row.")
        changes["field"] = "headers"
    elif response.status in (400, 422):
        changes["cause"] = _("The provider does not take this body.")
        changes["next_step"] = _(
            "Compare Request with the provider's reference, and read its text."
        )
        changes["field"] = "provider_payload"
    elif response.status == 401:
        changes["field"] = _login_field(credential)
        if credential.auth_type in (AuthType.OAUTH, AuthType.LOGIN):
            changes["word"] = _("token refused")
            changes["cause"] = _("Two fresh tokens were refused: they are not for this address.")
            changes["next_step"] = _("Check scope and audience of the token, and Provider URL.")
    return dataclasses.replace(outcome, **changes)


def _login_field(credential: CustomCredential) -> str:
    return {
        AuthType.NONE.value: "auth_type",
        AuthType.OAUTH.value: "oauth_body",
        AuthType.JWT.value: "jwt_key",
        AuthType.BASIC.value: "password",
        AuthType.LOGIN.value: "login_url",
    }.get(credential.auth_type, "api_token")


def _sign(document: Any) -> _Sign | None:
    """Return the worst sign of trouble in a good answer, or None."""
    found: _Sign | None = None
    for key, value in members(document):
        plain = re.sub(r"[^a-z]", "", key.lower())
        if plain in _STATE_KEYS and isinstance(value, str) and _REFUSED_STATE.fullmatch(value):
            return _Sign(clean(f"{key}: {value}")[:200], is_refusal=True)
        if plain in _SUCCESS_KEYS and value is False:
            return _Sign(clean(f"{key}: false")[:200], is_refusal=True)
        if plain in _ERROR_KEYS and _is_error(value) and found is None:
            said = _message(value) or (key if isinstance(value, dict | list) else f"{key}: {value}")
            found = _Sign(clean(said)[:200], is_refusal=False)
    return found


def _is_error(value: Any) -> bool:
    if value is None or isinstance(value, bool):
        return value is True
    if isinstance(value, dict | list):
        return bool(value)
    return str(value).strip().lower() not in _NO_ERROR


def _message(document: Any) -> str:
    """Return the first text that explains something; empty when there is none."""
    if isinstance(document, str):
        return clean(document)
    for key in _TEXT_KEYS:
        if text := extract(document, Extraction.FIELD_MATCH, key):
            return text
    return extract(document, Extraction.FIELD_MATCH, "error")


def _code(document: Any) -> str:
    """Return the provider's code of an error: from inside ``error``, else from the top."""
    inside = document.get("error") or document.get("errors") if isinstance(document, dict) else None
    if isinstance(inside, list) and inside:
        inside = inside[0]
    for place in (inside, document):
        if isinstance(place, dict):
            for key in _CODE_KEYS:
                if code := extract({key: place.get(key)}, Extraction.DOT_PATH, key):
                    return code[:60]
    return ""
