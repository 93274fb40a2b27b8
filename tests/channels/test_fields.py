"""What the form of a channel configuration takes, and which senders fit."""

from __future__ import annotations

import pytest

from smstui.channels import senders
from smstui.channels.fields import build, check, fixed_in, is_immediate, vendors_for
from smstui.providers.base import InvalidFields
from smstui.providers.fields import Severity, Value
from smstui.store.channel_records import State
from tests.channels.kit import draft

NAMES = ("main", "rcs")


def wrong(**fields: Value) -> set[str]:
    """Return the fields of a draft that have errors."""
    issues = check({**draft(), **fields}, NAMES)
    return {issue.field for issue in issues if issue.severity is Severity.ERROR}


@pytest.mark.parametrize("name", ["A", "Acme_SMS", "a-1.b_c", "x" * 100])
def test_names_by_adobes_rule(name: str) -> None:
    assert wrong(name=name) == set()


@pytest.mark.parametrize("name", ["", "1a", "_a", "a b", "Ä", "aä", "a/b", "x" * 101])
def test_other_names_are_refused(name: str) -> None:
    assert wrong(name=name) == {"name"}


@pytest.mark.parametrize(
    ("field", "value", "fits"),
    [
        ("subdomain", "links.acme.example", True),
        ("subdomain", "Links.acme.example", False),
        ("subdomain", "cdn.acme.example", False),
        ("subdomain", "acme", False),
        ("countries", "it, us", True),
        ("countries", "Italy", False),
        ("sms_type", "Both", False),
        ("channel", "Email", False),
        ("mobile_configuration", "nobody", False),
        ("use_custom_dataset_for_inbound", True, False),
    ],
)
def test_a_value_fits_or_is_refused_at_its_field(field: str, value: Value, fits: bool) -> None:
    at = "dataset" if value is True else field
    assert wrong(**{field: value}) == (set() if fits else {at})


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(InvalidFields, match="no field state"):
        build(draft(state="Active"), NAMES)


@pytest.mark.parametrize(
    ("sender", "channel", "sms_type", "countries", "worst"),
    [
        ("+393331234567", "SMS", "Marketing", (), ""),
        ("+393331234567", "SMS", "Marketing", ("IT", "DE"), ""),
        ("+393331234567", "SMS", "Marketing", ("US",), "warning"),
        ("+12025550142", "SMS", "Marketing", ("US", "CA"), ""),
        ("+12025550142", "MMS", "Marketing", ("US", "IT"), "warning"),
        ("333 1234567", "SMS", "Marketing", (), "error"),
        ("72345", "SMS", "Marketing", ("US",), ""),
        ("72345", "SMS", "Marketing", ("US", "CA"), "warning"),
        ("72345", "MMS", "Marketing", ("US",), ""),
        ("Acme", "SMS", "Transactional", ("IT",), ""),
        ("Acme", "SMS", "Marketing", ("IT",), "warning"),
        ("Acme", "SMS", "Transactional", ("IT", "US"), "error"),
        ("Acme and Sons", "SMS", "Transactional", (), "error"),
        ("Acme", "MMS", "Transactional", (), "error"),
        ("rcs:acme_agent", "SMS", "Transactional", (), "error"),
        ("rcs:acme_x1y2_agent", "RCS", "Marketing", ("US",), ""),
        ("acme_x1y2_agent", "RCS", "Marketing", (), ""),
        ("acme agent", "RCS", "Marketing", (), "error"),
        ("+12025550142", "RCS", "Marketing", (), ""),
    ],
)
def test_which_sender_fits(
    sender: str, channel: str, sms_type: str, countries: tuple[str, ...], worst: str
) -> None:
    said = [
        severity.value for severity, _said in senders.judge(sender, channel, sms_type, countries)
    ]
    found = "error" if "error" in said else "warning" if said else ""
    assert found == worst


def test_who_can_carry_what() -> None:
    assert vendors_for("SMS") == ("Twilio", "Sinch", "Infobip", "Custom")
    assert vendors_for("MMS") == ("Twilio", "Sinch MMS", "Custom")
    assert vendors_for("RCS") == ("Sinch RCS", "Custom")


def test_what_is_fixed_when() -> None:
    assert fixed_in(State.DRAFT, is_busy=False) == set()
    assert fixed_in(State.ACTIVE, is_busy=False) == {"name", "channel", "subdomain"}
    assert fixed_in(State.ACTIVE, is_busy=True) > {"description", "sender_number"}
    assert fixed_in(State.DEACTIVATED, is_busy=False) > {"description", "sender_number"}
    assert is_immediate(draft(), draft(description="x", tags="y"))
    assert is_immediate(draft(description=""), draft(use_custom_dataset_for_inbound=False))
    assert not is_immediate(draft(), draft(description="x", countries="IT"))


def test_without_credentials_it_says_which_to_create() -> None:
    (issue,) = check(draft(channel="RCS", sender_number="acme_agent"), ())
    assert (issue.field, "Sinch RCS" in issue.message) == ("mobile_configuration", True)
