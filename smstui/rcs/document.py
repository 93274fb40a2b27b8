"""A set-up while it is worked on: what was typed, step by step, and what came of it.

A document is a value: each change returns a new one, so that it can be saved while more is typed.
It keeps of webhooks and credential only what a person typed otherwise than the route proposes;
what the route proposes follows the registration as that goes on.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from smstui.i18n import _
from smstui.providers.base import Outcome, Provider
from smstui.providers.fields import (
    Draft,
    FieldSpec,
    Issue,
    Severity,
    Value,
    check_fields,
    is_empty,
    text_of,
)
from smstui.providers.registry import provider_for
from smstui.rcs.base import Route, Setup, StatusLine, Step, TaskNote, WebhookDraft
from smstui.rcs.routes.registry import route
from smstui.rcs.step_fields import provider_fields, trial_fields, wrapped
from smstui.webhooks.base import WebhookVendor
from smstui.webhooks.fields import check as check_webhook
from smstui.webhooks.fields import specs_for
from smstui.webhooks.vendors.registry import webhook_vendor

STEPS = tuple(Step)
"""The steps in their order."""

_FIXED = ("type", "credential")
"""Fields of a webhook that the set-up fills in by itself."""


@dataclass(frozen=True, slots=True)
class Hook:
    """One webhook of a set-up.

    Attributes:
        edits: fields that were typed otherwise than the route proposes; an empty one was emptied.
        id: of the stored webhook; None until step 3 is saved.
        revision: of the stored webhook as it was last seen.
    """

    edits: Draft = field(default_factory=dict, repr=False)
    id: int | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class LastStatus:
    """What the provider said when it was last asked how it stands, and when that was."""

    at: datetime
    outcome: Outcome
    lines: tuple[StatusLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A set-up while it is worked on.

    Attributes:
        name: its name.
        route_name: which way to RCS; see `route`.
        step: the page one is on.
        register: what was typed in step 2: login, ids, business profile; secrets are wrapped.
        hooks: the webhooks, as many as the route proposes, in its order.
        credential: fields of the credential that were typed otherwise than the route proposes.
        with_fallback: whether an SMS goes out where RCS cannot.
        test: what was typed in step 5.
        notes: how the tasks of the checklist stand, by key; one that is left out is open.
        status: what the provider said last; None before it was asked.
        credential_id: the credential that step 4 made.
        credential_revision: of that credential as it was last seen.
        id: of the stored set-up.
        revision: of the stored set-up that this is based on.
        remarks: what changed elsewhere since, as sentences; not kept.
    """

    name: str
    route_name: str
    step: Step = Step.PROVIDER
    register: Draft = field(default_factory=dict, repr=False)
    hooks: tuple[Hook, ...] = ()
    credential: Draft = field(default_factory=dict, repr=False)
    with_fallback: bool = False
    test: Draft = field(default_factory=dict, repr=False)
    notes: Mapping[str, TaskNote] = field(default_factory=dict)
    status: LastStatus | None = None
    credential_id: int | None = None
    credential_revision: int | None = None
    id: int | None = None
    revision: int = 0
    remarks: tuple[str, ...] = ()

    # What there is

    @property
    def route(self) -> Route:
        """The way to RCS."""
        return route(self.route_name)

    @property
    def setup(self) -> Setup:
        """The set-up as its route sees it: with the fields that the route has."""
        known = _register_specs(self.route)
        typed = {name: value for name, value in self.register.items() if name in known}
        return Setup(self.name, {Step.REGISTER: typed})

    @property
    def proposed_webhooks(self) -> Sequence[WebhookDraft]:
        """The webhooks as the route proposes them."""
        return self.route.webhooks(self.setup)

    @property
    def provider(self) -> Provider[Any]:
        """The vendor of the credential."""
        return provider_for(self.route.credential_vendor)

    def hook_vendor(self, index: int) -> WebhookVendor:
        """Return the vendor of a webhook."""
        return webhook_vendor(self.proposed_webhooks[index].vendor)

    def specs(self, step: Step) -> dict[str, FieldSpec]:
        """Return the fields of a step by name, in the order of the form.

        The webhooks of step 3 have theirs each: `hook_specs`.
        """
        if step is Step.PROVIDER:
            return provider_fields()
        if step is Step.REGISTER:
            return _register_specs(self.route)
        if step is Step.CREDENTIAL:
            specs: dict[str, FieldSpec] = self.provider.model.specs()
            return specs
        if step is Step.TEST:
            return trial_fields(self.register)
        return {}

    def hook_specs(self, index: int) -> dict[str, FieldSpec]:
        """Return the fields of a webhook; what it receives and its credential go without saying."""
        specs = specs_for(self.hook_vendor(index), ())
        return {name: spec for name, spec in specs.items() if name not in _FIXED}

    def draft(self, step: Step) -> dict[str, Value]:
        """Return what the form of a step shows: what was typed, else proposed, else the default."""
        if step is Step.PROVIDER:
            return {"name": self.name, "route": self.route_name}
        specs = self.specs(step)
        if step is Step.CREDENTIAL:
            return {**_defaults(specs), **self._proposed_credential(), **self.credential}
        typed = {Step.REGISTER: self.register, Step.TEST: self.test}.get(step, {})
        return {name: typed.get(name, spec.default) for name, spec in specs.items()}

    def hook_draft(self, index: int) -> dict[str, Value]:
        """Return what the form of a webhook shows, and what of it goes without saying."""
        return {**self._proposed_hook(index), **self._hook(index).edits}

    @property
    def all_hooks(self) -> list[Hook]:
        """The webhooks, as many as the route proposes, stored or not."""
        return [self._hook(index) for index in range(len(self.proposed_webhooks))]

    # What is typed

    def typed(self, step: Step, draft: Draft) -> Document:
        """Return the document with what a form holds; secrets that it leaves out stay.

        Args:
            step: the step; choosing another provider drops login and ids of the old one.
            draft: fields by name; those that it does not mention stay as they are.
        """
        draft = wrapped(self.specs(step), draft)
        if step is Step.PROVIDER:
            renamed = dataclasses.replace(self, name=text_of(draft.get("name", self.name)))
            return renamed._by_route(text_of(draft.get("route")) or self.route_name)
        if step is Step.REGISTER:
            return dataclasses.replace(self, register={**self.register, **draft})
        if step is Step.TEST:
            return dataclasses.replace(self, test={**self.test, **draft})
        if step is Step.CREDENTIAL:
            base = {**_defaults(self.specs(step)), **self._proposed_credential()}
            return dataclasses.replace(self, credential=_edits(base, {**self.credential, **draft}))
        return self

    def typed_hook(self, index: int, draft: Draft) -> Document:
        """Return the document with what the form of a webhook holds; see `typed`."""
        hook, typed = self._hook(index), wrapped(self.hook_specs(index), draft)
        edits = _edits(self._proposed_hook(index), {**hook.edits, **typed})
        return self.with_hook(index, dataclasses.replace(hook, edits=edits))

    def with_hook(self, index: int, hook: Hook) -> Document:
        """Return the document with another record of a webhook."""
        hooks = self.all_hooks
        hooks[index] = hook
        return dataclasses.replace(self, hooks=tuple(hooks))

    def falling_back(self, on: bool) -> Document:
        """Return the document with RCS alone, or with an SMS where RCS cannot.

        Fields of the credential that were typed by hand stay: see `edited`.
        """
        return dataclasses.replace(self, with_fallback=on)

    @property
    def edited(self) -> tuple[str, ...]:
        """The fields of the credential that no longer follow the route's proposal, by name."""
        return tuple(self.credential)

    def as_proposed(self) -> Document:
        """Return the document with the credential as the route proposes it; secrets typed stay."""
        specs = self.specs(Step.CREDENTIAL)
        kept = {name: value for name, value in self.credential.items() if specs[name].is_secret}
        return dataclasses.replace(self, credential=kept)

    def lost_by(self, route_name: str) -> list[str]:
        """Return the labels of what is dropped when another provider is chosen."""
        if route_name == self.route_name:
            return []
        specs = self.route.account_fields()
        return [_(specs[name].label) for name, value in self.register.items()
                if name in specs and not is_empty(value)]  # fmt: skip

    def adopting(self, saved: Document) -> Document:
        """Return this document, typed on meanwhile, on top of what was just saved."""
        hooks = tuple(
            dataclasses.replace(kept, edits=mine.edits)
            for mine, kept in zip(self.all_hooks, saved.all_hooks, strict=True)
        ) if self.route_name == saved.route_name else self.hooks  # fmt: skip
        return dataclasses.replace(
            self,
            hooks=hooks,
            step=saved.step,
            credential_id=saved.credential_id,
            credential_revision=saved.credential_revision,
            id=saved.id,
            revision=saved.revision,
        )

    # What is wrong

    def check(self, step: Step) -> list[Issue]:
        """Return what is wrong with a step. Errors keep one from going on, never from going back.

        The fields of a webhook are named "0.name", by its place: see `hook_field`.
        """
        if step is Step.WEBHOOK:
            found: list[Issue] = []
            for index in range(len(self.proposed_webhooks)):
                for issue in self.check_hook(index):
                    name = hook_field(index, issue.field)
                    found.append(dataclasses.replace(issue, field=name))
            return found
        draft = self.draft(step)
        if step is Step.CREDENTIAL:
            return self.provider.check(draft)
        issues = check_fields(self.specs(step), draft)
        if step is Step.REGISTER:
            issues += self.route.rules(draft)
        return issues

    def check_hook(self, index: int) -> list[Issue]:
        """Return what is wrong with one webhook."""
        vendor = self.hook_vendor(index)
        return check_webhook(vendor, self.hook_draft(index), (), is_bound=False)

    def errors(self, step: Step) -> list[Issue]:
        """Return what keeps one from going on."""
        return [issue for issue in self.check(step) if issue.severity is Severity.ERROR]

    @property
    def has_webhooks(self) -> bool:
        """Whether step 3 was saved: all webhooks are in the store."""
        return all(hook.id is not None for hook in self.all_hooks)

    @property
    def reachable(self) -> Step:
        """The last step that one can go to."""
        for step in STEPS[:-1]:
            if self.errors(step):
                return step
            if step is Step.WEBHOOK and not self.has_webhooks:
                return step
            if step is Step.CREDENTIAL and self.credential_id is None:
                return step
        return STEPS[-1]

    def can_go(self, step: Step) -> bool:
        """Whether one can go to a step from here: back always, on as far as all is right."""
        at = STEPS.index(step)
        return at <= STEPS.index(self.step) or at <= STEPS.index(self.reachable)

    # Within

    def _proposed_credential(self) -> dict[str, Value]:
        return self.route.credential(self.setup, with_fallback=self.with_fallback)

    def _proposed_hook(self, index: int) -> dict[str, Value]:
        proposed = self.proposed_webhooks[index]
        specs = specs_for(webhook_vendor(proposed.vendor), ())
        defaults = {name: value for name, value in _defaults(specs).items() if name not in _FIXED}
        return {**defaults, **proposed.draft}

    def _hook(self, index: int) -> Hook:
        return self.hooks[index] if index < len(self.hooks) else Hook()

    def _by_route(self, route_name: str) -> Document:
        if route_name == self.route_name:
            return self
        account = self.route.account_fields()
        return dataclasses.replace(
            self,
            route_name=route_name,
            register={k: v for k, v in self.register.items() if k not in account},
            hooks=(),
            credential={},
            with_fallback=False,
            notes={},
            status=None,
        )


def hook_field(index: int, name: str) -> str:
    """Return how `Document.check` names the field of a webhook."""
    return f"{index}.{name}"


def _register_specs(way: Route) -> dict[str, FieldSpec]:
    return {**way.account_fields(), **way.profile_fields()}


def _defaults(specs: Mapping[str, FieldSpec]) -> dict[str, Value]:
    return {name: spec.default for name, spec in specs.items()}


def _edits(base: Draft, draft: Draft) -> dict[str, Value]:
    """Return what a draft holds otherwise than its base."""
    return dict(_differing(base, draft))


def _differing(base: Draft, draft: Draft) -> Iterator[tuple[str, Value]]:
    for name, value in draft.items():
        proposed = base.get(name)
        if is_empty(value) and is_empty(proposed):
            continue
        if value != proposed and (isinstance(value, tuple) or text_of(value) != text_of(proposed)):
            yield name, value
