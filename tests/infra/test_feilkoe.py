"""The dead-letter queue: seen, inspected, and handed to the failed room alone, by those who may."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from contracts.audit import FeilkoeKjoert
from infra.clock import Clock
from infra.journal import Levering, behandling
from infra.journal.levering import les_event
from infra.web.app import bygg_app
from infra.web.feilkoe import ruter
from infra.web.tilgang import Tilgang, nytt_token
from tests.infra.rommet import Huset, Rommet

TOKEN = "sekretariatets"


@pytest.fixture(autouse=True)
def uten_lange_pauser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behandling, "FORSOEK_PAUSE_SEKUNDER", 0.01)


@pytest_asyncio.fixture(loop_scope="session")
async def http(huset: Huset) -> AsyncIterator[httpx2.AsyncClient]:
    app = bygg_app([ruter(huset.journal, Clock())], Tilgang(huset.db, TOKEN), {})
    hode = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://salto/api/v1", headers=hode
    ) as klient:
        yield klient


class Syk:
    """A room that cannot handle one thing, until it is mended."""

    def __init__(self) -> None:
        self.frisk = False

    async def __call__(self, _: Rommet, leveringer: Sequence[Levering[Any]]) -> None:
        if not self.frisk and any(lev.event.data.grunn == "giftig" for lev in leveringer):
            raise RuntimeError


async def kjoert(huset: Huset) -> list[tuple[str, str]]:
    """What the journal says of letters handed back: room and outcome."""
    ut, fra = [], 1
    while melding := await huset.journal.neste_paa(FeilkoeKjoert.filter(), fra):
        data = les_event(melding.data).data
        ut.append((data.rom_navn, data.utfall))
        fra = melding.sekvens + 1
    return ut


async def test_en_tom_koe_er_tom(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/feilkoe")).json() == {"feilkoe": []}
    assert (await http.get("/feilkoe/1")).status_code == 404
    assert (await http.post("/feilkoe/0/kjoer")).status_code == 404


async def test_det_som_feilet_gis_bare_til_rommet_det_feilet_i(huset: Huset, http: httpx2.AsyncClient) -> None:
    syk = Syk()
    async with huset.rom("sykt", gjoer=syk) as sykt, huset.rom("friskt") as friskt:
        await huset.si("god", "giftig")
        await friskt.har("god", "giftig")
        await huset.feilkoe(1)
        [brev] = (await http.get("/feilkoe")).json()["feilkoe"]
        assert (brev["rom"], brev["sekvens"]) == ("sykt", 2)
        assert (await http.get(f"/feilkoe/{brev['id']}")).json()["innhold"]["data"]["grunn"] == "giftig"

        svar = (await http.post(f"/feilkoe/{brev['id']}/kjoer")).json()
        assert (svar["utfall"], svar["feil"].split()[0]) == ("feilet", "RuntimeError")
        syk.frisk = True
        svar = (await http.post(f"/feilkoe/{brev['id']}/kjoer")).json()
        assert (svar["utfall"], svar["feil"]) == ("behandlet", "")

        assert sykt.behandlet == ["god", "giftig"]
        assert friskt.behandlet == ["god", "giftig"]  # once: it was never theirs to do again
    assert (await http.get("/feilkoe")).json() == {"feilkoe": []}
    assert (await http.post(f"/feilkoe/{brev['id']}/kjoer")).status_code == 404
    assert await kjoert(huset) == [("sykt", "feilet"), ("sykt", "behandlet")]


async def test_det_som_er_gjort_i_mellomtiden_gjoeres_ikke_en_gang_til(huset: Huset, http: httpx2.AsyncClient) -> None:
    syk = Syk()
    async with huset.rom("sykt", gjoer=syk, forteller_videre=True) as sykt:
        await huset.si("giftig")
        await huset.feilkoe(1)
        syk.frisk = True
        [brev] = await huset.feilkoe(1)
        await huset.si_bytes(brev.data)  # told again by whoever told it first
        await huset.alt_er_avgjort_etter(sykt, "giftig")
        assert (await http.post(f"/feilkoe/{brev.id}/kjoer")).json()["utfall"] == "behandlet"
        assert sykt.behandlet == ["giftig"]
    assert len(await huset.fortalt()) == 1


async def test_er_rommet_borte_blir_brevet_liggende(huset: Huset, http: httpx2.AsyncClient) -> None:
    async with huset.rom("sykt", gjoer=Syk()):
        await huset.si("giftig")
        await huset.feilkoe(1)
    assert (await http.post("/feilkoe/1/kjoer")).status_code == 503
    assert len((await http.get("/feilkoe")).json()["feilkoe"]) == 1


@pytest.mark.parametrize("rolle", ["gransker", "salto_koordinator", "politi"])
async def test_bare_sekretariatet_og_systemet_rydder(rolle: str, huset: Huset, http: httpx2.AsyncClient) -> None:
    token = await nytt_token(huset.db, rolle=rolle, navn="Test", enhet=None, naa=Clock().now())
    hode = {"Authorization": f"Bearer {token}"}
    assert (await http.get("/feilkoe", headers=hode)).status_code == 403
    assert (await http.post("/feilkoe/1/kjoer", headers=hode)).status_code == 403
