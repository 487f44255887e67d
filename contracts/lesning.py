"""What a text says, read on its own: the words an answer can mean and the reading `sms` hands on."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Betydning(StrEnum):
    """The ten things a reply can mean (API §4)."""

    KOMMER = "kommer"
    KOMMER_IKKE = "kommer_ikke"
    FRAMME = "framme"
    FERDIG = "ferdig"
    INFO = "info"
    HJELP = "hjelp"
    STOPP = "stopp"
    START = "start"
    SPOER = "spoer"
    UKLART = "uklart"


class Lesning(BaseModel):
    """One reply read context-free: no call-out, no sender and none of the sender's own words is in it.

    `svar` is None when the text held only a kodeord. `eta_minutter` counts from the moment of reading.
    Unknown fields are ignored, so that what was stored years ago still parses.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    svar: Betydning | None = None
    eta_minutter: int | None = None
    kodeord: tuple[str, ...] = ()
    """Kodeord written in full, canonical spelling, in the order they stand."""
    kodeord_naer: tuple[str, ...] = ()
    """Kodeord within one edit of a word we do not know; only an open one may be taken for it."""
    naer_kreves: bool = False
    """The reading holds only if one of `kodeord_naer` is open: otherwise the text has an unknown word."""
    antall_uklart: bool = False
    """A bare number under five: people, hours or minutes? Then `svar` is `spoer`."""
    haster: bool = False
    """A cry for help: `uklart`, and the owner sees it at once."""
    autosvar: bool = False
    """Written by a telephone or a mailbox: `uklart`, and never answered, so that two machines do not talk."""
    grunn: str = ""
    """Why it was not understood, in bokmål, never the sender's words."""
