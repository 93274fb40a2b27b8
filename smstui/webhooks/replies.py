"""What a reply costs: the parts that it travels in."""

from __future__ import annotations

from smstui.i18n import _, ngettext
from smstui.messaging.parts import count_parts
from smstui.text import clean


def parts_note(reply: str) -> str:
    """Return the remark beside a reply: ``1 part, GSM-7``; empty for none."""
    if not reply:
        return ""
    parts = count_parts(reply)
    return ngettext("{n} part, {encoding}", "{n} parts, {encoding}", parts.parts).format(
        n=parts.parts, encoding=parts.encoding
    )


def too_long(reply: str) -> str:
    """Return that a reply takes more than one part, and why, as a sentence; empty for one part."""
    parts = count_parts(reply)
    if parts.parts <= 1:
        return ""
    if parts.offender is None:
        return _("This reply takes {n} parts: {units} units, and one part holds 160.").format(
            n=parts.parts, units=parts.units
        )
    return _("This reply takes {n} parts: “{character}” ({name}) forces UCS-2.").format(
        n=parts.parts, character=clean(parts.offender), name=parts.offender_name
    )
