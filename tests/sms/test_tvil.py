"""Doubt is looked up, never resent blindly: the provider has exactly one copy of what it took."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.melding import MeldingFeilet, MeldingSendt, MeldingUviss
from infra.db import tabell
from services.sms.tables import ForsoekRow, MeldingRow
from tests.sms.huset import TIDER, Huset, vent_til
from tests.sms.sentral import (
    FEIL_ETTERPAA,
    FEIL_FOER,
    HENGER_ETTERPAA,
    HENGER_FOER,
    LUKKER_ETTERPAA,
    LUKKER_FOER,
    Oppfoersel,
)

Bygg = Callable[..., Awaitable[Huset]]
KNAPT = replace(TIDER, anrop=2.0)
"""Calls are given up while the test waits, and hardly before the exchange has them."""


@pytest.mark.parametrize(
    "hva",
    [FEIL_ETTERPAA, LUKKER_ETTERPAA, HENGER_ETTERPAA, Oppfoersel(302), Oppfoersel(408)],
    ids=["500", "closed", "time-out", "redirect", "408"],
)
async def test_what_was_accepted_is_found_and_not_sent_again(bygg_hus: Bygg, hva: Oppfoersel) -> None:
    hus = await bygg_hus(tider=KNAPT if hva.henger else TIDER)
    kari = hus.person()
    hus.sentral.plan[hus.mobil(kari)].append(hva)
    b = await hus.bestill_en(kari)
    utfall = await hus.hoerer(MeldingSendt, b.id)
    (melding,) = hus.sentral.til(hus.mobil(kari))
    assert utfall.leverandoer_id == melding["sid"]
    assert len(hus.sentral.skjemaer) == 1
    (forsoek,) = await hus.alle(ForsoekRow)
    assert (forsoek["utfall"], forsoek["til"]) == ("sendt", None)


@pytest.mark.parametrize("hva", [FEIL_FOER, LUKKER_FOER, HENGER_FOER], ids=["503", "closed", "time-out"])
async def test_what_is_never_found_is_sent_once_more(bygg_hus: Bygg, hva: Oppfoersel) -> None:
    hus = await bygg_hus(tider=KNAPT if hva.henger else TIDER)
    kari = hus.person()
    hus.sentral.plan[hus.mobil(kari)].append(hva)
    b = await hus.bestill_en(kari)
    assert (await hus.hoerer(MeldingSendt, b.id)).forsoek == 2
    assert len(hus.sentral.til(hus.mobil(kari))) == 1
    assert hus.sentral.oppslag >= 3
    utfall = {f["nr"]: f["utfall"] for f in await hus.alle(ForsoekRow)}
    assert utfall == {1: "ikke_funnet", 2: "sendt"}


async def test_after_three_attempts_in_doubt_a_person_decides(hus: Huset) -> None:
    kari = hus.person()
    hus.sentral.plan[hus.mobil(kari)].extend([FEIL_FOER] * 9)
    b = await hus.bestill_en(kari)
    utfall = await hus.hoerer(MeldingUviss, b.id)
    assert (utfall.forsoek, utfall.feil and utfall.feil.kode) == (3, "uviss")
    assert len(hus.sentral.skjemaer) == 3


async def test_what_cannot_be_looked_up_in_time_is_left_to_a_person(hus: Huset) -> None:
    kari = hus.person()
    hus.sentral.lister_nede = True
    hus.sentral.plan[hus.mobil(kari)].append(FEIL_ETTERPAA)
    b = await hus.bestill_en(kari)
    await vent_til(lambda: hus.sentral.oppslag >= 2)
    await hus.frem(hours=3)
    await hus.hoerer(MeldingUviss, b.id)
    assert len(hus.sentral.skjemaer) == 1


async def test_an_outage_of_the_listing_is_waited_out(hus: Huset) -> None:
    kari = hus.person()
    hus.sentral.lister_nede = True
    hus.sentral.plan[hus.mobil(kari)].append(FEIL_ETTERPAA)
    b = await hus.bestill_en(kari)
    await vent_til(lambda: hus.sentral.oppslag >= 4)
    hus.sentral.lister_nede = False
    await hus.hoerer(MeldingSendt, b.id)
    assert len(hus.sentral.til(hus.mobil(kari))) == 1


async def test_in_doubt_past_its_time_and_not_found_it_is_too_late(hus: Huset) -> None:
    kari = hus.person()
    hus.sentral.lister_nede = True
    hus.sentral.plan[hus.mobil(kari)].append(FEIL_FOER)
    b = await hus.bestill_en(kari)
    await hus.faar_status(b.id, "tvil")
    hus.sentral.lister_nede = False
    await hus.frem(hours=3)
    utfall = await hus.hoerer(MeldingFeilet, b.id)
    assert utfall.feil
    assert utfall.feil.kode == "for_sent"
    assert len(hus.sentral.skjemaer) == 1


async def test_a_look_in_vain_that_began_in_time_is_not_the_last_one(hus: Huset) -> None:
    def tiden_gaar_ut() -> None:
        hus.klokke.frem(hours=3)
        hus.sentral.ved_oppslag = leverandoeren_er_tilbake

    def leverandoeren_er_tilbake() -> None:
        hus.sentral.lister_nede = False

    kari = hus.person()
    hus.sentral.lister_nede = True
    hus.sentral.ved_oppslag = tiden_gaar_ut
    hus.sentral.plan[hus.mobil(kari)].append(FEIL_FOER)
    b = await hus.bestill_en(kari)
    await vent_til(lambda: bool(hus.utfall(MeldingFeilet, b.id) or hus.utfall(MeldingUviss, b.id)))
    assert [u.feil.kode for u in hus.utfall(MeldingFeilet, b.id) if u.feil] == ["for_sent"]


async def test_a_callback_with_our_id_settles_a_doubt(hus: Huset) -> None:
    kari = hus.person()
    hus.sentral.lister_nede = True
    hus.sentral.plan[hus.mobil(kari)].append(LUKKER_ETTERPAA)
    b = await hus.bestill_en(kari)
    await hus.faar_status(b.id, "tvil")
    assert (await hus.melder(hus.sentral.meldinger[0], "sent")).status_code == 200
    assert (await hus.hoerer(MeldingSendt, b.id)).leverandoer_id == hus.sentral.meldinger[0]["sid"]
    assert len(hus.sentral.skjemaer) == 1


async def test_a_callback_settles_even_what_was_left_to_a_person(hus: Huset) -> None:
    kari = hus.person()
    hus.sentral.lister_nede = True
    hus.sentral.plan[hus.mobil(kari)].append(LUKKER_ETTERPAA)
    b = await hus.bestill_en(kari)
    await vent_til(lambda: hus.sentral.oppslag >= 1)
    await hus.frem(hours=3)
    await hus.hoerer(MeldingUviss, b.id)
    await hus.melder(hus.sentral.meldinger[0], "sent")
    assert (await hus.hoerer(MeldingSendt, b.id)).leverandoer_id == hus.sentral.meldinger[0]["sid"]
    assert len(hus.sentral.skjemaer) == 1


async def test_withdrawn_while_in_doubt_and_never_found_it_is_not_sent_again(hus: Huset) -> None:
    kari = hus.person()
    hus.sentral.lister_nede = True
    hus.sentral.plan[hus.mobil(kari)].append(FEIL_FOER)
    b = await hus.bestill_en(kari)
    await hus.faar_status(b.id, "tvil")
    await hus.trekk(b.id)
    await hus.skal_trekkes(b.id)
    hus.sentral.lister_nede = False
    utfall = await hus.hoerer(MeldingFeilet, b.id)
    assert utfall.feil
    assert utfall.feil.kode == "trukket"
    assert len(hus.sentral.skjemaer) == 1


async def test_an_old_order_seen_anew_is_looked_up_before_anything_is_sent(hus: Huset) -> None:
    """A restored database: the ledger has forgotten what the provider has."""
    kari, per = hus.person(), hus.person()
    sendt, usendt = hus.bestilling(kari), hus.bestilling(per)
    hus.sentral.ringer_inn(hus.mobil(kari), "hei")
    gammel = hus.sentral.ringer_inn("+4790000999", sendt.tekst)
    gammel.update({"to": hus.mobil(kari), "direction": "outbound-api", "status": "delivered"})
    await hus.bestill(sendt, usendt, eldre=timedelta(minutes=2))
    assert (await hus.hoerer(MeldingSendt, sendt.id)).leverandoer_id == gammel["sid"]
    await hus.hoerer(MeldingSendt, usendt.id)
    assert [skjema["To"] for skjema in hus.sentral.skjemaer] == [hus.mobil(per)]


async def test_another_message_with_the_same_ending_is_not_taken_for_this_one(hus: Huset) -> None:
    kari = hus.person()
    foerste = await hus.bestill_en(kari)
    await hus.hoerer(MeldingSendt, foerste.id)
    hus.sentral.plan[hus.mobil(kari)].append(FEIL_FOER)
    andre = await hus.bestill_en(kari, ref=foerste.ref, tekst=foerste.tekst)
    assert (await hus.hoerer(MeldingSendt, andre.id)).forsoek == 2
    assert len(hus.sentral.til(hus.mobil(kari))) == 2


async def test_a_worker_that_died_leaves_doubt_when_its_lease_runs_out(hus: Huset) -> None:
    kari = hus.person()
    b = await hus.bestill_en(kari)
    await hus.hoerer(MeldingSendt, b.id)
    m = tabell(MeldingRow)
    doed = {"status": "sender", "sid": None, "leie_til": hus.klokke.now() - timedelta(seconds=1)}
    async with hus.db.skriv() as tx:
        await tx.execute(m.update().where(m.c.id == b.id).values(**doed))
    await hus.faar_status(b.id, "sendt")
    assert len(hus.sentral.skjemaer) == 1


async def test_what_was_left_to_a_person_is_found_when_the_provider_answers_again(hus: Huset) -> None:
    kari = hus.person()
    hus.sentral.lister_nede = True
    hus.sentral.plan[hus.mobil(kari)].append(LUKKER_ETTERPAA)
    b = await hus.bestill_en(kari)
    await vent_til(lambda: hus.sentral.oppslag >= 1)
    await hus.frem(hours=3)
    await hus.hoerer(MeldingUviss, b.id)
    hus.sentral.lister_nede = False
    await hus.frem(minutes=4)
    await hus.hoerer(MeldingSendt, b.id)
    assert len(hus.sentral.skjemaer) == 1
    assert [f["til"] for f in await hus.alle(ForsoekRow)] == [None]


async def test_what_was_left_to_a_person_is_never_sent_again(hus: Huset) -> None:
    kari = hus.person()
    hus.sentral.plan[hus.mobil(kari)].extend([FEIL_FOER] * 3)
    b = await hus.bestill_en(kari)
    await hus.hoerer(MeldingUviss, b.id)
    oppslag = hus.sentral.oppslag
    await hus.frem(minutes=4)
    await vent_til(lambda: hus.sentral.oppslag > oppslag)
    assert len(hus.sentral.skjemaer) == 3
    assert len(hus.utfall(MeldingUviss, b.id)) == 1
