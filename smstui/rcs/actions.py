"""What a suggestion does when it is tapped, in the notation in which it is typed and kept.

Nothing is a reply; else an address, ``tel:`` (RFC 3966), ``geo:`` (RFC 5870), an interval of two
times (ISO 8601) for a calendar, or the word ``location`` for sharing one's place. An address at
the end of the last two is opened where a phone cannot do it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from smstui.i18n import N_, _
from smstui.messaging.numbers import NumberProblem, parse_number
from smstui.providers.phone import tidy_phone
from smstui.rcs.checks import MOST_URL, check_web

SHARE = "location"
"""The word for sharing one's place. It is kept, so it is never translated."""

_GEO = re.compile(
    r"geo:(-?\d{1,3}(?:\.\d{1,15})?),(-?\d{1,3}(?:\.\d{1,15})?)(?:\s+(.*))?", re.ASCII
)
_CALENDAR = re.compile(r"(\d{4}-\d\d-\d\dT[^\s/]+)/(\S+)(?:\s+(.*))?", re.ASCII)
_SHARE = re.compile(rf"{SHARE}(?:\s+(\S+))?")
_WEB_AT_END = re.compile(r"(?:^|\s)(https?://\S+)$")


@dataclass(frozen=True, slots=True)
class Reply:
    """Sends its label back."""


@dataclass(frozen=True, slots=True)
class OpenUrl:
    """Opens a web page."""

    url: str


@dataclass(frozen=True, slots=True)
class Dial:
    """Opens the dialler; the number is E.164."""

    number: str


@dataclass(frozen=True, slots=True)
class ViewLocation:
    """Shows a place on a map."""

    latitude: float
    longitude: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class ShareLocation:
    """Asks where the subscriber is; ``url`` is opened where a phone cannot share that."""

    url: str = ""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """Puts something into the calendar; ``url`` is opened where a phone cannot do that."""

    starts: datetime
    ends: datetime
    title: str
    url: str = ""


Action = Reply | OpenUrl | Dial | ViewLocation | ShareLocation | CalendarEvent


@dataclass(frozen=True, slots=True)
class ActionProblem:
    """Why a text is no action, as a sentence."""

    message: str


SIGNS: dict[type[Action] | type[ActionProblem], tuple[str, str]] = {
    Reply: ("↵", N_("reply")),
    OpenUrl: ("↗", N_("web page")),
    Dial: ("☏", N_("call")),
    ViewLocation: ("◈", N_("map")),
    ShareLocation: ("◎", N_("your place")),
    CalendarEvent: ("▦", N_("calendar")),
    ActionProblem: ("?", N_("not clear")),
}
"""The sign of each action, and the word that goes with it, marked with `N_`."""


def parse_action(text: str) -> Action | ActionProblem:
    """Return what a suggestion does, or why that is not clear.

    Args:
        text: as it was typed.
    """
    text = text.strip()
    scheme = text.partition(":")[0].lower()
    if not text:
        return Reply()
    if scheme in ("https", "http"):
        return _with_sound_url(text, OpenUrl(text))
    if scheme == "tel" or text.startswith("+"):
        return _dial(text)
    if scheme == "geo":
        return _view(text)
    if text.split()[0] == SHARE:
        return _share(text)
    if re.match(r"\d{4}-\d\d-\d\dT", text):
        return _calendar(text)
    return ActionProblem(
        _("Leave it empty for a reply, or begin with https://, tel:+, geo:, a date, or location.")
    )


def _with_sound_url(url: str, action: Action) -> Action | ActionProblem:
    """Return the action if everybody can reach its address."""
    if len(url) > MOST_URL:
        return ActionProblem(_("An address has at most {most} characters.").format(most=MOST_URL))
    for _severity, message in check_web(url) if url else ():
        return ActionProblem(message)
    return action


def _dial(text: str) -> Action | ActionProblem:
    number = tidy_phone(re.sub(r"^tel:", "", text, flags=re.IGNORECASE)).value
    parsed = parse_number(number)
    return ActionProblem(parsed.message) if isinstance(parsed, NumberProblem) else Dial(number)


def _view(text: str) -> Action | ActionProblem:
    found = _GEO.fullmatch(text)
    if found is None:
        return ActionProblem(_("Write a place like geo:45.4642,9.19 and its name."))
    latitude, longitude = float(found[1]), float(found[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        return ActionProblem(
            _("The latitude is between -90 and 90, the longitude between -180 and 180.")
        )
    return ViewLocation(latitude, longitude, (found[3] or "").strip())


def _share(text: str) -> Action | ActionProblem:
    found = _SHARE.fullmatch(text)
    if found is None:
        return ActionProblem(_("After the word location comes at most an address."))
    url = found[1] or ""
    return _with_sound_url(url, ShareLocation(url))


def _calendar(text: str) -> Action | ActionProblem:
    found = _CALENDAR.fullmatch(text)
    times = [_time(found[1]), _time(found[2])] if found else []
    starts, ends = times or (None, None)
    if found is None or starts is None or ends is None:
        return ActionProblem(
            _("Write both times with their offset: 2030-03-01T10:00Z/2030-03-01T11:00Z Fitting.")
        )
    if ends <= starts:
        return ActionProblem(_("The event ends before it begins."))
    title = (found[3] or "").strip()
    web = _WEB_AT_END.search(title)
    url = web[1] if web else ""
    title = title.removesuffix(url).strip()
    if not title:
        return ActionProblem(_("After the times comes what the calendar is to say."))
    return _with_sound_url(url, CalendarEvent(starts, ends, title, url))


def _time(text: str) -> datetime | None:
    """Return a time with its offset; None for anything else."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if time.tzinfo is None else time
