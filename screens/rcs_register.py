"""Step 2 of the RCS wizard: the registration at the provider, its profile and its checklist."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from screens.rcs_checklist import Checklist
from screens.rcs_errand import with_client
from screens.rcs_step import FormPane
from screens.record_form import REVEAL_KEY
from screens.widgets.secret_input import reveal
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.base import Outcome
from smstui.providers.fields import Issue, text_of
from smstui.rcs.base import Step
from smstui.rcs.checks import is_web
from smstui.rcs.errands import carry_out
from smstui.rcs.images import Picture
from smstui.rcs.pictures import address_errand, file_outcome
from smstui.results import GLYPHS
from smstui.text import clean

if TYPE_CHECKING:
    import httpx

PICTURES: tuple[Picture, ...] = ("logo", "banner")
CHECKLIST, PROFILE = "checklist", "profile"


class RegisterPane(FormPane):
    """Two views: the checklist of the external steps, and the profile with the login."""

    step = Step.REGISTER
    views = {CHECKLIST: N_("Checklist"), PROFILE: N_("Profile")}
    view = CHECKLIST
    help_text = N_(
        "The registration at the provider: the profile that it wants, and a checklist of what has "
        "to happen there. s asks the provider, a does what its API allows, x writes the profile "
        "to paste it into the console. Other people's approvals take weeks: leave and come back."
    )
    BINDINGS = [
        Binding(
            "f4",
            f"turn('{PROFILE}')",
            N_("Profile"),
            show=False,
            id="rcs-register.profile",
            tooltip=N_("The login, the ids and the profile"),
        ),
        Binding(
            "f4",
            f"turn('{CHECKLIST}')",
            N_("Checklist"),
            show=False,
            id="rcs-register.checklist",
            tooltip=N_("What has to happen at the provider, and how it stands"),
        ),
        Binding(
            "f5",
            "check_pictures",
            N_("Check pictures"),
            id="rcs-register.pictures",
            tooltip=N_("Fetch or read logo and banner, and look at type, size and weight"),
        ),
        REVEAL_KEY,
    ]

    def compose(self) -> ComposeResult:
        yield Checklist()
        with Vertical(classes="profile"):
            yield self.make_form()

    def on_mount(self) -> None:
        document = self.document
        if not document.notes and not any(document.register.values()):
            self.view = PROFILE
        self._show_view()

    @property
    def _checklist(self) -> Checklist:
        return self.query_one(Checklist)

    @property
    def is_judged(self) -> bool:
        return any(self.wizard.base.register.values())

    # Views

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the other view, and what there is to do in this one."""
        if action == "turn":
            return parameters != (self.view,)
        if action in ("check_pictures", "reveal"):
            return self.view == PROFILE
        return super().check_action(action, parameters)

    async def action_turn(self, view: str) -> None:
        """Show a view."""
        await self._turn(view)
        self.focus_first()

    async def _turn(self, view: str) -> None:
        if view == PROFILE and self.is_stale:
            await self.renew_form()
        self.view = view
        self._show_view()

    def _show_view(self) -> None:
        self._checklist.display = self.view == CHECKLIST
        self.query_one(".profile", Vertical).display = self.view == PROFILE
        self.wizard.tell_step()
        self.refresh_bindings()

    def focus_first(self) -> None:
        if self.view == CHECKLIST:
            self._checklist.table.focus()
        else:
            self.form.focus_first()

    async def is_right(self) -> bool:
        if not self.document.errors(self.step):
            return True
        await self._turn(PROFILE)
        return await super().is_right()

    async def tell_issues(self, issues: Iterable[Issue]) -> None:
        await self._turn(PROFILE)
        await super().tell_issues(issues)

    @property
    def can_stop(self) -> bool:
        return self._checklist.under_way is not None

    def stop(self) -> None:
        self._checklist.stop()

    def action_reveal(self) -> None:
        """Show the secret that is being typed."""
        reveal(self)

    # Pictures

    @work(exclusive=True, group="pictures", exit_on_error=False)
    async def action_check_pictures(self) -> None:
        """Fetch or read logo and banner, and say below their fields what they come to."""
        document = self.document
        typed = {kind: text_of(document.register.get(kind)) for kind in PICTURES}
        if not any(typed.values()):
            self.notify(_("Fill in logo or banner first: an address, or a file."), markup=False)
            return
        for kind, value in typed.items():
            if value:
                self.form.say(kind, f"{GLYPHS['pending']} " + _("looking at it"))
                self.form.say(kind, _told(await self._look_at(kind, value)))

    async def _look_at(self, kind: Picture, value: str) -> Outcome | SmstuiError:
        limits = self.document.route.images[kind]
        if not is_web(value):
            return file_outcome(value, kind, limits)

        async def fetch(client: httpx.AsyncClient | None) -> Outcome:
            carried = await carry_out(address_errand(value, kind, limits), {}, client=client)
            return carried.progress.outcome

        try:
            return cast("Outcome", await with_client(self, fetch))
        except SmstuiError as error:
            return error


def _told(found: Outcome | SmstuiError) -> str:
    if isinstance(found, SmstuiError):
        return f"{GLYPHS['failed']} {clean(found.message)}"
    return f"{GLYPHS[found.result.value]} {found.word}: {clean(found.summary)}"
