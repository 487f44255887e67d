"""Mail over SMTP: stored before 250, refused or dropped as the address was told."""

from __future__ import annotations

from email.message import EmailMessage

import aiosmtplib
import pytest

from infra.simulator.adresse import Adresse
from infra.simulator.klient import Simulator

KARI = "kari@bydel.example"
OLA = "ola@bydel.example"


def brev(til: str, emne: str = "Utkalling: Eidsvolls plass") -> EmailMessage:
    melding = EmailMessage()
    melding["From"], melding["To"], melding["Subject"] = "salto@oslo.example", til, emne
    melding["Message-ID"] = "<utkalling-1@oslo.example>"
    melding.set_content("Kan du stille som koordinator på lørdag?\n")
    melding.add_alternative("<p>Kan du stille på lørdag?</p>", subtype="html")
    return melding


async def send(adresse: Adresse, melding: EmailMessage) -> None:
    await aiosmtplib.send(melding, hostname="127.0.0.1", port=adresse.smtp_port, start_tls=False)


async def test_a_mail_is_read_as_a_person_would(sim: Simulator, adresse: Adresse) -> None:
    await send(adresse, brev(KARI))
    kommet = await sim.epost(KARI.upper()).forventer("Eidsvolls plass")
    assert kommet["tekst"].strip() == "Kan du stille som koordinator på lørdag?"
    assert kommet["html"].strip() == "<p>Kan du stille på lørdag?</p>"
    assert (kommet["fra"], kommet["message_id"]) == ("salto@oslo.example", "<utkalling-1@oslo.example>")
    assert await sim.epost(OLA).brev() == []


async def test_a_copy_is_seen_in_the_counts(sim: Simulator, adresse: Adresse) -> None:
    for til in (KARI, KARI, OLA):
        await send(adresse, brev(til))
    tall = await sim.tall()
    assert (tall["epost_mottatt"], tall["epost_unike"]) == (3, 2)
    assert tall["epost_dobbelt"] == [{"til": KARI, "message_id": "<utkalling-1@oslo.example>", "antall": 2}]


@pytest.mark.parametrize("kode", [450, 550])
async def test_an_address_refuses_as_told_and_then_takes_it(sim: Simulator, adresse: Adresse, kode: int) -> None:
    await sim.epost(KARI).oppfoersel(kode=kode, antall=1)
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as feil:
        await send(adresse, brev(KARI))
    assert feil.value.recipients[0].code == kode
    assert (await sim.tall())["epost_mottatt"] == 0
    await send(adresse, brev(KARI))
    assert len(await sim.epost(KARI).brev()) == 1


async def test_a_dropped_line_after_data_leaves_doubt_and_the_mail_is_there(sim: Simulator, adresse: Adresse) -> None:
    await sim.epost(KARI).oppfoersel(brudd_etter_data=True)
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(adresse, brev(KARI))
    assert len(await sim.epost(KARI).brev()) == 1
    await sim.epost(KARI).oppfoerer_seg()
    await send(adresse, brev(KARI, "igjen"))
    assert [b["emne"] for b in await sim.all_epost()] == ["Utkalling: Eidsvolls plass", "igjen"]
