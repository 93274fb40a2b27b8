"""The sections, in the order in which their records are taken over: first what others need."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from smstui.bundles.sections.base import Section


@cache
def sections() -> Mapping[str, Section]:
    """Return the sections by key. A kind of record without one would be missing in bundles."""
    from smstui.bundles.sections.channels import ChannelSection
    from smstui.bundles.sections.credentials import CredentialSection
    from smstui.bundles.sections.environments import EnvironmentSection
    from smstui.bundles.sections.rcs_setups import RcsSection
    from smstui.bundles.sections.webhooks import WebhookSection

    ordered: tuple[Section, ...] = (
        EnvironmentSection(),
        CredentialSection(),
        WebhookSection(),
        RcsSection(),
        ChannelSection(),
    )
    return MappingProxyType({section.key: section for section in ordered})
