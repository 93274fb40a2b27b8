"""Messages: kept as JSON, judged by the limits of a route, and turned into its requests."""

from __future__ import annotations

import dataclasses
import json
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smstui.providers.fields import Issue, Severity
from smstui.rcs.actions import (
    ActionProblem,
    CalendarEvent,
    Dial,
    OpenUrl,
    Reply,
    ShareLocation,
    ViewLocation,
    parse_action,
)
from smstui.rcs.content import (
    Card,
    Content,
    ContentKind,
    Height,
    InvalidContent,
    Orientation,
    Suggestion,
    Width,
    from_json,
    to_json,
)
from smstui.rcs.content_checks import check_content, measures
from smstui.rcs.content_fields import content_draft, content_specs, issues_by_field, typed
from smstui.rcs.routes.registry import route, routes
from smstui.simulator.infobip.rules import read_orders
from tests.rcs.messages import (
    BOOTS,
    CARD,
    CAROUSEL,
    COATS,
    CONTENTS,
    SHOP,
    TEXT,
    TEXTS,
    THANKS,
)

with warnings.catch_warnings():
    # One of its texts has an invalid escape, which Python mentions when it compiles the file.
    warnings.simplefilter("ignore", DeprecationWarning)
    from sinch.domains.conversation.models.v1.messages.internal.request.send_message_request_body import (  # type: ignore[import-untyped] # It has no type hints.  # noqa: E501 - that is its name
        SendMessageRequestBody,
    )

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            TEXTS | st.sampled_from(["kind", "text", "cards", "suggestions", "label", "title"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


def errors(issues: list[Issue]) -> list[tuple[str, str]]:
    """Return fields and sentences of what is an error."""
    return [(one.field, one.message) for one in issues if one.severity is Severity.ERROR]


def message_of(said: str) -> str:
    """Return why a text is no message."""
    with pytest.raises(InvalidContent) as refused:
        from_json(said)
    return refused.value.message


# JSON


@given(CONTENTS)
def test_a_message_comes_back_as_it_was_kept(content: Content) -> None:
    kept = from_json(to_json(content))
    assert from_json(to_json(kept)) == kept
    if to_json(content).isprintable():
        assert kept == content
    assert kept.kind is content.kind
    assert len(kept.cards) == len(content.cards)


@pytest.mark.parametrize("content", [Content(), TEXT, CARD, CAROUSEL])
def test_plain_messages_come_back_whole(content: Content) -> None:
    assert from_json(to_json(content)) == content


@given(TEXTS | JSON.map(json.dumps))
def test_foreign_json_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        content = from_json(text)
    except InvalidContent as error:
        assert error.message  # noqa: PT017 - what is raised beside it fails the test
    else:
        assert from_json(to_json(content)) == content


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "The message is an object"),
        ('{"text": 5}', "text is a text"),
        ('{"cards": {}}', "cards is a list"),
        ('{"cards": [{}, {"title": null}]}', "cards.2.title is a text"),
        ('{"cards": [{"height": "huge"}]}', "cards.1.height is one of: short, medium, tall"),
        ('{"kind": []}', "kind is one of: text, card, carousel"),
        ('{"suggestions": [{"url": ""}]}', "suggestions.1.url is not known here"),
        ('{"cards": [{"suggestions": ["x"]}]}', "cards.1.suggestions.1 is an object"),
        ("{", "Line 1"),
        (" " * 200_001, "at most 200000"),
    ],
)
def test_the_sentence_names_the_place(text: str, said: str) -> None:
    assert said in message_of(text)


def test_another_kind_loses_nothing() -> None:
    content = dataclasses.replace(CAROUSEL, kind=ContentKind.TEXT, text="Hello")
    kept = from_json(to_json(content))
    assert kept.shown_cards == ()
    assert dataclasses.replace(kept, kind=ContentKind.CAROUSEL).shown_cards == CAROUSEL.cards


# Fields


@given(CONTENTS, st.integers(0, 3), st.sampled_from(list(routes())))
def test_fields_hold_all_of_a_message(content: Content, card: int, name: str) -> None:
    tidy = dataclasses.replace(
        content,
        cards=tuple(dataclasses.replace(one, media=one.media.strip()) for one in content.cards),
    )
    draft = content_draft(tidy, card)
    assert typed(tidy, draft, card) == tidy
    assert draft.keys() == content_specs(route(name).limits).keys()
    here, elsewhere = issues_by_field(check_content(tidy, route(name)), card)
    assert {issue.field for issue in here} <= draft.keys()
    assert all(issue.field.startswith("cards.") for issue in elsewhere)


def test_the_fields_of_a_card_are_those_of_the_card_one_is_at() -> None:
    changed = typed(CAROUSEL, content_draft(CAROUSEL, 1) | {"title": "Hats"}, 1)
    assert [card.title for card in changed.cards] == [COATS.title, "Hats", COATS.title]
    specs = content_specs(route("Infobip").limits)
    shown = {name for name, spec in specs.items() if spec.applies_to(content_draft(TEXT, 0))}
    assert shown == {"kind", "text", "suggestions", "fallback"}


