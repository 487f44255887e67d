"""Several people at once: each of them is heard, nothing happens twice, and nobody's decision is lost."""

from __future__ import annotations

import asyncio
from collections import Counter

from tests.harness.by import By, Hendelse

FROGNER = ("salto_koordinator", "bydel:05")


async def test_ti_forsoek_med_samme_noekkel_er_en_hendelse(by: By) -> None:
    kropp, hode = by.demonstrasjon(**by.lokal()), {"Idempotency-Key": "ti-ganger"}
    svar = await asyncio.gather(
        *(by.sekretariat.kall("POST", "/hendelser", json=kropp, headers=hode) for _ in range(10))
    )
    assert Counter(s.status_code for s in svar) == {201: 1, 200: 9}
    assert len({(s.json()["id"], s.json()["kodeord"], s.json()["versjon"]) for s in svar}) == 1
    assert len(await by.i_loggen(Hendelse(svar[0].json()), "hendelse.meldt")) == 1


async def test_hendelser_som_meldes_samtidig_faar_hvert_sitt_kodeord(by: By) -> None:
    hendelser = await asyncio.gather(*(by.sekretariat.varsler(**by.lokal(utkast=True)) for _ in range(10)))
    assert len({h.kodeord for h in hendelser}) == 10


async def test_utvidelser_som_gjoeres_samtidig_gjelder_alle(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal())
    utvidelser = [{"bydeler": [bydel]} for bydel in ("01", "12", "15")] + [{"byomfattende": True}]
    await asyncio.gather(*(by.sekretariat.gjoer(h, "utvid", **u) for u in utvidelser))
    ny = await by.sekretariat.ser(h)
    assert sorted(u["bydeler"] for u in ny["utvidelser"]) == [[], ["01"], ["12"], ["15"]]
    assert ny["eier"]["rolle"] == "sekretariat"  # whoever came last


async def test_en_av_to_som_endrer_det_samme_maa_se_seg_om_igjen(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal())
    hode = {"If-Match": str(h.versjon)}
    svar = await asyncio.gather(
        *(
            by.sekretariat.kall("PATCH", f"/hendelser/{h.id}", json={"oppmoete": sted}, headers=hode)
            for sted in ("Ved porten", "Ved kiosken", "Ved broen")
        )
    )
    assert Counter(s.status_code for s in svar) == {200: 1, 412: 2}


async def test_to_som_avlyser_samtidig_avlyser_en_gang(by: By) -> None:
    h = await by.sekretariat.varsler(**by.lokal())
    telefon = by.telefon(*FROGNER)
    await telefon.forventer(h.kodeord)
    await by.stille()
    svar = await asyncio.gather(
        *(by.sekretariat.kall("POST", f"/hendelser/{h.id}/avlys", json={"grunn": f"Grunn {nr}"}) for nr in range(4))
    )
    assert Counter(s.status_code for s in svar) == {200: 1, 409: 3}
    await by.stille()
    assert len([m for m in await telefon.meldinger() if "AVLYST" in m["tekst"]]) == 1
    assert len(await by.i_loggen(h, "hendelse.avlyst")) == 1


async def test_svar_som_kommer_samtidig_fra_alle_teller_alle(by: By) -> None:
    h = await by.sekretariat.varsler(bemanning={"minst": 3})
    enheter = [f"bydel:{bydel}" for bydel in ("01", "02", "03", "04", "05")]
    for enhet in enheter:
        await by.telefon("salto_koordinator", enhet).forventer(h.kodeord)
    await asyncio.gather(*(by.telefon("salto_koordinator", enhet).svarer("ja") for enhet in enheter))
    for enhet in enheter:
        await by.status(h, "salto_koordinator", enhet, "kommer")
    (bemannet,) = await by.i_loggen(h, "utkalling.bemannet")
    assert bemannet["data"]["minst"] == 3
    assert bemannet["data"]["kommer"] >= 3
