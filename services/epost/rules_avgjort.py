"""What a person's choice does to an e-mail nobody knows about. What came to be known meanwhile comes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from contracts.melding import Valg
from services.epost.rules import FOR_SENT, SENDT, Oppdrag, Resultat


@dataclass(frozen=True)
class Avgjort:
    """What the row becomes, and what is told of it: nothing when it is to be sent, for that is no outcome yet."""

    status: Literal["klar", "sendt", "feilet"]
    resultat: Resultat | None = None


def avgjoer(uviss: Oppdrag | None, forsoek: int, valg: Valg, naa: datetime) -> Avgjort | None:
    """Follows the choice, once; None when the e-mail is known by now, or the choice is about another doubt.

    Sent again is one new attempt with the next number, unless it is too late. A mail server cannot be asked, so what
    is regarded as sent stays so.

    Args:
        uviss: the order, when it is in doubt still.
        forsoek: the attempt that the choice is about.
        valg: what the person chose.
        naa: when it is done.
    """
    if uviss is None or uviss.forsoek != forsoek:
        return None
    if valg == "regn_som_sendt":
        return Avgjort("sendt", SENDT)
    return Avgjort("feilet", FOR_SENT) if naa >= uviss.send_foer else Avgjort("klar")
