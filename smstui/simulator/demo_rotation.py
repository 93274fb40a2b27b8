"""The rotation of the demo: a token that was staged for a credential whose own is out of date."""

from __future__ import annotations

from datetime import timedelta

from pydantic import SecretStr

from smstui.rotation import members_of, stage
from smstui.simulator.demo_rcs import Happening, Scene

NAME = "twilio-rotated"


async def _stage(scene: Scene) -> None:
    """Stage the token that the account has by now; nobody has verified it yet."""
    record = scene.store.credentials.by_name(NAME)
    token = scene.account("Twilio", "live").fields["auth_token"]
    members = members_of(scene.store, record)[:1]
    stage(scene.store, members, {"auth_token": SecretStr(token)})


HAPPENINGS = (Happening(timedelta(hours=20), "grace", _stage),)
