"""What somebody may do to a hendelse as it stands: what is shown is what the door lets through."""

from __future__ import annotations

from contracts.event import Aktoer
from contracts.hendelse import Hendelse, Status
from contracts.roller import Rolle
from services.hendelser.rules import OVERALT, kan_handle, kan_utvide

MELDERE = ("sekretariat", "salto_sentrum", "salto_koordinator", "politi", "linjeleder", "system")
"""Every registered actor may report an event; the coordinator qualifies it (domene F73)."""
REKKEFOELGE = ("endre", "utvid", "vurdering", "sentrum", "overfoer", "avslutt", "avlys")
"""The most needed first, what cannot be undone last."""
ENDELIGE = frozenset({"avslutt", "avlys"})


def mulige(av: Aktoer, hendelse: Hendelse, status: str) -> tuple[str, ...]:
    """The actions somebody may take now, in the order they are shown. On what is closed, none."""
    if av.rolle not in MELDERE or status in {Status.AVLYST, Status.AVSLUTTET}:
        return ()
    mulig = {
        **dict.fromkeys(("endre", "avlys", "avslutt", "overfoer"), kan_handle(av, hendelse)),
        "sentrum": av.rolle in OVERALT and hendelse.sted is not None,
        "vurdering": av.rolle == "sekretariat",
        "utvid": kan_utvide(av, av.enhet, Rolle.UTOEVENDE),
    }
    if status == Status.UTKAST:  # nobody is called yet: what is wrong is changed
        mulig = {kode: mulig[kode] for kode in ("endre", "avlys")}
    return tuple(kode for kode in REKKEFOELGE if mulig.get(kode))
