"""What the journal counts: handled, paused, dead-lettered, by room."""

from __future__ import annotations

from prometheus_client import Counter

BEHANDLET = Counter("salto_mottak_behandlet_total", "Events handled", ["rom"])
PAUSE = Counter("salto_mottak_pause_total", "Times a room paused for a missing dependency", ["rom"])
FEILKOE_LAGT = Counter("salto_feilkoe_lagt_total", "Messages set aside in the dead-letter queue", ["rom"])
JOURNAL_FULL = Counter("salto_journal_full_total", "Tellings refused because the journal has no room")
GJENSPILL = Counter("salto_gjenspill_total", "Times tables turned out to be older than the journal", ["rom"])
