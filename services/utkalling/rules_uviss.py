"""Messages nobody knows about: which of them wait for a person, who may decide, and when a decision stands already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from contracts.event import Aktoer
from contracts.melding import Valg
from services.utkalling.rules import roller_til_svar
from services.utkalling.sak import Sak, Utkalling

SER_HELE_BYEN = frozenset({"sekretariat", "salto_sentrum", "system"})
BER_OM_SVAR = frozenset({"utkalling", "purring"})
"""Whoever has answered has no more use for these."""
Stilling = Literal["ny", "samme", "et_annet_valg", "kjent", "over"]


@dataclass(frozen=True)
class Melding:
    """What is known here of one message."""

    formaal: str
    status: str
    uviss_forsoek: int
    send_foer: datetime | None
    avgjort_forsoek: int | None = None
    """The attempt that a decision has been made about; None when there is none."""
    valg: Valg | None = None

    @property
    def avgjort(self) -> bool:
        """Whether a person has decided about the newest doubt."""
        return self.avgjort_forsoek == self.uviss_forsoek


def kan_avgjoere(sak: Sak | None, u: Utkalling | None, av: Aktoer) -> bool:
    """Whoever may take the person's answer may decide; of messages to no call-out, those who see the whole city.

    A gransker reads, and decides nothing.
    """
    if av.rolle == "gransker":
        return False
    if sak is None or u is None:
        return av.rolle in SER_HELE_BYEN
    return roller_til_svar(sak, u, av)


def er_over(sak: Sak | None, u: Utkalling | None) -> bool:
    """Whether nobody is to come any more: then only a stand-down may still be sent."""
    return bool((sak and not sak.aapen) or (u and u.avlyst))


def kan_sendes_igjen(formaal: str, *, over: bool) -> bool:
    """Whether it still makes sense to send a message again."""
    return not over or formaal == "avlysning"


def venter(m: Melding, *, over: bool, svart: bool) -> bool:
    """Whether a message is to be shown with the choice: in doubt, undecided, and of use to somebody yet."""
    if m.status != "uviss" or m.avgjort or not kan_sendes_igjen(m.formaal, over=over):
        return False
    return not (svart and m.formaal in BER_OM_SVAR)


def for_sent(m: Melding, naa: datetime) -> bool:
    """Whether the channel would no longer send it."""
    return m.send_foer is not None and naa >= m.send_foer


def vurder(m: Melding, valg: Valg, *, over: bool) -> Stilling:
    """What a choice is when it comes: the first about a doubt counts, and the same once more is the same.

    `kjent`: the truth was found. `over`: nobody is to come any more, so it must not be sent again.
    """
    if m.avgjort:
        return "samme" if m.valg == valg else "et_annet_valg"
    if m.status != "uviss":
        return "kjent"
    if valg == "send_igjen" and not kan_sendes_igjen(m.formaal, over=over):
        return "over"
    return "ny"


def status_etter(valg: Valg) -> str:
    """What a message is when it is decided about: ordered anew, or in doubt until the channel says that it is sent.

    The call-out keeps its own doubt: whoever may have read the first copy must be told of a stand-down.
    """
    return "bestilt" if valg == "send_igjen" else "uviss"