# Actions


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("", Reply()),
        ("https://www.example.com", OpenUrl("https://www.example.com")),
        ("tel:+39 02 1234 5678", Dial("+390212345678")),
        ("+390212345678", Dial("+390212345678")),
        ("geo:45.4642,-9.19", ViewLocation(45.4642, -9.19)),
        ("geo:45,9 Acme Milano", ViewLocation(45, 9, "Acme Milano")),
        ("location", ShareLocation()),
        ("location https://a.example", ShareLocation("https://a.example")),
    ],
)
def test_actions_are_read(text: str, action: object) -> None:
    assert parse_action(text) == action


def test_an_event_is_read() -> None:
    event = parse_action("2030-03-01T10:00Z/2030-03-01T11:00+01:00 Fitting")
    assert isinstance(event, ActionProblem)
    event = parse_action("2030-03-01T10:00Z/2030-03-01T11:00Z Fitting, Milano https://a.example")
    assert isinstance(event, CalendarEvent)
    assert (event.title, event.url) == ("Fitting, Milano", "https://a.example")


@pytest.mark.parametrize(
    "text",
    [
        "shop",
        "https://",
        "http://www.example.com",
        "https://localhost",
        "tel:12",
        "geo:91,0",
        "geo:1",
        "location here and there",
        "2030-03-01T10:00/2030-03-01T11:00 No offset",
        "2030-03-01T10:00Z/2030-03-01T11:00Z",
        "2030-13-01T10:00Z/2030-03-01T11:00Z x",
        f"https://www.example.com/{'x' * 2048}",
    ],
)
def test_what_is_no_action_is_told(text: str) -> None:
    problem = parse_action(text)
    assert isinstance(problem, ActionProblem)
    assert problem.message


@given(TEXTS)
def test_any_text_is_an_action_or_told(text: str) -> None:
    assert parse_action(text)


# Limits


def test_a_sound_message_has_no_issues() -> None:
    for name in ("Infobip", "Sinch", "Other"):
        assert check_content(TEXT, route(name)) == []
        assert errors(check_content(CAROUSEL, route(name))) == []
    assert check_content(CARD, route("Infobip")) == []
    assert errors(check_content(CAROUSEL, route("Twilio"))) == []


def test_what_is_too_long_is_told_with_its_number() -> None:
    infobip = route("Infobip")
    long = Content(
        text="x" * 3073,
        suggestions=(Suggestion("y" * 27), *(Suggestion(str(n)) for n in range(11))),
        fallback="z" * 161,
    )
    issues = check_content(long, infobip)
    assert errors(issues) == [
        ("text", "1 character too many: 3072 fit, this has 3073."),
        ("suggestions", "1 too many: 11 fit, these are 12."),
        ("suggestions", f"{'y' * 20}: 2 characters too many: 25 fit, this has 27."),
    ]
    assert issues[-1].field == "fallback"
    assert "2 parts" in issues[-1].message
    assert [(one.label, one.over) for one in measures(long, infobip.limits)] == [
        ("Text", 1),
        ("Suggestions", 1),
    ]


def test_each_card_of_a_carousel_is_judged() -> None:
    tall = dataclasses.replace(COATS, height=Height.TALL, title="t" * 201)
    wrong = Content(
        ContentKind.CAROUSEL,
        cards=(Card(), dataclasses.replace(tall, media="ftp://x")),
        width=Width.SMALL,
    )
    found = [(one.field, one.severity) for one in check_content(wrong, route("Other"))]
    assert found == [
        ("cards.2.height", Severity.ERROR),
        ("cards.1.title", Severity.ERROR),
        ("cards.2.title", Severity.ERROR),
        ("cards.2.media", Severity.ERROR),
        ("fallback", Severity.WARNING),
    ]
    alone = dataclasses.replace(wrong, cards=wrong.cards[:1])
    assert errors(check_content(alone, route("Other")))[0] == (
        "kind",
        "A carousel has 2 to 10 cards; this has 1.",
    )


def test_labels_that_are_the_same_or_missing_are_told() -> None:
    content = dataclasses.replace(TEXT, suggestions=(THANKS, THANKS, Suggestion(" ", "what")))
    said = [one.message for one in check_content(content, route("Other"))]
    assert any("the label is missing" in one for one in said)
    assert any("stands there twice" in one for one in said)
    assert any("begin with https://" in one for one in said)


