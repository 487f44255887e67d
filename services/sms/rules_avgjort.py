"""What a person's choice does to a message nobody knows about. The truth, where it was found meanwhile, comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from contracts.melding import Valg
from services.sms.rules import UVISS_LETES_HVERT, Rad, Steg, avvis, igjen, slutt
from services.sms.rules_feil import FOR_SENT


def avgjoer(rad: Rad, forsoek: int, valg: Valg, naa: datetime) -> Steg:
    """Follows the choice, once; one about a message that is known by now, or about another doubt, changes nothing.

    Sent again: back in the queue for one new attempt with the next number, unless it is too late or withdrawn; until
    that attempt is claimed a copy that turns up wins over it. Regarded as sent: at rest (`antatt`) and told as sent,
    but looked for as before, so that the truth joins when it turns up.

    Args:
        rad: the message, as it is now.
        forsoek: the attempt that the choice is about.
        valg: what the person chose.
        naa: when it is done.
    """
    if rad.status != "uviss" or rad.forsoek != forsoek:
        return rad, ()
    if valg == "regn_som_sendt":
        return slutt(replace(rad, neste=naa + UVISS_LETES_HVERT), "antatt", "sendt")
    if naa >= rad.send_foer and not rad.trekkes:
        return avvis(rad, FOR_SENT)
    return igjen(replace(rad, ikke_funnet=0), naa)
