"""The verdict: rules tried in order, the first that has an opinion decides, and nobody's guess is the last."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from contracts.lesning import Betydning, Lesning
from services.sms.lesning.fraser import Slag
from services.sms.lesning.ledd import Ledd
from services.sms.lesning.tid import MINST_BARE_TALL

Regel = Callable[[Sequence[Ledd]], Lesning | None]

_TEGN = {Slag.SPM_TEGN, Slag.UTROP}
_TID = {Slag.VARIGHET, Slag.KLOKKE, Slag.TALL, Slag.UKLAR_TID}
_JA = {Slag.JA, Slag.KOMMER, Slag.KAN, Slag.OKEI, Slag.PAA_VEI, Slag.FOERST}
_NEI = {Slag.NEI_ORD, Slag.NEI, Slag.OPPTATT}
_ALLTID = {Slag.FYLL, Slag.KODEORD, Slag.NAER, Slag.UTROP}
_ALDRI = {
    Slag.SPOERSMAAL: "Svaret er et spørsmål.",
    Slag.SPM_TEGN: "Svaret er et spørsmål.",
    Slag.FORBEHOLD: "Svaret har et forbehold.",
    Slag.ANDRE: "Svaret handler om noen andre.",
    Slag.KJOERER: "Svaret kommer fra noen som kjører.",
    Slag.UKLAR_TID: "Klokkeslettet kan leses på to måter.",
    Slag.INFO: "Svaret sier to ting.",
    Slag.STOPP: "Svaret sier to ting.",
    Slag.START: "Svaret sier to ting.",
}
_INFO_ORD = frozenset(
    "mer meir gi send sende faa trenger vil ha oensker litt om saken kan jeg meg hendelsen oppdraget jeg".split()
) | {"kan jeg", "til"}
_STOPP_ORD = frozenset(
    "sms smser melding meldinger meldingene meldingar aa sende disse dette alle varsler varslene meg til".split()
) | {"send", "sende", "sender"}
_START_ORD = frozenset("sms meldinger varsler igjen opp med".split())


def uklart(grunn: str, ledd: Sequence[Ledd] = (), *, haster: bool = False) -> Lesning:
    """Not guessed: a person sees it, with the reason."""
    return Lesning(svar=Betydning.UKLART, kodeord=kodeord(ledd), grunn=grunn, haster=haster)


def kodeord(ledd: Sequence[Ledd]) -> tuple[str, ...]:
    """The kodeord written in full, each once, in the order they stand."""
    return tuple(dict.fromkeys(k for x in ledd if x.slag is Slag.KODEORD for k in x.kodeord))


def doem(ledd: Sequence[Ledd]) -> Lesning:
    """What the pieces say together."""
    for regel in _REGLER:
        if (lesning := regel(ledd)) is not None:
            return lesning
    return uklart("Vi forsto ikke svaret.", ledd)


def _slag(ledd: Sequence[Ledd]) -> set[Slag]:
    return {x.slag for x in ledd}


def _klart(svar: Betydning | None, ledd: Sequence[Ledd], *, minutter: int | None = None) -> Lesning:
    """A definite reading; a word one edit from a kodeord must then be that kodeord."""
    naer = [x for x in ledd if x.slag is Slag.NAER]
    skrevet = kodeord(ledd)
    if len(naer) > 1 or (naer and skrevet):
        return uklart("Svaret har ord vi ikke kjenner.", ledd)
    return Lesning(
        svar=svar,
        eta_minutter=minutter,
        kodeord=skrevet,
        kodeord_naer=naer[0].kodeord if naer else (),
        naer_kreves=bool(naer),
    )


def _rop(ledd: Sequence[Ledd]) -> Lesning | None:
    """«trenger hjelp», «Hjelp!!», and «hjelp» among other words: the owner sees it at once."""
    slag = _slag(ledd)
    hjelpetekst = slag <= {Slag.HJELP, Slag.FYLL, Slag.SPM_TEGN, Slag.KODEORD, Slag.NAER}
    if Slag.ROP in slag or (Slag.HJELP in slag and not hjelpetekst):
        return uklart("Noen ber om hjelp.", ledd, haster=True)
    return None


def _tomt(ledd: Sequence[Ledd]) -> Lesning | None:
    slag = _slag(ledd)
    if slag - _TEGN:
        return None
    return _klart(Betydning.HJELP, ()) if Slag.SPM_TEGN in slag else uklart("Svaret har ingen ord.")


def _hele(svar: Betydning, kjerne: Slag, lov: set[Slag], ord_: frozenset[str]) -> Regel:
    """A rule for a word that means something only when the whole text is about it."""

    def regel(ledd: Sequence[Ledd]) -> Lesning | None:
        if kjerne not in _slag(ledd):
            return None
        if all(x.slag is kjerne or x.slag in lov or x.form in ord_ for x in ledd):
            return _klart(svar, ledd)
        return None

    return regel


def _aldri(ledd: Sequence[Ledd]) -> Lesning | None:
    slag = _slag(ledd)
    grunn = next((_ALDRI[s] for s in _ALDRI if s in slag), None)
    return uklart(grunn, ledd) if grunn else None


def _nei(ledd: Sequence[Ledd]) -> Lesning | None:
    slag = _slag(ledd)
    if not slag & _NEI:
        return None
    ledd = _etter_hoeflig_men(ledd)
    slag = _slag(ledd)
    lov = _NEI | _ALLTID | {Slag.GRUNN, Slag.DAG, Slag.IMORGEN, Slag.TAKK_FOR, Slag.HJEMME, Slag.UKJENT, Slag.STED}
    if not slag & _NEI or slag - lov - {Slag.HOEFLIG}:
        return uklart("Svaret sier to ting.", ledd)
    if not _grunn_er_grunn(ledd):
        return uklart("Svaret har ord vi ikke kjenner.", ledd)
    ukjente = [x for x in ledd if x.slag is Slag.UKJENT]
    if any(x.slag is Slag.NAER for x in ledd) and (ukjente or not slag & {Slag.NEI_ORD, Slag.NEI}):
        return uklart("Svaret har ord vi ikke kjenner.", ledd)
    lesning = _klart(Betydning.KOMMER_IKKE, ledd)
    fritt = slag & {Slag.NEI_ORD} and not slag & {Slag.NEI, Slag.OPPTATT}
    return lesning.model_copy(update={"naer_kreves": lesning.naer_kreves and not fritt})


def _etter_hoeflig_men(ledd: Sequence[Ledd]) -> Sequence[Ledd]:
    """«ok men kan ikke», «skulle gjerne kommet, men …»: what stands before «men» is manners, not an answer."""
    men = [i for i, x in enumerate(ledd) if x.slag is Slag.MEN]
    if len(men) != 1:
        return ledd
    foer, etter = ledd[: men[0]], ledd[men[0] + 1 :]
    if _slag(foer) <= {Slag.OKEI, Slag.HOEFLIG, Slag.TAKK_FOR} | _ALLTID and _slag(etter) & _NEI:
        return [*(x for x in foer if x.slag in _ALLTID), *etter]
    return ledd


_HOEYST_UKJENTE = 12
_STEDSORD = frozenset({"paa", "i", "til", "min", "mi", "mitt", "mine"})
"""«kan ikke på grunn av» gives a reason; «kommer ikke på navnet» does not."""
_UFULLSTENDIGE = frozenset({"skal", "maa", "har", "paa", "i"})
"""«nei, Kari skal» is about somebody else."""
_GRUNNORD = frozenset({"er", "da", "saa"})
_BEGYNNELSER = {Slag.FYLL, Slag.GRUNN, Slag.NEI, Slag.NEI_ORD, Slag.OPPTATT, Slag.HOEFLIG, Slag.TAKK_FOR}


def _grunn_er_grunn(ledd: Sequence[Ledd]) -> bool:
    """Whether words we do not know can only be the reason of a no, and not what the «ikke» was about.

    «nei, barna er syke» and «kan ikke, sitter i møte» are; «kan ikke love noe» and «Kari kan ikke» are not.
    """
    if sum(x.slag is Slag.UKJENT for x in ledd) > _HOEYST_UKJENTE:
        return False
    if any(_vender(a, b) for a, b in pairwise([Ledd(Slag.FYLL, ""), *ledd])):
        return False
    if ledd[-1].form in _UFULLSTENDIGE or _bare_utrop(ledd) or (ledd[0].slag not in _BEGYNNELSER and _har_ukjent(ledd)):
        return False
    sier_nei = any(x.slag is Slag.NEI_ORD for x in ledd)
    fri = False
    for forrige, x in pairwise([Ledd(Slag.FYLL, ""), *ledd]):
        if x.skille or (x.slag is Slag.GRUNN and (fri or x.form not in _STEDSORD)) or x.form in _GRUNNORD:
            fri = forrige.slag is not Slag.OPPTATT or forrige.form.endswith("opptatt") or sier_nei
        elif x.slag in _NEI:
            if forrige.slag is Slag.UKJENT and not sier_nei:
                return False
            fri = x.slag is Slag.NEI_ORD
        if x.slag is Slag.UKJENT and not fri:
            return False
    return True


def _vender(forrige: Ledd, x: Ledd) -> bool:
    """Whether a piece after a no may turn it: «nei, i morgen», «nei, Kari skal dit», «går ikke på jobb»."""
    if x.slag is Slag.IMORGEN:
        return forrige.slag is not Slag.NEI or x.skille
    if x.form in {"dit", "hit", "der"}:
        return True
    return forrige.slag is Slag.NEI and x.form in _STEDSORD and not x.skille


def _har_ukjent(ledd: Sequence[Ledd]) -> bool:
    return any(x.slag is Slag.UKJENT for x in ledd)


def _bare_utrop(ledd: Sequence[Ledd]) -> bool:
    """«nei så hyggelig», «nei nå …»: a nei that is no answer."""
    if any(x.slag in {Slag.NEI, Slag.OPPTATT} for x in ledd):
        return False
    return any(a.slag is Slag.NEI_ORD and b.form in {"saa", "naa"} and not b.skille for a, b in pairwise(ledd))


def _ferdig(ledd: Sequence[Ledd]) -> Lesning | None:
    slag = _slag(ledd)
    lov = {Slag.FERDIG, Slag.HJEMME, Slag.HJEM, Slag.ROS, Slag.TAKK_FOR} | _ALLTID
    if slag & {Slag.FERDIG, Slag.HJEMME} and _uten_tommel(ledd) <= lov:
        return _klart(Betydning.FERDIG, ledd)
    return None


def _framme(ledd: Sequence[Ledd]) -> Lesning | None:
    if Slag.FRAMME not in _slag(ledd):
        return None
    uten_sted = [x for i, x in enumerate(ledd) if not _er_sted(ledd, i)]
    if _uten_tommel(uten_sted) <= {Slag.FRAMME, Slag.ROS} | _ALLTID:
        return _klart(Betydning.FRAMME, uten_sted)
    return None


def _uten_tommel(ledd: Sequence[Ledd]) -> set[Slag]:
    """A thumb after «framme» or «ferdig» is no second thing."""
    return {x.slag for x in ledd if x.form != "tommelopp"}


def _er_sted(ledd: Sequence[Ledd], i: int) -> bool:
    """«framme ved Stortinget»: the last two pieces are where, and where is no second thing."""
    if len(ledd) < 3 or i < len(ledd) - 2:
        return False
    ved, navn = ledd[-2:]
    return ved.slag is Slag.STED and navn.slag in {Slag.UKJENT, Slag.NAER} and ledd[-3].slag is Slag.FRAMME


def _ja(ledd: Sequence[Ledd]) -> Lesning | None:
    slag = _slag(ledd)
    tider = [x for x in ledd if x.slag in _TID | {Slag.FOERST}]
    if len(tider) > 1 or not (slag & _JA or tider):
        return None
    lov = _JA | _ALLTID | {Slag.ROS, Slag.SNART, Slag.TAKK_FOR, Slag.DRAR_NAA}
    lov |= _lov_med_tid(ledd, tider[0]) if tider else {Slag.AVREISE}
    if Slag.KAN in slag:
        lov |= {Slag.MEDVERB}
    if slag & {Slag.JA, Slag.KAN} and not tider:
        lov |= {Slag.DAG}
    if slag - lov or _bare_kvittert(ledd) or (tider and not _tid_er_ankomst(ledd, tider[0])):
        return None
    if tider and tider[0].slag is Slag.TALL:
        return _bare_tall(ledd, tider[0])
    return _klart(Betydning.KOMMER, ledd, minutter=tider[0].minutter if tider else None)


def _lov_med_tid(ledd: Sequence[Ledd], tid: Ledd) -> set[Slag]:
    """A time makes «framme» and «er der» a promise; «men» may stand before «kommer ikke før …» alone."""
    lov = {tid.slag, Slag.FRAMME, Slag.DER}
    i = ledd.index(tid)
    if tid.slag is Slag.TALL and i + 1 < len(ledd) and ledd[i + 1].slag is Slag.PERSONER:
        lov |= {Slag.PERSONER}
    if tid.slag is Slag.FOERST and i and all(x.slag is not Slag.MEN for x in (*ledd[: i - 1], *ledd[i:])):
        lov |= {Slag.MEN}
    return lov


def _bare_kvittert(ledd: Sequence[Ledd]) -> bool:
    """«ok, takk for beskjed» says that it was read; «ja så» and «ja ja» say nothing."""
    slag = _slag(ledd)
    if Slag.TAKK_FOR in slag and not slag & (_JA - {Slag.OKEI}):
        return True
    if slag & _JA <= {Slag.OKEI} and not slag & _TID and (Slag.ROS in slag or any(x.form == "takk" for x in ledd)):
        return True
    ord_ = [x.form for x in ledd if x.slag is not Slag.UTROP]
    return ord_ in (["ja", "ja"], ["ja", "saa"], ["ok", "saa"], ["ja", "ja", "ja"], ["ja", "ja", "da"])


def _tid_er_ankomst(ledd: Sequence[Ledd], tid: Ledd) -> bool:
    """Whether the time says when the sender is there, not when the sender leaves or came, or a line or a crowd."""
    i = ledd.index(tid)
    foran = ledd[i - 1] if i else None
    if tid.slag is Slag.KLOKKE:
        lover = _slag(ledd) & (_JA | {Slag.FRAMME, Slag.DER})
        kom = _slag(ledd) & {Slag.FRAMME, Slag.DER} and tid.minutter is None
        return bool(lover) and not kom and not (foran and foran.slag is Slag.PAA_VEI and not tid.skille)
    if foran is None or tid.skille or tid.slag is Slag.FOERST:
        return True
    if foran.form.startswith("tar ") or (tid.slag is Slag.VARIGHET and _er_opphold(foran, tid)):
        return False
    return not (foran.slag in {Slag.PAA_VEI, Slag.DRAR_NAA} and tid.form == "om")


def _er_opphold(foran: Ledd, tid: Ledd) -> bool:
    """«kan stille 2 timer» is how long, «kommer 20 min» how soon."""
    if tid.form == "om" or foran.slag not in {Slag.KAN, Slag.KOMMER, Slag.DER, Slag.FRAMME}:
        return False
    return foran.form != "kommer" or (tid.minutter or 0) >= 60


def _bare_tall(ledd: Sequence[Ledd], tall: Ledd) -> Lesning | None:
    """`ja 20` is minutes. Under five: people, hours or minutes? (API.md §4). `kommer 19` may be a time of day."""
    i, verdi = ledd.index(tall), tall.minutter or 0
    etter = ledd[i + 1] if i + 1 < len(ledd) else None
    if etter and etter.slag is Slag.PERSONER:
        return _klart(Betydning.KOMMER, ledd) if _slag(ledd[:i]) & {Slag.JA, Slag.KOMMER, Slag.KAN} else None
    if etter and not etter.skille and etter.slag not in {Slag.KODEORD, Slag.NAER, Slag.FYLL, Slag.UTROP}:
        return None
    if verdi < MINST_BARE_TALL:
        lesning = _klart(Betydning.SPOER, ledd)
        grunn = "Tallet kan være personer, timer eller minutter."
        return lesning.model_copy(update={"antall_uklart": True, "grunn": grunn})
    return _klart(Betydning.KOMMER, ledd, minutter=verdi) if _tall_er_minutter(ledd, i, verdi) else None


_TALL_ETTER = frozenset({"takk", "hei", "naa", "da", "ca", "cirka", "omtrent", "dessverre", "beklager", "sorry", "her"})


def _tall_er_minutter(ledd: Sequence[Ledd], i: int, verdi: int) -> bool:
    foran = ledd[i - 1] if i else None
    if foran is None or ledd[i].form == "om" or foran.slag in {Slag.JA, Slag.OKEI, Slag.KODEORD, Slag.NAER}:
        return True
    if foran.slag is Slag.UTROP or (foran.slag is Slag.FYLL and foran.form in _TALL_ETTER):
        return True
    return (
        foran.slag in {Slag.KOMMER, Slag.PAA_VEI, Slag.FRAMME}
        and foran.form != "stiller"
        and (verdi % 5 == 0 or verdi > 23)
    )


def _bare_kodeord(ledd: Sequence[Ledd]) -> Lesning | None:
    slag = _slag(ledd)
    if slag & {Slag.KODEORD, Slag.NAER} and slag <= _ALLTID:
        return _klart(None, ledd)
    return None


_REGLER: tuple[Regel, ...] = (
    _rop,
    _tomt,
    _hele(Betydning.HJELP, Slag.HJELP, {Slag.SPM_TEGN} | _ALLTID, frozenset()),
    _hele(Betydning.INFO, Slag.INFO, {Slag.SPM_TEGN} | _ALLTID, _INFO_ORD),
    _hele(Betydning.STOPP, Slag.STOPP, {Slag.FYLL, Slag.UTROP}, _STOPP_ORD),
    _hele(Betydning.START, Slag.START, {Slag.FYLL, Slag.UTROP}, _START_ORD),
    _aldri,
    _nei,
    _ferdig,
    _framme,
    _ja,
    _bare_kodeord,
)
