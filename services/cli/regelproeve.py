"""What routing would decide for a hendelse that is stored nowhere and sent to nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from contracts.hendelse import Hendelse
from contracts.mobilisering import Mottaker
from contracts.register import Fravaer, RolleRad
from contracts.roller import DRIFTSENHETER, EGNE_BYDELER, Rolle
from contracts.spoersmaal import Feltfeil, Stedsspoersmaal
from services.routing.regelsett import Regelsett
from services.routing.rules import Beslutning, beslutt, eier
from services.routing.steder import Steder

OSLO = ZoneInfo("Europe/Oslo")
PROEVE = "PRØVE"
"""The kodeord of a hendelse that is only tried."""

_BYDELSROLLER = (
    Rolle.SALTO_KOORDINATOR,
    Rolle.POLITIKONTAKT,
    Rolle.UTOEVENDE,
    Rolle.ENHETSLEDER,
    Rolle.BYDELSDIREKTOER,
    Rolle.FRIVILLIG,
)


def proev_hendelse(
    raa: dict[str, Any],
    regelsett: Regelsett,
    rader: Sequence[RolleRad] | None = None,
    fravaer: Sequence[Fravaer] = (),
    *,
    steder: Steder | None = None,
) -> dict[str, Any]:
    """What routing would decide for the body of a `POST /hendelser`, in the shape of the preview (API §8).

    Returns `{"feil": [{"felt", "tekst"}]}` when the body or its place is wrong. Without `rader`, every role that
    could be meant has one fictitious holder. Roles must be valid on the start date in Oslo or, for a trend
    without one, on the first day of the rule set.
    """
    try:
        spoersmaal = Stedsspoersmaal.model_validate(raa)
        sted, stedsfeil = (steder or Steder.les()).stedfest(spoersmaal.sted, spoersmaal.type)
        if stedsfeil:
            return _feil(stedsfeil)
        egen = eier(spoersmaal, sted, regelsett)
        hendelse = Hendelse.model_validate({**raa, "sted": sted, "eier": egen, "kodeord": PROEVE})
    except ValidationError as feil:
        return _feil(
            Feltfeil(felt=".".join(map(str, en["loc"])), tekst="mangler eller er ugyldig") for en in feil.errors()
        )
    alle = oppdiktet_register(hendelse, regelsett) if rader is None else rader
    dato = hendelse.start.astimezone(OSLO).date() if hendelse.start else regelsett.gyldig_fra
    return _svar(hendelse, beslutt(hendelse, alle, fravaer, regelsett, dato=dato), regelsett, dato)


def oppdiktet_register(hendelse: Hendelse, regelsett: Regelsett) -> list[RolleRad]:
    """One fictitious holder of every role that could be meant, so that rules can be tried without a register."""
    skole = (f"skole:{hendelse.sted.skole}",) if hendelse.sted and hendelse.sted.skole else ()
    bydeler = tuple(f"bydel:{nummer}" for nummer in EGNE_BYDELER)
    driftsenheter = tuple(f"driftsenhet:{navn}" for navn in DRIFTSENHETER)
    enheter: dict[Rolle, Sequence[str]] = {
        **dict.fromkeys(_BYDELSROLLER, bydeler),
        **dict.fromkeys((Rolle.FOREBYGGENDE, Rolle.RADIKALISERINGSKONTAKT), driftsenheter),
        **dict.fromkeys((Rolle.REKTOR, Rolle.SKOLEKONTAKT_POLITI), skole),
        **{rolle: [enhet] for rolle, enhet in regelsett.byens_roller.items()},
        Rolle.SLT_ANNEN_KOMMUNE: [f"kommune:{nummer}" for nummer in hendelse.andre_kommuner],
    }
    return [_oppdiktet(rolle, enhet) for rolle, alle in enheter.items() for enhet in alle]


def _oppdiktet(rolle: Rolle, enhet: str) -> RolleRad:
    person = uuid5(NAMESPACE_URL, f"oppdiktet/{rolle}/{enhet}")
    return RolleRad(id=person, person_id=person, rolle=rolle, enhet=enhet, har=("sms", "epost"), demo=True)


def _feil(feil: Iterable[Feltfeil]) -> dict[str, Any]:
    return {"feil": [en.model_dump() for en in feil]}


def _svar(hendelse: Hendelse, beslutning: Beslutning, regelsett: Regelsett, dato: date) -> dict[str, Any]:
    return {
        "regelsett": regelsett.versjon,
        "dato": dato.isoformat(),
        "eier": beslutning.eier.model_dump(mode="json"),
        "sted": hendelse.sted.model_dump(mode="json", exclude_none=True) if hendelse.sted else None,
        "vurdering_kreves": beslutning.vurdering_kreves,
        "mottakere": [rad for en in beslutning.mottakere for rad in _mottakerrader(en)],
        "ikke_valgt": [en.model_dump(mode="json", exclude_none=True) for en in beslutning.ikke_valgt],
        "mangler": [en.model_dump(mode="json") for en in beslutning.mangler],
    }


def _mottakerrader(mottaker: Mottaker) -> Iterator[dict[str, Any]]:
    """A row per role: the art of each role is its own, the person's is the strongest of them."""
    for rolle in mottaker.roller:
        yield {
            "person_id": str(mottaker.person_id),
            "kanaler": list(mottaker.kanaler),
            **rolle.model_dump(mode="json", exclude={"vara"}),
        }
