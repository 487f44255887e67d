"""Who is stood down, who must know what is new, and which deputies follow those they were called for."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from uuid import UUID

from contracts.melding import Bestilling
from services.utkalling.ordre import bestill_avlysning, bestill_endring
from services.utkalling.sak import Sak, Utkalling

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


def ute_av_omfang(sak: Sak, personer: Iterable[UUID], igjen: Container[UUID]) -> list[Utkalling]:
    """The call-outs of those a new decision no longer calls, and of the deputies that were called for them alone.

    Args:
        sak: the desk.
        personer: those an earlier decision called and this one does not.
        igjen: those this one calls.
    """
    ut = [u for p in personer if (u := sak.finn(p))]
    for u in ut:  # grows while it is walked: a deputy may have a deputy
        ut += [v for v in sak.utkallinger.values() if v.vara_for == u.id and v.person_id not in igjen]
    return ut


def mottakere_av_endring(sak: Sak, personer: Container[UUID]) -> list[Utkalling]:
    """Those of `personer` who have a call-out, and the deputies called for them: all who must know what is new."""
    kjente = [u for u in sak.utkallinger.values() if u.person_id in personer]
    for u in kjente:  # grows while it is walked
        kjente += [v for v in sak.utkallinger.values() if v.vara_for == u.id and v not in kjente]
    return kjente


def skal_avlyses(sak: Sak, u: Utkalling, kanal: str) -> Sequence[Bestilling]:
    """The stand-down of one channel, for one who was asked there and has not said NEI."""
    return bestill_avlysning(sak, u, kanal) if u.spurt and u.svar != "kommer_ikke" else ()


def fortell_endring(sak: Sak, utkallinger: Iterable[Utkalling]) -> None:
    """Those asked, who have not said NEI, are told what is new."""
    for u in utkallinger:
        if u.spurt and not u.avlyst and u.svar != "kommer_ikke":
            sak.vedtak.ordre += bestill_endring(sak, u)
