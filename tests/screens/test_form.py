"""The form machinery by keyboard, with a model that has every kind of field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input

from screens.confirm import ConfirmDialog
from screens.widgets.editor_kinds import normal
from screens.widgets.editors import TextEditor
from screens.widgets.form_field import FormField
from screens.widgets.form_group import FormGroup
from screens.widgets.form_layout import shortened
from screens.widgets.secret_input import SecretInput
from smstui.providers.fields import FieldSpec, Issue, Kind, text_of
from tests.screens.all_kinds import CODE, FormApp, Kinds

SECRET = "0123456789abcdef0123456789ab4f2a"
STORED = {"name": "main", "code": CODE, "number": "+15005550006"}


def text(app: FormApp) -> str:
    """Return what is on the screen."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def field(app: FormApp, key: str) -> FormField:
    """Return a field by its name."""
    return app.page.query_one(f"#field-{key}", FormField)


def focused(app: FormApp) -> str:
    """Return the name of the field, or the title of the group, that has the focus."""
    for node in app.screen.focused.ancestors_with_self if app.screen.focused else ():
        if isinstance(node, FormField):
            return node.key
        if isinstance(node, FormGroup):
            return node.title
    return ""


async def type_text(pilot: Pilot[Any], keys: str) -> None:
    """Type text key by key."""
    await pilot.press(*keys)


async def paste(pilot: Pilot[Any], pasted: str) -> None:
    """Paste text as a terminal does."""
    assert isinstance(pilot.app.focused, Widget)
    pilot.app.focused.post_message(events.Paste(pasted))
    await pilot.pause()


async def go_to(pilot: Pilot[Any], app: FormApp, key: str) -> None:
    """Press Tab until a field has the focus."""
    for _press in range(30):
        if focused(app) == key:
            return
        await pilot.press("tab")
    raise AssertionError(f"{key} cannot be reached by Tab")


async def test_every_kind_is_filled_in_by_keyboard() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("m", "enter")
        await paste(pilot, CODE)
        await pilot.press("enter")
        await paste(pilot, SECRET)
        await pilot.press("enter", *"+15", "enter")
        assert focused(app) == "channel"
        await pilot.press("enter", "down", "enter", "tab", "7", "enter")
        assert focused(app) == "own_dataset"
        await pilot.press("space", "enter", *"set", "enter")
        assert focused(app) == "headers"
        await pilot.press("A", "enter", "1", "enter", "B", "enter", "2", "enter", "enter")
        assert focused(app) == "payload"
        await pilot.press("{", "enter", "}")
        draft = app.form.draft()
    assert {key: value for key, value in draft.items() if value} == {
        "name": "m",
        "code": CODE,
        "token": SecretStr(SECRET),
        "number": "+15",
        "channel": "sms",
        "rate": "7",
        "own_dataset": True,
        "dataset": "set",
        "headers": (("A", "1"), ("B", "2")),
        "payload": "{\n}",
    }


async def test_enter_in_the_last_field_submits() -> None:
    app = FormApp(STORED, stored={"token": SecretStr(SECRET)})
    async with app.run_test() as pilot:
        await go_to(pilot, app, "Advanced")
        await pilot.press("enter")
        await go_to(pilot, app, "pem")
        await pilot.press("enter")
        await pilot.pause()
        assert app.page.submitted == 1


async def test_a_closed_group_is_no_step_on_the_way_to_submit() -> None:
    app = FormApp(STORED, stored={"token": SecretStr(SECRET)})
    async with app.run_test() as pilot:
        await go_to(pilot, app, "headers")
        await pilot.press("enter")
        assert focused(app) == "payload"
        await go_to(pilot, app, "Advanced")
        assert app.page.submitted == 0


async def test_a_field_is_judged_when_it_is_left_and_then_on_every_change() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go_to(pilot, app, "code")
        await type_text(pilot, "XC")
        assert "starts with AC" not in text(app)
        await pilot.press("tab")
        assert "✗ It starts with AC." in text(app)
        await pilot.press("shift+tab", "home", "delete", "A")
        assert "starts with AC" not in text(app)
        await pilot.press("home", "delete")
        assert "starts with AC" not in text(app), "a right field is judged again only on leaving"


async def test_a_screen_on_top_judges_nothing() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go_to(pilot, app, "code")
        await pilot.press("X")
        app.push_screen(ConfirmDialog("Really?", confirm="Yes"))
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert focused(app) == "code"
        assert "✗ It" not in text(app)
        assert app.form.draft()["code"] == "X"


