"""What a text says, read without knowing which call-outs are open."""

from __future__ import annotations

from enum import StrEnum

from contracts.event import Fakta


class Betydning(StrEnum):
    """What a reply can mean (API.md §4)."""

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


class Lesning(Fakta):
    """A text read context-free. `svar` is None when only a kodeord was written."""

    svar: Betydning | None
    eta_minutter: int | None = None
    kodeord: tuple[str, ...] = ()
    antall_uklart: bool = False
    haster: bool = False
    autosvar: bool = False
    grunn: str = ""
