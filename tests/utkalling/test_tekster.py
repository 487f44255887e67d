"""The words people get: exactly those of API §4, and never more than two segments of GSM-7."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import services.routing
from contracts.hendelse import Alvorlighet, HendelseType, Sted
from contracts.kodeord import KODEORD
from contracts.mobilisering import RolleGrunn
from contracts.roller import EGNE_BYDELER, Rolle
from services.utkalling import tekster
from services.utkalling.septett import vei
from tests.utkalling.bord import hendelse

OSLO = ZoneInfo("Europe/Oslo")
LOERDAG = datetime(2026, 11, 21, 18, 0, tzinfo=OSLO)
NATT = datetime(2026, 11, 22, 1, 55, tzinfo=OSLO)
DEMONSTRASJON = hendelse(start=datetime(2026, 11, 28, 14, 0, tzinfo=OSLO))
AKUTT = hendelse(
    type=HendelseType.HENDELSE,
    sted=Sted(navn="Jernbanetorget"),
    start=NATT,
    alvorlighet=Alvorlighet.AKUTT,
    vakttelefon="+4790000000",
)
REF = "7K2QX"


def _grunn(rolle: Rolle, enhet: str, kort: str = "") -> RolleGrunn:
    return RolleGrunn(rolle=rolle, enhet=enhet, regel="R", hjemmel="Oslostandarden 4.2", grunn="Fordi.", kort=kort)


FROGNER = _grunn(Rolle.SALTO_KOORDINATOR, "bydel:05", "sentrumsbydel")
SENTRUM = _grunn(Rolle.SALTO_SENTRUM, "sentrum")
FREDAG_12 = datetime(2026, 11, 27, 12, 0, tzinfo=OSLO)
HALV_TRE = datetime(2026, 11, 22, 2, 25, tzinfo=OSLO)


def _sms(tekst: str) -> str:
    return tekster.sms([tekst], REF)[0]


@pytest.mark.parametrize(
    ("tekst", "ventet"),
    [
        (
            tekster.utkalling(DEMONSTRASJON, [FROGNER], FREDAG_12, LOERDAG),
            (
                "SaLTo ELG: Demonstrasjon, Eidsvolls plass lør 28.11 kl 14. Kan du stille som SaLTo-koordinator "
                "Frogner (sentrumsbydel)? Svar JA eller NEI innen fre 27.11 kl 12. #7K2QX"
            ),
        ),
        (
            tekster.utkalling(AKUTT, [SENTRUM], HALV_TRE, NATT),
            (
                "SaLTo ELG HASTER: Hendelse, Jernbanetorget nå. Kan du komme som SaLTo-sentrum? Svar JA 20 (framme om "
                "20 min) eller NEI innen kl 02.25. Spørsmål: +4790000000. Fare for liv: 112. #7K2QX"
            ),
        ),
        (
            tekster.avlysning(DEMONSTRASJON, tekster.hva(DEMONSTRASJON, LOERDAG)),
            (
                "SaLTo ELG AVLYST: Demonstrasjon, Eidsvolls plass lør 28.11 kl 14. Du skal ikke møte og trenger ikke "
                "svare. #7K2QX"
            ),
        ),
        (
            tekster.hvilken(
                [hendelse(sted=Sted(navn="Stortinget")), hendelse(kodeord="HEGRE", sted=Sted(navn="Tøyen"))]
            ),
            "Gjelder svaret ELG (Stortinget) eller HEGRE (Tøyen)? Svar bare ELG eller HEGRE. #7K2QX",
        ),
        (
            tekster.HJELP,
            "Fare for liv: ring 112. Svar JA, NEI, JA 20 (framme om 20 min), FRAMME, FERDIG eller INFO. #7K2QX",
        ),
    ],
)
def test_the_texts_of_the_contract_are_sent_letter_for_letter(tekst: str, ventet: str) -> None:
    assert _sms(tekst) == ventet


@pytest.mark.parametrize(
    "tekst",
    [
        tekster.utkalling(hendelse(oevelse=True), [FROGNER], FREDAG_12, LOERDAG),
        tekster.vara(hendelse(oevelse=True), [FROGNER], FREDAG_12, LOERDAG),
        tekster.orientering(hendelse(oevelse=True), [FROGNER], LOERDAG),
        tekster.purring(hendelse(oevelse=True), FREDAG_12, LOERDAG),
        tekster.avlysning(hendelse(oevelse=True), tekster.hva(DEMONSTRASJON, LOERDAG)),
        tekster.endring(hendelse(oevelse=True), LOERDAG),
        tekster.bekreftelse(hendelse(oevelse=True), "kommer", None),
        tekster.info(hendelse(oevelse=True), [], LOERDAG),
        tekster.emne(hendelse(oevelse=True), LOERDAG, "AVLYST"),
    ],
)
def test_every_text_of_a_drill_begins_with_ovelse(tekst: str) -> None:
    assert tekst.startswith("ØVELSE SaLTo ELG")


def test_a_deputy_is_asked_as_a_deputy_also_where_the_place_has_som_in_its_name() -> None:
    plass = hendelse(sted=Sted(navn="Plassen som brant"))
    tekst = tekster.vara(plass, [FROGNER], FREDAG_12, LOERDAG)
    assert "Plassen som brant" in tekst
    assert "Kan du stille som vara for SaLTo-koordinator Frogner (sentrumsbydel)?" in tekst


@pytest.mark.parametrize(
    ("roller", "ventet"),
    [
        ([FROGNER], "SaLTo-koordinator Frogner (sentrumsbydel)"),
        ([FROGNER, SENTRUM], "SaLTo-koordinator Frogner (sentrumsbydel) og SaLTo-sentrum"),
        ([FROGNER, SENTRUM, SENTRUM], "SaLTo-koordinator Frogner (sentrumsbydel) m.m."),
    ],
)
def test_two_roles_are_named_and_a_third_is_more(roller: list[RolleGrunn], ventet: str) -> None:
    assert tekster.som(roller) == ventet


@pytest.mark.parametrize(
    ("tid", "ventet"),
    [
        (datetime(2026, 11, 21, 18, 0, tzinfo=OSLO), "kl 18"),
        (datetime(2026, 11, 22, 2, 25, tzinfo=OSLO), "kl 02.25"),
        (datetime(2026, 11, 22, 6, 0, tzinfo=OSLO), "søn 22.11 kl 06"),
        (datetime(2026, 11, 21, 17, 59, tzinfo=OSLO), "lør 21.11 kl 17.59"),
        (datetime(2026, 12, 1, 12, 0, tzinfo=UTC), "tir 1.12 kl 13"),
    ],
)
def test_a_moment_within_half_a_day_needs_no_date(tid: datetime, ventet: str) -> None:
    assert tekster.dag_og_klokke(tid, LOERDAG) == ventet


@pytest.mark.parametrize(
    ("sted", "ventet"),
    [
        (None, "Oslo"),
        (Sted(navn="Tøyen torg", bydeler=("01",)), "Tøyen torg"),
        (Sted(bydeler=("12",)), "Alna"),
        (Sted(bydeler=("12", "11")), "Alna, Stovner"),
        (Sted(bydeler=("12", "11", "10")), "Alna, Stovner m.fl."),
        (Sted(navn="x" * 46), "x" * 42 + "..."),
    ],
)
def test_a_place_is_named_or_is_its_bydeler(sted: Sted | None, ventet: str) -> None:
    assert tekster.sted(hendelse(sted=sted)) == ventet


@pytest.mark.parametrize(
    ("svar", "eta", "ventet"),
    [
        ("kommer", None, "Takk, vi har notert at du kommer. Svar NEI om noe endrer seg."),
        ("kommer", HALV_TRE, "Takk, vi har notert at du kommer (framme ca. kl 02.25). Svar NEI om noe endrer seg."),
        ("kommer_ikke", None, "Takk for svaret, vi har notert at du ikke kommer. Svar JA om du likevel kan."),
        ("framme", None, "Vi har notert at du er framme. Svar FERDIG når du er ferdig."),
        ("ferdig", None, "Vi har notert at du er ferdig. Takk for innsatsen!"),
    ],
)
def test_the_confirmation_says_what_was_understood(svar: str, eta: datetime | None, ventet: str) -> None:
    assert tekster.bekreftelse(DEMONSTRASJON, svar, eta) == f"SaLTo ELG: {ventet}"


def test_the_reminder_speaks_of_a_deputy_only_where_there_is_one() -> None:
    med = tekster.purring(DEMONSTRASJON, FREDAG_12, LOERDAG)
    uten = tekster.purring(DEMONSTRASJON, FREDAG_12, LOERDAG, har_vara=False)
    assert med.endswith("Svar JA eller NEI innen fre 27.11 kl 12, ellers spør vi vara.")
    assert uten.endswith("Svar JA eller NEI innen fre 27.11 kl 12.")


def test_the_free_title_is_in_no_text() -> None:
    h = hendelse(tittel="Hemmelig tittel", beskrivelse="Hemmelig beskrivelse")
    alle = [
        tekster.utkalling(h, [FROGNER], FREDAG_12, LOERDAG),
        tekster.info(h, [], LOERDAG),
        tekster.epost_om_utkalling(h, [FROGNER], FREDAG_12, LOERDAG),
        tekster.emne(h, LOERDAG),
    ]
    assert not [t for t in alle if "Hemmelig" in t]


def _navn(fil: str) -> list[str]:
    mappe = Path(services.routing.__file__).parent / "data"
    with (mappe / fil).open(encoding="utf-8") as rader:
        return [rad["navn"] for rad in csv.DictReader(rader)]


STEDER = [*_navn("places.csv"), *_navn("skoler.csv")]
LENGST = max(STEDER, key=len)
ENHETER = ["sentrum", "driftsenhet:sentrum", "kommune:3201", f"skole:{LENGST}", *(f"bydel:{b}" for b in EGNE_BYDELER)]
OM_SEKS_DAGER = timedelta(days=6, minutes=7)


def _lang(**felt: Any) -> Any:
    """The hendelse with the most to say: a drill, acute, in the longest place, with the longest kodeord."""
    grunn: dict[str, Any] = {
        "type": HendelseType.UTVIKLINGSTREKK,
        "sted": Sted(navn=LENGST),
        "start": LOERDAG + OM_SEKS_DAGER,
        "kodeord": max(KODEORD, key=len),
        "oppmoete": "O" * 120,
        "vakttelefon": "+479000000012345",
        "alvorlighet": Alvorlighet.AKUTT,
        "oevelse": True,
    }
    return hendelse(**{**grunn, **felt})


def _utkast(h: Any, roller: list[RolleGrunn]) -> Iterator[list[str]]:
    frist = LOERDAG + timedelta(days=1, minutes=7)
    yield [tekster.utkalling(h, roller, frist, LOERDAG, trinn) for trinn in tekster.TRINN]
    yield [tekster.vara(h, roller, frist, LOERDAG, trinn) for trinn in tekster.TRINN]
    yield [tekster.orientering(h, roller, LOERDAG, trinn) for trinn in tekster.TRINN]


def _er_hel(utkast: list[str]) -> bool:
    """Whether one of the drafts went out whole, in at most two segments of GSM-7."""
    tekst, koding, segmenter = tekster.sms(utkast, REF)
    hel = tekst.removesuffix(f" #{REF}") in {u.strip() for u in utkast}
    return hel and koding == "gsm7" and segmenter <= 2


@pytest.mark.parametrize("antall", [1, 2, 3])
@pytest.mark.parametrize("alvorlighet", [Alvorlighet.AKUTT, Alvorlighet.MIDDELS])
def test_a_call_out_fits_two_segments_whatever_role_unit_and_place(antall: int, alvorlighet: Alvorlighet) -> None:
    h = _lang(alvorlighet=alvorlighet)
    for rolle, enhet in product(Rolle, ENHETER):
        for utkast in _utkast(h, [_grunn(rolle, enhet, "nærmest Marka")] * antall):
            assert _er_hel(utkast), tekster.sms(utkast, REF)


@pytest.mark.parametrize("sted", sorted(STEDER, key=len)[-40:])
def test_a_call_out_fits_two_segments_in_the_longest_places(sted: str) -> None:
    for utkast in _utkast(_lang(sted=Sted(navn=sted)), [_grunn(Rolle.SALTO_KOORDINATOR, "bydel:15", "nærmest Marka")]):
        assert _er_hel(utkast)


@pytest.mark.parametrize(
    "utkast",
    [
        [tekster.purring(_lang(), LOERDAG + OM_SEKS_DAGER, LOERDAG)],
        [tekster.avlysning(_lang(), tekster.hva(_lang(), LOERDAG))],
        [tekster.endring(_lang(), LOERDAG)],
        [tekster.endring(_lang(), LOERDAG, LOERDAG + OM_SEKS_DAGER)],
        [tekster.bekreftelse(_lang(), "kommer", LOERDAG + timedelta(minutes=7))],
        [tekster.info(_lang(), [(rolle, 100) for rolle in Rolle], LOERDAG, trinn) for trinn in (0, 1)],
        [tekster.hvilken([_lang()] * 4, maks) for maks in tekster.STEDSLENGDER],
        [tekster.HJELP],
        [tekster.UKLART],
        [tekster.UKLART_HASTER],
        [tekster.INGEN_AAPNE],
        [tekster.HVILKET_TALL],
        [tekster.BARE_KODEORD],
        [tekster.STARTET],
        [tekster.lukket(max(KODEORD, key=len))],
    ],
)
def test_every_other_text_fits_two_segments_whole(utkast: list[str]) -> None:
    assert _er_hel(utkast)


@given(st.text(max_size=120), st.text(max_size=120))
def test_whatever_is_written_in_the_place_the_sms_is_gsm_of_two_segments_and_keeps_its_reference(
    sted: str, oppmoete: str
) -> None:
    h = _lang(sted=Sted(navn=sted), oppmoete=oppmoete)
    for utkast in (
        *_utkast(h, [FROGNER]),
        [tekster.endring(h, LOERDAG)],
        [tekster.endring(h, LOERDAG, LOERDAG + OM_SEKS_DAGER)],
    ):
        tekst, koding, segmenter = tekster.sms(utkast, REF)
        assert (koding, vei(tekst).segmenter) == ("gsm7", segmenter)
        assert segmenter <= 2
        assert tekst.endswith(f" #{REF}")


def test_the_reference_is_five_unmistakable_characters_and_always_the_same() -> None:
    ider = [uuid4() for _ in range(200)]
    referanser = [tekster.referanse(i) for i in ider]
    assert referanser == [tekster.referanse(i) for i in ider]
    assert all(len(r) == 5 and not set(r) & set("01IO") for r in referanser)
    assert tekster.referanse(UUID(int=1)) != tekster.referanse(UUID(int=2))
