"""The streams: declared here, raw, and updated in place. Rooms only bind."""

from __future__ import annotations

from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, StorageType, StreamConfig, StreamInfo
from nats.js.errors import NotFoundError

from infra.journal.feil import JournalFull, JournalNede

JOURNAL = "JOURNAL"
FEILKOE = "FEILKOE"
DUPLIKATVINDU_SEKUNDER = 3600.0

STILLE_NANOSEKUNDER = 5_000_000_000
"""A copy that has said nothing for so long does not count: it says something every second. Zero is never heard of."""

STROMMER = (
    StreamConfig(
        name=JOURNAL,
        subjects=["salto.>"],
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        duplicate_window=DUPLIKATVINDU_SEKUNDER,
        allow_direct=True,
        allow_atomic=True,
    ),
    StreamConfig(
        name=FEILKOE,
        subjects=["feilkoe.>"],
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        duplicate_window=DUPLIKATVINDU_SEKUNDER,
        allow_direct=True,
    ),
)


async def erklaer(js: JetStreamContext, *, kopier: int = 1) -> None:
    """Creates the streams, or brings them to the configuration above; never narrows what is stored.

    Nor takes copies away: a process that was not told how many there should be must not make it one.
    """
    for strom in STROMMER:
        try:
            naa = (await js.stream_info(strom.name or "")).config
        except NotFoundError:
            await js.add_stream(strom.evolve(num_replicas=kopier))
            continue
        oensket = strom.evolve(num_replicas=max(kopier, naa.num_replicas or 1))
        gitt = {k: v for k, v in vars(oensket).items() if v is not None}
        if any(getattr(naa, k) != v for k, v in gitt.items()):
            await js.update_stream(naa.evolve(**gitt))


def se_etter(info: StreamInfo, *, stoerste: int) -> None:
    """Raises when nothing could be confirmed just now.

    Args:
        info: the stream as its leader sees it.
        stoerste: bytes of the largest message there must be room for.
    """
    klynge, maks = info.cluster, info.config.max_bytes or -1
    if klynge and not klynge.leader:
        raise JournalNede("NATS-klyngen er uten leder")
    kopier = (klynge and klynge.replicas) or []
    hoeres = 1 + sum(not k.offline and 0 < (k.active or 0) < STILLE_NANOSEKUNDER for k in kopier)
    if 2 * hoeres <= 1 + len(kopier):
        raise JournalNede(f"NATS-klyngen er uten flertall: {hoeres} av {1 + len(kopier)} tjenere svarer")
    if 0 <= maks < info.state.bytes + stoerste:
        raise JournalFull(f"journalen er full: {info.state.bytes} av {maks} byte")
