"""Step 1 of the RCS wizard: by whom, and what the set-up is called."""

from __future__ import annotations

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.widgets import Static

from screens.confirm import ConfirmDialog
from screens.rcs_step import FormPane
from screens.widgets.cells import fit
from smstui.i18n import N_, _
from smstui.providers.fields import Draft, text_of
from smstui.rcs.base import Step
from smstui.rcs.document import Document
from smstui.rcs.routes.registry import routes

ROUTE = "route"


class ProviderPane(FormPane):
    """The name, the provider, and what the ways of all providers are."""

    step = Step.PROVIDER
    help_text = N_(
        "Choose who registers the RCS sender and carries the messages. Everything you type is "
        "kept at once: leave with Esc and come back whenever you like. F8 goes on, F7 goes back."
    )

    def compose(self) -> ComposeResult:
        yield self.make_form()
        yield Static(classes="ways")

    def on_mount(self) -> None:
        self._tell_ways()

    def on_resize(self) -> None:
        self._tell_ways()

    @property
    def is_judged(self) -> bool:
        return self.document.id is not None

    def _tell_ways(self) -> None:
        """Say of each provider in a sentence how it goes; the chosen one is marked."""
        chosen = self.document.route_name
        column = max(map(len, routes())) + 3
        told = Text()
        for name, route in routes().items():
            is_chosen = name == chosen
            sign = "●" if is_chosen else "○"
            told.append(f"{sign} {fit(name, column)}", "bold" if is_chosen else "")
            lead = " " * (column + 2)
            room = max(self.size.width - len(lead) - 4, 20)
            lines = Text(_(route.how)).wrap(self.app.console, room)
            told.append(f"\n{lead}".join(line.plain.rstrip() for line in lines))
            told.append("\n")
        self.query_one(".ways", Static).update(told)

    def changed(self, key: str) -> None:
        if key == ROUTE:
            self._choose()

    def typed(self, document: Document, draft: Draft) -> Document:
        """Return the document with another provider only once that was said yes to."""
        kept = {key: value for key, value in draft.items() if key != ROUTE}
        named = document.typed(self.step, {**kept, ROUTE: document.route_name})
        wanted = text_of(draft.get(ROUTE)) or document.route_name
        if named.lost_by(wanted):
            return named
        return named.typed(self.step, {ROUTE: wanted})

    @work(exclusive=True, group="route")
    async def _choose(self) -> None:
        """Go on with another provider, after asking when that drops something."""
        wanted = text_of(self.form.draft()[ROUTE])
        document = self.document
        lost = document.lost_by(wanted)
        if lost:
            sure = await self.app.push_screen_wait(
                ConfirmDialog(
                    _("Change to {provider}?").format(provider=wanted),
                    _("What you typed here is dropped: {fields}. The profile stays.").format(
                        fields=", ".join(lost)
                    ),
                    confirm=_("Change"),
                    cancel=_("Keep"),
                )
            )
            if sure:
                self.wizard.change(document.typed(self.step, {ROUTE: wanted}))
            else:
                await self.form.fill({ROUTE: document.route_name})
        self._tell_ways()
