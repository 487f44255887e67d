"""Nobody can know whether a message went out: it is shown, a person decides once, and everybody can see who did."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from contracts.event import AnyEvent
from contracts.melding import MeldingAvgjort
from infra.db import tabell
from infra.journal.feil import JournalNede
from infra.journal.journal import Journal
from services.sms.tables import MeldingRow
from tests.harness.by import By, Hendelse
from tests.harness.nettleser import Nettleser, Side

FROGNER = ("salto_koordinator", "bydel:05")


async def _uviss_sms(by: By, antall: int = 3, **oppfoersel: Any) -> tuple[Hendelse, dict[str, Any], dict[str, Any]]:
    """A call-out that the gateway refused to speak of three times; gives the call-out and its message."""
    await by.telefon(*FROGNER).oppfoersel(**(oppfoersel or {"status": 503, "antall": antall}))
    h = await by.sekretariat.varsler(**by.lokal())
    return h, *(await _uviss(by, h, "sms"))


async def _uviss(by: By, h: Hendelse, kanal: str) -> tuple[dict[str, Any], dict[str, Any]]:
    async def funnet() -> tuple[dict[str, Any], dict[str, Any]] | None:
        u = await by.utkalling(h, *FROGNER)
        return (
            next(((u, m) for m in u["meldinger"] if m["kanal"] == kanal and m["status"] == "uviss"), None)
            if u
            else None
        )

    u, m = await by.naar(funnet, f"{kanal} er uviss")
    return u, m


async def _melding(by: By, h: Hendelse, melding_id: str) -> dict[str, Any]:
    u = await by.utkalling(h, *FROGNER)
    assert u
    return next(dict(m) for m in u["meldinger"] if m["id"] == melding_id)


async def _blir(by: By, h: Hendelse, melding_id: str, status: str) -> dict[str, Any]:
    async def naadd() -> dict[str, Any] | None:
        m = await _melding(by, h, melding_id)
        return m if m["status"] == status else None

    return dict(await by.naar(naadd, f"meldingen er {status}"))


async def _velger(by: By, m: dict[str, Any], valg: str, **felt: Any) -> Any:
    return await by.sekretariat.kall("POST", f"/meldinger/{m['id']}/avgjoer", json={"valg": valg, **felt})


async def _antall_sms(by: By, h: Hendelse) -> int:
    return len([m for m in await by.telefon(*FROGNER).meldinger() if h.kodeord in m["tekst"]])


def _rad(side: Side, u: dict[str, Any]) -> str:
    """The row of a call-out."""
    return side.html.split(f'id="utkalling-{u["id"]}"')[1].split('class="utkalling"')[0]


async def test_send_paa_nytt_gir_ett_nytt_forsoek_og_oppgaven_er_borte(by: By) -> None:
    h, u, m = await _uviss_sms(by)
    await by.oppgave(h, "uviss")
    svar = await _velger(by, m, "send_igjen", grunn="Tar ikke telefonen")
    assert svar.status_code == 200, svar.text
    assert (svar.json()["valg"], svar.json()["av"]["rolle"], svar.json()["forsoek"]) == ("send_igjen", "sekretariat", 3)
    levert = await _blir(by, h, m["id"], "levert")
    await by.ingen_oppgave(h, "uviss")
    await by.status(h, *FROGNER, "levert")
    await by.stille()

    assert await _antall_sms(by, h) == 1
    assert levert["avgjort"]["grunn"] == "Tar ikke telefonen"
    (avgjort,) = await by.i_loggen(h, "melding.avgjort")
    assert avgjort["data"]["utkalling_id"] == u["id"]
    tall = await by.simulator.tall()
    assert tall["dobbelt"] == []


async def test_regn_som_sendt_sender_ingenting(by: By) -> None:
    h, _, m = await _uviss_sms(by)
    await by.oppgave(h, "uviss")
    assert (await _velger(by, m, "regn_som_sendt")).status_code == 200
    await _blir(by, h, m["id"], "sendt")
    await by.ingen_oppgave(h, "uviss")
    await by.stille()
    assert await _antall_sms(by, h) == 0


async def test_en_epost_i_tvil_avgjoeres_for_seg(by: By) -> None:
    """The SMS got through, the e-mail is in doubt: only the e-mail is sent again."""
    postkasse = by.postkasse(*FROGNER)
    await postkasse.oppfoersel(brudd_etter_data=True, antall=1)
    h = await by.sekretariat.varsler(**by.lokal())
    _, m = await _uviss(by, h, "epost")
    await by.oppgave(h, "uviss")
    assert (await _velger(by, m, "send_igjen")).status_code == 200
    await _blir(by, h, m["id"], "sendt")
    await by.ingen_oppgave(h, "uviss")
    await by.stille()
    brev = [b for b in await by.simulator.all_epost() if h.kodeord in b["emne"] and postkasse.adresse in b["til"]]
    assert len(brev) == 2
    assert await _antall_sms(by, h) == 1


async def test_to_raske_trykk_og_to_mennesker_gir_en_avgjoerelse(by: By) -> None:
    h, _, m = await _uviss_sms(by)
    sentrum = await by.aktor("salto_sentrum", "sentrum")
    sti, kropp = f"/meldinger/{m['id']}/avgjoer", {"valg": "send_igjen"}
    svar = await asyncio.gather(
        *(who.kall("POST", sti, json=kropp) for who in (by.sekretariat, by.sekretariat, sentrum)),
    )
    assert [s.status_code for s in svar] == [200, 200, 200]
    assert len({s.text for s in svar}) == 1
    await _blir(by, h, m["id"], "levert")
    assert (await sentrum.kall("POST", sti, json=kropp)).text == svar[0].text  # also long after
    nei = await sentrum.kall("POST", sti, json={"valg": "regn_som_sendt"})
    assert nei.status_code == 409
    hvem = "SaLTo-sekretariatet|SaLTo-sentrum Sentrum|SaLTo-sentrum"
    assert re.search(rf"^({hvem}).* valgte «Send på nytt» kl\. [\d.]+\.", nei.json()["detail"]), nei.text
    await by.stille()
    assert await _antall_sms(by, h) == 1
    assert len(await by.i_loggen(h, "melding.avgjort")) == 1


@asynccontextmanager
async def _skjult_forbi_fristen(by: By) -> AsyncIterator[tuple[Hendelse, dict[str, Any], dict[str, Any]]]:
    """The gateway took an SMS, and cannot be asked until its time is over; gives the call-out and its message."""
    await by.telefon(*FROGNER).oppfoersel(status=500, etter_aksept=True, ingen_statuser=True, antall=1)
    await by.simulator.still_inn(liste_status=503)
    try:
        h = await by.sekretariat.varsler(**by.lokal())
        await by.naar(lambda: _i_tvil(by, h), "den er i tvil")
        by.klokke.frem(days=8)
        yield h, *(await _uviss(by, h, "sms"))
    finally:
        await by.simulator.still_inn(liste_status=None)
    assert (await by.simulator.tall())["dobbelt"] == []


async def test_sannheten_gaar_foran_en_som_nettopp_trykket(by: By) -> None:
    """When the gateway can be asked again, the truth is what counts."""
    async with _skjult_forbi_fristen(by) as (h, _, m):
        await by.oppgave(h, "uviss")
        await by.simulator.still_inn(liste_status=None)
        by.klokke.frem(minutes=4)
        await _blir(by, h, m["id"], "levert")
        await by.ingen_oppgave(h, "uviss")
        nei = await _velger(by, m, "send_igjen")
        assert (nei.status_code, nei.json()["detail"]) == (409, "Meldingen er levert.")


async def test_for_sent_aa_sende_paa_nytt_blir_sagt_og_vara_kalles(by: By) -> None:
    async with _skjult_forbi_fristen(by) as (h, u, m):
        async with Nettleser(by) as n:
            side = await (await n.logg_inn("sekretariat")).hent(f"/meldinger/{m['id']}/avgjoer")
        assert "Fristen for å sende den gikk ut" in side.tekst
        assert (await _velger(by, m, "send_igjen")).status_code == 200
        feilet = await _blir(by, h, m["id"], "feilet")
        assert feilet["feil"]["kode"] == "for_sent"
        assert (await by.utkalling(h, *FROGNER) or u)["status"] in {"eskalert", "utloept"}


async def _i_tvil(by: By, h: Hendelse) -> bool | None:
    """Whether the gateway has taken the SMS, and we have not heard of it."""
    u = await by.utkalling(h, *FROGNER)
    tatt = await _antall_sms(by, h)
    return (
        True if u and tatt and any(m["kanal"] == "sms" and m["status"] == "bestilt" for m in u["meldinger"]) else None
    )


async def test_uten_bekreftelse_fra_journalen_er_det_ikke_bekreftet_foer_den_har_det(
    by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    h, _, m = await _uviss_sms(by)
    ekte = Journal.publiser

    async def publiser(self: Journal, events: Sequence[AnyEvent], *, etter: int | None = None) -> Any:
        if any(isinstance(e, MeldingAvgjort) for e in events):
            raise JournalNede("ingen PubAck")
        return await ekte(self, events, etter=etter)

    monkeypatch.setattr(Journal, "publiser", publiser)
    for _ in range(2):  # the second finds the choice stored, and must not say yes for that
        svar = await _velger(by, m, "send_igjen")
        assert (svar.status_code, svar.json()["title"]) == (503, "Ikke bekreftet")
    monkeypatch.setattr(Journal, "publiser", ekte)
    assert (await _velger(by, m, "send_igjen")).status_code == 200
    await _blir(by, h, m["id"], "levert")
    await by.stille()
    assert await _antall_sms(by, h) == 1
    assert len(await by.i_loggen(h, "melding.avgjort")) == 1


@pytest.mark.parametrize(
    ("kropp", "felt"),
    [
        ({}, "valg"),
        ({"valg": "kast"}, "valg"),
        ({"valg": "send_igjen", "grunn": "Ring 900 00 001"}, "grunn"),
        ({"valg": "send_igjen", "grunn": "x" * 501}, "grunn"),
        ({"valg": "send_igjen", "hvem": "meg"}, "hvem"),
    ],
)
async def test_en_gal_innsending_sier_hvilket_felt(by: By, kropp: dict[str, Any], felt: str) -> None:
    svar = await by.sekretariat.kall("POST", f"/meldinger/{'0' * 8}-0000-4000-8000-{'0' * 12}/avgjoer", json=kropp)
    assert svar.status_code == 422
    assert [f["felt"] for f in svar.json()["feil"]] == [felt]


async def test_bare_den_som_kan_ta_imot_svaret_kan_avgjoere(by: By) -> None:
    h, _, m = await _uviss_sms(by)
    ukjent = {"id": h.id}
    assert (await _velger(by, ukjent, "send_igjen")).status_code == 404
    for rolle, enhet in (("gransker", None), ("salto_koordinator", "bydel:04"), ("politi", "driftsenhet:ost")):
        aktor = await by.aktor(rolle, enhet)
        nei = await aktor.kall("POST", f"/meldinger/{m['id']}/avgjoer", json={"valg": "regn_som_sendt"})
        assert nei.status_code == 403, rolle
    egen = await by.aktor(*FROGNER)
    ja = await egen.kall("POST", f"/meldinger/{m['id']}/avgjoer", json={"valg": "regn_som_sendt"})
    assert (ja.status_code, ja.json()["av"]["enhet"]) == (200, "bydel:05")


async def test_er_hendelsen_lukket_kan_den_ikke_sendes_paa_nytt(by: By) -> None:
    h, _, m = await _uviss_sms(by)
    await by.sekretariat.gjoer(h, "avlys", grunn="Falsk alarm")
    await by.status(h, *FROGNER, "avlyst")
    nei = await _velger(by, m, "send_igjen")
    assert (nei.status_code, nei.json()["title"]) == (409, "Meldingen kan ikke sendes på nytt")
    assert (await _velger(by, m, "regn_som_sendt")).status_code == 200


async def test_avlyst_mens_den_venter_paa_aa_sendes_paa_nytt_trekkes_den_og_avlysningen_sendes(by: By) -> None:
    """The first copy may have been read: who may believe to be called is told, although nothing more goes out."""
    h, _, m = await _uviss_sms(by)
    await by.telefon(*FROGNER).oppfoersel(status=429, antall=1)
    assert (await _velger(by, m, "send_igjen")).status_code == 200
    await by.naar(lambda: _venter_igjen(by, m), "den venter på et nytt forsøk")
    await by.sekretariat.gjoer(h, "avlys", grunn="Falsk alarm")
    await by.telefon(*FROGNER).forventer("AVLYST")
    await _blir(by, h, m["id"], "trukket")
    by.klokke.frem(minutes=5)
    await by.stille()
    assert await _antall_sms(by, h) == 1


async def _venter_igjen(by: By, m: dict[str, Any]) -> bool | None:
    """Whether the gateway has put the new attempt off; our clock stands still, so it waits."""
    rader = tabell(MeldingRow)
    async with by.program.hus.db.les() as tx:
        rad = (await tx.execute(select(rader).where(rader.c.id == UUID(m["id"])))).one()
    return True if (rad.status, rad.forsoek) == ("klar", 4) else None


async def test_siden_viser_hva_vi_vet_knappene_og_etterpaa_hvem_som_valgte(by: By) -> None:
    h, u, m = await _uviss_sms(by)
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        oppgaver = await n.hent("/oppgaver")
        await by.oppgave(h, "uviss")
        oppgaver = await n.hent("/oppgaver")
        assert f'href="/hendelser/{h.id}#utkalling-{u["id"]}">Avgjør' in oppgaver.html
        foer = _rad(await n.hent(f"/hendelser/{h.id}"), u)
        assert "Vi vet ikke om SMS-en kom fram. Telefonen kan ha fått den." in foer
        assert f'action="/meldinger/{m["id"]}/avgjoer"' in foer
        assert foer.count('name="valg"') == 2
        assert 'name="csrftoken"' in foer

        galt = await n.send(f"/meldinger/{m['id']}/avgjoer", valg="regn_som_sendt", grunn="Ring 900 00 001")
        assert galt.status == 422
        assert "Grunnen inneholder et telefonnummer. Skriv aldri personopplysninger her." in galt.tekst
        uten = await n.send(f"/meldinger/{m['id']}/avgjoer")
        assert (uten.status, "Velg om meldingen skal sendes på nytt" in uten.tekst) == (422, True)

        side = await n.send(f"/meldinger/{m['id']}/avgjoer", valg="regn_som_sendt", grunn="Nådd på radio")
        assert side.adresse.endswith(f"/hendelser/{h.id}?ok=avgjort#utkalling-{u['id']}")
        assert "Valget om meldingen er registrert." in side.tekst
        await _blir(by, h, m["id"], "sendt")
        etter = _rad(await n.hent(f"/hendelser/{h.id}/utkallinger", htmx=True), u)
        assert re.search(r"SaLTo-sekretariatet valgte «Regn som sendt» kl\. [\d.]+\. Grunn: Nådd på radio", etter)
        assert re.search(r"regnet som sendt kl\. [\d.]+", etter)
        assert 'name="valg"' not in etter
        await by.ingen_oppgave(h, "uviss")
        igjen = await n.hent(f"/meldinger/{m['id']}/avgjoer")
        assert "Det er ikke noe å avgjøre her nå" in igjen.tekst


async def test_granskeren_ser_hva_vi_vet_men_har_ingen_knapper(by: By) -> None:
    h, u, m = await _uviss_sms(by)
    async with Nettleser(by) as n:
        await n.logg_inn("gransker")
        rad = _rad(await n.hent(f"/hendelser/{h.id}"), u)
        assert (await n.hent(f"/meldinger/{m['id']}/avgjoer")).status == 403
    assert "Vi vet ikke om SMS-en kom fram" in rad
    assert 'name="valg"' not in rad


async def test_rapporten_og_loggen_forteller_hvem_som_avgjorde(by: By) -> None:
    h, _, m = await _uviss_sms(by)
    await _velger(by, m, "regn_som_sendt", grunn="Nådd på radio")
    await _blir(by, h, m["id"], "sendt")
    await by.i_loggen(h, "melding.sendt", 2)

    async def fortalt() -> dict[str, Any] | None:
        r = dict((await by.sekretariat.rapport(h)).json())
        hva = [a["hva"] for a in r["avgjoerelser"]]
        return (
            r if any(x.startswith("Valgte å regne som sendt SMS til SaLTo-koordinator Frogner") for x in hva) else None
        )

    rapport = await by.naar(fortalt, "rapporten forteller det")
    (valget,) = [a for a in rapport["avgjoerelser"] if a["hva"].startswith("Valgte")]
    assert (valget["hvem"], valget["grunn"]) == ("SaLTo-sekretariatet", "Nådd på radio")
    async with Nettleser(by) as n:
        logg = await (await n.logg_inn("sekretariat")).hent(f"/hendelser/{h.id}/logg")
    assert "Valgte å regne som sendt SMS til SaLTo-koordinator Frogner, som ingen visste om gikk ut" in logg.tekst
