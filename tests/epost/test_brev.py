"""The mail itself: the same words in plain text and HTML, and nothing fetched from anywhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from xml.etree import ElementTree as ET

import pytest

from infra.settings import Innstillingsfeil
from services.epost.brev import Brevskriver, UbrukeligAdresse
from services.epost.rules import Oppdrag
from tests.epost.byen import tekst_i
from tests.epost.test_rules import OPPDRAG

NAA = datetime(2026, 11, 21, 12, tzinfo=UTC)
ORDRE = replace(
    OPPDRAG,
    emne="SaLTo ELG: Demonstrasjon på Tøyen",
    tekst="Demonstrasjon på Tøyen.\nKl. 14 & <b>før</b>.\n\nKan du stille?",
)
ADRESSE = re.compile(r"""(?:href|src|url\(|@import)\s*=?\s*["'(]?\s*([a-z]+:[^"')\s>]*)""", re.IGNORECASE)


def brev(ordre: Oppdrag = ORDRE, *, lenke: bool = True, simulator: bool = False) -> EmailMessage:
    """The mail as the recipient's program reads it."""
    skriver = Brevskriver("salto@oslo.example", "https://salto.example/", simulator=simulator)
    ferdig = skriver.skriv(ordre, "vakt@bydel.example", "T0ken" if lenke else None, NAA)
    return message_from_bytes(ferdig.innhold, policy=default)


def test_the_headers_say_who_what_and_that_no_robot_shall_answer() -> None:
    hode = brev()
    assert hode["From"] == "SaLTo Oslo <salto@oslo.example>"
    assert hode["To"] == "vakt@bydel.example"
    assert hode["Subject"] == "SaLTo ELG: Demonstrasjon på Tøyen"
    assert hode["Message-ID"] == f"<{ORDRE.id}@oslo.example>"
    assert hode["Auto-Submitted"] == "auto-generated"
    assert hode["Reply-To"] is None
    assert [d.get_content_type() for d in hode.iter_parts()] == ["text/plain", "text/html"]


def test_both_parts_say_the_same_and_what_to_do_when_life_is_in_danger() -> None:
    for slag in ("plain", "html"):
        tekst = tekst_i(brev(), slag)
        for del_ in ("Demonstrasjon på Tøyen.", "Kan du stille?", "https://salto.example/svar/T0ken"):
            assert del_ in tekst
        assert "Fare for liv: ring 112." in tekst
        assert "Du får denne e-posten fordi" in tekst


def test_the_html_is_norwegian_escaped_and_fetches_nothing() -> None:
    html = tekst_i(brev(), "html")
    assert '<html lang="nb"' in html
    assert "<b>før" not in html
    assert "&lt;b&gt;før" in html
    assert set(ADRESSE.findall(html)) == {"https://salto.example/svar/T0ken"}
    assert not re.search(r"<(img|script|link|iframe|object|form)\b", html)


def test_there_is_no_link_when_no_answer_is_asked_for() -> None:
    uten = brev(lenke=False)
    assert "svar/" not in tekst_i(uten) + tekst_i(uten, "html")


@pytest.mark.parametrize("emne", ["Vakt", "ØVELSE Vakt"])
def test_a_drill_says_so_once_in_the_subject_and_in_both_parts(emne: str) -> None:
    oevelse = brev(replace(ORDRE, emne=emne, oevelse=True))
    assert oevelse["Subject"] == "ØVELSE Vakt"
    assert "Dette er en øvelse." in tekst_i(oevelse)
    assert "Dette er en øvelse." in tekst_i(oevelse, "html")
    assert "øvelse" not in tekst_i(brev()).lower()


def test_the_simulator_says_so() -> None:
    assert "Simulator:" in tekst_i(brev(simulator=True))
    assert "Simulator:" in tekst_i(brev(simulator=True), "html")
    assert "Simulator" not in tekst_i(brev())


def test_an_acute_mail_is_marked_as_important() -> None:
    assert brev(replace(ORDRE, prioritet=0))["Importance"] == "high"
    assert brev()["Importance"] is None


def test_a_subject_cannot_smuggle_headers_in() -> None:
    hode = brev(replace(ORDRE, emne="Vakt\r\nBcc: alle@oslo.example"))
    assert hode["Bcc"] is None
    assert hode["Subject"] == "Vakt Bcc: alle@oslo.example"


@pytest.mark.parametrize(
    "tekst", ["Null\x00byte og \x1b[31m", "]]> {{ emne }} {% raw %} &nope; <mj-raw>", "🚨 " * 500, ""]
)
def test_no_words_can_break_the_template(tekst: str) -> None:
    html = tekst_i(brev(replace(ORDRE, tekst=tekst)), "html")
    assert "Fare for liv: ring 112." in html
    assert "<mj-" not in html


def test_lines_are_short_enough_for_every_server_and_are_plain_ascii_on_the_wire() -> None:
    skriver = Brevskriver("salto@oslo.example", "https://salto.example", simulator=False)
    innhold = skriver.skriv(ORDRE, "vakt@bydel.example", "T0ken", NAA).innhold
    assert innhold.isascii()
    assert max(len(linje) for linje in innhold.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    "adresse", ["", "vakt", "vakt@", "@bydel.example", "a b@c.example", "a@b.example\r\nX: y", "å@b.example"]
)
def test_an_address_that_cannot_be_used_is_told_apart(adresse: str) -> None:
    skriver = Brevskriver("salto@oslo.example", "https://salto.example", simulator=False)
    with pytest.raises(UbrukeligAdresse):
        skriver.skriv(ORDRE, adresse, None, NAA)


def test_the_sender_may_have_a_name_and_must_be_an_address() -> None:
    assert Brevskriver("Vakta <vakt@oslo.example>", "https://x.example", simulator=False).domene == "oslo.example"
    with pytest.raises(Innstillingsfeil, match="SALTO_EMAIL_FROM"):
        Brevskriver("ikke en adresse", "https://x.example", simulator=False)


def test_the_template_is_well_formed() -> None:
    kilde = Brevskriver("salto@oslo.example", "https://salto.example", simulator=True)
    rent = kilde._html.render(emne="x", avsnitt=[["a", "b"]], lenke="https://x", oevelse=True, simulator=True)
    assert ET.fromstring(rent).tag == "mjml"  # noqa: S314 - our own template
