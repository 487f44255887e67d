"""What the room counts: outcomes, the queue, doubt, refusals at the doors, and what must never happen."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

UTFALL = Counter("salto_sms_utfall_total", "What became of messages", ["utfall", "oevelse"])
ANROP = Counter("salto_sms_anrop_total", "Calls to the gateway, by what they came to", ["slag"])
KOE = Gauge("salto_sms_koe", "Messages by where they wait", ["status"])
UNDERVEIS = Gauge("salto_sms_underveis", "Sends under way in this process")
STANSET = Gauge("salto_sms_stanset", "1 while the line is stopped because the gateway refuses our account")
DOBLE = Counter("salto_sms_doble_total", "Messages the gateway has more than one copy of")
WEBHOOK_AVVIST = Counter("salto_sms_webhook_avvist_total", "Calls refused at the signed doors", ["doer", "grunn"])
INNKOMMET = Counter("salto_sms_innkommet_total", "Answers taken in", ["vei"])