def test_a_route_has_rules_of_its_own() -> None:
    twilio = [m for _field, m in errors(check_content(TEXT, route("Twilio")))]
    assert len([m for m in twilio if "replies, web pages and calls alone" in m]) == 3
    # Twilio: 20 characters for a reply, 25 for a button that opens something.
    long = "x" * 24
    labels = (Suggestion(long), Suggestion(long, SHOP.action))
    found = errors(check_content(Content(text="a", suggestions=labels), route("Twilio")))
    assert len(found) == 1
    bare = dataclasses.replace(CAROUSEL, cards=(COATS, Card("Boots", "d" * 160)))
    fields = [field for field, _m in errors(check_content(bare, route("Twilio")))]
    assert fields == ["cards.2.title", "cards.2.media", "cards.2.suggestions"]
    sinch = errors(check_content(CARD, route("Sinch")))
    assert [field for field, _m in sinch] == ["suggestions"]
    here = Content(text="Where?", suggestions=(Suggestion("Here", "location"),))
    assert "Sinch wants an address" in errors(check_content(here, route("Sinch")))[0][1]
    described = Content(ContentKind.CARD, cards=(Card(description="d"),))
    assert errors(check_content(described, route("Infobip")))[0][0] == "cards.1.title"


@given(CONTENTS, st.sampled_from(list(routes())))
def test_any_message_is_judged_and_mapped(content: Content, name: str) -> None:
    for issue in check_content(content, route(name)):
        assert issue.message
    for part in route(name).as_sent(content):
        json.dumps(part.document)


# As sent


def sent(content: Content, name: str) -> Any:
    """Return the body of the last request."""
    return route(name).as_sent(content)[-1].document


@pytest.mark.parametrize("content", [TEXT, CARD, CAROUSEL])
def test_infobip_takes_it(content: Content) -> None:
    (order,) = read_orders(sent(content, "Infobip"), "RCS")
    assert order.failover is not None
    assert order.failover.text == content.fallback
    assert order.content["type"] == content.kind.value.upper()


def test_infobip_gets_every_action() -> None:
    document = sent(TEXT, "Infobip")["messages"][0]["content"]["suggestions"]
    assert [one["type"] for one in document] == [
        "OPEN_URL",
        "DIAL_PHONE",
        "SHOW_LOCATION",
        "REQUEST_LOCATION",
        "CREATE_CALENDAR_EVENT",
        "REPLY",
    ]
    assert document[4]["startTime"] == "2030-03-01T10:00:00.000+01:00"
    assert document[5] == {"type": "REPLY", "text": "Thanks", "postbackData": "Thanks"}
    card = sent(CARD, "Infobip")["messages"][0]["content"]
    assert card["content"]["media"] == {"file": {"url": COATS.media}, "height": "MEDIUM"}
    assert sent(CAROUSEL, "Infobip")["messages"][0]["content"]["cardWidth"] == "MEDIUM"


@pytest.mark.parametrize("content", [TEXT, CARD, CAROUSEL])
def test_sinch_takes_it(content: Content) -> None:
    document = sent(content, "Sinch")
    message = dict(document["message"])
    fallback = message.pop("explicit_channel_omni_message")
    assert fallback == {"SMS": {"text_message": {"text": content.fallback}}}
    read = SendMessageRequestBody.model_validate(message)
    assert read.model_dump(exclude_none=True, mode="json").keys() == message.keys()
    assert document["channel_priority_order"] == ["RCS", "SMS"]


def test_sinch_gets_every_action() -> None:
    choices = sent(TEXT, "Sinch")["message"]["choice_message"]["choices"]
    assert [next(iter(one)) for one in choices] == [
        "url_message",
        "call_message",
        "location_message",
        "share_location_message",
        "calendar_message",
        "text_message",
    ]
    flat = dataclasses.replace(COATS, orientation=Orientation.HORIZONTAL)
    document = sent(Content(ContentKind.CARD, cards=(flat,)), "Sinch")
    assert document["channel_properties"] == {"RCS_CARD_ORIENTATION": "HORIZONTAL"}
    assert document["channel_priority_order"] == ["RCS"]


def test_twilio_gets_a_text_as_it_is_and_all_else_as_a_template() -> None:
    plain = dataclasses.replace(TEXT, suggestions=())
    (part,) = route("Twilio").as_sent(plain)
    assert part.document["Body"] == TEXT.text
    template, message = route("Twilio").as_sent(CARD)
    types = template.document["types"]
    assert types["twilio/card"]["media"] == [COATS.media]
    assert [one["type"] for one in types["twilio/card"]["actions"]] == [
        "URL",
        "PHONE_NUMBER",
        "QUICK_REPLY",
    ]
    assert types["twilio/text"] == {"body": CARD.fallback}
    assert message.document["ContentSid"] == "<Content SID>"
    cards = route("Twilio").as_sent(CAROUSEL)[0].document["types"]["twilio/carousel"]["cards"]
    assert cards[1]["media"] == BOOTS.media


def test_an_unknown_provider_has_no_format() -> None:
    assert list(route("Other").as_sent(CARD)) == []
