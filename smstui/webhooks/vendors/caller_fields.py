"""The fields that say how a caller proves itself; the check is in `callers`.

Adobe's webhook form has one switch, *Authentication*, which lets in callers with a token of Adobe's
identity service; such tokens cannot be checked from here. Everything below is smstui's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum

from smstui.i18n import N_, _
from smstui.providers.endpoints import check_header_name, check_header_text
from smstui.providers.fields import Choice, Draft, FieldSpec, Kind, Severity, text_of
from smstui.webhooks.signatures import ALGORITHMS, Encoding


class Way(StrEnum):
    """How callers prove themselves; the values are kept in the store: never change one."""

    NONE = "none"
    BASIC = "basic"
    HEADER = "header"
    BEARER = "bearer"
    HMAC = "hmac"
    """A signature whose header, hash and writing are settings."""
    SINCH = "sinch"
    """The signature that Sinch describes."""


_LABELS = {
    Way.NONE: N_("none: the URL alone"),
    Way.BASIC: N_("user and password (Basic)"),
    Way.HEADER: N_("a header of its own"),
    Way.BEARER: N_("a bearer token"),
    Way.HMAC: N_("a signature (HMAC)"),
    Way.SINCH: N_("Sinch's signature (HMAC)"),
}


def _for(*ways: Way) -> Callable[[Draft], bool]:
    return lambda draft: text_of(draft.get("authentication")) in ways


def _check_user(value: str) -> Iterator[tuple[Severity, str]]:
    if ":" in value:
        yield Severity.ERROR, _("HTTP Basic allows no colon in a user name.")


def caller_fields(
    *ways: Way, remark: str = "", hmac_header: str = "X-Signature"
) -> dict[str, FieldSpec]:
    """Return the fields that say how callers prove themselves.

    Args:
        ways: which there are, the one of a new form first.
        remark: the help line of the choice, marked with `N_`.
        hmac_header: the header of a signature in a new form; empty when nothing is known of it.
    """
    fields = {
        "authentication": FieldSpec(
            label=N_("Callers prove themselves by"),
            kind=Kind.CHOICE,
            help=remark
            or N_("Not Adobe's: its switch Authentication asks for a token of Adobe's own."),
            required=True,
            choices=tuple(Choice(way.value, _LABELS[way]) for way in ways),
            default=ways[0].value,
            summary=True,
        ),
        "caller_user": FieldSpec(
            label=N_("User name of the caller"),
            help=N_("Not Adobe's: the user that the provider logs in with, by HTTP Basic."),
            required=True,
            max_length=200,
            check=_check_user,
            shown_when=_for(Way.BASIC),
        ),
        "caller_password": FieldSpec(
            label=N_("Password of the caller"),
            kind=Kind.SECRET,
            help=N_("Not Adobe's: the password beside it. Enter the same at the provider."),
            required=True,
            shown_when=_for(Way.BASIC),
        ),
        "header_name": FieldSpec(
            label=N_("Header name"),
            help=N_("Not Adobe's: the header that the provider sends with each call."),
            required=True,
            default="X-Webhook-Key",
            max_length=100,
            check=check_header_name,
            shown_when=_for(Way.HEADER),
        ),
        "header_value": FieldSpec(
            label=N_("Header value"),
            kind=Kind.SECRET,
            help=N_("Not Adobe's: a long random text. Enter the same at the provider."),
            required=True,
            check=check_header_text,
            shown_when=_for(Way.HEADER),
        ),
        "bearer_token": FieldSpec(
            label=N_("Bearer token"),
            kind=Kind.SECRET,
            help=N_("Not Adobe's: what the provider sends after Authorization: Bearer."),
            required=True,
            check=check_header_text,
            shown_when=_for(Way.BEARER),
        ),
        "hmac_secret": FieldSpec(
            label=N_("Secret of the signature"),
            kind=Kind.SECRET,
            help=N_("Not Adobe's: it signs each call and is not sent. The provider has the same."),
            required=True,
            shown_when=_for(Way.HMAC, Way.SINCH),
        ),
        "hmac_header": FieldSpec(
            label=N_("Header of the signature"),
            help=N_("Not Adobe's: as the provider names it, for example X-Hub-Signature-256."),
            required=True,
            default=hmac_header or None,
            max_length=100,
            check=check_header_name,
            shown_when=_for(Way.HMAC),
        ),
        "hmac_algorithm": FieldSpec(
            label=N_("Hash of the signature"),
            kind=Kind.CHOICE,
            help=N_("Not Adobe's: the hash of the HMAC over the body as it came."),
            required=True,
            choices=tuple(Choice(name, f"HMAC-{name.upper()}") for name in ALGORITHMS),
            default=ALGORITHMS[0],
            shown_when=_for(Way.HMAC),
        ),
        "hmac_encoding": FieldSpec(
            label=N_("Signature written in"),
            kind=Kind.CHOICE,
            help=N_("Not Adobe's: sha256= before hexadecimal digits is understood, too."),
            required=True,
            choices=(
                Choice(Encoding.HEX.value, N_("hexadecimal digits")),
                Choice(Encoding.BASE64.value, "Base64"),
            ),
            default=Encoding.HEX.value,
            shown_when=_for(Way.HMAC),
        ),
    }
    return {
        name: spec
        for name, spec in fields.items()
        if any(spec.applies_to({"authentication": way.value}) for way in ways)
    }
