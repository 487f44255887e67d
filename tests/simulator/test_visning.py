"""What the page makes of phones, mails and rules, without a browser."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from contracts.register import Kontakt
from infra.simulator import visning
from infra.simulator.oppfoersel import EpostOppfoersel, Oppfoersel
from infra.simulator.visning import Eier, Folk, Telefon, filtrert, linjer, pent
from infra.simulator.visning_oppfoersel import EGEN, POSTKASSE, TELEFON, VANLIG, gjelder, valg
from infra.simulator.visning_tekst import Bit, biter

URL = "http://salto.example"
KARI, OLA, EKTE = "+4790000001", "+4790000002", "+4790000003"
SPOERSMAAL = "SaLTo ELG: Demonstrasjon nå. Kan du stille som SaLTo-sentrum? Svar JA eller NEI innen kl 14. #7K2QX"


def kontakt(mobil: str | None, navn: str, *, demo: bool = True, epost: str | None = None) -> Kontakt:
    return Kontakt(person_id=uuid4(), mobil=mobil, epost=epost, navn=navn, demo=demo)


def sms(nummer: str, tid: str, tekst: str = SPOERSMAAL, retning: str = "ut") -> dict[str, Any]:
    return {"nummer": nummer, "antall": 1, "retning": retning, "tekst": tekst, "status": "delivered", "tid": tid}


def oversikt(*telefoner: dict[str, Any], post: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"telefoner": list(telefoner), "postkasser": list(post), "oppfoersel": {}, "epostoppfoersel": {}}


def test_people_who_are_not_made_up_are_never_shown() -> None:
    folk = Folk([kontakt(KARI, "Kari Eksempel"), kontakt(EKTE, "Ekte Menneske", demo=False, epost="e@x.example")], {})
    post = ({"adresse": "e@x.example", "antall": 1, "emne": "Hemmelig", "tid": "3"},)
    vist = linjer(oversikt(sms(KARI, "1"), sms(EKTE, "2"), post=post), folk)
    assert [li.eier.navn for li in vist] == ["Kari Eksempel"]
    assert (folk.eier(EKTE), folk.med_postkasse("e@x.example"), folk.skjult) == (None, None, {EKTE, "e@x.example"})


def test_a_number_nobody_has_is_shown_as_that() -> None:
    eier = Folk([], {}).eier(OLA)
    assert eier == Eier(OLA, None, "", "Ikke i registeret")


def test_who_was_heard_of_last_comes_first_and_a_question_is_not_hidden_by_a_mail() -> None:
    folk = Folk([kontakt(KARI, "Kari", epost="Kari@x.example"), kontakt(OLA, "Ola")], {})
    post = ({"adresse": "kari@x.example", "antall": 2, "emne": "Det samme", "tid": "3"},)
    ola, kari = sorted(
        linjer(oversikt(sms(KARI, "1"), sms(OLA, "2", "JA", "inn"), post=post), folk), key=lambda li: li.tid
    )[::-1]
    assert (ola.eier.navn, ola.selv, ola.venter) == ("Ola", True, False)
    assert (kari.eier.navn, kari.tekst, kari.venter, kari.brev) == ("Kari", SPOERSMAAL, True, 2)


@pytest.mark.parametrize(
    ("tekst", "venter"),
    [
        (SPOERSMAAL, True),
        ("SaLTo ELG PURRING: Vi mangler svar fra deg. Svar JA eller NEI innen kl 14.", True),
        ("Gjelder svaret ELG (Tøyen) eller ULV (Grorud)? Svar bare ELG eller ULV.", True),
        ("SaLTo ELG: Takk, vi har notert at du kommer. Svar NEI om noe endrer seg.", False),
        ("SaLTo ELG: Takk for svaret. Svar JA om du likevel kan.", False),
        ("SaLTo ELG AVLYST: Du skal ikke møte og trenger ikke svare.", False),
    ],
)
def test_a_phone_waits_when_the_last_word_is_a_question(tekst: str, *, venter: bool) -> None:
    assert visning.venter({"retning": "ut", "tekst": tekst}) is venter
    assert visning.venter({"retning": "inn", "tekst": tekst}) is False


def test_the_last_example_names_the_newest_kodeord() -> None:
    meldinger = [{"retning": "ut", "tekst": SPOERSMAAL}, {"retning": "inn", "tekst": "SaLTo REV"}]
    slag = TELEFON[0]
    telefon = Telefon(Eier(KARI, None, "", ""), meldinger, [], slag, slag)
    assert telefon.eksempler[-1] == "JA ELG"
    assert Telefon(telefon.eier, [], [], slag, slag).eksempler[-1] == "JA ELG"


@pytest.mark.parametrize("sok", ["kari", "KARI frogner", "900 00 001", "+4790000001", "elg", "koordinator"])
def test_one_finds_a_phone_by_whatever_one_knows(sok: str) -> None:
    k = kontakt(KARI, "Kari Eksempel")
    alle = linjer(oversikt(sms(KARI, "1")), Folk([k], {k.person_id: "SaLTo-koordinator Frogner"}))
    assert len(filtrert(alle, sok)) == 1
    assert filtrert(alle, f"{sok} finnesikke") == []
    assert filtrert(alle, sok, bare=[]) == []


@pytest.mark.parametrize(("nummer", "pen"), [("+4790000005", "+47 900 00 005"), ("+4722000000", "+47 22 00 00 00")])
def test_numbers_are_written_as_people_write_them(nummer: str, pen: str) -> None:
    assert pent(nummer) == pen


@pytest.mark.parametrize(
    ("tekst", "ventet"),
    [
        ("Hei", [Bit("Hei")]),
        (f"Svar: {URL}/svar/abcdefgh takk", [Bit("Svar: "), Bit("Åpne svarsiden", "/svar/abcdefgh"), Bit(" takk")]),
        ("http://ond.example/svar/abcdefgh", [Bit("http://ond.example/svar/abcdefgh")]),
        (f"{URL}/hendelser/1", [Bit(f"{URL}/hendelser/1")]),
        (f"{URL}/svar/abcdefgh/../../x", [Bit(f"{URL}/svar/abcdefgh/../../x")]),
        ("", []),
    ],
)
def test_only_our_own_answer_link_becomes_a_link(tekst: str, ventet: list[Bit]) -> None:
    assert biter(tekst, f"{URL}/") == ventet


@pytest.mark.parametrize(
    ("alle", "modell"), [(TELEFON, Oppfoersel), (POSTKASSE, EpostOppfoersel)], ids=["telefon", "postkasse"]
)
def test_every_way_to_misbehave_is_one_the_simulator_knows_and_is_known_again(alle: Any, modell: Any) -> None:
    assert alle[0].kode == VANLIG
    assert len({slag.kode for slag in alle}) == len(alle)
    for slag in alle[1:]:
        regel = modell.model_validate_json(json.dumps(slag.regel)).model_dump(mode="json", exclude_defaults=True)
        assert gjelder(regel, alle) == slag
        if "antall" in regel:
            assert gjelder({**regel, "antall": 99}, alle) == slag


def test_a_rule_from_elsewhere_is_not_lost_by_looking() -> None:
    egen = gjelder({"forsinkelse_ms": 1}, TELEFON)
    assert egen.kode == EGEN
    assert valg(egen, TELEFON)[-1][0] == EGEN
    assert EGEN not in dict(valg(TELEFON[0], TELEFON))
    assert gjelder(None, TELEFON).kode == VANLIG
