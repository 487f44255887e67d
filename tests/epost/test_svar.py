"""The answer page: looking does nothing, however often a scanner looks; a person's POST answers."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from contracts.lesning import Betydning
from contracts.melding import MeldingSendt
from contracts.svar import Innkommet, SvarMottatt
from infra.db import tabell
from infra.journal.topologi import JOURNAL
from services.epost.rules import LENKE_LEVETID
from services.epost.tables import LenkeRow
from tests.epost.byen import Byen, tekst_i, vent_til

EKSTERNT = re.compile(r"""(?:href|src|action)="([a-z]+:)?//""")


def svar_i(byen: Byen) -> list[Innkommet]:
    return [s for e in byen.av_slag(SvarMottatt) for s in e.data.svar]


async def lenkerad(byen: Byen) -> LenkeRow:
    async with byen.db.les() as tx:
        return LenkeRow(**(await tx.execute(select(tabell(LenkeRow)))).mappings().one())


async def test_a_scanner_that_looks_a_hundred_times_changes_nothing(byen: Byen) -> None:
    sti = await byen.sendt_lenke()
    foer = await lenkerad(byen)
    async with byen.nettleser() as skanner:
        for _ in range(50):
            assert (await skanner.get(sti)).status_code == 200
            assert (await skanner.head(sti)).status_code == 200
        assert (await skanner.options(sti)).status_code == 405
    assert await lenkerad(byen) == foer
    assert svar_i(byen) == []


async def test_the_token_is_stored_as_a_digest_only_and_bound_to_its_call_out(byen: Byen) -> None:
    utkalling_id, person_id = uuid4(), byen.person()
    sti = await byen.sendt_lenke(utkalling_id=utkalling_id, person_id=person_id)
    token = sti.rsplit("/", 1)[-1]
    rad = await lenkerad(byen)
    assert len(token) >= 43
    assert token not in str(rad.model_dump())
    assert (rad.utkalling_id, rad.person_id, rad.hendelse_id) == (utkalling_id, person_id, byen.hendelse_id)


async def test_the_link_is_in_the_mail_and_in_no_log(byen: Byen, capsys: pytest.CaptureFixture[str]) -> None:
    sti = await byen.sendt_lenke()
    async with byen.nettleser() as nettleser:
        await nettleser.get(sti)
        await nettleser.post(sti, data={"svar": "kommer"})
        await nettleser.get(sti + "x")
    ut = capsys.readouterr()
    assert sti in tekst_i(byen.postkasse.brev[0], "html")
    assert sti.rsplit("/", 1)[-1] not in ut.out + ut.err


@pytest.mark.parametrize(
    ("skjema", "svar", "eta", "takk"),
    [
        ({"svar": "kommer"}, Betydning.KOMMER, None, "Ja, jeg kommer."),
        ({"svar": "kommer", "eta_minutter": "20"}, Betydning.KOMMER, 20, "Ja, jeg kommer, framme om 20 minutter."),
        ({"svar": "kommer", "eta_minutter": " 1 "}, Betydning.KOMMER, 1, "Ja, jeg kommer, framme om 1 minutt."),
        ({"svar": "kommer", "eta_minutter": ""}, Betydning.KOMMER, None, "Ja, jeg kommer."),
        ({"svar": "kommer_ikke"}, Betydning.KOMMER_IKKE, None, "Nei, jeg kan ikke komme."),
        ({"svar": "kommer_ikke", "eta_minutter": "x"}, Betydning.KOMMER_IKKE, None, "Nei, jeg kan ikke komme."),
        ({"svar": "framme"}, Betydning.FRAMME, None, "Jeg er framme."),
        ({"svar": "ferdig"}, Betydning.FERDIG, None, "Jeg er ferdig."),
    ],
)
async def test_a_post_answers(byen: Byen, skjema: dict[str, str], svar: Betydning, eta: int | None, takk: str) -> None:
    sti = await byen.sendt_lenke()
    async with byen.nettleser() as nettleser:
        side = await nettleser.post(sti, data=skjema)
    assert (side.status_code, f"Vi har registrert: <strong>{takk[:-1]}</strong>." in side.text) == (200, True)
    await vent_til(lambda: len(svar_i(byen)) == 1)
    [innkommet] = svar_i(byen)
    rad = await lenkerad(byen)
    assert (innkommet.lesning.svar, innkommet.lesning.eta_minutter) == (svar, eta)
    assert (innkommet.kanal, innkommet.utkalling_id, innkommet.person_id) == ("epost", rad.utkalling_id, rad.person_id)
    assert byen.av_slag(SvarMottatt)[0].hendelseid == byen.hendelse_id


