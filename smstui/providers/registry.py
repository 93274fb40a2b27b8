"""The vendors, in the order in which the field *SMS vendor* offers them; each is one line here."""

from __future__ import annotations

from functools import cache
from typing import Any

from smstui.errors import SmstuiError
from smstui.i18n import _
from smstui.providers.base import Provider
from smstui.providers.fields import Offer


@cache
def providers() -> dict[str, Provider[Any]]:
    """Return the providers by vendor, in the order in which they are offered."""
    from smstui.providers.custom import CustomProvider
    from smstui.providers.infobip import InfobipProvider
    from smstui.providers.sinch import SinchMmsProvider, SinchProvider, SinchRcsProvider
    from smstui.providers.twilio import TwilioProvider

    offered: tuple[Provider[Any], ...] = (
        TwilioProvider(),
        SinchProvider(),
        SinchMmsProvider(),
        SinchRcsProvider(),
        InfobipProvider(),
        CustomProvider(),
    )
    return {provider.vendor: provider for provider in offered}


def provider_for(vendor: str) -> Provider[Any]:
    """Return the provider of a vendor; case does not matter.

    Raises:
        SmstuiError: there is no such vendor.
    """
    for name, provider in providers().items():
        if name.casefold() == vendor.strip().casefold():
            return provider
    raise SmstuiError(
        _("There is no vendor {vendor}. Known: {known}.").format(
            vendor=vendor[:40], known=", ".join(providers())
        ),
        title=_("Unknown vendor"),
    )


def recognise(pasted: str, vendor: str) -> tuple[str, Offer] | None:
    """Return what a paste would fill in, and for which vendor; None when no vendor knows it.

    Args:
        pasted: what was pasted, whole.
        vendor: the one that is asked first; the others follow in their order.
    """
    names = sorted(providers(), key=lambda name: name != vendor)
    for name in names:
        offer = providers()[name].recognise(pasted)
        if offer is not None:
            return name, offer
    return None


def forget() -> None:
    """Drop what providers keep in memory between conversations (tokens): the store closes."""
    for provider in providers().values():
        provider.forget()
