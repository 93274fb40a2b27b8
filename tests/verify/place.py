"""A simulator of some vendors, and runs of the engine against it over real HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from smstui.providers.base import Provider
from smstui.providers.fields import Value
from smstui.simulator.core import MakeVendor
from smstui.simulator.demo import value_of
from smstui.simulator.server import Simulator
from smstui.verify import Depth, Verification, new_client, verify


class Place:
    """A simulator whose clock moves by waiting for delivery."""

    def __init__(self, makers: Iterable[MakeVendor], providers: Iterable[Provider[Any]]) -> None:
        """Prepare it; ``simulator`` is started by the test."""
        self.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
        self.simulator = Simulator(clock=lambda: self.now, seed="tests", makers=makers)
        self.providers = {provider.vendor: provider for provider in providers}

    async def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.now += timedelta(seconds=seconds)

    def fields(self, vendor: str, label: str) -> Mapping[str, str]:
        """Return the login with this label."""
        return next(
            info.fields
            for info in self.simulator.accounts
            if (info.vendor, info.label) == (vendor, label)
        )

    def draft(self, vendor: str, label: str, **changes: Value) -> dict[str, Value]:
        """Return a login as a draft of its vendor's form, changed."""
        specs = self.providers[vendor].model.specs()
        fields = self.fields(vendor, label)
        values = {name: value_of(specs[name], text) for name, text in fields.items()}
        return {"name": label, **values, **changes}

    async def run(
        self,
        vendor: str,
        label: str,
        depth: Depth,
        to: str = "+12065550123",
        text: str = "smstui test 7",
        **changes: Value,
    ) -> Verification:
        """Verify the account with this label; no secret of it may be seen in what is told."""
        provider = self.providers[vendor]
        credential = provider.build(self.draft(vendor, label, **changes))
        verification = Verification(provider, credential, depth=depth, to=to, text=text)
        needs_own = provider.client_certificate(credential) is not None
        client = None if needs_own else new_client()
        try:
            async for event in verify(
                provider,
                credential,
                depth=depth,
                to=to,
                text=text,
                client=client,
                sleep=self.sleep,
                monotonic=lambda: self.now.timestamp(),
            ):
                verification.add(event)
        finally:
            if client is not None:
                await client.aclose()
        told = repr(verification.exchanges) + repr(verification.record())
        for secret in credential.secrets():
            assert secret.get_secret_value() not in told
        return verification
