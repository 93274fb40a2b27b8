"""The pane that scrolls without laying the screen out anew."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.content import Content

from screens.widgets.text_pane import TextPane

STEPS = st.lists(
    st.one_of(
        st.integers(-30, 30).map(lambda lines: ("lines", lines)),
        st.integers(-2, 2).map(lambda pages: ("pages", pages)),
        st.sampled_from([("top", 0), ("bottom", 0)]),
    ),
    max_size=12,
)


class PaneApp(App[None]):
    """A pane and nothing else."""

    def compose(self) -> ComposeResult:
        yield TextPane()


def lines(app: App[None]) -> list[str]:
    """Return what is on the screen, line by line."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


async def test_marks_tell_that_there_is_more() -> None:
    app = PaneApp()
    async with app.run_test(size=(20, 5)) as pilot:
        pane = app.query_one(TextPane)
        pane.show(Content("\n".join(f"line {n}" for n in range(10))))
        await pilot.pause()
        assert lines(app)[0] == "line 0"
        assert lines(app)[-1] == "line 4" + " " * 13 + "▼"
        pane.scroll_pages(1)
        await pilot.pause()
        assert lines(app)[0] == "line 4" + " " * 13 + "▲"
        pane.scroll_bottom()
        await pilot.pause()
        assert lines(app)[-1] == "line 9"
        pane.show(Content("short"))
        await pilot.pause()
        assert lines(app)[0] == "short"


async def test_text_is_wrapped_anew_when_the_width_changes() -> None:
    app = PaneApp()
    async with app.run_test(size=(40, 5)) as pilot:
        app.query_one(TextPane).show(Content("one two three four five six"))
        await pilot.pause()
        assert lines(app)[0] == "one two three four five six"
        await pilot.resize_terminal(16, 5)
        await pilot.pause()
        assert lines(app)[:2] == ["one two three", "four five six"]


async def test_markup_and_wide_characters_are_shown_as_they_are() -> None:
    app = PaneApp()
    async with app.run_test(size=(20, 3)) as pilot:
        app.query_one(TextPane).show(Content("[/x] 漢字"))
        await pilot.pause()
        assert lines(app)[0] == "[/x] 漢字"


@hypothesis_settings(max_examples=15, deadline=None)
@given(count=st.integers(0, 40), height=st.integers(1, 9), steps=STEPS)
async def test_scrolling_never_leaves_the_text(
    count: int, height: int, steps: list[tuple[str, int]]
) -> None:
    app = PaneApp()
    async with app.run_test(size=(20, height)) as pilot:
        pane = app.query_one(TextPane)
        pane.show(Content("\n".join(f"line {n}" for n in range(count))))
        for kind, step in steps:
            if kind == "lines":
                pane.scroll_lines(step)
            elif kind == "pages":
                pane.scroll_pages(step)
            elif kind == "top":
                pane.scroll_top()
            else:
                pane.scroll_bottom()
        await pilot.pause()
        seen = [line.rstrip("▲▼").rstrip() for line in lines(app)]
        numbers = [int(line.split()[1]) for line in seen if line]
        assert len(numbers) == min(count, height)
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
