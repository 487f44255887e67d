"""What the program counts about itself."""

from __future__ import annotations

from prometheus_client import Counter

TICK_FEILET = Counter("salto_tick_feilet_total", "Ticks that failed", ["rom", "tick"])
KLOKKE_SPRANG = Counter("salto_klokke_sprang_total", "Times the wall clock was moved while we ran", ["vei"])
