"""Who holds a role on a date: holders that can be reached, their deputies in order, and why others are left out."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.register import Fravaer, RolleRad
from contracts.roller import Rolle
from services.routing.rules_tilfelle import SKOLE_UKJENT

FRAVAER, UGYLDIG, KANAL = "fraværende", "rollen gjelder ikke på datoen", "har verken mobil eller e-post å nås på"
_ALLE = {
    FRAVAER: "Alle som har rollen, er fraværende på datoen.",
    UGYLDIG: "Ingen har rollen på datoen: den er utløpt eller har ikke begynt å gjelde.",
    KANAL: "Ingen som har rollen, har mobil eller e-post å nås på.",
}
_TOM = "Ingen innehaver av rollen finnes i registeret."
_LEDIG = "Rollen har ingen innehaver nå; vara er kalt i stedet."
_INGEN_BESTEMT = "Ingen bestemt skole er oppgitt: skriv skolens navn som sted, eller ring skolen."
_BYENS = "*"


@dataclass(frozen=True, slots=True)
class Plass:
    """One who is called in a role, with deputies in the order they are called."""

    rad: RolleRad
    vara: tuple[RolleRad, ...] = ()
    i_stedet: str = ""
    """Why a deputy stands here at once; empty for a holder."""


@dataclass(frozen=True, slots=True)
class Besetning:
    """How one role in one unit is filled."""

    plasser: tuple[Plass, ...]
    utelatt: tuple[tuple[UUID | None, str], ...] = ()
    """Holders and deputies that cannot be called, with the reason; None = the role is vacant."""
    aarsak: str = ""
    """Why nobody could be called; empty when somebody is."""


class Innehavere:
    """The register as it is on one date. `byens` are roles the city has one of: they match in any unit."""

    def __init__(
        self, rader: Iterable[RolleRad], fravaer: Iterable[Fravaer], byens: Collection[Rolle], dato: date
    ) -> None:
        self._byens = byens
        self._dato = dato
        self._borte = {ett.person_id for ett in fravaer if ett.fra <= dato <= ett.til}
        self._grupper: dict[tuple[Rolle, str], list[RolleRad]] = {}
        for rad in rader:
            self._grupper.setdefault(self._noekkel(rad.rolle, rad.enhet), []).append(rad)

    def besett(self, rolle: Rolle, enhet: str) -> Besetning:
        """Every holder of the role in the unit, or a deputy in the place of one who cannot come."""
        rader = self._grupper.get(self._noekkel(rolle, enhet))
        if not rader:
            return Besetning((), aarsak=_INGEN_BESTEMT if enhet == SKOLE_UKJENT else _TOM)
        rader.sort(key=lambda rad: rad.id.int)
        faste = self._beste(rad for rad in rader if rad.vara_for is None)
        vara = _etter_innehaver(rad for rad in rader if rad.vara_for is not None)
        return self._fordel(faste, vara)

    def _noekkel(self, rolle: Rolle, enhet: str) -> tuple[Rolle, str]:
        return (rolle, _BYENS if rolle in self._byens else enhet.casefold())

    def _hinder(self, rad: RolleRad) -> str | None:
        """Why the person cannot be called in the role, if so."""
        if (rad.gyldig_fra and rad.gyldig_fra > self._dato) or (rad.gyldig_til and rad.gyldig_til < self._dato):
            return UGYLDIG
        if self._borte and rad.person_id in self._borte:
            return FRAVAER
        return None if rad.har else KANAL

    def _beste(self, rader: Iterable[RolleRad]) -> dict[UUID, RolleRad]:
        """One row a person: a renewed role has an old row too, and the one that works counts."""
        beste: dict[UUID, RolleRad] = {}
        for rad in rader:
            foer = beste.setdefault(rad.person_id, rad)
            if foer is not rad and self._hinder(foer) and not self._hinder(rad):
                beste[rad.person_id] = rad
        return beste

    def _fordel(self, faste: Mapping[UUID, RolleRad], vara: Mapping[UUID, Sequence[RolleRad]]) -> Besetning:
        hinder = {person: grunn for person, rad in faste.items() if (grunn := self._hinder(rad))}
        kalt = [rad for person, rad in faste.items() if person not in hinder] if hinder else list(faste.values())
        if not hinder and not vara:
            # The common case, and the large one: thousands in a role nobody is deputy for.
            return Besetning(tuple(map(Plass, kalt)))
        opptatt = {rad.person_id for rad in kalt}
        vikarer = self._vikarer((*hinder, *_uten_innehaver(faste, vara)), vara, opptatt)
        plasser = [Plass(rad, self._ledige(rad.person_id, vara, opptatt)) for rad in kalt]
        plasser += [
            Plass(rad, self._ledige(innehaver, vara, opptatt), _i_stedet(hinder.get(innehaver)))
            for innehaver, rad in vikarer.items()
        ]
        utelatt: list[tuple[UUID | None, str]] = [(person, _setning(grunn)) for person, grunn in hinder.items()]
        utelatt.extend((None, _LEDIG) for innehaver in vikarer if innehaver not in hinder)
        utelatt.extend(self._varas_hinder(vara, opptatt))
        return Besetning(tuple(plasser), tuple(utelatt), "" if plasser else self._aarsak(hinder, vara))

    def _vikarer(
        self, innehavere: Iterable[UUID], vara: Mapping[UUID, Sequence[RolleRad]], opptatt: set[UUID]
    ) -> dict[UUID, RolleRad]:
        """Who stands in at once for whom. Nobody stands in two places: each taken is added to `opptatt`."""
        vikarer: dict[UUID, RolleRad] = {}
        for innehaver in innehavere:
            if rekke := self._ledige(innehaver, vara, opptatt):
                vikarer[innehaver] = rekke[0]
                opptatt.add(rekke[0].person_id)
        return vikarer

    def _ledige(
        self, innehaver: UUID, vara: Mapping[UUID, Sequence[RolleRad]], opptatt: Collection[UUID]
    ) -> tuple[RolleRad, ...]:
        """The deputies that can be called for a holder, nearest first, a deputy's own deputies after."""
        if innehaver not in vara:
            return ()
        return tuple(rad for rad in _rekke(innehaver, vara) if rad.person_id not in opptatt and not self._hinder(rad))

    def _varas_hinder(
        self, vara: Mapping[UUID, Sequence[RolleRad]], opptatt: Collection[UUID]
    ) -> Iterable[tuple[UUID, str]]:
        for rad in (rad for rader in vara.values() for rad in rader):
            grunn = self._hinder(rad)
            if grunn and rad.person_id not in opptatt:
                yield rad.person_id, f"Vara: {grunn}."

    def _aarsak(self, hinder: Mapping[UUID, str], vara: Mapping[UUID, Sequence[RolleRad]]) -> str:
        varas = [self._hinder(rad) for rader in vara.values() for rad in rader]
        grunner = sorted({*hinder.values(), *filter(None, varas)})
        if len(grunner) == 1:
            return _ALLE[grunner[0]]
        return f"Ingen som har rollen, kan nås: {', '.join(grunner)}." if grunner else _TOM


