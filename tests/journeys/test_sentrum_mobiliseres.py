"""SaLTo-sentrum triggers a central Oslo mobilisation: acute at night, withdrawn, and widened to the whole city."""

from __future__ import annotations

from datetime import datetime, timedelta

from contracts.roller import EGNE_BYDELER
from infra.clock import OSLO
from tests.harness.by import Aktor, By, Hendelse

VAKTTELEFON = "+4790000099"


async def _natt_paa_jernbanetorget(by: By) -> tuple[Aktor, Hendelse]:
    """It is five past two, and something is happening at Jernbanetorget."""
    by.til_klokka(2, 5)
    salto_sentrum = await by.aktor("salto_sentrum", "sentrum")
    h = await salto_sentrum.varsler(
        type="hendelse",
        tittel="Uro på Jernbanetorget",
        sted={"navn": "Jernbanetorget"},
        kilde="kommune",
        start=by.om().isoformat(),
        slutt=None,
        varslet=False,
        alvorlighet="akutt",
        vakttelefon="900 00 099",
    )
    return salto_sentrum, h


async def test_en_akutt_hendelse_om_natten_ber_om_svar_med_minutter(by: By) -> None:
    _, h = await _natt_paa_jernbanetorget(by)
    telefon = by.telefon("salto_sentrum")
    sms = await telefon.forventer(h.kodeord)
    frist = datetime.fromisoformat(h.svar["svarfrist"]).astimezone(OSLO)

    assert sms["tekst"].rpartition(" #")[0] == (
        f"SaLTo {h.kodeord} HASTER: Hendelse, Jernbanetorget nå. Kan du komme som SaLTo-sentrum? Svar JA 20 (framme "
        f"om 20 min) eller NEI innen kl {frist:%H.%M}. Spørsmål: {VAKTTELEFON}. Fare for liv: 112."
    )
    assert "02.35" <= f"{frist:%H.%M}" < "02.50"  # half an hour, when it is akutt
    assert h.svar["eier"] == {"rolle": "salto_sentrum", "enhet": "sentrum"}


async def test_ja_20_er_en_avtale_om_naar(by: By) -> None:
    _, h = await _natt_paa_jernbanetorget(by)
    telefon = by.telefon("salto_sentrum")
    await telefon.forventer(h.kodeord)
    foer = by.klokke.now()
    await telefon.svarer("JA 20")

    u = await by.status(h, "salto_sentrum", "sentrum", "kommer")
    eta = datetime.fromisoformat(u["eta"])
    assert timedelta(minutes=20) <= eta - foer < timedelta(minutes=25)
    takk = await telefon.forventer("Takk")
    assert f"du kommer (framme ca. kl {eta.astimezone(OSLO):%H.%M}). Svar NEI om noe endrer seg." in takk["tekst"]


async def test_youngstorget_kaller_ogsaa_koordinatoren_der_torget_ligger(by: By) -> None:
    salto_sentrum = await by.aktor("salto_sentrum", "sentrum")
    h = await salto_sentrum.varsler(sted={"navn": "Youngstorget"})
    sms = await by.telefon("salto_koordinator", "bydel:04").forventer(h.kodeord)

    assert "som SaLTo-koordinator St. Hanshaugen (stedets bydel)?" in sms["tekst"]
    assert h.svar["eier"] == {"rolle": "salto_sentrum", "enhet": "sentrum"}
    assert h.svar["sted"]["bydel"] == "04"
    assert h.svar["sted"]["sentrum_kilde"] == "forslag"


