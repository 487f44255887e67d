"""The report, from one whole story: everything the reader asks for is in it, and nothing of anybody else."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from contracts.event import AnyEvent
from contracts.melding import AvgjortData, MeldingAvgjort, MeldingSendt, UtfallData, Valg
from services.audit.rapport.bygg import bygg_rapport
from services.audit.rapport.fortelling import IngenHendelse
from services.audit.rapport.modell import FORSEGLING, Linje, Rapport
from services.audit.rapport.tegning import som_csv, som_html
from services.audit.rules import Hode, Raa, kjed
from tests.audit.historie import (
    HENDELSE_ID,
    KOORDINATOR,
    SEKRETARIAT,
    TEKST,
    historien,
    om,
    stoey,
    utfall,
)
from tests.audit.rader import en_id, kjedet


def _rapport(**felt: object) -> Rapport:
    alt = sorted([*historien(**felt), *stoey()], key=lambda e: e.time)
    return bygg_rapport(kjedet(alt), HENDELSE_ID)


R = _rapport()
HTML = som_html(R)


def _linjer() -> list[Linje]:
    return [linje for minutt in R.tidslinje for linje in minutt.linjer]


def test_the_head_says_what_where_when_whose_and_that_it_is_not_sealed() -> None:
    h = R.hode
    assert (h.type, h.kodeord, h.status, h.eier) == ("Demonstrasjon", "ELG", "avsluttet", KOORDINATOR)
    assert h.sted == "Frognerparken, bydel Frogner"
    assert (h.varslet, h.oevelse, h.meldt, h.oppsummering) == (True, False, om(0), "Rolig.")
    assert R.kilde.forsegling == "Denne loggen er kjedet, men ennå ikke forseglet utenfor huset."
    assert (R.kilde.uleste, len(R.kilde.siste_hash)) == (0, 64)


def test_people_who_decided_stand_with_role_time_and_reason() -> None:
    assert [(a.tid, a.hvem, a.hva, a.grunn) for a in R.avgjoerelser] == [
        (om(0), "Politiet enhet vest", "Meldte hendelsen", ""),
        (om(1), "Politiet enhet vest", "Bestemte at stedet ikke regnes som Oslo sentrum", "Langt fra sentrum"),
        (om(300), "SaLTo-sekretariatet", "Avsluttet hendelsen", ""),
    ]
    assert R.aapne_vurderinger == (
        "Sekretariatets rolle ved den varslede hendelsen er ikke vurdert av noen (Oslostandarden 4.4).",
    )


def test_the_rules_decision_can_be_repeated_from_its_versions() -> None:
    [b] = R.beslutninger
    assert (b.regelsett, b.register_sekvens, b.mottakere, b.ikke_valgt, b.mangler) == ("2026-11-01.1", 42, 4, 2, 1)
    assert (b.utloest_av, b.hel) == ("Meldte hendelsen", True)


def test_everyone_asked_stands_with_rule_basis_reason_and_times() -> None:
    anne, bo, cai, dag, fia = R.spurt
    assert [s.hvem for s in R.spurt] == [
        f"{KOORDINATOR} (1)",
        f"{KOORDINATOR} (2)",
        "Politikontakt Frogner",
        "SaLTo-sekretariatet",
        f"{KOORDINATOR} (vara)",
    ]
    [g] = anne.roller
    assert (g.regel, g.grunnlag, g.grunn) == ("bydel.koordinator", "Oslostandarden 4.1", "Stedet er i Frogner")
    assert (anne.sendt, anne.levert, anne.svartid_sekunder) == (om(0.1), om(0.6), 240)
    assert (dag.art, fia.vara_for) == ("orientering", bo.hvem)
    assert (cai.sendt, cai.purret, cai.merknader) == (None, 1, ("Ingen vara å kalle",))


def test_those_not_asked_and_the_roles_nobody_held_stand_with_the_reason() -> None:
    # Eva holds the same role as two who were asked, and is numbered with them.
    assert [(i.hvem, i.grunn) for i in R.ikke_spurt] == [
        (f"{KOORDINATOR} (3)", "Har fravær"),
        ("Rektor Eksempel skole", "Ikke en skolehendelse"),
    ]
    [m] = R.mangler
    assert (m.rolle, m.aarsak, m.grunnlag) == ("Forebyggende avsnitt enhet vest", "Ingen i rollen", "4.3")


def test_the_first_and_the_last_answer_and_the_silent_are_named() -> None:
    t = R.svartider
    assert (t.antall, t.foerste_svar, t.foerste_hvem) == (2, om(4.1), f"{KOORDINATOR} (1)")
    assert (t.siste_svar, t.siste_hvem) == (om(9), f"{KOORDINATOR} (2)")
    assert (t.raskeste_sekunder, t.tregeste_sekunder, t.median_sekunder) == (240, 528, 384)
    assert [s.hvem for s in R.aldri_svart] == ["Politikontakt Frogner", f"{KOORDINATOR} (vara)"]


def test_an_unclear_answer_stands_with_who_settled_it() -> None:
    [u] = R.uklare
    assert (u.hvem, u.grunn, u.avklart) == (f"{KOORDINATOR} (2)", "sier to ting", "Ble regnet som «kommer ikke»")
    assert (u.avklart_av, u.avklart_tid) == ("SaLTo-sekretariatet", om(9))


def test_an_unclear_answer_that_nobody_settled_says_so() -> None:
    uten_svar = [e for e in historien() if e.emne != "utkalling.kvittert"]
    [u] = bygg_rapport(kjedet(uten_svar), HENDELSE_ID).uklare
    assert (u.avklart, u.avklart_av, u.avklart_tid) == ("Ikke avklart", "", None)


def test_escalations_name_the_deputies_or_that_there_was_none() -> None:
    assert [(e.hvem, e.grunn, e.vara) for e in R.eskaleringer] == [
        (f"{KOORDINATOR} (2)", "svarte nei", (f"{KOORDINATOR} (vara)",)),
        ("Politikontakt Frogner", "svarte ikke", ()),
    ]


def test_doubt_and_failure_stand_with_what_they_came_to() -> None:
    assert [(t.hva, t.til, t.ble, t.feil) for t in R.tvil] == [
        ("uviss", "Politikontakt Frogner", "uvisst om den gikk ut", ""),
        ("feilet", f"{KOORDINATOR} (vara)", "feilet", "Telefonen er av (30003)"),
    ]


def test_the_timeline_is_in_order_by_minute_and_quotes_every_message_word_by_word() -> None:
    tider = [linje.tid for linje in _linjer()]
    assert tider == sorted(tider)
    assert all(m.tid <= linje.tid < m.tid + timedelta(minutes=1) for m in R.tidslinje for linje in m.linjer)
    assert {linje.ordrett for linje in _linjer() if linje.ordrett} == {
        "Vi forsto ikke svaret ditt. #BOUK",
        *(f"{TEKST}{hale}" for hale in ("ANNUT", "BOUT", "CAIUT", "DAGUT", "FIAUT", "CAIPU")),
    }
    [til_anne] = [linje for linje in _linjer() if linje.ordrett.endswith("ANNUT")]
    assert (til_anne.tid, til_anne.oppfoelging) == (om(0.1), "Levert kl. 12.00.36")


@pytest.mark.parametrize(
    "hva",
    [
        "Politiet enhet vest: Meldte hendelsen",
        "Reglene (2026-11-01.1, registerversjon 42) valgte 4 mottakere, 1 rolle manglet",
        f"{KOORDINATOR} (1) svarte «kommer» (SMS), framme lør 28.11.2026 kl. 12.24, 2 personer",
        f"Uklart svar fra {KOORDINATOR} (2): sier to ting",
        f"Eskalert: {KOORDINATOR} (2) svarte nei",
        "Purret: Politikontakt Frogner",
        f"{KOORDINATOR} (vara) vil ikke ha mer på SMS",
        "Bemannet: 2 kommer, 2 trengtes",
        f"Skal ikke møte: {KOORDINATOR} (vara)",
        "Uvisst om meldingen gikk ut (SMS til Politikontakt Frogner)",
    ],
)
def test_the_timeline_tells_what_happened(hva: str) -> None:
    assert hva in [linje.hva for linje in _linjer()]


def test_the_numbers_add_up() -> None:
    tall = {t.navn: t.verdi for t in R.tall}
    assert tall["Forespurt"] == "4"
    assert tall["Bare orientert"] == "1"
    assert tall["Svarte aldri"] == "2"
    assert tall["Meldinger bestilt"] == "7"
    assert tall["Meldinger sendt"] == "2"
    assert tall["Vara kalt"] == "1"
    assert tall["Fra meldt til bemannet"] == "17 min 0 s"
    assert tall["Svartid, median"] == "6 min 24 s"


def test_the_same_rows_give_the_same_report_and_a_doubled_event_changes_nothing() -> None:
    alt = historien()
    rader = kjedet(alt)
    en = bygg_rapport(rader, HENDELSE_ID)
    assert en == bygg_rapport(rader, HENDELSE_ID)
    doblet = bygg_rapport(kjedet([*alt, *alt]), HENDELSE_ID)
    assert doblet.model_copy(update={"kilde": en.kilde}) == en


def test_rows_that_cannot_be_read_are_counted_and_the_rest_is_told() -> None:
    rader = kjedet(historien())
    siste = Hode(1, rader[-1].sekvens, rader[-1].hash)
    rare = [
        Raa(siste.sekvens + nr, 0, f"salto.hendelse.noe.{HENDELSE_ID}", data)
        for nr, data in enumerate((b"\xff", b'{"id":"x","type":"no.oslo.salto.framtid.kom.v1"}'), 1)
    ]
    rapport = bygg_rapport([*rader, *kjed(siste, rare, hull_sett=False)], HENDELSE_ID)
    assert rapport.kilde.uleste == 2
    assert rapport.spurt == R.spurt
    assert "2 rader i loggen" in som_html(rapport)


def test_without_the_hendelse_itself_there_is_no_report() -> None:
    with pytest.raises(IngenHendelse):
        bygg_rapport(kjedet(stoey()[1:]), HENDELSE_ID)


class _Elementer(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.start: list[tuple[str, dict[str, str | None]]] = []
        self.aapne: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.start.append((tag, dict(attrs)))
        if tag != "meta":
            self.aapne.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.aapne.pop() == tag


def test_the_page_is_well_formed_and_every_table_is_told_to_a_screen_reader() -> None:
    side = _Elementer()
    side.feed(HTML)
    assert side.aapne == []
    navn = [tag for tag, _ in side.start]
    assert navn.count("table") == navn.count("caption") > 8
    assert all(a.get("scope") in {"col", "row"} for tag, a in side.start if tag == "th")
    assert ("html", {"lang": "nb"}) in side.start


def test_what_happened_in_other_hendelser_is_not_in_the_report() -> None:
    assert not re.search(r"HEGRE|Noe helt annet|uten utkalling", HTML + R.model_dump_json())


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    assert not re.search(r"<script|<link|<img|src=|href=|url\(|https?:", HTML)


def test_the_page_escapes_what_people_wrote_and_keeps_norwegian_letters() -> None:
    assert "Markering mot &lt;nedleggelse&gt; &amp; «kutt»" in HTML
    assert "Hvem ble ikke spurt, og hvorfor ikke" in HTML
    assert "Årsak" in HTML
    assert FORSEGLING in HTML
    assert "lør 28.11.2026 kl. 14.00" in HTML
    assert "ØVELSE" not in HTML


def test_a_drill_is_marked_in_title_page_and_file() -> None:
    oevelse = _rapport(oevelse=True)
    side = som_html(oevelse)
    assert "<title>ØVELSE" in side
    assert "ØVELSE – ingenting av dette har skjedd på ordentlig" in side
    assert som_csv(oevelse).splitlines()[1].startswith("ja;")


def test_the_spreadsheet_has_a_row_for_each_asked_and_each_not_asked() -> None:
    fil = som_csv(R)
    assert fil.startswith("\ufeff")
    rader = list(csv.DictReader(io.StringIO(fil[1:]), delimiter=";"))
    assert [r["spurt"] for r in rader] == ["ja"] * 5 + ["nei"] * 2
    assert rader[0]["hvem"] == f"{KOORDINATOR} (1)"
    assert rader[5]["grunn"] == "Har fravær"


def test_a_reason_that_looks_like_a_formula_is_text_in_the_spreadsheet() -> None:
    farlig = R.ikke_spurt[0].model_copy(update={"grunn": "=2+2"})
    assert ";'=2+2;" in som_csv(R.model_copy(update={"ikke_spurt": (farlig,)}))


@pytest.mark.parametrize(
    ("valg", "hva", "ble"),
    [
        (
            "regn_som_sendt",
            "Valgte å regne som sendt SMS til Politikontakt Frogner, som ingen visste om gikk ut",
            "regnet som sendt",
        ),
        ("send_igjen", "Valgte å sende på nytt SMS til Politikontakt Frogner, som ingen visste om gikk ut", "sendt"),
    ],
)
def test_who_decided_about_a_message_nobody_knew_about_is_told(valg: Valg, hva: str, ble: str) -> None:
    data = AvgjortData(
        melding_id=en_id("melding cai utkalling"),
        utkalling_id=en_id("utkalling cai"),
        kanal="sms",
        forsoek=3,
        valg=valg,
        av=SEKRETARIAT,
        grunn="Tar ikke telefonen",
    )
    etterpaa: list[AnyEvent] = [
        MeldingAvgjort.ny(data, naa=om(2), hendelse_id=HENDELSE_ID),
        MeldingSendt.ny(UtfallData(meldinger=(utfall("cai", 2.1),)), naa=om(2.1), hendelse_id=HENDELSE_ID),
    ]
    r = bygg_rapport(kjedet(sorted([*historien(), *etterpaa], key=lambda e: e.time)), HENDELSE_ID)
    (valget,) = [a for a in r.avgjoerelser if a.hva == hva]
    assert (valget.tid, valget.hvem, valget.grunn) == (om(2), "SaLTo-sekretariatet", "Tar ikke telefonen")
    assert [t.ble for t in r.tvil if t.hva == "uviss"] == [ble]
    assert f"SaLTo-sekretariatet: {hva}" in [linje.hva for m in r.tidslinje for linje in m.linjer]
    assert [a.tid for a in r.avgjoerelser] == sorted(a.tid for a in r.avgjoerelser)
