"""What the program counts about itself."""

from __future__ import annotations

from prometheus_client import Counter

TICK_FEILET = Counter("salto_tick_feilet_total", "Ticks that failed", ["rom", "tick"])
