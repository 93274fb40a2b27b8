"""Workers whose unexpected errors are told; the toolkit would let them pass without a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.worker import Worker, WorkerState
from textual.worker_manager import WorkerManager


class WatchedWorkers(WorkerManager):
    """The application's workers. One that need not end the console still says what went wrong."""

    def __init__(self, app: App[Any], tell: Callable[[BaseException], None]) -> None:
        """Make the manager.

        Args:
            app: the application.
            tell: called with an error that a worker with ``exit_on_error=False`` did not expect.
        """
        super().__init__(app)
        self._tell = tell

    def _remove_worker(self, worker: Worker[Any]) -> None:
        super()._remove_worker(worker)
        failed = worker.state is WorkerState.ERROR and not worker.exit_on_error
        if failed and worker.error is not None:
            self._tell(worker.error)
