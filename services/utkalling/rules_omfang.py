"""Who is stood down, who must know what is new, and which deputies follow those they were called for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Sequence
from uuid import UUID

from contracts.melding import Bestilling
from services.utkalling.ordre import bestill_avlysning, bestill_endring
from services.utkalling.sak import Sak, Utkalling
from services.utkalling.tekster import hva

KAN_VAERE_LEST = frozenset({"uviss", "sendt", "levert"})
"""Where the call-out may have reached the person: in doubt, a stand-down too many is better than one too few."""


def avlys(sak: Sak, utkallinger: Iterable[Utkalling]) -> None:
    """Stands down. What has not gone out is withdrawn; who was asked and has not said NEI is told; others are not."""
    for u in list(utkallinger):
        if u.avlyst:
            continue
        sak.vedtak.trekk.append(u.id)
        sak.vedtak.avlyst.append(u.id)
        sak.sett(u, avlyst=True)
        sak.vedtak.ordre += [
            o for kanal, s in u.kanalstatus.items() if s in KAN_VAERE_LEST for o in skal_avlyses(sak, u, kanal)
        ]


def ute_av_omfang(sak: Sak, personer: Collection[UUID], igjen: Container[UUID]) -> list[Utkalling]:
    """The call-outs of those a new decision no longer calls, and of the deputies that were called for them alone.

    Args:
        sak: the desk.
        personer: those an earlier decision called and this one does not.
        igjen: those this one calls, in any of its chunks.
    """
    ute = frozenset(personer)
    return _med_varaer(sak, [u for p in personer if (u := sak.finn(p)) and not _staar_inn(sak, u, ute)], uten=igjen)


def _staar_inn(sak: Sak, u: Utkalling, ute: Container[UUID]) -> bool:
    """Whether somebody is deputy for one who is in scope still: needed, although called no longer in the own right."""
    innehaver = sak.utkallinger.get(u.vara_for) if u.vara_for else None
    return innehaver is not None and not innehaver.avlyst and innehaver.person_id not in ute


def mottakere_av_endring(sak: Sak, personer: Container[UUID]) -> list[Utkalling]:
    """Those of `personer` who have a call-out, and the deputies called for them: all who must know what is new."""
    return _med_varaer(sak, [u for u in sak.utkallinger.values() if u.person_id in personer])


def _med_varaer(sak: Sak, utkallinger: Sequence[Utkalling], uten: Container[UUID] = ()) -> list[Utkalling]:
    """These and the deputies called for them, each once; `uten` are persons who do not follow as deputies."""
    varaer: defaultdict[UUID | None, list[Utkalling]] = defaultdict(list)
    if utkallinger:
        for v in sak.utkallinger.values():
            varaer[v.vara_for].append(v)
    alle = {u.id: u for u in utkallinger}
    rekke = list(utkallinger)
    for u in rekke:  # grows while it is walked: a deputy may have a deputy
        nye = [v for v in varaer[u.id] if v.id not in alle and v.person_id not in uten]
        alle |= {v.id: v for v in nye}
        rekke += nye
    return rekke


def skal_avlyses(sak: Sak, u: Utkalling, kanal: str) -> Sequence[Bestilling]:
    """The stand-down of one channel, for one who was asked there and has not said NEI."""
    return bestill_avlysning(sak, u, kanal) if u.spurt and u.svar != "kommer_ikke" else ()


def fortell_endring(sak: Sak, utkallinger: Iterable[Utkalling], endret_sekvens: int) -> None:
    """Those asked, who have not said NEI, are told what is new."""
    for u in list(utkallinger):
        if u.spurt and not u.avlyst and u.svar != "kommer_ikke":
            sak.vedtak.ordre += bestill_endring(sak, u, endret_sekvens)
            sak.sett(u, gjelder=hva(sak.hendelse, sak.naa))


def forteller_endring(beslutning: int, endret: int, fortelles_av: int) -> bool:
    """Whether a decision tells what is new: the first that knows of it, in all its chunks, and no other.

    Args:
        beslutning: the journal sequence of what caused the decision.
        endret: that of the newest change people must know; 0 when there is none.
        fortelles_av: that of what caused the decision which tells of it; 0 while none has come.
    """
    return 0 < endret <= beslutning and fortelles_av in {0, beslutning}
