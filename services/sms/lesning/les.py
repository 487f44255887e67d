"""Reads one reply: strips what is not the answer, takes the rest apart, and lets the rules judge."""

from collections.abc import Sequence
from datetime import datetime

from contracts.lesning import Betydning, Lesning
from services.sms.lesning import sitat
from services.sms.lesning.dom import doem
from services.sms.lesning.ledd import Ledd, del_opp
from services.sms.lesning.slag import Slag
from services.sms.lesning.tekst import normaliser
from services.sms.lesning.utsagn import uklart

LENGST_TEGN = 1600
"""Ten segments: longer than any reply, and a bound on the work one text can ask for."""

_TAUST = {Slag.UKJENT, Slag.NAER, Slag.FYLL, Slag.GRUNN, Slag.STED, Slag.TALL, Slag.ROS}
_LENGSTE_HILSEN = 30


def les(tekst: str, naa: datetime) -> Lesning:
    """What a reply says, read on its own (API §4).

    Args:
        tekst: the words as they came; any string at all.
        naa: when it is read, aware; «kl 19» is Oslo's.

    Returns:
        A reading. Text that says two things, a condition, a question, someone else's coming, and words that are
        not known come back as `uklart`, with the reason. Never raises for any text.
    """
    normal = normaliser(tekst[:LENGST_TEGN])
    lesning = _les(normal[:LENGST_TEGN], naa)
    if max(len(tekst), len(normal)) > LENGST_TEGN and lesning.svar is not Betydning.UKLART:
        return uklart("Svaret er for langt.")
    return lesning


def _les(tekst: str, naa: datetime) -> Lesning:
    if sitat.er_reaksjon(tekst):
        return uklart("Svaret er en reaksjon på en melding.")
    rest = sitat.uten_sitat(tekst)
    if sitat.er_autosvar(rest):
        return uklart("Svaret er skrevet av en maskin.").model_copy(update={"autosvar": True})
    return doem(_uten_hilsen(rest, naa))


def _uten_hilsen(tekst: str, naa: datetime) -> tuple[Ledd, ...]:
    """The pieces without a signature; a signature that says something is no signature."""
    foer, hilsen = sitat.del_hilsen(tekst)
    ledd = del_opp(foer, naa)
    if not hilsen or not ledd:
        return ledd if not hilsen else del_opp(tekst, naa)
    under = del_opp(hilsen, naa)
    return ledd if _er_hilsen(under) else (*ledd, *under)


def _er_hilsen(ledd: Sequence[Ledd]) -> bool:
    """A name, a title, a telephone number; one lone number may be minutes, and is no signature."""
    tall = sum(x.form[:1].isdigit() for x in ledd)
    return len(ledd) <= _LENGSTE_HILSEN and tall != 1 and all(x.slag in _TAUST for x in ledd)
