"""Rotating a secret: stage a second one, verify it, promote it, discard the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal
from textual.widgets import Static

from screens.base import ConsoleScreen, context_of
from screens.confirm import ConfirmDialog, confirm_loss
from screens.rotate_rows import COLUMNS, HERE, STEPS, Row, detail_lines
from screens.widgets.detail_lines import DetailLines
from screens.widgets.key_bar import KeyBar
from screens.widgets.record_table import RecordTable
from screens.widgets.step_strip import StepStrip
from screens.widgets.whereabouts import Whereabouts
from smstui.errors import SmstuiError
from smstui.i18n import N_, _, ngettext
from smstui.rotation import (
    Member,
    Phase,
    account_of,
    discard,
    members_of,
    promote,
    roll_back,
)
from smstui.store.listing import some_of
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.environments import EnvironmentRecord

ORDER = list(STEPS)
STAGED = (Phase.STAGED, Phase.FAILED, Phase.VERIFIED)
"""Phases in which a secret is staged."""


class _Rows:
    """The members as the table fetches them; the ids are those of their credentials."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self.ids = [row.member.record.id for row in rows]

    async def fetch(self, start: int, count: int) -> Sequence[Row]:
        """Return the rows from a position on."""
        return self._rows[start : start + count]


class RotateScreen(ConsoleScreen[None]):
    """The credentials that a secret is rotated for, and the steps; all of them or none."""

    CSS_PATH = [f"../styles/{name}.tcss" for name in ("record_table", "rotate")]
    AUTO_FOCUS = "RecordTable"
    BINDINGS = [
        Binding(
            "s",
            "stage",
            N_("Stage"),
            id="rotate.stage",
            tooltip=N_("Keep a second secret beside the one in use"),
        ),
        Binding(
            "v",
            "verify",
            N_("Verify"),
            id="rotate.verify",
            tooltip=N_("Ask the provider with the staged secret; nothing is sent"),
        ),
        Binding(
            "p",
            "promote",
            N_("Promote"),
            id="rotate.promote",
            tooltip=N_("Put the staged secret in use, and keep the one before"),
        ),
        Binding(
            "space",
            "tick",
            N_("Tick"),
            id="rotate.tick",
            key_display="Space",
            tooltip=N_("Let this credential take part, or not"),
        ),
        Binding(
            "b",
            "roll_back",
            N_("Roll back"),
            id="rotate.roll-back",
            tooltip=N_("Put the secret from before the promotion in use again"),
        ),
        Binding(
            "d",
            "discard",
            N_("Discard"),
            id="rotate.discard",
            tooltip=N_("Forget the secret that is not in use; asks first"),
        ),
        Binding("f5", "refresh", N_("Refresh"), show=False, id="rotate.refresh"),
        Binding("escape", "close", N_("Close"), id="rotate.close"),
    ]
    area = N_("rotation")
    help_title = N_("Rotate a secret")
    help_text = N_(
        "A second secret is staged beside the one in use, verified at the provider without sending "
        "anything, and promoted. The old one is kept for a roll-back until it is discarded. "
        "Credentials that hold the same secret, or belong to the same account, are listed in all "
        "environments: what is ticked goes together, all of it or nothing. SMS webhooks that name "
        "a credential take calls that are signed with either secret, as long as both are kept."
    )

    def __init__(self, credential_id: int) -> None:
        """Make the screen.

        Args:
            credential_id: the credential whose secret is rotated.
        """
        super().__init__()
        self._credential_id = credential_id
        self._members: list[Member] = []
        self._ticked: set[int] | None = None
        self._asked: set[int] = set()

    def compose(self) -> ComposeResult:
        with Horizontal(id="header"):
            yield Static(id="title")
            yield Whereabouts()
        yield StepStrip(STEPS)
        yield Static(id="account")
        yield RecordTable(COLUMNS)
        with Container(id="rotate-detail"):
            yield DetailLines()
        yield KeyBar()

    def on_mount(self) -> None:
        self.action_refresh()

    def on_resize(self) -> None:
        """Fit the header to the new width."""
        self.query_one(Whereabouts).tell()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the steps that the ticked credentials have come to."""
        phases = {member.phase for member in self._chosen}
        match action:
            case "stage":
                return Phase.PROMOTED not in phases
            case "verify" | "promote":
                return bool(phases) and phases <= set(STAGED)
            case "roll_back":
                return phases == {Phase.PROMOTED}
            case "discard":
                return bool(phases) and Phase.NONE not in phases
            case "tick":
                return len(self._members) > 1
        return super().check_action(action, parameters)

    # Reading

    @property
    def _chosen(self) -> list[Member]:
        ticked = self._ticked or ()
        return [member for member in self._members if member.record.id in ticked]

    @property
    def _row(self) -> Row | None:
        """The row that one stands on."""
        here = self.query_one(RecordTable).current_id
        return next((row for row in self._rows if row.member.record.id == here), None)

    @property
    def _rows(self) -> list[Row]:
        ticked = self._ticked or ()
        return [Row(m, m.record.id in ticked, m.record.id in self._asked) for m in self._members]

    @work(exclusive=True, group="load", exit_on_error=False)
    async def action_refresh(self) -> None:
        """Read how it stands."""
        await self._load()

    async def _load(self) -> None:
        credential_id = self._credential_id

        def read(store: Store) -> list[Member]:
            return members_of(store, store.credentials.get(credential_id))

        try:
            self._members = await context_of(self).session.call(read)
        except SmstuiError as error:
            self._members = []
            self.query_one(RecordTable).say(error.message)
            self._say(error.message)
            return
        if self._ticked is None:
            # Who holds the secret needs the new one; what else the account has is shown only.
            self._ticked = {m.record.id for m in self._members if m.is_same}
        await self._show()

    async def _show(self) -> None:
        first = self._members[0]
        title = _("Rotate a secret · {name}").format(name=clean(first.record.name))
        self.query_one("#title", Static).update(Text(title, no_wrap=True, overflow="ellipsis"))
        self.query_one("#account", Static).update(Text(self._account_line()))
        await self.query_one(RecordTable).show(_Rows(self._rows), keep=None)
        self._tell()
        self.refresh_bindings()

    def _account_line(self) -> str:
        label, account = account_of(self._members[0].record)
        others = len(self._members) - 1
        if not others:
            return _("No other credential here holds this secret or belongs to this account.")
        said = ngettext(
            "{n} other credential holds this secret or belongs to this account.",
            "{n} other credentials hold this secret or belong to this account.",
            others,
        ).format(n=others)
        return f"{label} {clean(account)}. {said}" if account else said

    @on(RecordTable.RowHighlighted)
    def _tell(self) -> None:
        """Tell about the credential one stands on."""
        row, now = self._row, context_of(self).clock()
        self.query_one(DetailLines).show(lambda width: detail_lines(row, now, width))
        if row is not None:
            here = HERE[row.member.phase]
            self.query_one(StepStrip).show(here, ORDER[: ORDER.index(here)])

    def _say(self, sentence: str) -> None:
        self.notify(clean(sentence), markup=False)

    # Acting

    @on(RecordTable.RowSelected)
    async def action_tick(self) -> None:
        """Let the credential one stands on take part, or not."""
        row = self._row
        if row is not None and self._ticked is not None:
            self._ticked ^= {row.member.record.id}
            await self._show()

    def action_stage(self) -> None:
        """Type a second secret for the ticked credentials."""
        from screens.rotate_stage import StageDialog

        if self._chosen:
            self.app.push_screen(StageDialog(self._chosen), self._staged)

    def _staged(self, _is_staged: bool | None) -> None:
        self.action_refresh()

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_verify(self) -> None:
        """Ask the provider with the staged secrets of the ticked credentials."""
        from smstui.proving import keep_proof, verify_staged

        context, members = context_of(self), self._chosen
        client = context.http_client() if context.http_client is not None else None
        self._asked = {member.record.id for member in members}
        await self._show()
        try:
            async with aclosing(verify_staged(members, client=client)) as runs:
                async for member, run in runs:
                    self._asked.discard(member.record.id)
                    await context.session.call(lambda s, m=member, r=run: keep_proof(s, m, r))  # type: ignore[misc]  # a lambda with defaults
                    await self._load()
        except SmstuiError as error:
            self._say(error.message)
        finally:
            self._asked = set()
            if client is not None:
                await client.aclose()
        await self._load()

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_promote(self) -> None:
        """Put the staged secrets of the ticked credentials in use; asks when one is doubtful."""
        members = self._chosen
        doubtful = [m.record.name for m in members if m.phase is not Phase.VERIFIED]
        if doubtful:
            sure = await self.app.push_screen_wait(
                ConfirmDialog(
                    _("Promote without a passed verification?"),
                    _(
                        "Not seen to work: the staged secret of {names}. From then on nothing can "
                        "be sent with it, if it is wrong, until it is rolled back."
                    ).format(names=clean(some_of(doubtful))),
                    confirm=_("Promote"),
                    dangerous=True,
                )
            )
            if sure is not True:
                return
        await self._act(lambda store: promote(store, members, unproven=bool(doubtful)))

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_roll_back(self) -> None:
        """Put the secrets from before the promotion in use again."""
        members = self._chosen
        await self._act(lambda store: roll_back(store, members))

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_discard(self) -> None:
        """Forget the secrets that are not in use, once that was confirmed."""
        members = self._chosen
        names = clean(some_of([member.record.name for member in members]))
        is_old = any(member.phase is Phase.PROMOTED for member in members)
        question = (
            _("Discard the old secret of {names}?")
            if is_old
            else _("Discard the staged secret of {names}?")
        )
        detail = _("There is no way back to it then. What is in use stays in use.")
        try:
            # They may belong to other environments than this one; each production is asked for.
            for environment in await context_of(self).session.call(
                lambda store: _to_ask_for(store, members)
            ):
                if not await confirm_loss(
                    self,
                    question.format(names=names),
                    detail,
                    confirm=_("Discard"),
                    environment=environment,
                ):
                    return
        except SmstuiError as error:
            self._say(error.message)
            return
        await self._act(lambda store: discard(store, members))

    async def _act(self, act: Callable[[Store], object]) -> None:
        """Do something in the store; the list shows it, or a sentence what kept it from that."""
        try:
            await context_of(self).session.call(act)
        except SmstuiError as error:
            self._say(error.message)
        await self._load()

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)


def _to_ask_for(store: Store, members: Sequence[Member]) -> list[EnvironmentRecord]:
    """Return the production environments of members; where there is none, one of the others."""
    ids = dict.fromkeys(member.record.environment_id for member in members)
    environments = [store.environments.get(id_) for id_ in ids]
    return [each for each in environments if each.is_production] or environments[:1]