def _etter_innehaver(rader: Iterable[RolleRad]) -> dict[UUID, list[RolleRad]]:
    vara: dict[UUID, list[RolleRad]] = {}
    for rad in rader:
        if rad.vara_for is not None:
            vara.setdefault(rad.vara_for, []).append(rad)
    return vara


def _rekke(innehaver: UUID, vara: Mapping[UUID, Sequence[RolleRad]]) -> list[RolleRad]:
    """All deputies of a holder, breadth first; two who are deputies for each other end the walk."""
    rekke: list[RolleRad] = []
    koe, sett = deque([innehaver]), {innehaver}
    while koe:
        for rad in vara.get(koe.popleft(), ()):
            if rad.person_id not in sett:
                sett.add(rad.person_id)
                koe.append(rad.person_id)
                rekke.append(rad)
    return rekke


def _uten_innehaver(faste: Collection[UUID], vara: Mapping[UUID, Sequence[RolleRad]]) -> list[UUID]:
    """Persons somebody is deputy for who do not have the role at all: the place is vacant."""
    varas = {rad.person_id for rader in vara.values() for rad in rader}
    return sorted((person for person in vara if person not in faste and person not in varas), key=lambda p: p.int)


def _setning(grunn: str) -> str:
    return f"{grunn[0].upper()}{grunn[1:]}."


def _i_stedet(hinder: str | None) -> str:
    hvorfor = "Rollen har ingen innehaver nå" if hinder is None else f"Innehaveren kan ikke kalles ({hinder})"
    return f"{hvorfor}, så du kalles straks som vara."
