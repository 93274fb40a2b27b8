"""What environments look like; each picture was looked at."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from tests.screens.conftest import ConsoleApp
from tests.screens.environments.kit import begin_live, fill
from tests.screens.kit import text
from tests.screens.verify.kit import until

PICTURES: dict[str, tuple[tuple[int, int], list[tuple[str, str]]]] = {
    "list": ((80, 24), [("f12", "you are here")]),
    "list-60x20": ((60, 20), [("f12", "you are here")]),
    "form": ((80, 24), [("f12", "you are here"), ("n", "One word or two")]),
    "promote": ((80, 24), [("greater_than_sign", "From here")]),
    "production": ((80, 24), [("d", "Type live")]),
}


@pytest.mark.parametrize("name", PICTURES)
def test_environments(snap_compare: Any, console_app: ConsoleApp, name: str) -> None:
    size, steps = PICTURES[name]

    async def before(pilot: Pilot[Any]) -> None:
        # Who waits for a dialog is at work all the while, so words are waited for.
        for key, words in [("", "twilio-main"), *steps]:
            if key:
                await pilot.press(key)
            await until(pilot, lambda words=words: words in text(pilot.app))  # type: ignore[misc]  # a lambda with a default
        await pilot.pause()

    app = console_app(fill=begin_live if name == "production" else fill)
    assert snap_compare(app, run_before=before, terminal_size=size)
