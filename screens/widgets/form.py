"""A form drawn from field specs. It knows no vendor and no store.

The form owns what is typed and which fields were judged so far; what is wrong comes from the
``check`` it is given, and what becomes of the draft is up to the page around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pydantic import SecretStr
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from screens.widgets.form_field import FormField
from screens.widgets.form_group import FormGroup
from screens.widgets.form_layout import Columns, columns_for, grouped, same_start
from screens.widgets.pairs_editor import PairsEditor
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.base import InvalidFields
from smstui.providers.fields import (
    Draft,
    FieldSpec,
    Issue,
    Kind,
    Severity,
    Value,
    is_empty,
)
from smstui.store.errors import NameTaken

Check = Callable[[Draft], list[Issue]]
Specs = Mapping[str, FieldSpec]


class Fields(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The scrolling part of a form."""

    BINDINGS = [
        Binding("pageup", "page_up", N_("Page up"), show=False, id="form.page-up"),
        Binding("pagedown", "page_down", N_("Page down"), show=False, id="form.page-down"),
    ]


class RecordForm(Vertical):
    """Fields by their specs, with issues below them and one line of help for the focused one."""

    BINDINGS = [
        Binding("tab,down", "next", N_("Next field"), show=False, id="form.next"),
        Binding("shift+tab,up", "previous", N_("Previous field"), show=False, id="form.previous"),
    ]

    @dataclass
    class Changed(Message):
        """The person changed a field; carries its name, never its value."""

        key: str

    class Submitted(Message):
        """Enter was pressed in the last field."""

    def __init__(
        self,
        specs: Specs,
        initial: Draft,
        *,
        check: Check,
        stored: Mapping[str, SecretStr] | None = None,
        read_only: Iterable[str] = (),
        judged: bool = False,
    ) -> None:
        """Make a form.

        Args:
            specs: the fields by name, in the order of the form.
            initial: the values to start with; fields that are not in it start with their default.
            check: everything wrong with a draft (see `draft`), each issue at its field.
            stored: stored secrets by field; they never enter an editor.
            read_only: names of fields that are shown and cannot be changed.
            judged: say at once what is wrong, as for a record that exists already.
        """
        super().__init__(classes="form")
        self._specs = dict(specs)
        self._initial = dict(initial)
        self._check = check
        self._stored = dict(stored or {})
        self._read_only = frozenset(read_only)
        self._judged: set[str] = set(specs) if judged else set()
        self._told: list[Issue] = []
        self._left: dict[str, Value] = {}
        self._current: FormField | None = None
        self._fields: dict[str, FormField] = {}
        self._groups: dict[str, FormGroup] = {}
        self._help = ""

    def compose(self) -> ComposeResult:
        with Fields(classes="form-fields"):
            yield from self._build(self._specs)
        yield Static(classes="form-trouble")
        yield Static(classes="form-help")

    async def on_mount(self) -> None:
        await self.recheck()

    # Building

    def _build(self, specs: Specs) -> list[Widget]:
        """Return the widgets of fields, grouped ones behind the head of their group."""
        columns = self._columns()
        start = {**{key: spec.default for key, spec in self._specs.items()}, **self._initial}
        widgets: list[Widget] = []
        for key in grouped(specs):
            spec = specs[key]
            if spec.group and spec.group not in self._groups:
                members = [s for s in specs.values() if s.group == spec.group]
                group = FormGroup(_(spec.group), [_(s.label) for s in members], columns)
                self._groups[spec.group] = group
                widgets.append(group)
            field = FormField(
                key,
                spec,
                start[key],
                columns=columns,
                stored=self._stored.get(key),
                read_only=key in self._read_only,
            )
            self._fields[key] = field
            widgets.append(field)
        for name, group in self._groups.items():
            inside = (self._fields[key] for key, spec in specs.items() if spec.group == name)
            if any(not _is_default(field) for field in inside):
                group.set_reactive(FormGroup.is_open, True)
        draft = self.draft()
        for key, spec in specs.items():
            self._fields[key].display = self._is_shown(key, spec, draft)
        return widgets

    def _is_shown(self, key: str, spec: FieldSpec, draft: Draft) -> bool:
        return spec.applies_to(draft) and (not spec.group or self._groups[spec.group].is_open)

    async def show_specs(self, specs: Specs, check: Check) -> None:
        """Go on with other fields; what was typed in fields of the same name stays.

        What was typed in fields that go is remembered, and back when they come back.
        """
        for key, field in self._fields.items():
            if field.is_dirty:
                self._left[key] = field.value
        same = same_start(self._specs, specs)
        gone = [self._fields.pop(key) for key in list(self._fields) if key not in same]
        changed = {key: spec for key, spec in specs.items() if key not in same}
        self._specs, self._check = dict(specs), check
        self._judged &= set(same)
        self._told = []
        with self.app.batch_update():
            await self.query_one(Fields).remove_children([*gone, *self._groups.values()])
            self._groups = {}
            for field in self._fields.values():
                field.set_columns(self._columns())
            widgets = self._build(changed)
            await self.query_one(Fields).mount(*widgets)
            for key, field in self._fields.items():
                if key in changed and key in self._left:
                    field.set_value(self._left[key])
            await self.recheck()

    # What it holds

    @property
    def is_dirty(self) -> bool:
        """Whether a field differs from what it started with."""
        return any(field.is_dirty for field in self._fields.values())

    def draft(self, *, with_stored: bool = True) -> dict[str, Value]:
        """Return the values by field name.

        Args:
            with_stored: include the stored secrets of fields in which none was typed; without,
                such fields are left out, and a removed secret is there as None.
        """
        return {
            key: field.effective if with_stored else field.value
            for key, field in self._fields.items()
            if with_stored or not field.keeps_stored
        }

    @property
    def warnings(self) -> int:
        """How many warnings are shown."""
        issues = (issue for field in self._fields.values() for issue in field.issues)
        return sum(issue.severity is Severity.WARNING for issue in issues)

    # Judging

    async def recheck(self, only: Iterable[str] | None = None) -> list[Issue]:
        """Look at the whole draft, show what is wrong with judged fields, and return all of it.

        Args:
            only: the fields whose issues are drawn anew; all that were judged by default.
        """
        draft = self.draft()
        issues = self._check(draft) + self._told
        for key, field in self._fields.items():
            mine = [issue for issue in issues if issue.field == key]
            shown = key in self._judged
            if only is None or key in only:
                field.show_issues(mine if shown else ())
            field.set_optional(not field.spec.required and not any(map(_is_error, mine)))
            if shown and any(map(_is_error, mine)) and field.spec.group:
                self._groups[field.spec.group].is_open = True
        await self._show_and_hide(draft)
        return issues

    async def _show_and_hide(self, draft: Draft) -> None:
        for key, field in self._fields.items():
            await field.set_shown(self._is_shown(key, field.spec, draft))

    async def submit(self) -> bool:
        """Judge all fields; with an error, put the focus there and return False."""
        for field in self._fields.values():
            field.tidy()
        self._judged, self._told = set(self._fields), []
        errors = [issue for issue in await self.recheck() if _is_error(issue)]
        if errors:
            self.focus_field(errors[0].field)
            nowhere = [issue.message for issue in errors if issue.field not in self._fields]
            self.show_trouble(" ".join(nowhere))
        return not errors

    async def tell(self, issues: Iterable[Issue]) -> None:
        """Show issues that saving found; each stays until its field is changed."""
        self._told = [issue for issue in issues if issue.field in self._fields]
        self._judged |= {issue.field for issue in self._told}
        await self.recheck()
        if self._told:
            self.focus_field(self._told[0].field)

    async def tell_error(self, error: SmstuiError) -> None:
        """Show why saving failed: at the field where that is known, else for the whole form."""
        match error:
            case InvalidFields():
                await self.tell(error.issues)
            case NameTaken():
                await self.tell([Issue("name", error.message)])
            case _:
                self.show_trouble(error.message)

    def show_trouble(self, sentence: str) -> None:
        """Show what kept the whole form from being saved; empty when nothing does."""
        trouble = self.query_one(".form-trouble", Static)
        trouble.display = bool(sentence)
        trouble.update(Text(f"✗ {sentence}" if sentence else ""))

    # Focus

    def focus_first(self) -> None:
        """Put the focus on the first field that can be changed."""
        stops = self._stops()
        if stops:
            stops[0].focus()

    def action_next(self) -> None:
        """Go to the next field, from the last one to the first."""
        self.screen.focus_next("RecordForm *")

    def action_previous(self) -> None:
        """Go to the field before, from the first one to the last."""
        self.screen.focus_previous("RecordForm *")

    def focus_field(self, key: str) -> None:
        """Put the focus on a field, and bring what is below it into view."""
        field = self._fields.get(key)
        if field is not None and field.editor is not None:
            _first_focusable(field).focus()
            self.call_after_refresh(field.scroll_visible, animate=False)

    def _stops(self) -> list[Widget]:
        fields = (field for field in self.query(FormField) if field.display and field.editor)
        return [_first_focusable(field) for field in fields]

    @on(events.DescendantFocus)
    async def _entered(self, event: events.DescendantFocus) -> None:
        field = _owner(event.widget)
        left = self._current
        if field is left:
            return
        self._current = field
        if field is not None:
            field.set_current(True)
        if left is not None and left.is_attached:
            left.set_current(False)
            await self._leave(left)
        self._show_help()

    async def _leave(self, field: FormField) -> None:
        field.tidy()
        if isinstance(field.editor, PairsEditor):
            await field.editor.drop_empty_rows()
        self._judged.add(field.key)
        await self.recheck()

    @on(FormField.Finished)
    async def _next_field(self, event: FormField.Finished) -> None:
        event.stop()
        stops = self._stops()
        editor = _first_focusable(event.field)
        position = stops.index(editor) + 1 if editor in stops else len(stops)
        if position < len(stops):
            stops[position].focus()
        else:
            self.post_message(self.Submitted())

    @on(FormField.Changed)
    async def _changed(self, event: FormField.Changed) -> None:
        event.stop()
        field = event.field
        self._told = [issue for issue in self._told if issue.field != field.key]
        wrong = {key for key, other in self._fields.items() if other.issues}
        if wrong:
            await self.recheck(wrong)
        elif field.spec.kind in (Kind.SWITCH, Kind.CHOICE):
            await self.recheck(())
        else:
            await self._show_and_hide(self.draft())
        self._show_help()
        self.post_message(self.Changed(field.key))

    @on(FormGroup.Folded)
    async def _fold(self, event: FormGroup.Folded) -> None:
        event.stop()
        with self.app.batch_update():
            await self._show_and_hide(self.draft())

    # Columns and help

    def _columns(self) -> Columns:
        return columns_for(self._specs.values(), self.size.width or self.app.size.width)

    def on_resize(self) -> None:
        columns = self._columns()
        for field in self._fields.values():
            field.set_columns(columns)
        for group in self._groups.values():
            group.set_columns(columns)
        self._help = ""
        self._show_help()

    def _show_help(self) -> None:
        """Write the line of help for the current field, if it says something else by now."""
        field = self._current
        columns = self._columns()
        sentences = []
        if field is not None:
            if not columns.remark and field.remark:
                sentences.append(field.remark + ".")
            sentences.append(_(field.spec.help))
        said = " ".join(filter(None, sentences))
        if said != self._help:
            self._help = said
            self.query_one(".form-help", Static).update(Text(said), layout=False)


def _is_error(issue: Issue) -> bool:
    return issue.severity is Severity.ERROR


def _is_default(field: FormField) -> bool:
    return field.stored is None and (is_empty(field.initial) or field.initial is False)


def _owner(widget: Widget) -> FormField | None:
    return next((node for node in widget.ancestors_with_self if isinstance(node, FormField)), None)


def _first_focusable(field: FormField) -> Widget:
    """Return the widget of a field's editor that takes the focus."""
    editor = field.editor
    if editor is None:
        return field
    if editor.can_focus:
        return editor
    return next((node for node in editor.query("*") if node.focusable), editor)
