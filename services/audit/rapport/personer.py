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
        self._kalte = {ny.person_id for ny in self.utkallinger.values()}
        navn: dict[UUID, tuple[str, bool]] = {}
        for person_id, rolle, vara in self._roller(fortelling):
            navn.setdefault(person_id, (rolle, vara))
        self._navn = _nummerer(navn)

    def _roller(self, fortelling: Fortelling) -> Iterator[tuple[UUID, str, bool]]:
        """Person, role, and whether as deputy; the one that counts comes first: called, decided on, only considered."""
        for ny in self.utkallinger.values():
            yield ny.person_id, _rolle(ny.roller), ny.vara_for is not None
        besluttet = [i.event.data for i in fortelling.av(MobiliseringBesluttet)]
        for mottaker in (m for d in besluttet for m in d.mottakere):
            yield mottaker.person_id, _rolle(mottaker.roller), False
            for grunn in mottaker.roller:
                for vara in grunn.vara:
                    yield vara, ordene.rolle(grunn.rolle, grunn.enhet), True
        for ikke in (i for d in besluttet for i in d.ikke_valgt):
            if ikke.person_id:
                yield ikke.person_id, ordene.rolle(ikke.rolle, ikke.enhet), False

    def person(self, person_id: UUID) -> str:
        """The label of a person."""
        return self._navn.get(person_id, UKJENT)

    def utkalt(self, utkalling_id: UUID | None) -> str:
        """The label of the one a call-out is for."""
        ny = self.utkallinger.get(utkalling_id) if utkalling_id else None
        return self.person(ny.person_id) if ny else UKJENT

    def kjent(self, person_id: UUID) -> bool:
        """Whether the person was called about this hendelse."""
        return person_id in self._kalte


def _rolle(roller: tuple[RolleGrunn, ...]) -> str:
    return ordene.rolle(roller[0].rolle, roller[0].enhet) if roller else UKJENT


def _nummerer(navn: dict[UUID, tuple[str, bool]]) -> dict[UUID, str]:
    samme: dict[tuple[str, bool], list[UUID]] = defaultdict(list)
    for person_id, par in navn.items():
        samme[par].append(person_id)
    ut: dict[UUID, str] = {}
    for (rolle, vara), ider in samme.items():
        for nr, person_id in enumerate(ider, 1):
            merke = " ".join([*(["vara"] if vara else []), *([str(nr)] if len(ider) > 1 else [])])
            ut[person_id] = f"{rolle} ({merke})" if merke else rolle
    return ut