async def test_pressing_twice_is_one_answer_and_changing_one_s_mind_is_three(byen: Byen) -> None:
    sti = await byen.sendt_lenke()
    async with byen.nettleser() as nettleser:
        for svar in ("kommer", "kommer", "kommer_ikke", "kommer_ikke", "kommer"):
            assert (await nettleser.post(sti, data={"svar": svar})).status_code == 200
    await vent_til(lambda: len(svar_i(byen)) >= 3)
    assert [s.lesning.svar for s in svar_i(byen)] == ["kommer", "kommer_ikke", "kommer"]
    assert len({s.id for s in svar_i(byen)}) == 3


async def test_a_doubt_tried_again_is_the_same_answer(byen: Byen, monkeypatch: pytest.MonkeyPatch) -> None:
    sti = await byen.sendt_lenke()
    publiser = byen.journal.publiser

    async def lagret_men_uten_svar(events: object) -> None:
        await publiser(events)  # type: ignore[arg-type] # handed on as it came
        raise ConnectionError

    async with byen.nettleser() as nettleser:
        with monkeypatch.context() as brudd:
            brudd.setattr(byen.journal, "publiser", lagret_men_uten_svar)
            assert (await nettleser.post(sti, data={"svar": "kommer"})).status_code == 503
        assert (await nettleser.post(sti, data={"svar": "kommer"})).status_code == 200
    await byen.bestill(byen.bestilling())
    await byen.hoerer(MeldingSendt, 2)  # whatever was told before it, is heard
    assert len(svar_i(byen)) == 1


async def test_without_the_journal_the_page_says_not_confirmed(byen: Byen) -> None:
    sti = await byen.sendt_lenke()
    await byen.journal.js.delete_stream(JOURNAL)  # a server without the stream gives no PubAck
    async with byen.nettleser() as nettleser:
        side = await nettleser.post(sti, data={"svar": "kommer"})
    assert side.status_code == 503
    assert "ikke bekreftet" in side.text
    assert "Prøv igjen" in side.text
    assert (await lenkerad(byen)).svar is None


async def test_arrived_and_finished_are_offered_after_a_yes(byen: Byen) -> None:
    sti = await byen.sendt_lenke()
    async with byen.nettleser() as nettleser:
        foer = (await nettleser.get(sti)).text
        await nettleser.post(sti, data={"svar": "kommer", "eta_minutter": "15"})
        etter = (await nettleser.get(sti)).text
        await nettleser.post(sti, data={"svar": "kommer_ikke"})
        til_slutt = (await nettleser.get(sti)).text
    assert ("framme" in re.findall(r'value="(\w+)"', foer), "Du har ikke svart her ennå" in foer) == (False, True)
    assert {"framme", "ferdig"} <= set(re.findall(r'value="(\w+)"', etter))
    assert "Ja, jeg kommer, framme om 15 minutter" in etter
    assert "framme" not in re.findall(r'value="(\w+)"', til_slutt)


async def test_the_page_is_norwegian_shut_and_says_what_it_is_about(byen: Byen) -> None:
    sti = await byen.sendt_lenke(emne="Vakt <script>", tekst="Tøyen & omegn", oevelse=True)
    async with byen.nettleser() as nettleser:
        side = await nettleser.get(sti)
    for del_ in ('<html lang="nb">', "Vakt &lt;script&gt;", "Tøyen &amp; omegn", "ØVELSE", "Fare for liv: ring 112."):
        assert del_ in side.text
    assert "<script" not in side.text
    assert not EKSTERNT.search(side.text)
    assert re.search(
        r"style-src 'sha256-[A-Za-z0-9+/=]{44}'; form-action 'self'", side.headers["content-security-policy"]
    )
    assert side.headers["content-security-policy"].startswith("default-src 'none'")
    assert (side.headers["referrer-policy"], side.headers["cache-control"]) == ("no-referrer", "no-store")
    assert "noindex" in side.headers["x-robots-tag"]


