"""A fictitious Oslo: someone in every role of every unit, and hendelser put where the tests want them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from contracts.hendelse import Hendelse, HendelseType
from contracts.mobilisering import Art, Kanal
from contracts.register import Fravaer, RolleRad
from contracts.roller import DRIFTSENHETER, EGNE_BYDELER, Rolle
from contracts.spoersmaal import Stedsspoersmaal
from services.routing.regelsett import les_regelsett
from services.routing.rules import Beslutning, beslutt, eier
from services.routing.steder import Steder

STEDER = Steder.les()
REGELSETT = les_regelsett()
DATO = date(2026, 11, 28)
SKOLE = "Stovner videregående skole"
KOMMUNE = "3201"
_ROM = UUID("00000000-0000-4000-8000-000000000000")


def person(navn: str) -> UUID:
    """The random id of a fictitious person, the same each time."""
    return uuid5(_ROM, navn)


def rad(
    rolle: Rolle,
    enhet: str,
    navn: str | None = None,
    *,
    vara_for: str | None = None,
    har: tuple[Kanal, ...] = ("sms", "epost"),
    fra: date | None = None,
    til: date | None = None,
) -> RolleRad:
    """A row of the register; the person is named by the role unless the test needs another."""
    hvem = navn or f"{rolle}@{enhet}"
    return RolleRad(
        id=uuid5(_ROM, f"{hvem}/{rolle}/{enhet}/{vara_for}/{fra}/{til}"),
        person_id=person(hvem),
        rolle=rolle,
        enhet=enhet,
        vara_for=person(vara_for) if vara_for else None,
        har=har,
        gyldig_fra=fra,
        gyldig_til=til,
    )


def _alle_enheter() -> Iterable[tuple[Rolle, str]]:
    for rolle in (Rolle.SALTO_KOORDINATOR, Rolle.POLITIKONTAKT, Rolle.BYDELSDIREKTOER, Rolle.UTOEVENDE):
        yield from ((rolle, f"bydel:{nummer}") for nummer in EGNE_BYDELER)
    for rolle in (Rolle.FOREBYGGENDE, Rolle.RADIKALISERINGSKONTAKT):
        yield from ((rolle, f"driftsenhet:{navn}") for navn in DRIFTSENHETER)
    yield from REGELSETT.byens_roller.items()
    yield from ((Rolle.REKTOR, f"skole:{SKOLE}"), (Rolle.SKOLEKONTAKT_POLITI, f"skole:{SKOLE}"))
    yield Rolle.SLT_ANNEN_KOMMUNE, f"kommune:{KOMMUNE}"


def byen() -> tuple[RolleRad, ...]:
    """One holder of every role in every unit, and a deputy for every SaLTo-koordinator."""
    faste = tuple(rad(rolle, enhet) for rolle, enhet in _alle_enheter())
    vara = tuple(
        rad(en.rolle, en.enhet, f"vara@{en.enhet}", vara_for=f"{en.rolle}@{en.enhet}")
        for en in faste
        if en.rolle is Rolle.SALTO_KOORDINATOR
    )
    return faste + vara


BYEN = byen()


def borte(navn: str, fra: date = DATO, til: date = DATO) -> Fravaer:
    """An absence of a fictitious person."""
    return Fravaer(id=uuid5(_ROM, f"borte/{navn}/{fra}"), person_id=person(navn), fra=fra, til=til)


def hendelse(slag: str = "hendelse", sted: dict[str, Any] | str | None = None, **felt: Any) -> Hendelse:
    """A hendelse as the door would accept it: place resolved, owner decided. A bad place is an AssertionError."""
    raa = {"type": slag, "sted": {"navn": sted} if isinstance(sted, str) else sted, **felt}
    spoersmaal = Stedsspoersmaal.model_validate(raa)
    funnet, feil = STEDER.stedfest(spoersmaal.sted, spoersmaal.type)
    assert not feil, feil
    faste = {"tittel": "Prøve", "kodeord": "ELG", "eier": eier(spoersmaal, funnet, REGELSETT)}
    start = None if HendelseType(slag) is HendelseType.UTVIKLINGSTREKK else datetime(2026, 11, 28, 13, tzinfo=UTC)
    return Hendelse.model_validate({"start": start, **faste, **raa, "sted": funnet})


def beslutning(
    hva: Hendelse, rader: Sequence[RolleRad] = BYEN, fravaer: Sequence[Fravaer] = (), dato: date = DATO
) -> Beslutning:
    """The decision of the standard rule set over the fictitious city."""
    return beslutt(hva, rader, fravaer, REGELSETT, dato=dato)


def kalt(beslutning: Beslutning, art: Art | None = None) -> set[str]:
    """Every role that is called, as «rolle@enhet»; only those asked, or only those informed, when `art` says so."""
    return {
        f"{grunn.rolle}@{grunn.enhet}"
        for mottaker in beslutning.mottakere
        for grunn in mottaker.roller
        if art in {None, grunn.art}
    }
