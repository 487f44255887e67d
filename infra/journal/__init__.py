"""The journal: one JetStream stream, the way in and out of every room. This package is the only seam to it."""

from infra.journal.feil import JournalFull, JournalNede, Versjonskonflikt
from infra.journal.journal import Journal, Kvittering, Melding
from infra.journal.levering import Levering
from infra.journal.mottak import Handler, Mottak

__all__ = [
    "Handler",
    "Journal",
    "JournalFull",
    "JournalNede",
    "Kvittering",
    "Levering",
    "Melding",
    "Mottak",
    "Versjonskonflikt",
]
