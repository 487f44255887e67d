"""The no, and the reason that may follow it: words we do not know are allowed only where they can be a reason."""

from collections.abc import Sequence
from itertools import pairwise

from contracts.lesning import Betydning, Lesning
from services.sms.lesning.ledd import Ledd
from services.sms.lesning.slag import Slag
from services.sms.lesning.utsagn import ALLTID, NEI, TO_TING, UKJENTE_ORD, klart, slag_i, uklart

_HOEYST_UKJENTE = 12
_STEDSORD = frozenset({"paa", "i", "til", "min", "mi", "mitt", "mine"})
"""«kan ikke på grunn av» gives a reason; «kommer ikke på navnet» does not."""
_UFULLSTENDIGE = frozenset({"skal", "maa", "har", "paa", "i"})
"""«nei, Kari skal» is about somebody else."""
_GRUNNORD = frozenset({"er", "da", "saa"})
_BEGYNNELSER = {Slag.FYLL, Slag.GRUNN, Slag.NEI, Slag.NEI_ORD, Slag.OPPTATT, Slag.HOEFLIG, Slag.TAKK_FOR}


def nei(ledd: Sequence[Ledd]) -> Lesning | None:
    """`kommer_ikke`, or `uklart` when something stands beside the no that is not its reason; None without a no."""
    slag = slag_i(ledd)
    if not slag & NEI:
        return None
    ledd = _etter_hoeflig_men(ledd)
    slag = slag_i(ledd)
    lov = NEI | ALLTID | {Slag.GRUNN, Slag.DAG, Slag.IMORGEN, Slag.TAKK_FOR, Slag.HJEMME, Slag.UKJENT, Slag.STED}
    if Slag.NEI_ORD in slag:
        lov |= {Slag.MEDVERB}
    if not slag & NEI or slag - lov - {Slag.HOEFLIG}:
        return uklart(TO_TING, ledd)
    if _har_ukjent(ledd) or sum(x.slag is Slag.NAER for x in ledd) > 1:
        ledd = [x._replace(slag=Slag.UKJENT) if x.slag is Slag.NAER else x for x in ledd]
    if not _grunn_er_grunn(ledd):
        return uklart(UKJENTE_ORD, ledd)
    lesning = klart(Betydning.KOMMER_IKKE, ledd)
    fritt = slag & {Slag.NEI_ORD} and not slag & {Slag.NEI, Slag.OPPTATT}
    return lesning.model_copy(update={"naer_kreves": lesning.naer_kreves and not fritt})


def _etter_hoeflig_men(ledd: Sequence[Ledd]) -> Sequence[Ledd]:
    """«ok men kan ikke», «skulle gjerne kommet, men …»: what stands before «men» is manners, not an answer."""
    men = [i for i, x in enumerate(ledd) if x.slag is Slag.MEN]
    if len(men) != 1:
        return ledd
    foer, etter = ledd[: men[0]], ledd[men[0] + 1 :]
    manerer = {x.slag for x in foer if x.form != "gjerne"} <= {Slag.OKEI, Slag.HOEFLIG, Slag.TAKK_FOR} | ALLTID
    if manerer and slag_i(etter) & NEI:
        return [*(x for x in foer if x.slag in ALLTID), *etter]
    if Slag.TAKK_FOR in slag_i(etter) <= {Slag.TAKK_FOR} | ALLTID:
        return [*foer, *etter]
    return ledd


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
        elif x.slag in NEI:
            if forrige.slag is Slag.UKJENT:
                return False
            fri = sier_nei
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
