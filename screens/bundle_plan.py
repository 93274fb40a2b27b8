"""What importing a bundle would do: record by record, chosen by keys, done at once or not."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.getters import query_one
from textual.widgets import Static

from screens.base import ConsoleScreen, Dialog, context_of
from screens.bundle_rows import PlanSource, PlanTable, changes_table, explanation, headline
from screens.confirm import ConfirmDialog, confirm_loss
from screens.widgets.key_bar import KeyBar
from screens.widgets.record_table import RecordTable
from screens.widgets.whereabouts import Whereabouts
from smstui.bundles.applying import apply, describe, production_at_risk, replaced
from smstui.bundles.errors import StoreMoved
from smstui.bundles.plan import Choice, Item, Plan, make_plan
from smstui.bundles.words import counts_line, origin_line
from smstui.errors import SmstuiError
from smstui.i18n import N_, _, ngettext
from smstui.text import clean


class BundlePlanScreen(ConsoleScreen[bool]):
    """Shows the differences and takes the choices; dismissed with True when all was imported."""

    CSS_PATH = [f"../styles/{name}.tcss" for name in ("record_table", "bundles")]
    AUTO_FOCUS = "#plan"
    BINDINGS = [
        Binding("f9,ctrl+s", "submit", N_("Import"), id="bundle.import", key_display="F9",
                tooltip=N_("Import as chosen: all of it, or nothing")),
        Binding("o", "choose('ours')", N_("Ours"), id="bundle.ours",
                tooltip=N_("Keep ours as it is; leave a new record out")),
        Binding("t", "choose('theirs')", N_("Theirs"), id="bundle.theirs",
                tooltip=N_("Let theirs take the place of ours; add a new record")),
        Binding("b", "choose('both')", N_("Both"), id="bundle.both",
                tooltip=N_("Keep ours, and add theirs under another name")),
        Binding("enter", "differences", N_("Differences"), id="bundle.differences",
                tooltip=N_("All fields in which this record differs, side by side")),
        Binding("O", "choose_all('ours')", N_("Ours for all open"), show=False,
                id="bundle.all-ours", tooltip=N_("Keep ours wherever nothing is chosen yet")),
        Binding("T", "choose_all('theirs')", N_("Theirs for all open"), show=False,
                id="bundle.all-theirs",
                tooltip=N_("Take theirs wherever nothing is chosen yet and it can be")),
        Binding("B", "choose_all('both')", N_("Both for all open"), show=False,
                id="bundle.all-both",
                tooltip=N_("Keep both wherever nothing is chosen yet and it can be")),
        Binding("escape", "close", N_("Back"), id="bundle.close",
                tooltip=N_("Back, and import nothing")),
    ]  # fmt: skip
    area = N_("bundle")
    help_title = N_("Import a bundle")
    help_text = N_(
        "Each record of the bundle beside ours. New ones are added. Where ours differs, choose: "
        "keep ours, take theirs, or keep both. Secrets are never shown, only whether they differ. "
        "Nothing is changed before F9; then all of it is, or nothing."
    )

    table = query_one(PlanTable)

    def __init__(self, path: Path, plan: Plan) -> None:
        """Make the screen.

        Args:
            path: where the bundle came from.
            plan: what importing it would do.
        """
        super().__init__()
        self._path = path
        self._plan = plan
        self._choices: dict[int, Choice] = {}
        self._busy = False

    def compose(self) -> ComposeResult:
        with Horizontal(id="header"):
            title = _("Import a bundle · {file}").format(file=clean(self._path.name))
            yield Static(Text(title, no_wrap=True, overflow="ellipsis"), id="title")
            yield Whereabouts()
        yield Static(id="summary")
        yield PlanTable()
        with Vertical(id="about"):
            yield Static(id="about-head")
            with VerticalScroll(id="about-pane", can_focus=False):
                yield Static(id="about-changes")
        yield KeyBar()

    async def on_mount(self) -> None:
        await self._show()

    async def _show(self) -> None:
        """Show the plan, and what is chosen so far."""
        source = PlanSource(self._plan, self._choices)
        await self.table.show(source, placeholder=_("The bundle is empty."))
        self._summarise()
        self._tell()

    def _summarise(self) -> None:
        lines = [origin_line(self._plan.bundle), counts_line(self._plan) + self._open_words()]
        said = "\n".join([*lines, *(f"! {clean(remark)}" for remark in self._plan.remarks)])
        self.query_one("#summary", Static).update(Text(said))

    def _open_words(self) -> str:
        count = len(self._plan.undecided(self._choices))
        if not count:
            return "."
        return ngettext(
            "; {n} is still to be chosen.", "; {n} are still to be chosen.", count
        ).format(n=count)

    @on(RecordTable.RowHighlighted)
    def _tell(self) -> None:
        """Tell about the record one stands on."""
        item = self._current
        head = self.query_one("#about-head", Static)
        changes = self.query_one("#about-changes", Static)
        if item is None:
            head.update()
            changes.update()
            return
        head.update(Text.assemble((headline(item), "bold"), "\n", explanation(item)))
        changes.update(changes_table(item) if item.changes else "")
        self.query_one("#about-pane").scroll_home(animate=False)

    @property
    def _current(self) -> Item | None:
        number = self.table.current_id
        return None if number is None else self._item(number)

    def _item(self, number: int) -> Item:
        return next(item for item in self._plan.items if item.number == number)

    # Choosing

    async def action_choose(self, choice: str) -> None:
        """Choose what becomes of the record one stands on."""
        await self._choose(Choice(choice))

    async def _choose(self, wanted: Choice | None) -> None:
        item = self._current
        if item is None or wanted is None or self._busy:
            return
        if wanted not in item.choices:
            self._say(_why_not(item, wanted))
            return
        self._choices[item.number] = wanted
        await self._show()

    async def action_choose_all(self, choice: str) -> None:
        """Choose the same for all records for which nothing is chosen yet."""
        if self._busy:
            return
        wanted = Choice(choice)
        open_items = self._plan.undecided(self._choices)
        able = [item for item in open_items if wanted in item.choices]
        self._choices |= {item.number: wanted for item in able}
        if len(able) < len(open_items):
            said = _("It cannot be for {n} of them; they are still open.")
            self._say(said.format(n=len(open_items) - len(able)))
        await self._show()

    @on(RecordTable.RowSelected)
    def action_differences(self) -> None:
        """Show all fields in which the record differs."""
        item = self._current
        if item is None:
            return
        if not item.changes:
            self._say(explanation(item))
            return
        self.app.push_screen(DifferencesDialog(item), self._choose)

    # Importing

    async def action_submit(self) -> None:
        """Import as chosen; go to the first record that is still open instead."""
        if self._busy:
            return
        undecided = self._plan.undecided(self._choices)
        if undecided:
            source = PlanSource(self._plan, self._choices)
            first = next(n for n in source.ids if n in {item.number for item in undecided})
            await self.table.show(source, keep=first)
            said = _("Choose for {name} first: o keeps ours, t takes theirs, b keeps both.")
            self._say(said.format(name=clean(self._item(first).theirs.name)))
            return
        self._import()

    @work(exclusive=True, group="import", exit_on_error=False)
    async def _import(self) -> None:
        self._busy = True
        try:
            if not await self._may_replace():
                return
            self._wait(_("Importing…"))
            await self._take_over()
        except StoreMoved as moved:
            await self._compare_again(moved)
        except SmstuiError as trouble:
            self._say(trouble.message)
        finally:
            self._busy = False
            self._wait("")

    async def _take_over(self) -> None:
        session, plan, choices = context_of(self).session, self._plan, dict(self._choices)
        source = str(self._path)
        applied = await session.call(lambda store: apply(store, plan, choices, source=source))
        self.app.notify(clean(" ".join([describe(applied), *applied.remarks])), markup=False)
        await session.look_at_environment()
        self.dismiss(True)

    async def _may_replace(self) -> bool:
        """Ask before versions of ours are lost; in production its name has to be typed."""
        lost = replaced(self._plan, self._choices)
        if not lost:
            return True
        plan, choices = self._plan, dict(self._choices)
        at_risk = await context_of(self).session.call(
            lambda store: production_at_risk(store, plan, choices)
        )
        question = ngettext(
            "Replace {n} record of ours?", "Replace {n} records of ours?", len(lost)
        ).format(n=len(lost))
        detail = _("What it says here now is lost. The audit trail keeps names, no values.")
        word = _("Replace")
        if not at_risk:
            dialog = ConfirmDialog(question, detail, confirm=word, dangerous=True)
            return await self.app.push_screen_wait(dialog) is True
        for environment in at_risk:
            if not await confirm_loss(
                self, question, detail, confirm=word, environment=environment
            ):
                return False
        return True

    async def _compare_again(self, moved: StoreMoved) -> None:
        """Read the differences anew; what was chosen stays where it still can be."""
        known = {item.key: self._choices.get(item.number) for item in self._plan.items}
        bundle = self._plan.bundle
        try:
            plan = await context_of(self).session.call(lambda store: make_plan(store, bundle))
        except SmstuiError as trouble:
            self._say(trouble.message)
            return
        self._plan = plan
        kept = ((item, known.get(item.key)) for item in plan.items)
        self._choices = {i.number: choice for i, choice in kept if choice in i.choices and choice}
        await self._show()
        self._say(_("The store was changed meanwhile: these are the differences now."))

    def _wait(self, sentence: str) -> None:
        self.query_one(KeyBar).remark = sentence

    def _say(self, sentence: str) -> None:
        self.notify(clean(sentence), markup=False)

    @work(exclusive=True, group="close")
    async def action_close(self) -> None:
        """Leave without importing; ask when something was chosen."""
        if not self._busy and await self.may_leave():
            self.dismiss(None)

    async def may_leave(self) -> bool:
        """Ask before choices are lost; stay while an import is under way."""
        if self._busy:
            return False
        if not self._choices:
            return True
        dialog = ConfirmDialog(
            _("Leave without importing?"),
            _("What you chose is lost; the store is as it was."),
            confirm=_("Leave"),
            cancel=_("Stay"),
        )
        return await self.app.push_screen_wait(dialog) is True


def _why_not(item: Item, wanted: Choice) -> str:
    """Return why something cannot be chosen for a record."""
    if item.obstacle and wanted is Choice.THEIRS:
        return item.obstacle
    if not item.is_asked:
        return explanation(item)
    return _("An environment is not kept twice: keep ours or take theirs.")


class DifferencesDialog(Dialog[Choice]):
    """All fields in which one record differs, ours beside theirs; answers what is chosen."""

    CSS_PATH = [f"../styles/{name}.tcss" for name in ("dialog", "bundles")]
    AUTO_FOCUS = "#changes"
    BINDINGS = [
        Binding("o", "answer('ours')", N_("Ours"), id="differences.ours"),
        Binding("t", "answer('theirs')", N_("Theirs"), id="differences.theirs"),
        Binding("b", "answer('both')", N_("Both"), id="differences.both"),
        Binding("escape,enter", "close", N_("Close"), id="differences.close"),
    ]
    area = N_("bundle")
    help_title = N_("Differences")
    help_text = N_("Ours is what the store has, theirs what the bundle has. Secrets are not shown.")

    def __init__(self, item: Item) -> None:
        """Make the dialog.

        Args:
            item: the record.
        """
        super().__init__()
        self._item = item

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Text(headline(self._item)), classes="dialog-title")
            yield Static(Text(explanation(self._item)), classes="dialog-text")
            with VerticalScroll(id="changes"):
                yield Static(changes_table(self._item))
        yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can become of the record."""
        if action == "answer":
            return Choice(str(parameters[0])) in self._item.choices
        return super().check_action(action, parameters)

    def action_answer(self, choice: str) -> None:
        """Close, and choose that."""
        self.dismiss(Choice(choice))

    def action_close(self) -> None:
        """Close; nothing is chosen by that."""
        self.dismiss(None)
