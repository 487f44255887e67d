"""What a decision of routing means for the call-outs, chunk by chunk, in whatever order they come."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from contracts.mobilisering import BesluttetData
from services.utkalling import rules, rules_kall, rules_omfang
from services.utkalling.sak import Sak, utkalling_id


def gjelder(rad: Row[Any], data: BesluttetData) -> list[UUID] | None:
    """The call-outs one chunk is about: those of its own recipients; None = any, deputies follow those they are for."""
    if data.ikke_lenger or rules_omfang.forteller_endring(data.utloest_sekvens, rad.endret_sekvens, rad.fortelles_av):
        return None
    return [utkalling_id(rad.hendelse_id, m.person_id) for m in data.mottakere]


def fold(sak: Sak, rad: Row[Any], data: BesluttetData) -> dict[str, Any]:
    """One chunk on the desk: calls the new, tells the changed, stands down those out of scope.

    A decision is whole in itself, so one that comes after a newer one calls nobody and stands nobody down; what people
    must know it tells still, when that fell to it.

    Returns:
        What becomes new in the row of the hendelse.
    """
    lukket = not rad.aapen and data.utloest_sekvens < rad.lukket_sekvens
    if not rad.aapen and not lukket:
        return {}
    nytt = {} if lukket else _fortell_endring(sak, rad, data)
    if data.utloest_sekvens >= rad.besluttet_sekvens:
        nytt |= _kall(sak, rad, data, lukket=lukket)
    return {felt: verdi for felt, verdi in nytt.items() if getattr(rad, felt) != verdi}


def _fortell_endring(sak: Sak, rad: Row[Any], data: BesluttetData) -> dict[str, Any]:
    if not rules_omfang.forteller_endring(data.utloest_sekvens, rad.endret_sekvens, rad.fortelles_av):
        return {}
    kjente = rules_omfang.mottakere_av_endring(sak, {m.person_id for m in data.mottakere})
    rules_omfang.fortell_endring(sak, kjente, rad.endret_sekvens)
    return {"fortelles_av": data.utloest_sekvens}


def _kall(sak: Sak, rad: Row[Any], data: BesluttetData, *, lukket: bool) -> dict[str, Any]:
    rules_kall.kall_ut(sak, data.mottakere, avlyst=lukket)
    if data.ikke_lenger and not lukket:  # what is over is over: nobody is told now that they need not come
        igjen = {*(m.person_id for m in data.mottakere), *data.i_andre_deler}
        rules_omfang.avlys(sak, rules_omfang.ute_av_omfang(sak, data.ikke_lenger, igjen))
    sak.sekretariat = data.sekretariat
    nytt = {"besluttet_sekvens": data.utloest_sekvens, "sekretariat": [str(p) for p in data.sekretariat]}
    if lukket or data.del_nr > 1:  # shortfalls are about the whole: the first chunk has them
        return nytt
    oppgaver = rules.oppgaver_av(data)
    sak.vedtak.oppgaver += [tekst for om, tekst in oppgaver.items() if om not in rad.oppgaver]
    return {**nytt, "oppgaver": list(oppgaver)}
