"""The streams: declared here, raw, and updated in place. Rooms only bind."""

from __future__ import annotations

from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

JOURNAL = "JOURNAL"
FEILKOE = "FEILKOE"
DUPLIKATVINDU_SEKUNDER = 3600.0

STROMMER = (
    StreamConfig(
        name=JOURNAL,
        subjects=["salto.>"],
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        duplicate_window=DUPLIKATVINDU_SEKUNDER,
        allow_direct=True,
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
    """Creates the streams, or brings them to the configuration above; never narrows what is stored."""
    for strom in STROMMER:
        oensket = strom.evolve(num_replicas=kopier)
        try:
            naa = (await js.stream_info(strom.name or "")).config
        except NotFoundError:
            await js.add_stream(oensket)
            continue
        gitt = {k: v for k, v in vars(oensket).items() if v is not None}
        if any(getattr(naa, k) != v for k, v in gitt.items()):
            await js.update_stream(naa.evolve(**gitt))
