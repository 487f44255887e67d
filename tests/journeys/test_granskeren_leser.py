"""A year later: the reviewer reads the log and the report, and the chain shows whether anybody has been at it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest_asyncio
from sqlalchemy import insert, select, update

from infra.db import Database
from services.audit.store import RAD
from services.audit.tables import AuditBase
from tests.audit.arkivet import lag_skjema, tukle
from tests.harness.baser import Base
from tests.harness.by import Aktor, By, Hendelse
from tests.harness.kommandolinje import Utfall, salto

FROGNER, POLITI = ("salto_koordinator", "bydel:05"), ("politikontakt", "bydel:05")
FOREBYGGENDE = ("forebyggende", "driftsenhet:sentrum")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def historie(byen: By) -> AsyncIterator[tuple[By, Hendelse, Aktor]]:
    """A drawn-out evening in Frogner: yes, no, unclear, silence, and a decision by a person."""
    by = byen
    h = await by.sekretariat.varsler(**by.lokal(varslet=True, oppmoete="Ved porten", bemanning={"minst": 1}))
    for rolle, enhet in (FROGNER, POLITI, FOREBYGGENDE):
        await by.telefon(rolle, enhet).forventer(h.kodeord)
    await by.telefon(*FROGNER).svarer("nei")
    await by.telefon(*FROGNER, vara=True).forventer(h.kodeord)
    await by.telefon(*FROGNER, vara=True).svarer("JA 20")
    await by.status(h, *FROGNER, "kommer", vara=True)
    await by.telefon(*POLITI).svarer("Kommer kanskje, må spørre sjefen")
    await by.oppgave(h, "uklart_svar")
    u = await by.status(h, *POLITI, "levert")
    await by.sekretariat.kvitterer(u, "kommer", merknad="Sjefen sa ja")
    await by.sekretariat.gjoer(h, "vurdering", sentral_rolle=False, grunn="Bydelen klarer dette selv")
    await by.sekretariat.gjoer(h, "avslutt", oppsummering="Rolig kveld")
    await by.stille()
    yield by, h, await by.aktor("gransker")
    await by.rydd()


async def test_loggen_staar_i_rekkefoelge_og_er_lenket(historie: tuple[By, Hendelse, Aktor]) -> None:
    _, h, gransker = historie
    rader = await gransker.logg(h)
    assert [r["sekvens"] for r in rader] == sorted({r["sekvens"] for r in rader})
    assert [r["tid"] for r in rader] == sorted(r["tid"] for r in rader)
    assert {r["hendelse_id"] for r in rader} == {h.id}
    assert len({r["hash"] for r in rader}) == len(rader)
    emner = [r["type"].removeprefix("no.oslo.salto.").removesuffix(".v1") for r in rader]
    assert emner[:2] == ["hendelse.meldt", "mobilisering.besluttet"]
    assert {
        "utkalling.opprettet",
        "melding.bestilt",
        "melding.sendt",
        "melding.levert",
        "utkalling.kvittert",
        "utkalling.eskalert",
        "svar.uklart",
        "utkalling.bemannet",
        "hendelse.vurdert",
        "hendelse.avsluttet",
    } <= set(emner)
    hele = await gransker.hele_loggen()
    assert [r["sekvens"] for r in hele] == list(range(hele[0]["sekvens"], hele[-1]["sekvens"] + 1))
    assert [r for r in hele if r["hendelse_id"] == h.id][: len(rader)] == rader


async def test_loggen_kan_leses_slik_den_var_paa_et_tidspunkt(historie: tuple[By, Hendelse, Aktor]) -> None:
    _, h, gransker = historie
    rader = await gransker.logg(h)
    kvittert = next(r for r in rader if r["type"].endswith("utkalling.kvittert.v1"))
    foer = (await gransker.kall("GET", f"/hendelser/{h.id}/logg", params={"til": kvittert["tid"]})).json()
    assert foer == [r for r in rader if datetime.fromisoformat(r["tid"]) <= datetime.fromisoformat(kvittert["tid"])]
    assert 0 < len(foer) < len(rader)
    naivt = await gransker.kall("GET", f"/hendelser/{h.id}/logg", params={"til": "2026-11-21T12:00:00"})
    assert naivt.status_code == 422


async def test_rapporten_forteller_hvem_hva_og_hvorfor(historie: tuple[By, Hendelse, Aktor]) -> None:
    by, h, gransker = historie
    r: dict[str, Any] = (await gransker.rapport(h)).json()
    sendt = {m["tekst"] for n in (FROGNER, POLITI, FOREBYGGENDE) for m in await by.telefon(*n).meldinger()
             if m["retning"] == "ut"}  # fmt: skip
    assert any("et menneske ser på det" in tekst for tekst in sendt)
    assert sendt <= {m["tekst"] for m in r["meldinger"]}  # letter for letter
    spurt = {s["hvem"]: s for s in r["spurt"]}
    assert spurt["SaLTo-koordinator Frogner"]["roller"][0]["grunn"].startswith("Hendelsen er i din bydel (Frogner)")
    assert spurt["SaLTo-koordinator Frogner"]["roller"][0]["grunnlag"].startswith("Oslostandarden 4.1")
    assert [s["svar"] for s in spurt["SaLTo-koordinator Frogner"]["svar"]] == ["kommer ikke"]
    assert spurt["SaLTo-koordinator Frogner (vara)"]["vara_for"] == "SaLTo-koordinator Frogner"
    ikke = {i["hvem"]: i["grunn"] for i in r["ikke_spurt"]}
    assert ikke["Uteseksjonen"].startswith("Uteseksjonen kalles bare når stedet regnes som Oslo sentrum")
    assert ikke["SaLTo-sekretariatet"].startswith("Vurderingsoppgave")
    assert [s["hvem"] for s in r["aldri_svart"]] == ["Forebyggende avsnitt enhet sentrum"]
    (vurdert,) = [a for a in r["avgjoerelser"] if "Vurderte" in a["hva"]]
    assert (vurdert["hvem"], vurdert["grunn"]) == ("SaLTo-sekretariatet", "Bydelen klarer dette selv")
    (uklart,) = r["uklare"]
    assert (uklart["hvem"], uklart["avklart"]) == ("Politikontakt Frogner", "Ble regnet som «kommer»")
    assert uklart["avklart_av"] == "SaLTo-sekretariatet"
    assert r["beslutninger"][0]["regelsett"].startswith("Oslostandarden")
    assert r["beslutninger"][0]["register_sekvens"] > 0
    assert (r["svartider"]["foerste_hvem"], r["svartider"]["siste_hvem"]) == (
        "SaLTo-koordinator Frogner",
        "Politikontakt Frogner",
    )
    assert r["kilde"]["forsegling"] == "Denne loggen er kjedet, men ennå ikke forseglet utenfor huset."


async def test_rapporten_som_side_sier_det_samme(historie: tuple[By, Hendelse, Aktor]) -> None:
    _, h, gransker = historie
    r: dict[str, Any] = (await gransker.rapport(h)).json()
    side = await gransker.rapport(h, "html")
    assert side.headers["content-type"].startswith("text/html")
    for tekst in (
        "ikke forseglet utenfor huset",
        "Bydelen klarer dette selv",
        "Grunnlag i Oslostandarden",
        "Forebyggende avsnitt enhet sentrum",
        next(m["tekst"] for m in r["meldinger"] if m["kanal"] == "SMS"),
    ):
        assert tekst in side.text
    assert "http://" not in side.text
    assert "https://" not in side.text


def _json(utfall: Utfall) -> dict[str, Any]:
    return dict(json.loads(utfall.ut))


async def kopier(fra: str, til: str) -> None:
    """The whole archive, in another database."""
    ekte, kopi = Database(fra), Database(til)
    await lag_skjema(kopi)
    async with ekte.les() as en, kopi.skriv() as to:
        for tabell in AuditBase.metadata.sorted_tables:
            await to.execute(insert(tabell), [dict(r) for r in (await en.execute(select(tabell))).mappings()])
    await ekte.lukk()
    await kopi.lukk()


async def bytt(url: str, sekvens: int, ord_: bytes, nytt: bytes) -> None:
    """Somebody changes what a row says."""
    db = Database(url)
    async with db.les() as tx:
        data = (await tx.execute(select(RAD.c.data).where(RAD.c.sekvens == sekvens))).scalar_one()
    assert ord_ in data
    await tukle(db, update(RAD).where(RAD.c.sekvens == sekvens).values(data=data.replace(ord_, nytt)))
    await db.lukk()


async def test_kjeden_er_hel_og_en_tuklet_kopi_roepes(
    historie: tuple[By, Hendelse, Aktor], base: Base, tmp_path: Path
) -> None:
    by, h, _ = historie
    ekte = by.program.hus.settings
    hel = await salto("audit", "verifiser", "--json", data_dir=str(ekte.data_dir), database_url=ekte.database_url)
    assert (hel.kode, _json(hel)["hel"]) == (0, True)

    sekvens = h.versjon
    await kopier(ekte.auditdatabase, base.arkiv)
    await bytt(base.arkiv, sekvens, b"Ved porten", b"Ved broen!")
    brutt = await salto("audit", "verifiser", "--json", data_dir=str(tmp_path), database_url=base.innstilling)
    assert (brutt.kode, _json(brutt)["hel"]) == (1, False)
    assert _json(brutt)["foerste_feil"]["sekvens"] == sekvens
    assert (await salto("audit", "verifiser", data_dir=str(tmp_path / "finnes-ikke"))).kode == 2


async def test_loggen_paa_kommandolinjen_er_den_samme(historie: tuple[By, Hendelse, Aktor]) -> None:
    by, h, gransker = historie
    s = by.program.hus.settings
    token = s.api_token.get_secret_value()
    ut = await salto("logg", "--hendelse", h.id, "--json", url=s.public_url, api_token=token)
    linjer = [json.loads(linje) for linje in ut.ut.splitlines()]
    assert linjer == await gransker.logg(h)
    assert set(linjer[0]) == {"sekvens", "id", "type", "tid", "hendelse_id", "data", "hash"}


async def test_granskeren_leser_og_gjoer_ingenting(historie: tuple[By, Hendelse, Aktor]) -> None:
    by, h, gransker = historie
    foer = len(await gransker.logg(h))
    for metode, sti, kropp in (
        ("POST", "/hendelser", by.demonstrasjon()),
        ("PATCH", f"/hendelser/{h.id}", {"tittel": "Noe annet"}),
        ("POST", f"/hendelser/{h.id}/avlys", {"grunn": "Nei"}),
        ("POST", f"/hendelser/{h.id}/utvid", {"byomfattende": True}),
    ):
        svar = await gransker.kall(metode, sti, json=kropp, headers={"If-Match": str(h.versjon)})
        assert svar.status_code == 403, (metode, sti)
    u = await by.utkalling(h, *POLITI)
    assert u is not None
    assert (await gransker.kvitterer(u, "kommer")).status_code == 403
    assert len(await gransker.logg(h)) == foer
