"""Times: as the chain hashes them (whole microseconds since 1970), and as people in Oslo read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from infra.clock import OSLO
from infra.web.norsk import UKEDAGER

_NULL = datetime(1970, 1, 1, tzinfo=UTC)


def mikrosekunder(tid: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (tid - _NULL) // timedelta(microseconds=1)


def tidspunkt(tid: int) -> datetime:
    """The moment of so many microseconds since 1970, in UTC."""
    return _NULL + timedelta(microseconds=tid)


def dato(tid: datetime) -> str:
    """«lør 28.11.2026», in Oslo."""
    her = tid.astimezone(OSLO)
    return f"{UKEDAGER[her.weekday()]} {her:%d.%m.%Y}"


def klokka(tid: datetime) -> str:
    """«14.03.07», in Oslo: with seconds, so that the order shows."""
    return f"{tid.astimezone(OSLO):%H.%M.%S}"


def minutt(tid: datetime) -> str:
    """«14.03», in Oslo."""
    return f"{tid.astimezone(OSLO):%H.%M}"


def dato_tid(tid: datetime) -> str:
    """«lør 28.11.2026 kl. 14.03», in Oslo."""
    return f"{dato(tid)} kl. {minutt(tid)}"


def varighet(sekunder: float) -> str:
    """«4 min 12 s», for a number of seconds; with a tenth when it is very short."""
    if 0.05 <= sekunder < 10 and sekunder != int(sekunder):
        return f"{sekunder:.1f} s".replace(".", ",")
    hele = round(sekunder)
    timer, resten = divmod(hele, 3600)
    minutter, sek = divmod(resten, 60)
    if timer:
        return f"{timer} t {minutter} min"
    return f"{minutter} min {sek} s" if minutter else f"{sek} s"
