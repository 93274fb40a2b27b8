"""Which sender an app of Sinch's Conversation API sends RCS by.

Source: Sinch's reference of the Conversation API, App: ``claimed_identity`` of the RCS channel is
the RCS sender. Numbers of a service plan or an app are listed nowhere that these logins may read.
"""

from __future__ import annotations

import dataclasses

from smstui.i18n import _
from smstui.providers.base import Dialogue, Outcome, Result
from smstui.providers.senders import FIELD, owned, unseen
from smstui.providers.sinch_conversation import app_request, channel_identity, read_app
from smstui.providers.sinch_models import SinchRcsCredential
from smstui.text import shorten_middle


def ask(credential: SinchRcsCredential, sender: str) -> Dialogue:
    """Return the conversation about the RCS sender of the credential's app."""
    response = yield app_request(credential)
    app = read_app(response, credential)
    if app.result is Result.FAILED:
        return dataclasses.replace(app, field=FIELD)
    agent = channel_identity(response.record(), "RCS")
    if not agent:
        return unseen(_("The app does not tell by which RCS sender it sends."))
    shown = shorten_middle(agent, 40)
    if not any(character.isalpha() for character in sender):
        said = _("RCS goes out by {agent}; the number serves the fallback alone")
        return owned(said.format(agent=shown))
    if sender.casefold() == agent.casefold():
        return owned(_("the app sends RCS by {agent}").format(agent=shown))
    return Outcome(
        result=Result.FAILED,
        word=_("another sender"),
        summary=_("the app sends RCS by {agent}").format(agent=shown),
        cause=_("The app's RCS channel is linked to another sender than the one given here."),
        next_step=_("Write that sender here, or link the right one to the app."),
        field=FIELD,
    )