async def test_an_unknown_link_is_a_kind_404(byen: Byen) -> None:
    async with byen.nettleser() as nettleser:
        for side in (await nettleser.get("/svar/nei"), await nettleser.post("/svar/nei", data={"svar": "kommer"})):
            assert side.status_code == 404
            assert "Vi finner ikke lenken" in side.text


async def test_a_link_expires(byen: Byen) -> None:
    sti = await byen.sendt_lenke(send_foer=byen.klokke.now() + timedelta(hours=1))
    byen.klokke.frem(seconds=LENKE_LEVETID.total_seconds())
    async with byen.nettleser() as nettleser:
        assert (await nettleser.get(sti)).status_code == 200
        byen.klokke.frem(hours=2)
        for side in (await nettleser.get(sti), await nettleser.post(sti, data={"svar": "kommer"})):
            assert side.status_code == 410
            assert "utløpt" in side.text
    assert svar_i(byen) == []


@pytest.mark.parametrize(
    ("skjema", "tekst"),
    [
        ({}, "Velg en av knappene."),
        ({"svar": "kanskje"}, "Velg en av knappene."),
        ({"svar": "kommer", "eta_minutter": "0"}, "fra 1 til 720"),
        ({"svar": "kommer", "eta_minutter": "721"}, "fra 1 til 720"),
        ({"svar": "kommer", "eta_minutter": "snart"}, "fra 1 til 720"),
        ({"svar": "kommer", "eta_minutter": "²"}, "fra 1 til 720"),
    ],
)
async def test_an_answer_that_cannot_be_read_is_not_registered(byen: Byen, skjema: dict[str, str], tekst: str) -> None:
    sti = await byen.sendt_lenke()
    async with byen.nettleser() as nettleser:
        side = await nettleser.post(sti, data=skjema)
    assert (side.status_code, tekst in side.text, "ikke registrert" in side.text) == (422, True, True)
    assert (await lenkerad(byen)).svar is None


async def test_a_large_body_is_refused(byen: Byen) -> None:
    sti = await byen.sendt_lenke()
    async with byen.nettleser() as nettleser:
        side = await nettleser.post(sti, data={"svar": "kommer", "x": "y" * 5000})
    assert side.status_code == 413


@pytest.mark.parametrize(
    ("hode", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 200),
        ({"origin": "https://ond.example"}, 403),
        ({"origin": "http://salto.example"}, 200),
        ({"origin": "null"}, 200),
        ({}, 200),
    ],
)
async def test_another_site_cannot_answer_for_somebody(byen: Byen, hode: dict[str, str], status: int) -> None:
    sti = await byen.sendt_lenke()
    async with byen.nettleser(headers=hode) as nettleser:
        assert (await nettleser.post(sti, data={"svar": "kommer"})).status_code == status


async def test_those_who_guess_links_are_stopped_and_those_who_have_one_are_not(byen: Byen) -> None:
    sti = await byen.sendt_lenke()
    async with byen.nettleser() as nettleser:
        gjettet = [(await nettleser.post(f"/svar/{nr}", data={"svar": "kommer"})).status_code for nr in range(31)]
        assert (gjettet[29], gjettet[30]) == (404, 429)
        assert (await nettleser.get(sti)).status_code == 200
        for _ in range(119):
            await nettleser.get(sti)
        for_mye = await nettleser.get(sti)
    assert (for_mye.status_code, for_mye.headers["retry-after"]) == (429, "60")


async def test_a_second_attempt_has_a_link_of_its_own_that_works(byen: Byen) -> None:
    byen.postkasse.rcpt_svar["vakt@bydel.example"] = ["450 4.2.1 Later"]
    await byen.bestill(byen.bestilling(svarlenke=True))
    await vent_til(lambda: byen.postkasse.forsoek == 1)
    await byen.vent_paa_status("klar")
    byen.klokke.frem(minutes=6)
    await byen.vent_paa_status("sendt")
    rad = await lenkerad(byen)  # one: the first went nowhere, and is gone
    assert rad.brukt is None
