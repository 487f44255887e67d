"""A person decides about an e-mail nobody knows about: sent once more, or regarded as sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.event import Aktoer
from contracts.melding import (
    AvgjortData,
    Bestilling,
    MeldingAvgjort,
    MeldingFeilet,
    MeldingSendt,
    MeldingUviss,
    Valg,
)
from infra.db import tabell
from services.epost.rules import Oppdrag
from services.epost.rules_avgjort import avgjoer
from services.epost.tables import MeldingRow
from tests.epost.byen import Byen, lenke_i, vent_til

NAA = datetime(2026, 11, 28, 13, 0, tzinfo=UTC)
ETTER_FRISTEN = NAA + timedelta(hours=2)
UVISS = Oppdrag(
    id=UUID(int=1),
    utkalling_id=None,
    hendelse_id=None,
    person_id=UUID(int=2),
    emne="SaLTo ELG",
    tekst="Kan du stille?",
    prioritet=2,
    forsoek=1,
    send_foer=NAA + timedelta(hours=1),
    svarlenke=False,
    oevelse=False,
)


@pytest.mark.parametrize(
    ("uviss", "forsoek", "valg", "naa", "blir"),
    [
        (UVISS, 1, "send_igjen", NAA, ("klar", None, None)),
        (UVISS, 1, "regn_som_sendt", NAA, ("sendt", "sendt", None)),
        (UVISS, 1, "send_igjen", ETTER_FRISTEN, ("feilet", "feilet", "for_sent")),
        (UVISS, 1, "regn_som_sendt", ETTER_FRISTEN, ("sendt", "sendt", None)),
        (UVISS, 2, "send_igjen", NAA, None),  # decided about another doubt
        (None, 1, "send_igjen", NAA, None),  # known by now
        (None, 1, "regn_som_sendt", NAA, None),
    ],
)
def test_what_each_choice_makes_of_an_email(
    uviss: Oppdrag | None, forsoek: int, valg: Valg, naa: datetime, blir: Any
) -> None:
    ny = avgjoer(uviss, forsoek, valg, naa)
    r = ny.resultat if ny else None
    assert (ny and (ny.status, r and r.slag, r and r.feil and r.feil.kode)) == blir


async def _uviss(byen: Byen, **felt: Any) -> Bestilling:
    """An e-mail whose words were given, and whose receipt never came."""
    byen.postkasse.brudd_ved = "svar"
    b = byen.bestilling(**felt)
    await byen.bestill(b)
    await byen.hoerer(MeldingUviss)
    byen.postkasse.brudd_ved = None
    return b


async def _velg(byen: Byen, b: Bestilling, *valg: Valg, forsoek: int = 1) -> None:
    """Says that a person chose; several choices are several persons, told at once."""
    await byen.si(
        *(
            MeldingAvgjort.ny(
                AvgjortData(
                    melding_id=b.id, kanal="epost", forsoek=forsoek, valg=v, av=Aktoer(rolle="sekretariat", id="0123")
                ),
                naa=byen.klokke.now(),
                hendelse_id=byen.hendelse_id,
            )
            for v in valg
        )
    )


async def _alt_er_hoert(byen: Byen) -> None:
    """Waits until the room has heard all that was said before this, by something said after it."""
    etterpaa = byen.bestilling()
    await byen.bestill(etterpaa)
    await vent_til(lambda: etterpaa.id in {u.melding_id for u in byen.fortalt(MeldingSendt)})


def _utfall(byen: Byen, b: Bestilling, klasse: type[Any]) -> list[Any]:
    return [u for u in byen.fortalt(klasse) if u.melding_id == b.id]


def _brev(byen: Byen, b: Bestilling) -> int:
    return sum(str(b.id) in str(brev["Message-ID"]) for brev in byen.postkasse.brev)


async def test_sent_again_is_one_new_attempt_with_the_next_number(byen: Byen) -> None:
    b = await _uviss(byen)
    assert _brev(byen, b) == 1
    await _velg(byen, b, "send_igjen")
    [utfall] = await byen.hoerer(MeldingSendt)
    assert (utfall.melding_id, utfall.forsoek, _brev(byen, b)) == (b.id, 2, 2)


async def test_the_first_of_several_choices_counts_and_the_rest_do_nothing(byen: Byen) -> None:
    b = await _uviss(byen)
    await _velg(byen, b, "send_igjen", "send_igjen", "regn_som_sendt")
    await byen.hoerer(MeldingSendt)
    await _velg(byen, b, "send_igjen")
    await _alt_er_hoert(byen)
    assert ([u.forsoek for u in _utfall(byen, b, MeldingSendt)], _brev(byen, b)) == ([2], 2)


async def test_sent_again_and_in_doubt_again_a_person_decides_anew(byen: Byen) -> None:
    b = await _uviss(byen)
    byen.postkasse.brudd_ved = "svar"
    await _velg(byen, b, "send_igjen")
    await byen.hoerer(MeldingUviss, 2)
    byen.postkasse.brudd_ved = None
    assert [u.forsoek for u in _utfall(byen, b, MeldingUviss)] == [1, 2]
    await _velg(byen, b, "send_igjen")  # once more about the first doubt: void
    await _alt_er_hoert(byen)
    assert _brev(byen, b) == 2
    await _velg(byen, b, "send_igjen", forsoek=2)
    await vent_til(lambda: [u.forsoek for u in _utfall(byen, b, MeldingSendt)] == [3])


async def test_regarded_as_sent_is_told_as_sent_and_nothing_goes_out(byen: Byen) -> None:
    b = await _uviss(byen)
    await _velg(byen, b, "regn_som_sendt")
    [utfall] = await byen.hoerer(MeldingSendt)
    assert (utfall.melding_id, utfall.forsoek) == (b.id, 1)
    await _velg(byen, b, "send_igjen")
    await _alt_er_hoert(byen)
    assert (_brev(byen, b), len(_utfall(byen, b, MeldingSendt))) == (1, 1)


@pytest.mark.parametrize("valg", ["send_igjen", "regn_som_sendt"])
async def test_an_outcome_that_came_after_all_makes_the_choice_void(byen: Byen, valg: Valg) -> None:
    b = await _uviss(byen)
    m = tabell(MeldingRow)
    async with byen.db.skriv() as tx:  # as a worker leaves it that was taken for dead, and was only slow
        await tx.execute(m.update().where(m.c.id == b.id).values(status="sendt"))
    await _velg(byen, b, valg)
    await _alt_er_hoert(byen)
    assert (_brev(byen, b), _utfall(byen, b, MeldingSendt)) == (1, [])


async def test_chosen_too_late_it_is_said_that_it_was_too_late(byen: Byen) -> None:
    b = await _uviss(byen)
    byen.klokke.frem(hours=3)
    await _velg(byen, b, "send_igjen")
    [utfall] = await byen.hoerer(MeldingFeilet)
    assert (utfall.feil and utfall.feil.kode, _brev(byen, b)) == ("for_sent", 1)


async def test_withdrawn_while_a_person_thought_it_over_it_is_not_sent_again(byen: Byen) -> None:
    b = await _uviss(byen)
    await byen.trekk(b)
    await _velg(byen, b, "send_igjen")
    [utfall] = await byen.hoerer(MeldingFeilet)
    assert (utfall.feil and utfall.feil.kode, _brev(byen, b)) == ("trukket", 1)


async def test_the_answer_link_of_the_first_copy_still_works_after_the_second(byen: Byen) -> None:
    b = await _uviss(byen, svarlenke=True)
    foerste = lenke_i(byen.postkasse.brev[0])
    await _velg(byen, b, "send_igjen")
    await byen.hoerer(MeldingSendt)
    assert lenke_i(byen.postkasse.brev[1]) != foerste
    async with byen.nettleser() as n:
        assert (await n.get(foerste)).status_code == 200


async def test_a_choice_about_another_channel_is_not_for_epost(byen: Byen) -> None:
    b = await _uviss(byen)
    data = AvgjortData(melding_id=b.id, kanal="sms", forsoek=1, valg="send_igjen", av=Aktoer(rolle="sekretariat"))
    await byen.si(MeldingAvgjort.ny(data, naa=byen.klokke.now()))
    await _alt_er_hoert(byen)
    assert _brev(byen, b) == 1
