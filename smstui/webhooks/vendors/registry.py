"""The vendors of webhooks, in the order in which *Select SMS vendor* offers them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from smstui.errors import SmstuiError
from smstui.i18n import _
from smstui.webhooks.base import WebhookVendor


@cache
def webhook_vendors() -> Mapping[str, WebhookVendor]:
    """Return the vendors by name, in the order in which they are offered."""
    from smstui.webhooks.vendors.custom import CustomWebhooks
    from smstui.webhooks.vendors.infobip import InfobipWebhooks
    from smstui.webhooks.vendors.sinch import SinchWebhooks
    from smstui.webhooks.vendors.sinch_conversational import SinchConversationalWebhooks
    from smstui.webhooks.vendors.twilio import TwilioWebhooks

    offered: tuple[WebhookVendor, ...] = (
        SinchWebhooks(),
        SinchConversationalWebhooks(),
        InfobipWebhooks(),
        CustomWebhooks(),
        TwilioWebhooks(),
    )
    return MappingProxyType({vendor.vendor: vendor for vendor in offered})


def webhook_vendor(name: str) -> WebhookVendor:
    """Return a vendor of webhooks; case does not matter.

    Raises:
        SmstuiError: there is no such vendor.
    """
    for known, vendor in webhook_vendors().items():
        if known.casefold() == name.strip().casefold():
            return vendor
    raise SmstuiError(
        _("There is no vendor {vendor}. Known: {known}.").format(
            vendor=name[:40], known=", ".join(webhook_vendors())
        ),
        title=_("Unknown vendor"),
    )
