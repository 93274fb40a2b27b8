"""The routes, in the order in which the wizard offers them; each is one line here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from smstui.errors import SmstuiError
from smstui.i18n import _
from smstui.rcs.base import Route


@cache
def routes() -> Mapping[str, Route]:
    """Return the routes by name, in the order in which they are offered."""
    from smstui.rcs.routes.infobip import InfobipRoute
    from smstui.rcs.routes.other import OtherRoute
    from smstui.rcs.routes.sinch import SinchRoute
    from smstui.rcs.routes.twilio import TwilioRoute

    offered: tuple[Route, ...] = (TwilioRoute(), InfobipRoute(), SinchRoute(), OtherRoute())
    return MappingProxyType({route.name: route for route in offered})


def route(name: str) -> Route:
    """Return a route; case does not matter.

    Raises:
        SmstuiError: there is no such route.
    """
    for known, offered in routes().items():
        if known.casefold() == name.strip().casefold():
            return offered
    raise SmstuiError(
        _("There is no way to RCS by {route}. Known: {known}.").format(
            route=name[:40], known=", ".join(routes())
        ),
        title=_("Unknown provider"),
    )
