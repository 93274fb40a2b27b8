"""The shape that the vendors' tables have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smstui.providers.base import Result
from smstui.providers.fields import Value
from smstui.verify import Depth
from tests.verify.twilio_replies import Case


class Rows:
    """Makes the rows of one vendor from a draft without faults."""

    def __init__(self, vendor: str, draft: Mapping[str, Value], to: str) -> None:
        self.vendor = vendor
        self.draft = draft
        self.to = to

    def __call__(
        self,
        depth: Depth,
        stage: str,
        label: str,
        result: Result,
        word: str,
        says: str,
        answers: dict[str, Any] | None = None,
        draft: dict[str, Value] | None = None,
        *,
        code: str = "",
        to: str = "",
    ) -> Case:
        """Return one row; ``draft`` is what is different in the form."""
        chosen = {**self.draft, **(draft or {})}
        return Case(
            label,
            depth,
            stage,
            result,
            word,
            says,
            answers or {},
            chosen,
            self.vendor,
            to or self.to,
            code,
        )
