"""A person decides about an SMS nobody knows about: sent once more, or regarded as sent; the truth comes first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from contracts.event import Aktoer
from contracts.melding import (
    AvgjortData,
    Bestilling,
    MeldingAvgjort,
    MeldingFeilet,
    MeldingLevert,
    MeldingSendt,
    MeldingUviss,
    Valg,
)
from services.sms import rules
from services.sms.rules_avgjort import avgjoer
from services.sms.tables import ForsoekRow
from tests.sms.huset import Huset, vent_til
from tests.sms.sentral import FEIL_FOER, LUKKER_ETTERPAA, OK, avslag
from tests.sms.test_rules import NAA, rad

ETTER_FRISTEN = NAA + timedelta(hours=2)


@pytest.mark.parametrize(
    ("felt", "forsoek", "valg", "naa", "status", "sagt"),
    [
        ({}, 3, "send_igjen", NAA, "klar", []),
        ({}, 3, "regn_som_sendt", NAA, "antatt", [("sendt", None)]),
        ({}, 3, "send_igjen", ETTER_FRISTEN, "feilet", [("feilet", "for_sent")]),
        ({}, 3, "regn_som_sendt", ETTER_FRISTEN, "antatt", [("sendt", None)]),
        ({"trekkes": True}, 3, "send_igjen", NAA, "trukket", [("feilet", "trukket")]),
        ({"trekkes": True}, 3, "send_igjen", ETTER_FRISTEN, "trukket", [("feilet", "trukket")]),
        ({}, 2, "send_igjen", NAA, "uviss", []),  # decided about a doubt that is over
        ({"status": "sendt", "sid": "SM1"}, 3, "send_igjen", NAA, "sendt", []),  # the truth was found meanwhile
        ({"status": "levert", "sid": "SM1"}, 3, "regn_som_sendt", NAA, "levert", []),
        ({"status": "klar"}, 3, "send_igjen", NAA, "klar", []),
        ({"status": "sender"}, 3, "regn_som_sendt", NAA, "sender", []),
        ({"status": "antatt"}, 3, "send_igjen", NAA, "antatt", []),
    ],
)
def test_what_each_choice_makes_of_a_message(
    felt: dict[str, Any], forsoek: int, valg: Valg, naa: Any, status: str, sagt: list[tuple[str, str | None]]
) -> None:
    foer = rad(**{"status": "uviss", "forsoek": 3, "ikke_funnet": 3, **felt})
    ny, fakta = avgjoer(foer, forsoek, valg, naa)
    assert ny.status == status
    assert [(f.slag, f.feil and f.feil.kode) for f in fakta] == sagt


def test_sent_again_it_is_due_at_once_with_its_number_kept_and_its_searches_forgotten() -> None:
    ny, _ = avgjoer(rad("uviss", forsoek=3, ikke_funnet=3, blikk=2), 3, "send_igjen", NAA)
    assert (ny.neste, ny.forsoek, ny.ikke_funnet, ny.blikk) == (NAA, 3, 0, 0)


def test_the_truth_about_what_is_regarded_as_sent_joins_without_being_told_twice() -> None:
    antatt, _ = avgjoer(rad("uviss", forsoek=3), 3, "regn_som_sendt", NAA)
    sendt, fakta = rules.akseptert(antatt, "SM1", NAA)
    assert (sendt.status, sendt.sid, fakta) == ("sendt", "SM1", ())
    levert, fakta = rules.etter_ord(antatt, "SM1", "delivered", None, NAA)
    assert (levert.status, [f.slag for f in fakta]) == ("levert", ["levert"])


async def _uviss(hus: Huset) -> Bestilling:
    """An SMS that the exchange never took, and that was looked for in vain three times over."""
    kari = hus.person()
    hus.sentral.plan[hus.mobil(kari)].extend([FEIL_FOER] * 3)
    b = await hus.bestill_en(kari)
    await hus.hoerer(MeldingUviss, b.id)
    return b


async def _velg(hus: Huset, b: Bestilling, *valg: Valg, forsoek: int = 3) -> None:
    """Says that a person chose; several choices are several persons, told at once."""
    av = Aktoer(rolle="sekretariat", id="0123456789ab")
    await hus.journal.publiser(
        [
            MeldingAvgjort.ny(
                AvgjortData(melding_id=b.id, utkalling_id=b.utkalling_id, kanal="sms", forsoek=forsoek, valg=v, av=av),
                naa=hus.klokke.now(),
                hendelse_id=hus.hendelse_id,
            )
            for v in valg
        ]
    )


async def _alt_er_hoert(hus: Huset) -> None:
    """Waits until the room has heard all that was said before this, by something said after it."""
    etterpaa = await hus.bestill_en(hus.person())
    await hus.hoerer(MeldingSendt, etterpaa.id)


async def _melder(hus: Huset, b: Bestilling, status: str) -> None:
    """The exchange speaks of a copy of the message: it had taken the first one after all."""
    skjema = next(s for s in hus.sentral.skjemaer if s["Body"] == b.tekst)
    sen = {"sid": f"SM{b.id.hex}", "to": skjema["To"], "callback": skjema["StatusCallback"]}
    assert (await hus.melder(sen, status)).status_code == 200


def _kall(hus: Huset, b: Bestilling) -> int:
    return sum(s["Body"] == b.tekst for s in hus.sentral.skjemaer)


async def test_sent_again_is_one_new_attempt_with_the_next_number(hus: Huset) -> None:
    b = await _uviss(hus)
    await _velg(hus, b, "send_igjen")
    assert (await hus.hoerer(MeldingSendt, b.id)).forsoek == 4
    assert _kall(hus, b) == 4
    assert len(hus.sentral.til(hus.mobil(b.person_id))) == 1
    assert {f["nr"]: f["utfall"] for f in await hus.alle(ForsoekRow) if f["melding_id"] == b.id} == {
        1: "ikke_funnet",
        2: "ikke_funnet",
        3: "ikke_funnet",
        4: "sendt",
    }
    assert [f["til"] for f in await hus.alle(ForsoekRow)] == [None] * 4


async def test_the_first_of_several_choices_counts_and_the_rest_do_nothing(hus: Huset) -> None:
    b = await _uviss(hus)
    await _velg(hus, b, "send_igjen", "send_igjen", "regn_som_sendt")
    await hus.hoerer(MeldingSendt, b.id)
    await _velg(hus, b, "send_igjen")
    await _alt_er_hoert(hus)
    assert _kall(hus, b) == 4
    assert [u.forsoek for u in hus.utfall(MeldingSendt, b.id)] == [4]


async def test_sent_again_and_in_doubt_again_a_person_decides_anew(hus: Huset) -> None:
    b = await _uviss(hus)
    hus.sentral.plan[hus.mobil(b.person_id)].extend([FEIL_FOER] * 3)
    await _velg(hus, b, "send_igjen")
    await vent_til(lambda: len(hus.utfall(MeldingUviss, b.id)) == 2)
    assert [u.forsoek for u in hus.utfall(MeldingUviss, b.id)] == [3, 6]
    await _velg(hus, b, "send_igjen")  # once more about the first doubt: void
    await _alt_er_hoert(hus)
    assert _kall(hus, b) == 6
    await _velg(hus, b, "send_igjen", forsoek=6)
    assert (await hus.hoerer(MeldingSendt, b.id)).forsoek == 7


async def test_regarded_as_sent_is_told_as_sent_and_nothing_goes_out(hus: Huset) -> None:
    b = await _uviss(hus)
    await _velg(hus, b, "regn_som_sendt")
    utfall = await hus.hoerer(MeldingSendt, b.id)
    assert (utfall.forsoek, utfall.leverandoer_id) == (3, None)
    assert _kall(hus, b) == 3
    assert {f["til"] for f in await hus.alle(ForsoekRow)} == {None}


async def test_a_callback_about_what_is_regarded_as_sent_joins(hus: Huset) -> None:
    b = await _uviss(hus)
    await _velg(hus, b, "regn_som_sendt")
    await hus.hoerer(MeldingSendt, b.id)
    await _melder(hus, b, "delivered")
    assert (await hus.hoerer(MeldingLevert, b.id)).leverandoer_id == f"SM{b.id.hex}"
    assert len(hus.utfall(MeldingSendt, b.id)) == 1


async def test_what_is_regarded_as_sent_is_looked_for_and_found(hus: Huset) -> None:
    b = await _uviss(hus)
    await _velg(hus, b, "regn_som_sendt")
    await hus.hoerer(MeldingSendt, b.id)
    funnet = hus.sentral.ringer_inn("+4790000999", b.tekst)
    funnet.update({"to": hus.mobil(b.person_id), "direction": "outbound-api", "status": "delivered"})
    await hus.frem(minutes=4)
    assert (await hus.hoerer(MeldingLevert, b.id)).leverandoer_id == funnet["sid"]
    assert len(hus.utfall(MeldingSendt, b.id)) == 1


@pytest.mark.parametrize("valg", ["send_igjen", "regn_som_sendt"])
async def test_the_truth_found_before_the_choice_is_heard_makes_it_void(hus: Huset, valg: Valg) -> None:
    b = await _uviss(hus)
    await _melder(hus, b, "sent")
    await hus.hoerer(MeldingSendt, b.id)
    await _velg(hus, b, valg)
    await _alt_er_hoert(hus)
    assert (_kall(hus, b), (await hus.rad(b.id))["status"]) == (3, "sendt")
    assert len(hus.utfall(MeldingSendt, b.id)) == 1


async def test_a_copy_that_turns_up_wins_over_a_new_attempt_that_waits(hus: Huset) -> None:
    b = await _uviss(hus)
    hus.sentral.plan[hus.mobil(b.person_id)].extend([avslag(21611), OK])
    await _velg(hus, b, "send_igjen")
    await vent_til(lambda: _kall(hus, b) == 4)
    await hus.faar_status(b.id, "klar")  # their queue is full: it waits for its turn, half a minute at least
    await _melder(hus, b, "sent")
    assert (await hus.hoerer(MeldingSendt, b.id)).leverandoer_id == f"SM{b.id.hex}"
    await hus.frem(minutes=5)
    await _alt_er_hoert(hus)
    assert _kall(hus, b) == 4


async def test_chosen_too_late_it_is_said_that_it_was_too_late(hus: Huset) -> None:
    kari = hus.person()
    hus.sentral.lister_nede = True
    hus.sentral.plan[hus.mobil(kari)].append(LUKKER_ETTERPAA)
    b = await hus.bestill_en(kari)
    await vent_til(lambda: hus.sentral.oppslag >= 1)
    await hus.frem(hours=3)
    utfall = await hus.hoerer(MeldingUviss, b.id)
    await _velg(hus, b, "send_igjen", forsoek=utfall.forsoek)
    feil = (await hus.hoerer(MeldingFeilet, b.id)).feil
    assert feil
    assert feil.kode == "for_sent"
    assert _kall(hus, b) == 1


async def test_withdrawn_while_a_person_thought_it_over_it_is_not_sent_again(hus: Huset) -> None:
    b = await _uviss(hus)
    await hus.trekk(b.id)
    await _velg(hus, b, "send_igjen")
    feil = (await hus.hoerer(MeldingFeilet, b.id)).feil
    assert feil
    assert feil.kode == "trukket"
    await _alt_er_hoert(hus)
    assert _kall(hus, b) == 3


async def test_a_choice_about_another_channel_is_not_for_sms(hus: Huset) -> None:
    b = await _uviss(hus)
    data = AvgjortData(melding_id=b.id, kanal="epost", forsoek=3, valg="send_igjen", av=Aktoer(rolle="sekretariat"))
    await hus.journal.publiser([MeldingAvgjort.ny(data, naa=hus.klokke.now())])
    await _alt_er_hoert(hus)
    assert (await hus.rad(b.id))["status"] == "uviss"
