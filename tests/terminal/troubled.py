"""The console with planted trouble: run as a program by the tests of crashes.

Its arguments are the store and the folder for reports; F3 and F4 fail in an action and a worker.
"""

from __future__ import annotations

import sys
from pathlib import Path

from smstui.terminal import prepare_terminal

prepare_terminal()

from textual import work  # noqa: E402 - the terminal is prepared before the toolkit is imported
from textual.binding import Binding  # noqa: E402

import smstui.app  # noqa: E402


class TroubledApp(smstui.app.SmstuiApp):
    """Fails on demand, with a secret in a local variable and in the text of the error."""

    CSS_PATH = str(Path(smstui.app.__file__).parent.parent / "styles/app.tcss")
    BINDINGS = [
        Binding("f3", "fail", "Fail", priority=True, show=False),
        Binding("f4", "fail_later", "Fail later", priority=True, show=False),
        Binding("f5", "fail_in_markup", "Fail in the toolkit", priority=True, show=False),
    ]

    def action_fail(self) -> None:
        local = f"canary-local-{7}"
        raise ValueError(f"canary-text {local}")

    @work
    async def action_fail_later(self) -> None:
        self.action_fail()

    def action_fail_in_markup(self) -> None:
        from textual.widgets import Static

        self.screen.mount(Static("canary-markup [/x]"))


if __name__ == "__main__":
    sys.exit(
        smstui.app.run_console(
            store_path=Path(sys.argv[1]), state_dir=Path(sys.argv[2]), app_class=TroubledApp
        )
    )
