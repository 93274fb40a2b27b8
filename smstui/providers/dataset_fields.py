"""*Use custom dataset for inbound* and *Dataset*, which several of Adobe's forms have."""

from __future__ import annotations

from typing import Annotated

from smstui.i18n import N_
from smstui.providers.fields import FieldSpec, Kind

USE_CUSTOM_DATASET = FieldSpec(
    label=N_("Use custom dataset for inbound"),
    kind=Kind.SWITCH,
    help=N_("Replies are stored in a dataset of your own."),
    default=False,
)
DATASET = FieldSpec(
    label=N_("Dataset"),
    help=N_("The dataset's name: ExperienceEvent, enabled for Profile."),
    required=True,
    max_length=200,
    shown_when=lambda draft: draft.get("use_custom_dataset_for_inbound") is True,
)

UseCustomDatasetField = Annotated[bool, USE_CUSTOM_DATASET]
DatasetField = Annotated[str, DATASET]
