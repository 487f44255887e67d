"""What a text weighs: the lengths that GSM 03.38 and 3GPP 23.040 give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.utkalling.septett import normaliser, vei

UTVIDET = "^{}\\[~]|€"


@pytest.mark.parametrize(
    ("tekst", "koding", "tegn", "segmenter"),
    [
        ("", "gsm7", 0, 1),
        ("a" * 160, "gsm7", 160, 1),
        ("a" * 161, "gsm7", 161, 2),
        ("a" * 306, "gsm7", 306, 2),
        ("a" * 307, "gsm7", 307, 3),
        ("a" * 459, "gsm7", 459, 3),
        ("æøåÆØÅ", "gsm7", 6, 1),
        ("éèùìòÇñÑäöüÄÖÜß", "gsm7", 15, 1),
        ("£¥§¤¡¿@$_", "gsm7", 9, 1),
        ("ΔΦΓΛΩΠΨΣΘΞ", "gsm7", 10, 1),
        ("linje\nskift\r", "gsm7", 12, 1),
        *((tegn, "gsm7", 2, 1) for tegn in UTVIDET),
        ("€" * 80, "gsm7", 160, 1),
        ("€" * 81, "gsm7", 162, 2),
        ("a" * 159 + "€", "gsm7", 161, 2),
        # 153 septets a segment: the pair that would straddle the border moves whole to the next one
        ("a" * 152 + "€" + "a" * 152, "gsm7", 306, 3),
        ("a" * 152 + "€" + "a" * 151, "gsm7", 305, 2),
        ("a" * 151 + "€" + "a" * 153, "gsm7", 306, 2),
        ("ç", "ucs2", 1, 1),
        ("«", "ucs2", 1, 1),
        ("č", "ucs2", 1, 1),
        ("č" * 70, "ucs2", 70, 1),
        ("č" * 71, "ucs2", 71, 2),
        ("č" * 134, "ucs2", 134, 2),
        ("č" * 135, "ucs2", 135, 3),
        ("👍" * 35, "ucs2", 70, 1),
        ("👍" * 36, "ucs2", 72, 2),
        ("a" * 66 + "👍" + "a" * 67, "ucs2", 135, 3),
        ("a" * 66 + "👍" + "a" * 65, "ucs2", 133, 2),
    ],
)
def test_a_text_weighs_what_the_standard_says(tekst: str, koding: str, tegn: int, segmenter: int) -> None:
    vekt = vei(tekst)
    assert (vekt.koding, vekt.tegn, vekt.segmenter) == (koding, tegn, segmenter)


@pytest.mark.parametrize(
    ("tekst", "ventet"),
    [
        ("«Til» – “Oslo”…", '"Til" - "Oslo"...'),
        ("d’accord ‘så’", "d'accord 'så'"),
        ("Kárášjohka", "Karasjohka"),
        ("Guovdageaidnu čđŋšŧž ČĐŊŠŦŽ", "Guovdageaidnu cdnstz CDNSTZ"),
        ("A\u030as gate", "Ås gate"),  # «Å» as a Mac writes it
        ("to  mellomrom\tog\u00a0hardt", "to mellomrom og hardt"),
        ("  i endene ", "i endene"),
        ("null\u200bbredde", "nullbredde"),
        ("façade", "facade"),
        ("møte 👍 日本", "møte ? ??"),
        ("æøå ÆØÅ é", "æøå ÆØÅ é"),
    ],
)
def test_typographic_characters_become_those_a_phone_has(tekst: str, ventet: str) -> None:
    assert normaliser(tekst) == ventet


@given(st.text())
def test_what_is_normalised_is_gsm_and_stays_as_it_is(tekst: str) -> None:
    ferdig = normaliser(tekst)
    assert vei(ferdig).koding == "gsm7"
    assert normaliser(ferdig) == ferdig


@given(st.text(alphabet="a" + UTVIDET, min_size=1, max_size=700))
def test_no_escape_pair_is_split_over_two_segments(tekst: str) -> None:
    vekter = [2 if tegn in UTVIDET else 1 for tegn in tekst]
    if sum(vekter) <= 160:
        assert vei(tekst).segmenter == 1
        return
    segmenter, i_denne = 1, 0
    for vekt in vekter:
        if i_denne + vekt > 153:
            segmenter, i_denne = segmenter + 1, 0
        i_denne += vekt
    assert vei(tekst).segmenter == segmenter