async def test_submit_shows_every_issue_and_goes_to_the_first_error() -> None:
    app = FormApp()
    async with app.run_test(size=(80, 40)) as pilot:
        await go_to(pilot, app, "payload")
        await pilot.press("ctrl+s")
        assert focused(app) == "name"
        assert app.page.submitted == 0
        for sentence in ("✗ Name is missing.", "✗ Code is missing.", "✗ A token or an API key"):
            assert sentence in text(app)
        assert "! There is nothing to send from." in text(app)


async def test_warnings_do_not_block() -> None:
    app = FormApp({"name": "main", "code": CODE}, stored={"token": SecretStr(SECRET)})
    async with app.run_test() as pilot:
        await pilot.press("ctrl+s")
        assert app.page.submitted == 1
        assert app.form.warnings == 1


async def test_a_rule_between_fields_is_looked_at_when_one_of_them_is_left() -> None:
    app = FormApp({"name": "main", "code": CODE, "number": "+1"})
    async with app.run_test() as pilot:
        await go_to(pilot, app, "token")
        await pilot.press("tab")
        assert "A token or an API key is needed." in text(app)
        await go_to(pilot, app, "Advanced")
        await pilot.press("enter", "tab", "S")
        assert "A token or an API key is needed." not in text(app)


async def test_an_offer_moves_the_value_and_the_focus() -> None:
    app = FormApp({"name": "main"})
    async with app.run_test() as pilot:
        await go_to(pilot, app, "code")
        await type_text(pilot, "SK1")
        await pilot.press("tab")
        assert "Ctrl+G  Move it to API key" in text(app)
        await pilot.press("ctrl+g")
        await pilot.pause()
        assert app.form.draft()["code"] == ""
        assert app.form.draft()["key"] == "SK1"
        assert focused(app) == "key"
        assert "Move it" not in text(app)


async def test_an_offer_moves_a_typed_secret_and_shows_it_nowhere() -> None:
    app = FormApp({"name": "main", "code": CODE})
    async with app.run_test() as pilot:
        await go_to(pilot, app, "token")
        await type_text(pilot, "SKsecret")
        await pilot.press("tab", "ctrl+g")
        await pilot.pause()
        assert app.form.draft()["token"] is None
        assert app.form.draft()["key_secret"] == SecretStr("SKsecret")
        assert focused(app) == "key_secret"
        assert "SKsecret" not in text(app)


async def test_an_offer_that_takes_a_stored_secret_away_removes_it() -> None:
    app = FormApp({"name": "main", "code": CODE}, stored={"token": SecretStr("SKsecret")})
    async with app.run_test() as pilot:
        await go_to(pilot, app, "token")
        await pilot.press("tab", "ctrl+g")
        await pilot.pause()
        assert app.form.draft(with_stored=False)["token"] is None
        assert app.form.draft()["key_secret"] == SecretStr("SKsecret")


async def test_what_was_tidied_is_said_until_the_field_changes() -> None:
    app = FormApp({"name": "main"})
    async with app.run_test() as pilot:
        await go_to(pilot, app, "number")
        await type_text(pilot, " +1500 ")
        await pilot.press("tab")
        assert app.form.draft()["number"] == "+1500"
        assert "· Blanks and line ends around it were removed." in text(app)
        await pilot.press("shift+tab", "5")
        assert "Blanks and line ends" not in text(app)


@pytest.mark.parametrize("key", ["code", "token"])
async def test_pasted_text_is_tidied_at_once(key: str) -> None:
    app = FormApp({"name": "main"})
    async with app.run_test() as pilot:
        await go_to(pilot, app, key)
        await paste(pilot, f"\n  {CODE}\x1b\\n \nmore\n")
        assert text_of(app.form.draft()[key]) == CODE
        assert "Only the first of 2 lines was kept. Blanks and" in " ".join(text(app).split())


async def test_pasted_json_keeps_its_lines_and_loses_control_characters() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go_to(pilot, app, "payload")
        await paste(pilot, '{\r\n\t"a": 1\x1b\r\n}')
        await pilot.press("tab")
        assert app.form.draft()["payload"] == '{\n\t"a": 1�\n}'