async def test_naar_sentrum_trekkes_tilbake_faar_de_som_bare_var_kalt_for_det_vite_det(by: By) -> None:
    salto_sentrum = await by.aktor("salto_sentrum", "sentrum")
    h = await salto_sentrum.varsler(sted={"navn": "Youngstorget"})
    frogner, gruenerloekka = by.telefon("salto_koordinator", "bydel:05"), by.telefon("salto_koordinator", "bydel:02")
    await frogner.forventer(h.kodeord)
    await gruenerloekka.forventer(h.kodeord)
    await gruenerloekka.svarer("nei")
    vara = by.telefon("salto_koordinator", "bydel:02", vara=True)
    await vara.forventer(h.kodeord)
    await by.stille()
    svar = await salto_sentrum.gjoer(h, "sentrum", sentrum=False, grunn="Torget ligger i St. Hanshaugen")

    assert "AVLYST" in (await frogner.forventer("AVLYST"))["tekst"]
    await vara.forventer("AVLYST")  # called for somebody who was called for sentrum alone
    await by.telefon("uteseksjonen").forventer("AVLYST")
    await by.stille()
    st_hanshaugen = by.telefon("salto_koordinator", "bydel:04")
    for telefon in (st_hanshaugen, gruenerloekka):  # still wanted; and one who said NEI
        assert not [m for m in await telefon.meldinger() if "AVLYST" in m["tekst"]]
    assert svar["eier"] == {"rolle": "salto_koordinator", "enhet": "bydel:04"}
    assert (await by.status(h, "salto_koordinator", "bydel:05", "avlyst"))["status"] == "avlyst"
    (bestemt,) = await by.i_loggen(h, "hendelse.sentrum_bestemt")
    assert bestemt["data"]["grunn"] == "Torget ligger i St. Hanshaugen"
    assert bestemt["data"]["av"]["rolle"] == "salto_sentrum"


async def test_en_overfoert_hendelse_beholder_eieren_naar_sentrum_trekkes_tilbake(by: By) -> None:
    salto_sentrum = await by.aktor("salto_sentrum", "sentrum")
    h = await salto_sentrum.varsler(sted={"navn": "Youngstorget"})
    til = {"rolle": "salto_koordinator", "enhet": "bydel:05"}
    await salto_sentrum.gjoer(h, "overfoer", til=til, grunn="Frogner kjenner miljøet")
    svar = await salto_sentrum.gjoer(h, "sentrum", sentrum=False, grunn="Ikke sentrum likevel")
    assert svar["eier"] == til


async def test_en_byomfattende_utvidelse_kaller_alle_femten_og_gir_sekretariatet_ansvaret(by: By) -> None:
    salto_sentrum = await by.aktor("salto_sentrum", "sentrum")
    h = await salto_sentrum.varsler()
    await by.telefon("salto_koordinator", "bydel:05").forventer(h.kodeord)
    svar = await salto_sentrum.gjoer(h, "utvid", byomfattende=True, grunn="Det ventes ungdom fra hele byen")

    for bydel in EGNE_BYDELER:
        await by.telefon("salto_koordinator", f"bydel:{bydel}").forventer(h.kodeord)
    await by.stille()
    for bydel in EGNE_BYDELER:  # once, also those who were called before
        meldinger = await by.telefon("salto_koordinator", f"bydel:{bydel}").meldinger()
        assert len([m for m in meldinger if h.kodeord in m["tekst"]]) == 1
    assert svar["eier"] == {"rolle": "sekretariat", "enhet": "velferdsetaten"}
    roller = {r["rolle"] for u in await by.sekretariat.utkallinger(h) for r in u["roller"]}
    assert {"bfe", "ff", "ude_salto_team", "sekretariat", "salto_sentrum"} <= roller


async def test_en_koordinator_kaller_de_utoevende_i_egen_bydel_og_ingen_andre(by: By) -> None:
    h = await by.sekretariat.varsler()
    frogner = await by.aktor("salto_koordinator", "bydel:05")
    await frogner.gjoer(h, "utvid", enhet="bydel:05", rolle="utoevende", grunn="Vi trenger flere ute")
    sms = await by.telefon("utoevende", "bydel:05").forventer(h.kodeord)
    assert "som utøvende Frogner?" in sms["tekst"]

    await by.stille()
    foer = await by.sekretariat.logg(h)
    for forsoek in (
        {"enhet": "bydel:01", "rolle": "utoevende"},
        {"enhet": "bydel:05", "rolle": "bydelsdirektoer"},
        {"byomfattende": True},
        {"bydeler": ["05"]},
    ):
        svar = await frogner.kall("POST", f"/hendelser/{h.id}/utvid", json=forsoek)
        assert svar.status_code == 403
        assert "egen bydel" in svar.json()["detail"]
    assert len(await by.sekretariat.logg(h)) == len(foer)
