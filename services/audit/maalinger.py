"""What the archive counts."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

ETTERSLEP = Gauge("salto_audit_etterslep", "Messages in the journal that are not archived yet")
RADER = Counter("salto_audit_rader_total", "Rows archived by this process")
HULL = Counter("salto_audit_hull_total", "Sequences that were missing in the journal when it was archived")
STANSET = Gauge("salto_audit_stanset", "1 while the journal is not the one that was archived, and nothing is added")
