"""Step 3 of the RCS wizard: the webhooks, what to do with their URLs, and the first call."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from screens.rcs_calls import FirstCalls
from screens.rcs_step import FormPane
from screens.record_form import REVEAL_KEY
from screens.widgets.form import Specs
from screens.widgets.secret_input import reveal
from smstui.i18n import N_, _
from smstui.providers.fields import Draft, Issue, Severity, text_of
from smstui.rcs import stored
from smstui.rcs.base import Step
from smstui.rcs.document import Document
from smstui.webhooks.base import WebhookType

CALLS = "calls"
_TYPES = {
    WebhookType.INBOUND.value: N_("Replies"),
    WebhookType.FEEDBACK.value: N_("Reports"),
}


class WebhookPane(FormPane):
    """A view for each webhook that is needed, and one for what is called by them."""

    step = Step.WEBHOOK
    help_text = N_(
        "The provider calls a webhook with replies of subscribers, and with what became of "
        "messages. Going on saves it; then hand its URL over to the provider, and see here when "
        "the first call comes in. The credential is bound to it in the next step."
    )
    BINDINGS = [
        Binding(
            "f4",
            "next_view",
            N_("Next view"),
            show=False,
            id="rcs-webhook.view",
            tooltip=N_("The next webhook, or what is called by them"),
        ),
        Binding(
            "ctrl+s,f9",
            "save",
            N_("Save"),
            id="rcs-webhook.save",
            key_display="Ctrl+S",
            tooltip=N_("Save the webhooks, and show what to do with their URLs"),
        ),
        REVEAL_KEY,
    ]

    def __init__(self) -> None:
        super().__init__()
        self._index = 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="profile"):
            yield self.make_form()
        yield FirstCalls()

    def on_mount(self) -> None:
        self.view = CALLS if self.document.has_webhooks else "0"
        self._show_view()

    # Its webhooks

    @property
    def views(self) -> Mapping[str, str]:  # type: ignore[override]  # as many as the route has
        """The webhooks by their places, and the calls once there are URLs to call."""
        document = self.wizard.base
        proposed = document.proposed_webhooks
        words = {
            str(index): _TYPES.get(text_of(hook.draft.get("type")), N_("Webhook"))
            for index, hook in enumerate(proposed)
        }
        return {**words, CALLS: N_("First call")} if document.has_webhooks else words

    def form_specs(self) -> Specs:
        return self.document.hook_specs(self._index)

    def form_draft(self) -> Draft:
        return self.document.hook_draft(self._index)

    def typed(self, document: Document, draft: Draft) -> Document:
        return document.typed_hook(self._index, draft)

    def issues(self, document: Document) -> list[Issue]:
        return document.check_hook(self._index)

    @property
    def is_judged(self) -> bool:
        return self.wizard.base.has_webhooks

    # Views

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what there is to do in this view."""
        if action in ("save", "reveal"):
            return self.view != CALLS
        return super().check_action(action, parameters)

    async def action_next_view(self) -> None:
        """Show the next view; past the last comes the first."""
        views = list(self.views)
        await self._turn(views[(views.index(self.view) + 1) % len(views)])
        self.focus_first()

    async def _turn(self, view: str) -> None:
        if view != CALLS and (int(view) != self._index or self.is_stale):
            self.wizard.change(self.document)
            self._index = int(view)
            await self.renew_form()
        self.view = view
        self._show_view()

    def _show_view(self) -> None:
        self.query_one(".profile", Vertical).display = self.view != CALLS
        calls = self.query_one(FirstCalls)
        calls.display = self.view == CALLS
        if calls.display:
            calls.look()
        self.wizard.tell_step()
        self.refresh_bindings()

    def focus_first(self) -> None:
        if self.view == CALLS:
            self.query_one(FirstCalls).table.focus()
        else:
            self.form.focus_first()

    def action_reveal(self) -> None:
        """Show the secret that is being typed."""
        reveal(self)

    # Going on

    async def is_right(self) -> bool:
        """Judge all webhooks; with an error, go to the first one that has some."""
        document = self.document
        for index in range(len(document.proposed_webhooks)):
            if any(issue.severity is Severity.ERROR for issue in document.check_hook(index)):
                await self._turn(str(index))
                return await super().is_right()
        return True

    async def tell_issues(self, issues: Iterable[Issue]) -> None:
        """Show what saving found wrong with fields, "0.name" of the first webhook, say."""
        found = [(*issue.field.rpartition("."), issue) for issue in issues]
        if not found:
            return
        place = found[0][0] or (str(self._index))
        await self._turn(place)
        own = [
            dataclasses.replace(issue, field=name)
            for at, _dot, name, issue in found
            if at in ("", place)
        ]
        await super().tell_issues(own)

    def action_save(self) -> None:
        """Save the webhooks and stay."""
        self.wizard.do(self._save_and_show)

    async def before_next(self) -> bool:
        """Go on; the first time only to what is to be done with the URLs."""
        if self.document.has_webhooks:
            return True
        await self._save()
        return False

    async def _save_and_show(self) -> None:
        if await self.is_right() and await self.wizard.keep_now():
            await self._save()

    async def _save(self) -> None:
        await self.wizard.carry_out(stored.keep_step)
        await self._turn(CALLS)
        self.focus_first()
        said = _("The webhooks are saved. Hand their URLs over; F8 goes on.")
        if len(self.document.all_hooks) == 1:
            said = _("The webhook is saved. Hand its URL over; F8 goes on.")
        self.notify(said, markup=False)
