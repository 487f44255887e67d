"""Who stands in for whom: the next deputy in each role, and what is left to a person when there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from contracts.mobilisering import Mottaker, RolleGrunn
from contracts.roller import rolle_i_enhet
from contracts.utkalling import Eskalering
from services.utkalling.rules_kall import aapne, gjenaapne
from services.utkalling.sak import Sak, Utkalling

IKKE_KALT = {"nei": "svarte nei", "stille": "svarte ikke", "feilet": "kunne ikke nås", "stoppet": "har stoppet SMS"}
Grunn = Literal["nei", "stille", "feilet", "stoppet"]


def spurt_som(u: Utkalling) -> Sequence[RolleGrunn]:
    """The roles a person is asked in."""
    return [r for r in u.roller if r.art == "foresporsel"] or u.roller


def dekket(sak: Sak, u: Utkalling, grunn: RolleGrunn) -> bool:
    """Whether somebody else is asked in the same role and unit, and has not declined."""
    return any(annen.id != u.id and annen.spurt and annen.dekker for annen in sak.i_rolle(grunn))


def eskaler(sak: Sak, u: Utkalling, grunn: Grunn, roller: Sequence[RolleGrunn] | None = None) -> None:
    """Calls the next deputy in each role a person is asked in; nobody left is told as such, never in silence.

    Nothing happens in a role where somebody stands in: a deputy called before, or for a deputy, the one deputised for.

    Args:
        sak: the desk.
        u: the call-out of one who does not come, as far as we know.
        grunn: why not.
        roller: the roles it is about; all the person is asked in when left out.
    """
    ledige = _uten_avloeser(sak, u, spurt_som(u) if roller is None else roller)
    if not ledige:
        return
    varaer, uten = _kall_varaer(sak, u, ledige)
    if not varaer and grunn == "stille":
        sak.sett(sak.utkallinger[u.id], utloept=True)
        sak.vedtak.utloept.append(u.id)
        sak.vedtak.oppgaver.append(f"{hvem(u)} har ikke svart innen fristen, og det er ingen vara å kalle. Ring.")
        return
    sak.sett(sak.utkallinger[u.id], eskalert=True)
    utfall = ([varaer] if varaer else []) + ([()] if uten else [])
    sak.vedtak.eskalert += [Eskalering(utkalling_id=u.id, vara=v, grunn=grunn) for v in utfall]
    sak.vedtak.oppgaver += [
        f"{rolle_i_enhet(r.rolle, r.enhet)} {IKKE_KALT[grunn]}, og det er ingen vara igjen å kalle." for r in uten
    ]


def _uten_avloeser(sak: Sak, u: Utkalling, roller: Sequence[RolleGrunn]) -> list[RolleGrunn]:
    innehaver = sak.utkallinger.get(u.vara_for) if u.vara_for else None
    if innehaver and innehaver.kommer:
        return []
    varaer = [v for v in sak.utkallinger.values() if v.vara_for == u.id and v.dekker]
    avloest = {(r.rolle, r.enhet) for v in varaer for r in v.roller}
    return [r for r in roller if (r.rolle, r.enhet) not in avloest]


def _kall_varaer(sak: Sak, u: Utkalling, roller: Sequence[RolleGrunn]) -> tuple[tuple[UUID, ...], Sequence[RolleGrunn]]:
    """Calls the first free deputy of each role, the same one once; gives their call-outs, and the roles without."""
    valgt: dict[UUID, list[RolleGrunn]] = {}
    uten: list[RolleGrunn] = []
    for r in roller:
        nr = next((n for n, person in enumerate(r.vara) if person in valgt or _ledig(sak, person)), None)
        if nr is None:
            uten.append(r)
        else:  # the rest stay in line behind
            valgt.setdefault(r.vara[nr], []).append(r.model_copy(update={"vara": r.vara[nr + 1 :]}))
    return tuple(_kall_vara(sak, u, person, som).id for person, som in valgt.items()), uten


def _ledig(sak: Sak, person_id: UUID) -> bool:
    gammel = sak.finn(person_id)
    return bool(sak.vara.get(person_id)) and (gammel is None or gammel.avlyst)


def _kall_vara(sak: Sak, u: Utkalling, person_id: UUID, roller: Sequence[RolleGrunn]) -> Utkalling:
    m = Mottaker(person_id=person_id, art="foresporsel", kanaler=sak.vara[person_id], roller=tuple(roller))
    gammel = sak.finn(person_id)
    return gjenaapne(sak, gammel, m, vara_for=u.id) if gammel else aapne(sak, m, vara_for=u.id)


def hvem(u: Utkalling) -> str:
    """A call-out as a task names it: the role, never the person."""
    return rolle_i_enhet(u.roller[0].rolle, u.roller[0].enhet) if u.roller else "en mottaker"
