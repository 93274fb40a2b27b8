"""What the routes share: which fields are sound, what a profile lacks, how an answer is told."""

from __future__ import annotations

import dataclasses
import json
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, ClassVar

from pydantic import SecretStr

from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.base import InvalidFields, Outcome, Result
from smstui.providers.fields import (
    Draft,
    FieldSpec,
    Issue,
    Severity,
    Value,
    check_field,
    check_fields,
    is_empty,
    joined_words,
    text_of,
    words_of,
)
from smstui.providers.phone import phone_note, tidy_phone
from smstui.rcs.base import Errand, Route, Setup, Step, TaskState
from smstui.rcs.checks import check_phone, is_web
from smstui.rcs.profile import LABELS
from smstui.text import clean

MOST_LINES = 300
"""Countries, carriers and devices of an answer that are shown, of each list."""
MOST_NAME = 100
"""Characters of the name of a credential or webhook."""

Perform = Callable[[Setup, Draft], Errand]


class ProfileRoute(Route):
    """A route with a profile to fill in.

    Attributes:
        needed: fields without which the provider makes no agent.
        one_of: contacts of which it wants one at least.
    """

    needed: ClassVar[tuple[str, ...]] = ()
    one_of: ClassVar[tuple[str, ...]] = ()

    def specs(self) -> dict[str, FieldSpec]:
        """Return all fields of the register step."""
        return {**self.account_fields(), **self.profile_fields()}

    def text(self, setup: Setup, name: str) -> str:
        """Return a field of the register step; what is not there has its default."""
        draft = setup.drafts.get(Step.REGISTER, {})
        return text_of(draft[name] if name in draft else self.specs()[name].default)

    def words(self, setup: Setup, name: str) -> list[str]:
        """Return the words of a list of the register step."""
        return list(words_of(self.text(setup, name)))

    def labelled(self, setup: Setup, name: str, key: str) -> dict[str, str]:
        """Return a contact or page with its label, as providers write it; empty for none.

        Args:
            setup: the set-up.
            name: of the field.
            key: of the value there.
        """
        value, label = self.text(setup, name), f"{name}_label"
        shown = self.text(setup, label) if label in self.profile_fields() else ""
        return {key: value, "label": shown or LABELS[name]} if value else {}

    def contacts(self, setup: Setup, name: str, key: str) -> list[dict[str, str]]:
        """Return the same as the list that providers want, of one contact or none."""
        found = self.labelled(setup, name, key)
        return [found] if found else []

    def secret(self, setup: Setup, name: str) -> SecretStr | None:
        """Return a secret of the register step; None when it is not set."""
        text = self.text(setup, name)
        return SecretStr(text) if text else None

    def rules(self, draft: Draft) -> Iterable[Issue]:
        """Return what the provider will miss, once the profile was begun: warnings."""
        return self.rules_of_profile(draft)

    def rules_of_profile(self, draft: Draft) -> Iterable[Issue]:
        """Yield a warning for each field that a begun profile lacks."""
        missing = self._missing(draft)
        if len(missing) == len(self.needed) + bool(self.one_of):
            return
        specs = self.specs()
        for name in missing:
            if name in self.needed:
                said = _("{provider} wants it before the agent is made.")
                yield Issue(name, said.format(provider=self.name), Severity.WARNING)
            else:
                labels = [_(specs[one].label) for one in self.one_of]
                said = _("{provider} wants one of these: {fields}.").format(
                    provider=self.name, fields=", ".join(labels)
                )
                yield Issue(name, said, Severity.WARNING)

    def _missing(self, draft: Draft) -> list[str]:
        missing = [name for name in self.needed if is_empty(draft.get(name))]
        if self.one_of and all(is_empty(draft.get(name)) for name in self.one_of):
            missing.append(self.one_of[0])
        return missing

    def is_sound(self, setup: Setup, *names: str) -> bool:
        """Whether all of these fields are filled in, and without an error."""
        draft, specs = setup.drafts.get(Step.REGISTER, {}), self.specs()
        values = {name: draft.get(name, specs[name].default) for name in names}
        return all(
            not is_empty(value) and is_right(name, specs[name], value)
            for name, value in values.items()
        )

    def is_usable(self, setup: Setup, name: str) -> bool:
        """Whether a field is empty, or without an error."""
        draft = setup.drafts.get(Step.REGISTER, {})
        return is_right(name, self.specs()[name], draft.get(name))

    def is_complete(self, setup: Setup) -> bool:
        """Whether the profile is all that an API wants: whole, right, pictures at addresses."""
        draft = setup.drafts.get(Step.REGISTER, {})
        pictures = [self.text(setup, name) for name in ("logo", "banner")]
        return (
            not self._missing(draft)
            and all(self.is_usable(setup, name) for name in self.profile_fields())
            and all(map(is_web, pictures))
        )

    def perform(self, setup: Setup, key: str, asked: Draft) -> Errand:
        """Return the conversation of an action.

        Raises:
            SmstuiError: the action is not offered with what is typed so far.
            InvalidFields: something that it asks for is wrong.
        """
        action = next((action for action in self.actions(setup) if action.key == key), None)
        if action is None:
            raise SmstuiError(_("This cannot be done with what is filled in so far."))
        issues = [
            issue for issue in check_fields(action.asks, asked) if issue.severity is Severity.ERROR
        ]
        if issues:
            raise InvalidFields(issues)
        return self.performers()[key](setup, asked)

    @abstractmethod
    def performers(self) -> Mapping[str, Perform]:
        """Return what carries out each action, by key."""

    def test_number_field(self, setup: Setup) -> FieldSpec:
        """Return the field that asks for a test device; it starts with the first one typed."""
        numbers = self.words(setup, "test_numbers")
        return dataclasses.replace(TEST_NUMBER, default=numbers[0] if numbers else None)

    def with_test_number(self, setup: Setup, number: str) -> dict[str, str]:
        """Return the list of test devices with one more, as something learned."""
        numbers = [*self.words(setup, "test_numbers"), number]
        return {"test_numbers": joined_words(dict.fromkeys(numbers))}


