"""A hendelse that is changed in the form: which fields are new, and how two people's changes meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.hendelse import Hendelse
from services.hendelser.skjema_ny import Skjema, avvik, kropp

_STAAR_FAST = frozenset({"utkast", "oevelse"})
_FRIST = frozenset({"svarfrist_dato", "svarfrist_tid"})


@dataclass(frozen=True)
class Fletting:
    """Two people's changes in one form."""

    skjema: Skjema
    """What was written here; fields that only the other one changed have the other's value."""
    hentet: frozenset[str]
    """Fields taken from the other."""
    begge: frozenset[str]
    """Fields both changed, differently: here as they were written here."""


def flett(eget: Skjema, foer: Skjema | None, naa: Skjema) -> Fletting:
    """Mine, as it was when I began, and as it is now. Without a beginning every difference is both's."""
    ulike = avvik(eget, naa)
    mine, andres = (ulike, ulike) if foer is None else (avvik(eget, foer), avvik(naa, foer))
    hentet = ulike - mine
    return Fletting(eget.med(**{n: getattr(naa, n) for n in hentet}), hentet, ulike & mine & andres)


def er_lagret(eget: Skjema, naa: Skjema) -> bool:
    """Whether what was written here is what stands: a second press of the same button.

    A deadline that was left out is no difference: the door sets one itself.
    """
    glemt = _FRIST if not eget.svarfrist_dato else frozenset()
    return not avvik(eget, naa) - glemt


def endrede_felt(eget: Skjema, foer: Hendelse, naa: datetime | None = None) -> dict[str, Any]:
    """The body of the PATCH: what is filled in otherwise than the hendelse says. Raises Skjemafeil.

    With `naa`, new times are held against the form's own limits as well.
    """
    gammelt = Skjema.av_hendelse(foer)
    ny, gammel = (k.model_dump(mode="json") for k in (kropp(eget, naa=naa, foer=gammelt), kropp(gammelt)))
    felt = {navn: ny[navn] for navn in ny if navn not in _STAAR_FAST and ny[navn] != gammel[navn]}
    if felt.get("sted") and foer.sted and eget.sted == gammelt.sted and foer.sted.lat is not None:
        # The form shows a point by its name: the point stays when the name does.
        bydeler = eget.bydeler or foer.sted.bydeler
        felt["sted"] |= {"navn": foer.sted.navn, "lat": foer.sted.lat, "lon": foer.sted.lon, "bydeler": bydeler}
    return felt
