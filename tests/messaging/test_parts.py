from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smstui.messaging.parts import GSM_BASIC, GSM_EXTENSION, count_parts, cut_into_parts

GSM_TEXT = st.text(st.sampled_from(sorted(GSM_BASIC | GSM_EXTENSION)), max_size=700)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


def split_on_the_wire(text: str) -> tuple[str, list[bytes]]:
    """Cut a text the way a gateway does, on encoded bytes, sharing no code with `count_parts`."""
    escaped = {"\f", "^", "{", "}", "\\", "[", "~", "]", "|", "€"}
    basic = (
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
        + "".join(chr(n) for n in range(0x20, 0x24))
        + "¤"
        + "".join(chr(n) for n in range(0x25, 0x40))
        + "¡"
        + "".join(chr(n) for n in range(0x41, 0x5B))
        + "ÄÖÑÜ§¿"
        + "".join(chr(n) for n in range(0x61, 0x7B))
        + "äöñüà"
    )
    if all(c in basic or c in escaped for c in text):
        stream = b"".join(b"\x1b." if c in escaped else b"." for c in text)
        unit, single, split, leads = 1, 160, 153, [b"\x1b"]
        encoding = "GSM-7"
    else:
        stream = text.encode("utf-16-be")
        unit, single, split, leads = 2, 70, 67, [b"\xd8", b"\xd9", b"\xda", b"\xdb"]
        encoding = "UCS-2"
    if len(stream) <= single * unit:
        return encoding, [stream] if stream else []
    pieces = []
    while stream:
        end = min(len(stream), split * unit)
        if end < len(stream) and stream[end - unit : end][:1] in leads:
            end -= unit
        pieces.append(stream[:end])
        stream = stream[end:]
    return encoding, pieces


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts", "limit"),
    [
        ("", "GSM-7", 0, 0, 160),
        ("smstui test 7", "GSM-7", 13, 1, 160),
        ("a" * 160, "GSM-7", 160, 1, 160),
        ("a" * 161, "GSM-7", 161, 2, 306),
        ("a" * 306, "GSM-7", 306, 2, 306),
        ("a" * 307, "GSM-7", 307, 3, 459),
        ("€" * 80, "GSM-7", 160, 1, 160),
        ("€" * 81, "GSM-7", 162, 2, 306),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3, 459),
        ("ш" * 70, "UCS-2", 70, 1, 70),
        ("ш" * 71, "UCS-2", 71, 2, 134),
        ("😀" * 35, "UCS-2", 70, 1, 70),
        ("😀" * 67, "UCS-2", 134, 3, 201),
        ("ш" + "€" * 69, "UCS-2", 70, 1, 70),
        ("a" * 1600, "GSM-7", 1600, 11, 1683),
    ],
)
def test_known_lengths(text: str, encoding: str, units: int, parts: int, limit: int) -> None:
    counted = count_parts(text)
    assert (counted.encoding, counted.units, counted.parts, counted.limit) == (
        encoding,
        units,
        parts,
        limit,
    )


def test_the_first_character_outside_gsm_is_named() -> None:
    counted = count_parts("ciao’ ш")
    assert counted.offender == "’"
    assert counted.offender_name == "RIGHT SINGLE QUOTATION MARK"
    assert count_parts("plain").offender is None
    assert count_parts("\x07").offender_name == "U+0007"
    assert count_parts("\ud800").offender_name == "U+D800"


def test_the_alphabet_has_its_127_and_10_characters() -> None:
    assert len(GSM_BASIC) == 127
    assert len(GSM_EXTENSION) == 10


@settings(deadline=None)
@given(GSM_TEXT | ANY_TEXT)
def test_counts_agree_with_cutting_the_encoded_text(text: str) -> None:
    encoding, pieces = split_on_the_wire(text)
    counted = count_parts(text)
    assert counted.encoding == encoding
    assert counted.parts == len(pieces)
    assert counted.units <= counted.limit
    assert all(len(piece) <= counted.per_part * 2 for piece in pieces)


@settings(deadline=None)
@given(GSM_TEXT | ANY_TEXT, st.characters(exclude_categories=["Cs"]))
def test_a_longer_text_never_takes_fewer_parts(text: str, more: str) -> None:
    assert count_parts(text + more).parts >= count_parts(text).parts


@given(GSM_TEXT | ANY_TEXT)
def test_a_text_is_cut_into_as_many_parts_as_are_counted(text: str) -> None:
    counted, cut = count_parts(text), cut_into_parts(text)
    assert "".join(cut) == text
    assert len(cut) == counted.parts
    if counted.encoding == "UCS-2":
        assert all(len(part.encode("utf-16-be")) <= 2 * counted.per_part for part in cut)
    else:
        assert all(count_parts(part).units <= counted.per_part for part in cut)
