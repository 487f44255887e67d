"""What the e-mail room counts: outcomes, and whether anything can go out."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

UTFALL = Counter("salto_epost_utfall_total", "E-mails by what became of them", ["utfall"])
SPERRET = Gauge("salto_epost_sperret", "1 while no e-mail can go out: no way in to the mail server, or no register")
