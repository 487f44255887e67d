"""The catalogue of events: each has a sample that parses for ever, a subject of its own, and no personal data."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Union, get_args, get_origin

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from pydantic import BaseModel

from contracts import spoersmaal
from contracts.event import AnyEvent
from contracts.katalog import HENDELSER, HENDELSESLOEPET
from contracts.register import Kontakt, Kontaktspoersmaal, Kontaktsvar
from infra.journal.levering import les_event
from services.kontrakter import foreldede
from tests.contracts.eksempler import MAPPE, fil

Alle = pytest.mark.parametrize("klasse", HENDELSER, ids=lambda k: k.emne)
PERSONFELT = re.compile(r"navn|mobil|telefon|epost|e_post|adresse|nummer|fodsel|foedsel|personnr")
LOVLIGE_FELT = {
    ("Sted", "navn"),  # of a place
    ("Hendelse", "vakttelefon"),  # a duty phone, given to be passed on
    ("FeilkoeData", "rom_navn"),  # of one of our rooms
}
KONTAKT = {Kontakt, Kontaktspoersmaal, Kontaktsvar}
"""Request and reply between rooms: never an event, never stored."""


def _modeller(modell: type[BaseModel], sett: set[type[BaseModel]] | None = None) -> set[type[BaseModel]]:
    """The model and every model in it."""
    sett = set() if sett is None else sett
    if modell not in sett:
        sett.add(modell)
        for felt in modell.model_fields.values():
            for del_ in _typer(felt.annotation):
                _modeller(del_, sett)
    return sett


def _typer(annotasjon: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotasjon, type) and issubclass(annotasjon, BaseModel):
        yield annotasjon
    for del_ in get_args(annotasjon):
        yield from _typer(del_)


MODELLER = sorted({m for h in HENDELSER for m in _modeller(h)}, key=lambda m: m.__name__)


def _eksempel(klasse: type[AnyEvent]) -> Any:
    return json.loads(fil(klasse).read_text(encoding="utf-8"))


def test_every_event_has_a_sample_and_every_sample_an_event() -> None:
    assert {fil(klasse) for klasse in HENDELSER} == set(MAPPE.glob("*.json"))


@Alle
def test_the_sample_parses_and_nothing_of_it_is_lost(klasse: type[AnyEvent]) -> None:
    event = les_event(fil(klasse).read_bytes())
    assert type(event) is klasse
    assert _rommer(json.loads(event.til_bytes()), _eksempel(klasse))


def _rommer(lest: Any, skrevet: Any) -> bool:
    """Whether all that was written was read: a field that has changed its name would be lost in silence."""
    if isinstance(skrevet, dict):
        return isinstance(lest, dict) and all(k in lest and _rommer(lest[k], v) for k, v in skrevet.items())
    if isinstance(skrevet, list):
        return len(lest) == len(skrevet) and all(map(_rommer, lest, skrevet))
    if isinstance(skrevet, str) and skrevet != lest:
        return datetime.fromisoformat(skrevet) == datetime.fromisoformat(lest)
    return bool(lest == skrevet)


@Alle
def test_a_field_that_comes_later_is_no_hindrance_to_one_who_reads_today(klasse: type[AnyEvent]) -> None:
    assert les_event(json.dumps(_med_nytt(_eksempel(klasse))).encode()) == les_event(fil(klasse).read_bytes())


def _med_nytt(verdi: Any) -> Any:
    if isinstance(verdi, dict):
        return {**{k: _med_nytt(v) for k, v in verdi.items()}, "nytt_felt": {"fra": "framtiden"}}
    return [_med_nytt(v) for v in verdi] if isinstance(verdi, list) else verdi


@Alle
def test_the_envelope_is_a_cloudevent(klasse: type[AnyEvent]) -> None:
    event = JSONFormat().read(CloudEvent, fil(klasse).read_bytes())
    assert event.get_specversion() == "1.0"
    assert event.get_type() == klasse.typenavn() == f"no.oslo.salto.{klasse.emne}.v1"
    assert event.get_source() == f"/salto/{klasse.rom}"
    assert event.get_datacontenttype() == "application/json"
    assert event.get_id()
    assert event.get_time() is not None
    assert {"hendelseid", "aarsak", "salt"} <= set(event.get_attributes())  # our extensions
    assert isinstance(event.get_data(), dict)


@Alle
def test_what_the_cloudevents_library_writes_we_read(klasse: type[AnyEvent]) -> None:
    skrevet = JSONFormat().write(JSONFormat().read(CloudEvent, fil(klasse).read_bytes()))
    assert les_event(skrevet) == les_event(fil(klasse).read_bytes())


def test_every_event_has_a_subject_of_its_own_of_a_noun_and_a_participle() -> None:
    emner = [klasse.emne for klasse in HENDELSER]
    assert len(set(emner)) == len(emner)
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", emne) for emne in emner)
    assert len({klasse.typenavn() for klasse in HENDELSER}) == len(emner)


def test_the_subject_is_one_story_of_one_hendelse() -> None:
    event = les_event(fil(HENDELSER[0]).read_bytes())
    assert event.subjekt() == f"salto.hendelse.meldt.{event.hendelseid}"
    assert event.model_copy(update={"hendelseid": None}).subjekt() == "salto.hendelse.meldt.-"


def test_the_life_cycle_is_what_the_room_hendelser_says() -> None:
    assert set(HENDELSESLOEPET) == {klasse for klasse in HENDELSER if klasse.emne.startswith("hendelse.")}
    assert {klasse.rom for klasse in HENDELSESLOEPET} == {"hendelser"}


def test_the_same_cause_and_key_give_the_same_id_and_another_key_another() -> None:
    ett = les_event(fil(HENDELSER[0]).read_bytes())
    lag = type(ett).ny

    def ny(nokkel: str) -> AnyEvent:
        return lag(ett.data, naa=ett.time, aarsak=ett.id, nokkel=nokkel)

    assert ny("1").id == ny("1").id != ny("2").id
    assert ny("1").salt != ny("1").salt


@pytest.mark.parametrize("modell", MODELLER, ids=lambda m: m.__name__)
def test_what_may_be_none_may_be_left_out(modell: type[BaseModel]) -> None:
    """None is not written on the wire: a field that must be there would make the event unreadable."""
    kreves = [navn for navn, felt in modell.model_fields.items() if felt.is_required() and _kan_mangle(felt.annotation)]
    assert kreves == []


def _kan_mangle(annotasjon: Any) -> bool:
    return get_origin(annotasjon) in {Union, types.UnionType} and type(None) in get_args(annotasjon)


def test_no_event_has_a_field_for_a_persons_name_number_or_address() -> None:
    assert not KONTAKT & set(MODELLER)
    funnet = {(modell.__name__, navn) for modell in MODELLER for navn in modell.model_fields if PERSONFELT.search(navn)}
    assert funnet == LOVLIGE_FELT


def test_what_rooms_ask_each_other_has_contact_data_in_one_question_alone() -> None:
    sporsmaal = [v for v in vars(spoersmaal).values() if isinstance(v, type) and issubclass(v, BaseModel)]
    modeller = {m for s in sporsmaal for m in _modeller(s)}
    assert not KONTAKT & modeller
    funnet = {(m.__name__, navn) for m in modeller for navn in m.model_fields if PERSONFELT.search(navn)}
    assert funnet <= LOVLIGE_FELT | {("StedInn", "navn")}


def test_the_generated_documents_are_what_the_code_says() -> None:
    assert foreldede() == []
