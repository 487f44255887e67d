"""No name, no number, no address and no word of an answer is in the journal, whoever looks and however."""

from __future__ import annotations

import json

from infra.journal.topologi import JOURNAL
from tests.harness.by import By
from tests.harness.folk import folk

FROGNER, POLITI = ("salto_koordinator", "bydel:05"), ("politikontakt", "bydel:05")
SVARENE = (
    "Nei, ligger syk med omgangssyke på Ullevål",
    "Ja, men bare hvis Torstein Tulling kjører meg",
    "Ja tar med Lillebror Oppdiktet",
)
MERKNAD = "Ringte fra hytta på Finse"
FREMMED, HILSEN = "+4790000188", "Hvem er dette? Hilsen Fremmed Fantasi"
SPOR = ("omgangssyke", "Ullevål", "Torstein", "Tulling", "Lillebror", "Oppdiktet", "hytta", "Finse", "Fantasi")
"""Words that can have come from the answers alone."""


async def _alle_bytes(by: By) -> list[bytes]:
    """Every message of the stream as it is stored."""
    js = by.program.hus.journal.js
    tilstand = (await js.stream_info(JOURNAL)).state
    meldinger = [await js.get_msg(JOURNAL, seq=nr, direct=True) for nr in range(1, tilstand.last_seq + 1)]
    return [f"{m.subject} {m.headers}".encode() + (m.data or b"") for m in meldinger]


def _former(nummer: str) -> set[str]:
    """The ways a number may be written."""
    uten = nummer.removeprefix("+47")
    return {nummer, uten, f"{uten[:3]} {uten[3:5]} {uten[5:]}", " ".join(uten[i : i + 2] for i in range(0, 8, 2))}


async def test_ingen_hendelse_i_journalen_har_navn_nummer_adresse_eller_svartekst(by: By) -> None:
    h = await by.sekretariat.varsler(sted={"navn": "Youngstorget"}, vakttelefon="22 00 00 00")
    for rolle, enhet, svar in zip(
        ("salto_koordinator", "salto_sentrum", "forebyggende"),
        ("bydel:05", "sentrum", "driftsenhet:sentrum"),
        SVARENE,
        strict=True,
    ):
        telefon = by.telefon(rolle, enhet)
        await telefon.forventer(h.kodeord)
        await telefon.svarer(svar)
    await by.simulator.telefon(FREMMED).svarer(HILSEN)
    await by.oppgave(h, "uklart_svar")
    u = await by.status(h, "salto_koordinator", "bydel:04", "levert")
    await by.sekretariat.kvitterer(u, "kommer", merknad=MERKNAD)
    await by.sekretariat.gjoer(h, "avlys", grunn="Trukket")
    await by.stille()

    alt = b"\n".join(await _alle_bytes(by)).decode()
    assert h.id in alt
    personer = [(p.navn, p.mobil, p.epost, p.noekkel) for p in folk()]
    for navn, mobil, epost, noekkel in personer:
        fornavn = navn.split(" (")[0]
        for sporet in {navn, fornavn, epost, noekkel, *(_former(mobil) if mobil else ())}:
            assert sporet not in alt, f"{noekkel} er i journalen"
    for tekst in (*SVARENE, MERKNAD, HILSEN, *SPOR, *_former(FREMMED)):
        assert tekst not in alt


async def test_svarlenken_er_ikke_i_journalen(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal())
    brev = await by.postkasse(*FROGNER).forventer(h.kodeord)
    lenke = brev["tekst"].partition("/svar/")[2].split()[0]
    await by.stille()
    alt = b"\n".join(await _alle_bytes(by))
    assert len(lenke) > 20
    assert lenke.encode() not in alt
    assert b"/svar/" not in alt


async def test_svaret_ligger_i_kanalens_eget_arkiv_og_journalen_har_bare_avtrykket(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal())
    await by.telefon(*POLITI).forventer(h.kodeord)
    await by.telefon(*POLITI).svarer("Jeg stiller, hilsen vakta")
    await by.status(h, *POLITI, "kommer")
    await by.i_loggen(h, "utkalling.kvittert")  # and so is the answer that came before it
    mottatt = [r for r in await by.sekretariat.hele_loggen() if r["type"].endswith("svar.mottatt.v1")][-1]
    (svar,) = mottatt["data"]["svar"]
    assert svar["lesning"]["svar"] == "kommer"
    assert len(svar["innhold_hmac"]) == 64
    assert "vakta" not in json.dumps(mottatt)