TEST_NUMBER = FieldSpec(
    label=N_("Test device"),
    help=N_("Its owner gets a message and has to accept."),
    required=True,
    placeholder="+393331234567",
    tidy=tidy_phone,
    check=check_phone,
    note=phone_note,
)


def is_right(name: str, spec: FieldSpec, value: Value) -> bool:
    """Whether a value has no error by itself."""
    issues = check_field(name, spec, value)
    return all(issue.severity is not Severity.ERROR for issue in issues)


def offered(specs: Mapping[str, FieldSpec], *names: str) -> dict[str, FieldSpec]:
    """Return fields of a credential for a set-up, where none is required."""
    return {name: dataclasses.replace(specs[name], required=False) for name in names}


def without_empty(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object without members that hold nothing."""
    return {key: value for key, value in document.items() if value not in ("", None, [], {})}


def named(setup: Setup, suffix: str = "") -> str:
    """Return the name of something that a set-up makes, at most 100 characters."""
    tail = f" {suffix}" if suffix else ""
    return f"{setup.name[: MOST_NAME - len(tail)]}{tail}"


def short(value: Any) -> str:
    """Return a word of an answer for a list, at most 60 characters; empty for what is no text."""
    return clean(value)[:60] if isinstance(value, str) else ""


def overall(states: Iterable[TaskState]) -> TaskState:
    """Return what several devices or carriers come to: one that is done is enough."""
    found = set(states)
    for state in (TaskState.DONE, TaskState.DOING, TaskState.REFUSED):
        if state in found:
            return state
    return TaskState.OPEN


def done(word: str, summary: str, next_step: str = "", *, waits: bool = False) -> Outcome:
    """Return the outcome of what worked; ``waits`` for one that somebody else has to finish."""
    return Outcome(
        result=Result.PENDING if waits else Result.PASSED,
        word=word,
        summary=summary,
        next_step=next_step,
    )


def told(word: str, means: str, state: TaskState, remark: str = "") -> Outcome:
    """Return what the provider's word for a sender comes to.

    Args:
        word: the provider's own.
        means: what it means, translated; empty when that is not known.
        state: how good that is.
        remark: the provider's own reason.
    """
    results = {
        TaskState.DONE: Result.PASSED,
        TaskState.DOING: Result.PENDING,
        TaskState.REFUSED: Result.WARNED,
    }
    return Outcome(
        result=results.get(state, Result.PASSED),
        word=word.lower(),
        summary=f"{word}: {means}" if means else word,
        cause=remark,
        next_step=_("Look at it in the provider's console.") if state is TaskState.REFUSED else "",
        raw=remark,
    )


def in_form(outcome: Outcome, fields: Collection[str], renamed: Mapping[str, str]) -> Outcome:
    """Return an outcome whose field at fault is one of a set-up, or none."""
    field = renamed.get(outcome.field, outcome.field)
    return dataclasses.replace(outcome, field=field if field in fields else "")


def document_text(document: Any) -> str:
    """Return a JSON document as it is shown in a form: indented."""
    return json.dumps(document, indent=2, ensure_ascii=False)
