"""The editor for words, by keyboard, within a form."""

from __future__ import annotations

from pathlib import Path

from textual import events
from textual.app import App, ComposeResult

from screens.widgets.chips_editor import ChipsEditor
from screens.widgets.form import RecordForm
from smstui.providers.fields import FieldSpec, Kind, Value
from smstui.webhooks.fields import check_words, tidy_words

SPECS = {
    "words": FieldSpec(label="Words", kind=Kind.WORDS, tidy=tidy_words, check=check_words),
    "after": FieldSpec(label="After"),
}


class FormApp(App[None]):
    """A form with one field of words."""

    CSS_PATH = Path(__file__).parents[2] / "styles" / "form.tcss"

    def __init__(self, words: str = "STOP, QUIT") -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        yield RecordForm(SPECS, {"words": self._words}, check=lambda draft: [])

    def words(self) -> Value:
        return self.query_one(RecordForm).draft()["words"]

    def drawn(self) -> str:
        return "\n".join(s.text.rstrip() for s in self.screen._compositor.render_strips())


async def test_enter_and_comma_take_a_word_in_and_backspace_takes_it_back() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        app.query_one(RecordForm).focus_first()
        await pilot.press(*"end", "enter", *"arr,b")
        assert app.words() == "STOP, QUIT, end, arr, b"
        assert app.query_one(ChipsEditor).entry.value == "b"
        await pilot.press("backspace", "backspace")
        assert app.words() == "STOP, QUIT, end"
        await pilot.press("backspace", "backspace", "backspace", "backspace")
        assert app.words() == ""
        assert "Enter a Keyword" in app.drawn()


async def test_arrows_walk_the_words_and_delete_removes_one() -> None:
    app = FormApp("STOP, QUIT, END")
    async with app.run_test() as pilot:
        app.query_one(RecordForm).focus_first()
        await pilot.press("left", "left")
        assert "▌QUIT▐" in app.drawn()
        await pilot.press("delete")
        assert app.words() == "STOP, END"
        assert "▌END▐" in app.drawn()
        await pilot.press("right")
        assert "▐" not in app.drawn()
        await pilot.press("left", "left", "left", "x")
        assert "▐" not in app.drawn(), "typing goes on behind the last word"
        assert app.words() == "STOP, END, x"
        await pilot.press("left", "backspace", "delete")
        assert app.words() == "STOP, END", "within what is typed, keys are those of any line"


async def test_a_word_that_is_there_is_not_added_and_that_is_said() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        app.query_one(RecordForm).focus_first()
        await pilot.press(*"stop", "enter")
        await pilot.pause()
        assert app.words() == "STOP, QUIT"
        assert "stop: there already." in app.drawn()
        await pilot.press("x", "enter")
        await pilot.pause()
        assert "there already" not in app.drawn()


async def test_words_and_lines_are_pasted_at_once() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        app.query_one(RecordForm).focus_first()
        assert app.focused is not None
        app.focused.post_message(events.Paste("END, stop\nARR\x1b\n\n"))
        await pilot.pause()
        assert app.words() == "STOP, QUIT, END, ARR"
        assert "stop: there already." in app.drawn()
        app.focused.post_message(events.Paste(" ONE \n"))
        await pilot.pause()
        assert app.query_one(ChipsEditor).entry.value == "ONE"


async def test_tab_leaves_and_takes_along_what_was_typed() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        app.query_one(RecordForm).focus_first()
        await pilot.press(*"end", "tab")
        await pilot.pause()
        assert app.words() == "STOP, QUIT, end"
        assert app.query_one(ChipsEditor).entry.value == ""
        assert "QUIT   end" in app.drawn()
        assert app.query_one(RecordForm).is_dirty
        await pilot.press("shift+tab", "enter")
        await pilot.pause()
        assert app.focused is not None
        assert not isinstance(app.focused.parent, ChipsEditor), "Enter goes on to the next field"


async def test_words_wrap_at_the_width_there_is() -> None:
    app = FormApp("STOP, " + "N" * 60 + ", 日本語, QUIT")
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.pause()
        lines = app.drawn().splitlines()
        assert "STOP" in lines[1]
        assert "…" in lines[2]
        assert "日本語" in lines[3]
        assert "QUIT" in lines[3]
        await pilot.resize_terminal(120, 20)
        await pilot.pause()
        assert "…" in app.drawn().splitlines()[2], "at most 60 cells, however wide it is"
        assert app.words() == "STOP, " + "N" * 60 + ", 日本語, QUIT"
