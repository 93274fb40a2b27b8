"""What is said of a rotation, in the console and on the command line."""

from __future__ import annotations

from smstui.i18n import N_, _
from smstui.rotation import Member, Phase
from smstui.text import clean

PHASE_WORDS: dict[Phase, str] = {
    Phase.NONE: N_("nothing staged"),
    Phase.STAGED: N_("staged, not verified"),
    Phase.FAILED: N_("staged, does not work"),
    Phase.VERIFIED: N_("staged and verified"),
    Phase.PROMOTED: N_("promoted, old one kept"),
}
PHASE_SIGNS: dict[Phase, str] = {
    Phase.NONE: "–",
    Phase.STAGED: "…",
    Phase.FAILED: "✗",
    Phase.VERIFIED: "✓",
    Phase.PROMOTED: "✓",
}


def phase_words(phase: Phase) -> str:
    """Return how far a rotation has come, as a sign and words."""
    return f"{PHASE_SIGNS[phase]} {_(PHASE_WORDS[phase])}"


def phase_mark(member: Member) -> str:
    """Return how far the rotation of a member has come, as a sign and words."""
    return phase_words(member.phase)


def phase_line(member: Member) -> str:
    """Return how far a rotation has come, and what the verification found."""
    rotation = member.rotation
    if rotation is None or rotation.proof is None or member.phase is Phase.STAGED:
        return phase_mark(member)
    return f"{phase_mark(member)}: {clean(rotation.proof.summary)}"
