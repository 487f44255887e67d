"""The signed doors: nobody but Twilio comes in, and a refusal is written down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import text
from twilio.request_validator import RequestValidator

from contracts.audit import WebhookAvvist
from contracts.melding import MeldingLevert, MeldingSendt
from contracts.svar import SvarMottatt
from services.sms import avvisning, routes
from services.sms.tables import InnholdRow, StatusRow
from tests.sms.huset import PUBLIC_URL, Huset, vent_til
from tests.sms.sentral import NUMMER, TOKEN

Bygg = Callable[..., Awaitable[Huset]]
SMS, STATUS = "/webhooks/twilio/sms", "/webhooks/twilio/status"
SKJEMA = {"MessageSid": "SM" + "1" * 32, "From": "+4790000001", "To": NUMMER, "Body": "JA", "MessageStatus": "sent"}


@pytest.mark.parametrize("sti", [SMS, STATUS])
@pytest.mark.parametrize(
    ("signatur", "grunn"), [(None, "signatur mangler"), ("feil", "signaturen stemmer ikke"), ("æ", "signaturen")]
)
async def test_a_wrong_or_missing_signature_is_refused_and_written_down(
    hus: Huset, sti: str, signatur: str | None, grunn: str
) -> None:
    hoder = {} if signatur is None else {b"X-Twilio-Signature": signatur.encode()}
    svar = await hus.web.post(sti, data=SKJEMA, headers=hoder)
    assert svar.status_code == 403
    await vent_til(lambda: bool(hus.fortalt(WebhookAvvist)))
    (avvist,) = hus.fortalt(WebhookAvvist)
    assert avvist.data.doer == sti.rsplit("/", 1)[1]
    assert avvist.data.grunn.startswith(grunn)
    assert await hus.alle(InnholdRow) == await hus.alle(StatusRow) == []


@pytest.mark.parametrize("sti", [SMS, STATUS])
async def test_without_a_token_nobody_comes_in(bygg_hus: Bygg, sti: str) -> None:
    hus = await bygg_hus(twilio_account_sid="", twilio_auth_token="", twilio_from="")
    signatur = RequestValidator("").compute_signature(PUBLIC_URL + sti, SKJEMA)
    assert (await hus.post(sti, SKJEMA, signatur=signatur)).status_code == 403
    await vent_til(lambda: [e.data.grunn for e in hus.fortalt(WebhookAvvist)] == ["ingen nøkkel er satt opp"])


@pytest.mark.parametrize(
    ("url", "skjema"),
    [
        ("http://bak.proxyen:8000" + SMS, SKJEMA),
        (PUBLIC_URL + SMS + "?m=1", SKJEMA),
        (PUBLIC_URL + STATUS, SKJEMA),
        (PUBLIC_URL + SMS, SKJEMA | {"Body": "NEI"}),
        (PUBLIC_URL + SMS, {k: v for k, v in SKJEMA.items() if k != "Body"}),
    ],
    ids=["internal address", "other query", "other door", "other text", "field added"],
)
async def test_a_signature_over_something_else_is_refused(hus: Huset, url: str, skjema: dict[str, str]) -> None:
    signatur = RequestValidator(TOKEN).compute_signature(url, skjema)
    assert (await hus.post(SMS, SKJEMA, signatur=signatur)).status_code == 403


async def test_a_fragment_may_be_signed_along_with_the_address_it_came_with(hus: Huset) -> None:
    sti = f"{STATUS}?m=0&f=1"
    for fragment, ventet in (("#rc=5&rp=all", 200), ("#rc=5", 403)):
        signatur = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + sti + fragment, SKJEMA)
        assert (await hus.post(sti, SKJEMA, signatur=signatur)).status_code == ventet


async def test_repeated_fields_and_fields_nobody_has_heard_of_are_signed_too(hus: Huset) -> None:
    par = [*SKJEMA.items(), ("Nytt", "b"), ("Nytt", "a"), ("Tomt", "")]
    utvidet = f"{PUBLIC_URL}{SMS}"
    for navn in sorted({navn for navn, _ in par}):
        utvidet += "".join(navn + verdi for verdi in sorted(v for n, v in par if n == navn))
    signatur = RequestValidator(TOKEN).compute_signature(utvidet, {})
    assert (await hus.post(SMS, par, signatur=signatur)).status_code == 200
    assert (await hus.post(SMS, par[:-2], signatur=signatur)).status_code == 403


async def test_the_query_is_validated_as_it_was_received(hus: Huset) -> None:
    sti = f"{SMS}?navn={quote('æ ø')}&navn=%2B47"
    assert (await hus.post(sti, SKJEMA)).status_code == 200


async def test_a_hundred_knocks_are_one_event(hus: Huset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(avvisning, "HVERT", timedelta(hours=1))  # however long they take
    svar = await asyncio.gather(*(hus.web.post(SMS, data=SKJEMA) for _ in range(100)))
    assert {s.status_code for s in svar} == {403}
    await hus.frem(hours=1, seconds=1)
    await hus.web.post(SMS, data=SKJEMA)
    await hus.alt_er_fortalt()
    assert len(hus.fortalt(WebhookAvvist)) == 2


@pytest.mark.parametrize(
    ("kropp", "status"),
    [
        (b"Body=" + b"a" * 70_000, 413),
        (b"\xff\xfe", 403),
        (b"&".join(b"f%d=1" % i for i in range(400)), 403),
        (b'{"MessageSid": "SM1"}', 403),
    ],
    ids=["too large", "not ascii", "too many fields", "json"],
)
async def test_what_is_no_form_of_twilios_is_refused(hus: Huset, kropp: bytes, status: int) -> None:
    hoder = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(PUBLIC_URL + SMS, {"a": "b"})}
    assert (await hus.web.post(SMS, content=kropp, headers=hoder)).status_code == status


async def test_the_answer_is_empty_twiml(hus: Huset) -> None:
    svar = await hus.svarer("+4790000001", "NEI")
    assert (svar.status_code, svar.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert svar.text == '<?xml version="1.0" encoding="UTF-8"?><Response/>'


async def test_a_status_is_not_taken_for_an_answer(hus: Huset) -> None:
    b = await hus.bestill_en(hus.person())
    await hus.hoerer(MeldingSendt, b.id)
    await hus.melder(hus.sentral.meldinger[0], "delivered")
    await hus.hoerer(MeldingLevert, b.id)
    assert hus.fortalt(SvarMottatt) == []


@pytest.mark.parametrize("hva", ["svar", "status"])
async def test_a_store_that_is_silent_is_told_in_time_and_what_came_is_kept_once(
    hus: Huset, hva: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kari, sid = hus.person(), "SM" + "2" * 32

    async def kommer() -> int:
        if hva == "svar":
            return (await hus.svarer(hus.mobil(kari), "JA", sid=sid)).status_code
        return (await hus.post(STATUS, {"MessageSid": sid, "MessageStatus": "sent"})).status_code

    async with hus.db.skriv() as tx:  # nobody else gets to write
        if not hus.db.sqlite:
            await tx.execute(text(f"LOCK TABLE sms_{'innhold' if hva == 'svar' else 'status'}"))
        with monkeypatch.context() as utaalmodig:
            utaalmodig.setattr(routes, "SVARFRIST_SEKUNDER", 0.2)
            assert await kommer() == 503
    assert await kommer() == 200
    assert len(await hus.alle(InnholdRow if hva == "svar" else StatusRow)) == 1
    if hva == "svar":
        await vent_til(lambda: [s.leverandoer_id for e in hus.fortalt(SvarMottatt) for s in e.data.svar] == [sid])