async def test_several_lines_are_pasted_whole_where_a_field_takes_them() -> None:
    app = FormApp({"key": "SK1"})
    async with app.run_test() as pilot:
        await go_to(pilot, app, "pem")
        await paste(pilot, "begin\nabc\nend\n")
        await pilot.press("shift+tab")
        assert app.form.draft()["pem"] == SecretStr("begin\nabc\nend")
        await paste(pilot, "one\ntwo")
        await pilot.press("tab")
        assert app.form.draft()["remarks"] == "one\ntwo"


async def test_a_condition_shows_and_hides_its_field_at_once() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go_to(pilot, app, "own_dataset")
        assert "Dataset" not in text(app)
        await pilot.press("space")
        assert "Dataset" in text(app)
        await pilot.press("space")
        assert "Dataset" not in text(app)


async def test_a_group_says_what_is_inside_and_folds_out() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "▸ Advanced" in text(app)
        assert "API key, API key secret, Remarks, Private key" in text(app)
        await go_to(pilot, app, "Advanced")
        await pilot.press("space")
        assert "▾ Advanced" in text(app)
        await pilot.press("tab")
        assert focused(app) == "key"


@pytest.mark.parametrize(
    ("initial", "stored"),
    [({"key": "SK1"}, {}), ({}, {"key_secret": SecretStr(SECRET)})],
)
async def test_a_group_is_open_when_something_in_it_is_set(
    initial: dict[str, str], stored: dict[str, SecretStr]
) -> None:
    app = FormApp(initial, stored=stored)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "▾ Advanced" in text(app)


async def test_a_group_opens_for_an_error_in_it() -> None:
    app = FormApp(STORED, stored={"token": SecretStr(SECRET)})
    async with app.run_test() as pilot:
        await pilot.pause()
        await app.form.tell([Issue("key", "This key is taken.")])
        await pilot.pause()
        assert "✗ This key is taken." in text(app)
        assert focused(app) == "key"
        await pilot.press("x")
        assert "This key is taken." not in text(app)


async def test_a_stored_secret_is_a_mask_and_stays_unless_one_types() -> None:
    app = FormApp(STORED, stored={"token": SecretStr(SECRET)})
    async with app.run_test() as pilot:
        await go_to(pilot, app, "token")
        assert "set, ends in 4f2a" in text(app)
        assert all(SECRET not in box.value for box in app.page.query(Input))
        assert "token" not in app.form.draft(with_stored=False)
        assert app.form.draft()["token"] == SecretStr(SECRET)
        assert not app.form.is_dirty
        await pilot.press("n")
        assert app.form.draft(with_stored=False)["token"] == SecretStr("n")
        assert app.form.is_dirty
        await pilot.press("backspace")
        assert "token" not in app.form.draft(with_stored=False)
        assert not app.form.is_dirty


async def test_a_stored_secret_is_removed_and_kept_after_all_by_ctrl_d() -> None:
    app = FormApp(STORED, stored={"token": SecretStr(SECRET)})
    async with app.run_test() as pilot:
        await go_to(pilot, app, "token")
        assert "Ctrl+D removes it" in text(app)
        await pilot.press("ctrl+d")
        assert "removed when you submit" in text(app)
        assert app.form.is_dirty
        assert app.form.draft(with_stored=False)["token"] is None
        await pilot.press("ctrl+d")
        assert not app.form.is_dirty
        await pilot.press("a", "b", "home", "ctrl+d")
        assert app.form.draft()["token"] == SecretStr("b"), "with text it deletes as always"


async def test_a_secret_is_never_on_the_screen_until_it_is_revealed() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go_to(pilot, app, "token")
        await type_text(pilot, "s3cr3t")
        assert "s3cr3t" not in text(app)
        box = app.screen.focused
        assert isinstance(box, SecretInput)
        box.action_reveal()
        await pilot.pause()
        assert "s3cr3t" in text(app)
        await pilot.press("tab")
        assert "s3cr3t" not in text(app)
        assert "s3cr3t" not in repr(app.form.draft())


async def test_remarks_tell_length_country_and_what_is_optional() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go_to(pilot, app, "code")
        await type_text(pilot, "AC0")
        assert "3 of 34" in text(app)
        await go_to(pilot, app, "number")
        await type_text(pilot, "+1")
        assert "United States" in text(app)
        lines = {line.strip("▌ ").split("  ")[0]: line for line in text(app).splitlines()}
        assert lines["Channel type"].endswith("optional")
        assert not lines["Token"].endswith("optional"), "one of token and key is needed"


