"""The verdict: rules tried in order, the first that has an opinion decides, and nobody's guess is the last."""

from collections.abc import Sequence

from contracts.lesning import Betydning, Lesning
from services.sms.lesning.ja import ja
from services.sms.lesning.ledd import Ledd
from services.sms.lesning.nei import nei
from services.sms.lesning.slag import Slag
from services.sms.lesning.utsagn import ALLTID, TO_TING, Regel, klart, slag_i, uklart

_TEGN = {Slag.SPM_TEGN, Slag.UTROP}
_ALDRI = {
    Slag.SPOERSMAAL: "Svaret er et spørsmål.",
    Slag.SPM_TEGN: "Svaret er et spørsmål.",
    Slag.FORBEHOLD: "Svaret har et forbehold.",
    Slag.ANDRE: "Svaret handler om noen andre.",
    Slag.KJOERER: "Svaret kommer fra noen som kjører.",
    Slag.UKLAR_TID: "Klokkeslettet kan leses på to måter.",
    Slag.INFO: TO_TING,
    Slag.STOPP: TO_TING,
    Slag.START: TO_TING,
}
_INFO_ORD = frozenset(
    {
        "mer",
        "meir",
        "gi",
        "send",
        "sende",
        "faa",
        "trenger",
        "vil",
        "ha",
        "oensker",
        "litt",
        "om",
        "saken",
        "kan",
        "meg",
    }
    | {"jeg", "du", "dere", "paa", "til", "hendelsen", "oppdraget", "kan jeg", "kan du", "kan dere"}
)
_STOPP_ORD = frozenset(
    {"sms", "smser", "melding", "meldinger", "meldingene", "meldingar", "varsler", "varslene"}
    | {"aa", "send", "sende", "sender", "disse", "alle", "til"}
)
_START_ORD = frozenset({"sms", "meldinger", "varsler", "igjen", "opp", "med"})


def doem(ledd: Sequence[Ledd]) -> Lesning:
    """What the pieces say together."""
    for regel in _REGLER:
        if (lesning := regel(ledd)) is not None:
            return lesning
    return uklart("Vi forsto ikke svaret.", ledd)


def _rop(ledd: Sequence[Ledd]) -> Lesning | None:
    """«trenger hjelp», «Hjelp!!», and «hjelp» among other words: the owner sees it at once."""
    slag = slag_i(ledd)
    hjelpetekst = slag <= {Slag.HJELP, Slag.FYLL, Slag.SPM_TEGN, Slag.KODEORD, Slag.NAER}
    if Slag.ROP in slag or (Slag.HJELP in slag and not hjelpetekst):
        return uklart("Noen ber om hjelp.", ledd, haster=True)
    return None


def _tomt(ledd: Sequence[Ledd]) -> Lesning | None:
    slag = slag_i(ledd)
    if slag - _TEGN:
        return None
    return klart(Betydning.HJELP, ()) if Slag.SPM_TEGN in slag else uklart("Svaret har ingen ord.")


def _hele(svar: Betydning, kjerne: Slag, lov: set[Slag], ord_: frozenset[str]) -> Regel:
    """A rule for a word that means something only when the whole text is about it."""

    def regel(ledd: Sequence[Ledd]) -> Lesning | None:
        if kjerne not in slag_i(ledd):
            return None
        if all(x.slag is kjerne or x.slag in lov or x.form in ord_ for x in ledd):
            return klart(svar, ledd)
        return None

    return regel


def _aldri(ledd: Sequence[Ledd]) -> Lesning | None:
    slag = slag_i(ledd)
    grunn = next((_ALDRI[s] for s in _ALDRI if s in slag), None)
    return uklart(grunn, ledd) if grunn else None


def _ferdig(ledd: Sequence[Ledd]) -> Lesning | None:
    slag = slag_i(ledd)
    lov = {Slag.FERDIG, Slag.HJEMME, Slag.HJEM, Slag.ROS, Slag.TAKK_FOR} | ALLTID
    if slag & {Slag.FERDIG, Slag.HJEMME} and _uten_tommel(ledd) <= lov:
        return klart(Betydning.FERDIG, ledd)
    return None


def _framme(ledd: Sequence[Ledd]) -> Lesning | None:
    if Slag.FRAMME not in slag_i(ledd):
        return None
    uten_sted = [x for i, x in enumerate(ledd) if not _er_sted(ledd, i)]
    if _uten_tommel(uten_sted) <= {Slag.FRAMME, Slag.ROS} | ALLTID:
        return klart(Betydning.FRAMME, uten_sted)
    return None


def _uten_tommel(ledd: Sequence[Ledd]) -> set[Slag]:
    """A thumb after «framme» or «ferdig» is no second thing."""
    return {x.slag for x in ledd if x.form != "tommelopp"}


def _er_sted(ledd: Sequence[Ledd], i: int) -> bool:
    """«framme ved Stortinget», «på plass på Oslo S»: the last two or three pieces are where, no second thing."""
    for fra in (len(ledd) - 2, len(ledd) - 3):
        if (
            0 < fra <= i
            and ledd[fra - 1].slag is Slag.FRAMME
            and (ledd[fra].slag is Slag.STED or ledd[fra].form == "paa")
        ):
            return all(x.slag in {Slag.UKJENT, Slag.NAER} for x in ledd[fra + 1 :])
    return False


def _bare_kodeord(ledd: Sequence[Ledd]) -> Lesning | None:
    slag = slag_i(ledd)
    if slag & {Slag.KODEORD, Slag.NAER} and slag <= ALLTID:
        return klart(None, ledd)
    return None


_REGLER: tuple[Regel, ...] = (
    _rop,
    _tomt,
    _hele(Betydning.HJELP, Slag.HJELP, {Slag.SPM_TEGN} | ALLTID, frozenset()),
    _hele(Betydning.INFO, Slag.INFO, {Slag.SPM_TEGN} | ALLTID, _INFO_ORD),
    _hele(Betydning.STOPP, Slag.STOPP, {Slag.FYLL, Slag.UTROP}, _STOPP_ORD),
    _hele(Betydning.START, Slag.START, {Slag.FYLL, Slag.UTROP}, _START_ORD),
    _aldri,
    nei,
    _ferdig,
    _framme,
    ja,
    _bare_kodeord,
)
