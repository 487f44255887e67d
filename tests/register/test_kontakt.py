"""`register.kontakt`: how other rooms find a person's number, and a number's person."""

from __future__ import annotations

from uuid import uuid4

from tests.register.byen import Byen, rad

FROGNER = rad("a-01", navn="Åse Ærlig-Ørn", epost="Felles@Test.salto.example")
VARA = rad("b-02", vara_for="a-01", epost="felles@test.salto.example", demo="ja")
KOLONNER = ("person_id", "navn", "mobil", "epost", "rolle", "enhet", "vara_for", "demo")


async def test_persons_are_found_by_id_by_number_and_by_address(byen: Byen) -> None:
    await byen.har(FROGNER, VARA)
    (frogner,) = await byen.spoer(numre=["+4790000001"])
    assert (frogner.noekkel, frogner.mobil, frogner.epost) == ("a-01", "+4790000001", "felles@test.salto.example")
    assert await byen.spoer(personer=[frogner.person_id]) == (frogner,)
    assert {k.noekkel for k in await byen.spoer(numre=["FELLES@test.salto.example"])} == {"a-01", "b-02"}


async def test_names_are_given_only_when_asked_for(byen: Byen) -> None:
    await byen.har(FROGNER)
    (uten,) = await byen.spoer(numre=["+4790000001"])
    (med,) = await byen.spoer(personer=[uten.person_id], navn=True)
    assert (uten.navn, med.navn) == (None, "Åse Ærlig-Ørn")


async def test_unknown_people_and_numbers_are_left_out(byen: Byen) -> None:
    await byen.har(FROGNER)
    assert await byen.spoer(personer=[uuid4()], numre=["+4790000099"]) == ()
    assert await byen.spoer() == ()


async def test_the_events_ids_are_the_ones_contacts_are_asked_for_by(byen: Byen) -> None:
    await byen.har(FROGNER, VARA)
    (endring,) = await byen.endringer()
    svar = await byen.spoer(personer=[r.person_id for r in endring.roller])
    assert {k.mobil for k in svar} == {"+4790000001", "+4790000002"}


async def test_a_contact_carries_the_mark_of_the_fictitious(byen: Byen) -> None:
    fil = ";".join(KOLONNER) + "\n" + "\n".join(";".join(r.get(k, "") for k in KOLONNER) for r in (FROGNER, VARA))
    assert (await byen.leser_inn(fil)).status_code == 200
    assert {k.noekkel: k.demo for k in await byen.spoer(numre=["+4790000001", "+4790000002"])} == {
        "a-01": False,
        "b-02": True,
    }
    assert {r.demo for e in await byen.endringer() for r in e.roller} == {False, True}