async def test_help_is_that_of_the_focused_field() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go_to(pilot, app, "code")
        assert "Where the code is found." in text(app)
        await pilot.press("tab")
        assert "Beside the code." in text(app)
        assert "Where the code is found." not in text(app)


async def test_what_is_typed_survives_a_change_of_size() -> None:
    app = FormApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await go_to(pilot, app, "code")
        await type_text(pilot, "AC0")
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert "AC0" in text(app)
        assert "3 of 34. Where the code is found." in text(app)
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert app.form.draft()["code"] == "AC0"
        assert focused(app) == "code"


async def test_an_example_is_shown_whole_or_cut_with_a_sign() -> None:
    spec = FieldSpec(label="API host", placeholder="https://api.example.com")
    editor = TextEditor(spec, "", "for example https://api.example.com")
    app: App[None] = App()
    async with app.run_test(size=(60, 20)) as pilot:
        await app.mount(editor)
        for width, said in (
            (40, "for example https://api.example.com"),
            (30, "https://api.example.com"),
            (12, "https://api…"),
        ):
            editor.styles.width = width
            await pilot.pause()
            assert editor.placeholder == said


async def test_foreign_text_is_neither_markup_nor_control() -> None:
    app = FormApp({"name": "[/x]\x1b]0;pwned\x07", "headers": (("[red]", "\x9b2J"),)})
    async with app.run_test() as pilot:
        await pilot.pause()
        await app.form.tell([Issue("name", "[/x] \x1b[2J is taken.")])
        await pilot.pause()
        assert "[/x]�]0;pwned�" in text(app)
        assert "✗ [/x] �[2J is taken." in text(app)
        assert "\x1b" not in text(app)
        assert not app.form.is_dirty


async def test_other_fields_take_over_values_of_the_same_name_and_give_them_back() -> None:
    app = FormApp()
    specs = Kinds.specs()
    others = {key: specs[key] for key in ("name", "number", "payload")}
    async with app.run_test() as pilot:
        await pilot.press(*"main", "tab", *"AC1")
        await go_to(pilot, app, "number")
        await type_text(pilot, "+1")
        await app.form.show_specs(others, lambda draft: [])
        await pilot.pause()
        assert app.form.draft() == {"name": "main", "number": "+1", "payload": ""}
        labels = [line for line in text(app).splitlines() if "Number" in line or "Name" in line]
        assert len(labels) == 2
        await app.form.show_specs(specs, lambda draft: [])
        await pilot.pause()
        assert app.form.draft()["code"] == "AC1"
        assert app.form.draft()["number"] == "+1"
        assert app.form.is_dirty


async def test_an_emptied_row_of_pairs_goes_on_leaving() -> None:
    app = FormApp({"headers": (("A", "1"), ("B", "2"))})
    async with app.run_test() as pilot:
        await go_to(pilot, app, "headers")
        await pilot.press("backspace", "tab", "backspace")
        await go_to(pilot, app, "payload")
        await pilot.pause()
        assert app.form.draft()["headers"] == (("B", "2"),)
        assert len(field(app, "headers").query(Input)) == 4


async def test_arrows_go_from_field_to_field() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await pilot.press("down", "down", "up")
        assert focused(app) == "code"


async def test_a_choice_that_no_longer_exists_is_kept_and_told() -> None:
    app = FormApp({"channel": "fax"}, judged=True)
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.pause()
        assert app.form.draft()["channel"] == "fax"
        assert "Channel type is one of: sms, rcs." in text(app)


@given(st.sampled_from(list(Kinds.specs().values())), st.text())
def test_the_normal_form_of_a_value_is_stable(spec: Any, value: str) -> None:
    once = normal(spec, value)
    assert normal(spec, once) == once
    if spec.kind in (Kind.TEXT, Kind.NUMBER) and not spec.multiline:
        assert isinstance(once, str)
        assert once.isprintable()


@given(st.lists(st.text(alphabet="abc ", min_size=1), min_size=1, max_size=5), st.integers(0, 40))
def test_a_shortened_remark_is_a_beginning_of_it(parts: list[str], room: int) -> None:
    remark = ", ".join(parts)
    short = shortened(remark, room)
    assert remark.startswith(short)
    assert short == remark or remark[len(short) :].startswith(", ")
    assert len(short) <= room or ", " not in short
