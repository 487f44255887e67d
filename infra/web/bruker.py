"""Who somebody is at the doors and on the pages: a role, perhaps bound to a unit, and an id."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from contracts.event import Aktoer
from contracts.roller import enhetsnavn

VISNING = {
    "sekretariat": "SaLTo-sekretariatet",
    "salto_sentrum": "SaLTo-sentrum",
    "salto_koordinator": "SaLTo-koordinator",
    "politi": "Politiet",
    "linjeleder": "Linjeleder",
    "gransker": "Gransker",
    "system": "Systemet",
}
"""What people call the roles of the portal."""


@dataclass(frozen=True)
class Bruker:
    """A caller as the doors know it. `enhet` binds a coordinator to a bydel and police to a driftsenhet."""

    id: str
    rolle: str
    enhet: str | None = None

    @property
    def aktoer(self) -> Aktoer:
        """The caller as events tell it: role and id, never a name."""
        return Aktoer(rolle=self.rolle, enhet=self.enhet, id=self.id)

    @property
    def visning(self) -> str:
        """«SaLTo-koordinator Frogner»."""
        return f"{VISNING[self.rolle]} {enhetsnavn(self.enhet)}" if self.enhet else VISNING[self.rolle]


def avtrykk(token: str) -> str:
    """The digest a token or a session is stored and looked up by."""
    return hashlib.sha256(token.encode()).hexdigest()
