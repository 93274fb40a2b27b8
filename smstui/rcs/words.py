"""What the steps of a set-up are called."""

from __future__ import annotations

from smstui.i18n import N_, _
from smstui.rcs.base import Step

STEP_WORDS: dict[Step, str] = {
    Step.PROVIDER: N_("Provider"),
    Step.REGISTER: N_("Register"),
    Step.WEBHOOK: N_("Webhook"),
    Step.CREDENTIAL: N_("Credential"),
    Step.TEST: N_("Test"),
    Step.CHANNEL: N_("Channel"),
    Step.DONE: N_("Summary"),
}
"""The steps in their order."""


def step_word(step: str) -> str:
    """Return what a stored step is called; one that this version does not know stays as it is."""
    try:
        return _(STEP_WORDS[Step(step)])
    except ValueError:
        return step
