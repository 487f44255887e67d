"""What each person is called in the report: role and unit, numbered when several hold the same. Never a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from contracts.mobilisering import MobiliseringBesluttet, RolleGrunn
from contracts.utkalling import NyUtkalling, UtkallingOpprettet
from services.audit.rapport import ord as ordene
from services.audit.rapport.fortelling import Fortelling

UKJENT = "Mottaker uten utkalling"


class Personer:
    """Labels by person and by call-out, given in the order people first appear: the same rows give the same labels."""

    def __init__(self, fortelling: Fortelling) -> None:
        self.utkallinger: dict[UUID, NyUtkalling] = {
            ny.id: ny for i in fortelling.av(UtkallingOpprettet) for ny in i.event.data.utkallinger
        }
        navn: dict[UUID, str] = {}
        for person_id, tekst in self._grunnavn(fortelling):
            navn.setdefault(person_id, tekst)
        self._navn = _nummerer(navn)

    def _grunnavn(self, fortelling: Fortelling) -> Iterator[tuple[UUID, str]]:
        """Person and plain label, the one that counts first: those called, those decided on, those only considered."""
        for ny in self.utkallinger.values():
            yield ny.person_id, _navn(ny.roller) + (", vara" if ny.vara_for else "")
        besluttet = [i.event.data for i in fortelling.av(MobiliseringBesluttet)]
        for mottaker in (m for d in besluttet for m in d.mottakere):
            yield mottaker.person_id, _navn(mottaker.roller)
        for ikke in (i for d in besluttet for i in d.ikke_valgt):
            if ikke.person_id:
                yield ikke.person_id, ordene.rolle(ikke.rolle, ikke.enhet)

    def person(self, person_id: UUID) -> str:
        """The label of a person."""
        return self._navn.get(person_id, UKJENT)

    def utkalt(self, utkalling_id: UUID | None) -> str:
        """The label of the one a call-out is for."""
        ny = self.utkallinger.get(utkalling_id) if utkalling_id else None
        return self.person(ny.person_id) if ny else UKJENT

    def kjent(self, person_id: UUID) -> bool:
        """Whether the person was called about this hendelse."""
        return any(ny.person_id == person_id for ny in self.utkallinger.values())


def _navn(roller: tuple[RolleGrunn, ...]) -> str:
    return ordene.rolle(roller[0].rolle, roller[0].enhet) if roller else UKJENT


def _nummerer(navn: dict[UUID, str]) -> dict[UUID, str]:
    samme: dict[str, list[UUID]] = defaultdict(list)
    for person_id, tekst in navn.items():
        samme[tekst].append(person_id)
    return {
        person_id: tekst if len(ider) == 1 else f"{tekst} ({nr})"
        for tekst, ider in samme.items()
        for nr, person_id in enumerate(ider, 1)
    }
