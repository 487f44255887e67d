"""What follows from an answer: who is answered back, what STOPP and START do, and under which ids it is told."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.event import NAVNEROM, ny_id
from contracts.lesning import Betydning, Lesning

UKJENT_TEKST = "Vi kjenner ikke dette nummeret og kan ikke svare her. Fare for liv: ring 112. Barn og unge: 116 111."
"""API §4: an unknown sender learns nothing about any event."""
_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_REF_TEGN = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Sms:
    """An inbound SMS as the provider gave it."""

    sid: str
    fra: str
    til: str
    tekst: str
    mottatt: datetime

    @property
    def svar_id(self) -> UUID:
        """The answer's id, the same whether it came by webhook, twice, or was fetched afterwards."""
        return ny_id(NAVNEROM, f"twilio/{self.sid}")


def egen(sms: Sms, vaart_nummer: str) -> bool:
    """Whether it comes from ourselves: such are never answered, or two machines would talk for ever."""
    return sms.fra in {vaart_nummer, sms.til}


def kan_svares(sms: Sms, lesning: Lesning, vaart_nummer: str) -> bool:
    """Whether an unknown sender may be answered at all: a phone, not ourselves, not a machine, not a STOPP."""
    if egen(sms, vaart_nummer) or lesning.autosvar or lesning.svar is Betydning.STOPP:
        return False
    return _E164.fullmatch(sms.fra) is not None


def hmac_av(noekkel: bytes, tekst: str) -> str:
    """What the journal holds of the words: nothing, once the key is erased."""
    return hmac.new(noekkel, tekst.encode(), hashlib.sha256).hexdigest()


def referanse(melding_id: UUID) -> str:
    """The five characters a text ends with; the same for every attempt at it."""
    tall = int.from_bytes(hashlib.sha256(melding_id.bytes).digest()[:4])
    return "".join(_REF_TEGN[(tall >> (5 * i)) & 31] for i in range(5))
