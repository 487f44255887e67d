"""The kinds of thing one piece of a reply can say."""

from enum import StrEnum, auto


class Slag(StrEnum):
    """What one piece of a reply does."""

    JA = auto()
    KOMMER = auto()
    KAN = auto()
    OKEI = auto()
    """`ok` and a thumb: a yes, but also what one says before a no."""
    PAA_VEI = auto()
    NEI_ORD = auto()
    NEI = auto()
    OPPTATT = auto()
    FRAMME = auto()
    DER = auto()
    """«er der»: where one will be when a time follows, and nothing on its own."""
    FERDIG = auto()
    HJEMME = auto()
    HJEM = auto()
    INFO = auto()
    HJELP = auto()
    ROP = auto()
    STOPP = auto()
    START = auto()
    MEN = auto()
    FORBEHOLD = auto()
    SPOERSMAAL = auto()
    ANDRE = auto()
    FARE = auto()
    """Words that turn a no round («ikke noe problem», «for sent»), or ask another to come."""
    KJOERER = auto()
    HOEFLIG = auto()
    TAKK_FOR = auto()
    ROS = auto()
    SNART = auto()
    DAG = auto()
    IMORGEN = auto()
    AVREISE = auto()
    DRAR_NAA = auto()
    MEDVERB = auto()
    STED = auto()
    GRUNN = auto()
    PERSONER = auto()
    FYLL = auto()
    IKKE = auto()
    """A no that belongs to no verb we know: it may turn anything round."""
    VARIGHET = auto()
    KLOKKE = auto()
    TALL = auto()
    UKLAR_TID = auto()
    FOERST = auto()
    """«kommer ikke før om 30 min»: a no on the face of it, a yes with a time in truth."""
    KODEORD = auto()
    NAER = auto()
    SPM_TEGN = auto()
    UTROP = auto()
    UKJENT = auto()
