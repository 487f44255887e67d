"""The way in to the pages, and what shuts them to others: sessions, CSRF, headers, static files."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest

from infra.web import oekter
from infra.web.app import bygg_app
from infra.web.innlogging import FEIL, FOR_MANGE, egen_sti
from infra.web.oekter import Oekter, ny_bruker
from infra.web.skall import Skall
from infra.web.statisk import Statisk
from infra.web.tilgang import KAPSEL, Tilgang
from tests.harness.by import OPPSTARTSTOKEN, By
from tests.harness.gjest import PASSORD, Gjest, gjest, konto
from tests.harness.nettleser import Nettleser, Side

BEARER = {"Authorization": f"Bearer {OPPSTARTSTOKEN}"}


async def test_the_right_password_opens_the_page_one_was_on_the_way_to(by: By) -> None:
    navn = await konto(by, "Kari.Riktig", rolle="salto_koordinator", enhet="bydel:05")
    async with gjest(by) as g:
        paa_vei = await g.http.get("/tilgjengelighet")
        assert "Logget inn som" not in paa_vei.text
        side = await g.logg_inn(navn.upper(), PASSORD)
        assert (side.status, side.adresse.endswith("/tilgjengelighet")) == (200, True)
        assert "SaLTo-koordinator Frogner" in side.tekst
        assert await g.er_inne()


async def test_the_cookie_is_for_this_site_alone_and_no_script_can_read_it(by: By) -> None:
    navn = await konto(by, "kapsel")
    async with gjest(by) as g:
        token = Side(await g.http.get("/logg-inn")).skjult["csrftoken"]
        felt = {"csrftoken": token, "brukernavn": navn, "passord": PASSORD}
        svar = await g.http.post("/logg-inn", data=felt, follow_redirects=False)
    kapsel = svar.headers["set-cookie"]
    assert svar.status_code == 303
    assert kapsel.startswith(f"{KAPSEL}=")
    assert all(ord_ in kapsel for ord_ in ("HttpOnly", "SameSite=lax", "Max-Age=43200", "Path=/"))


@pytest.mark.parametrize(
    ("navn", "passord"), [("feil-passord", "noe helt annet"), ("finnes-ikke", PASSORD), ("sperret", PASSORD)]
)
async def test_what_is_wrong_is_never_told_apart(by: By, navn: str, passord: str) -> None:
    if navn != "finnes-ikke":
        await konto(by, navn)
    if navn == "sperret":
        await oekter.sperr(by.program.hus.db, navn, by.klokke.now())
    async with gjest(by) as g:
        side = await g.logg_inn(navn, passord)
        assert (side.status, FEIL in side.tekst) == (422, True)
        assert passord not in side.html
        assert not await g.er_inne()


async def test_the_sixth_try_within_a_minute_is_not_even_looked_at(by: By) -> None:
    navn = await konto(by, "gjettet")
    async with gjest(by) as g:
        forsoek = [(await g.logg_inn(navn, f"gjetning nummer {nr}")).status for nr in range(5)]
        sjette = await g.logg_inn(navn, PASSORD)
        assert forsoek == [422] * 5
        assert (sjette.status, FOR_MANGE in sjette.tekst, await g.er_inne()) == (429, True, False)
        assert sjette.hoder["retry-after"] == "60"


async def test_an_address_that_guesses_at_many_names_is_stopped_and_others_are_not(by: By) -> None:
    navn = await konto(by, "en-av-mange")
    async with gjest(by) as gjetter, gjest(by) as annen:
        forsoek = [(await gjetter.logg_inn(f"gjettet-{nr}", "gjetning")).status for nr in range(20)]
        assert forsoek == [422] * 20
        assert (await gjetter.logg_inn(navn, PASSORD)).status == 429
        assert not await gjetter.er_inne()
        assert (await annen.logg_inn(navn, PASSORD)).status == 200


async def test_a_session_ends_after_two_hours_of_rest(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("gransker")
        by.klokke.frem(hours=1, minutes=59)
        assert "Gransker" in (await n.hent("/tilgjengelighet")).tekst
        by.klokke.frem(hours=1, minutes=59)
        assert "Gransker" in (await n.hent("/tilgjengelighet")).tekst
        by.klokke.frem(hours=2, minutes=1)
        assert "Gransker" not in (await n.hent("/tilgjengelighet")).tekst


async def test_a_session_ends_after_twelve_hours_of_use(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("gransker")
        for _ in range(7):
            by.klokke.frem(hours=1, minutes=40)
            assert "Gransker" in (await n.hent("/tilgjengelighet")).tekst
        by.klokke.frem(minutes=25)
        assert "Gransker" not in (await n.hent("/tilgjengelighet")).tekst


async def test_logging_out_ends_the_session_and_not_only_the_cookie(by: By) -> None:
    navn = await konto(by, "ut-igjen")
    async with gjest(by) as g:
        await g.logg_inn(navn, PASSORD)
        kapsel = g.http.cookies[KAPSEL]
        side = await g.send("/logg-ut")
        assert side.adresse.endswith("/logg-inn")
        assert KAPSEL not in g.http.cookies
        g.http.cookies.set(KAPSEL, kapsel)
        assert not await g.er_inne()


async def test_a_new_password_and_a_closed_account_end_the_sessions(by: By) -> None:
    navn, db = await konto(by, "byttet"), by.program.hus.db
    async with gjest(by) as g:
        await g.logg_inn(navn, PASSORD)
        assert await oekter.nytt_passord(db, navn, "et helt nytt passord")
        assert not await g.er_inne()
        await g.logg_inn(navn, "et helt nytt passord")
        assert await g.er_inne()
        assert await oekter.sperr(db, navn, by.klokke.now())
        assert not await g.er_inne()


@pytest.mark.parametrize(
    ("neste", "til"),
    [
        ("/hendelser/1?fane=svar", "/hendelser/1?fane=svar"),
        ("/", "/"),
        ("", "/"),
        ("//ond.example/", "/"),
        ("/\\ond.example", "/"),
        ("https://ond.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\tond", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
    ],
)
def test_logging_in_never_leads_away(neste: str, til: str) -> None:
    assert egen_sti(neste) == til


async def test_the_demo_accounts_open_in_a_demo_only(by: By) -> None:
    hus = by.program.hus
    await ny_bruker(
        hus.db, brukernavn="demo-en", passord=None, rolle="politi", enhet="driftsenhet:ost", naa=hus.clock.now(),
        demo=True,
    )  # fmt: skip
    vanlig = await konto(by, "ikke-demo")
    async with gjest(by, transport=_app(by, demo=False)) as g:
        assert "Prøv demoen" not in (await g.http.get("/logg-inn")).text
        assert (await g.send("/logg-inn/demo", brukernavn="demo-en")).status == 422
        assert (await g.logg_inn("demo-en", "")).status == 422
        assert KAPSEL not in g.http.cookies
    async with gjest(by, transport=_app(by, demo=True)) as g:
        assert "Politiet enhet øst" in (await g.http.get("/logg-inn")).text
        assert (await g.send("/logg-inn/demo", brukernavn=vanlig)).status == 422
        side = await g.send("/logg-inn/demo", brukernavn="demo-en", neste="/tilgjengelighet")
        assert (side.status, "Politiet enhet øst" in side.tekst) == (200, True)
        kapsel = g.http.cookies[KAPSEL]
    assert await Oekter(hus.db, hus.clock, demo=True).bruker(kapsel)
    assert await Oekter(hus.db, hus.clock).bruker(kapsel) is None  # the data of a demo, started as the real thing


def _app(by: By, *, demo: bool) -> httpx2.ASGITransport:
    """The way in of a program that is a demo, or is not."""
    hus = by.program.hus
    skall, oekter_ = Skall(hus.settings.model_copy(update={"demo": demo})), Oekter(hus.db, hus.clock, demo=demo)
    return httpx2.ASGITransport(app=bygg_app([], Tilgang(hus.db, oekter=oekter_), {}, skall))


async def test_a_form_without_its_token_is_refused_with_a_page(by: By) -> None:
    navn = await konto(by, "csrf-side")
    async with gjest(by) as g:
        await g.logg_inn(navn, PASSORD)
        for felt in ({}, {"csrftoken": "gjettet"}):
            svar = await g.http.post("/logg-ut", data=felt)
            assert svar.status_code == 403
            assert svar.headers["content-type"].startswith("text/html")
            assert "Innsendingen ble ikke tatt imot" in svar.text
        assert await g.er_inne()


@pytest.mark.parametrize(
    "innsending",
    [
        {"data": {"csrftoken": "æøå"}},
        {"content": b"csrftoken=\xff\xfe", "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"content": b"x", "headers": {"content-type": "multipart/form-data"}},
        {"content": b"x", "headers": {"content-type": "multipart/form-data; boundary=y"}},
        {"content": b"x", "headers": {"content-type": "text/plain"}},
        {"data": {}, "headers": {"x-csrftoken": b"\xe6"}},
    ],
)
async def test_a_form_that_is_none_is_refused_and_not_an_error(by: By, innsending: dict[str, Any]) -> None:
    async with gjest(by) as g:
        await g.http.get("/logg-inn")
        assert (await g.http.post("/logg-ut", **innsending)).status_code == 403


async def test_another_site_cannot_log_somebody_in(by: By) -> None:
    navn = await konto(by, "csrf-inn")
    async with gjest(by) as g:  # a form from elsewhere comes without any cookie of ours
        svar = await g.http.post("/logg-inn", data={"brukernavn": navn, "passord": PASSORD})
        assert (svar.status_code, KAPSEL in g.http.cookies) == (403, False)


async def test_the_session_works_for_the_api_with_a_token_in_the_header(by: By) -> None:
    navn = await konto(by, "csrf-api")
    async with gjest(by) as g:
        assert (await g.http.get("/api/v1/hendelser")).status_code == 401
        await g.logg_inn(navn, PASSORD)
        assert await g.er_inne()
        uten = await g.http.post("/api/v1/hendelser", json=by.lokal())
        assert (uten.status_code, uten.headers["content-type"]) == (403, "application/problem+json")
        hode = {"x-csrftoken": g.http.cookies["csrftoken"]}
        med = await g.http.post("/api/v1/hendelser/forhaandsvis", json=by.demonstrasjon(), headers=hode)
        assert med.status_code == 200


async def test_programs_need_no_token_for_forms(by: By) -> None:
    async with gjest(by) as g:
        await g.http.get("/logg-inn")  # has our cookie, as a browser would
        svar = await g.http.post("/api/v1/hendelser/forhaandsvis", json=by.demonstrasjon(), headers=BEARER)
        assert svar.status_code == 200
        webhook = await g.http.post("/webhooks/twilio/sms", data={"Body": "JA"})
        assert (webhook.status_code, "Innsendingen ble ikke tatt imot" in webhook.text) == (403, False)
        assert (await g.http.post("/svar/finnes-ikke", data={"svar": "kommer"})).status_code == 404


CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize(
    ("sti", "status"),
    [
        ("/", 200),
        ("/logg-inn", 200),
        ("/tilgjengelighet", 200),
        ("/simulator", 200),
        ("/api/docs", 200),
        ("/finnes-ikke", 404),
        ("/static/salto.css", 200),
    ],
)
async def test_every_page_is_shut_by_its_headers(by: By, sti: str, status: int) -> None:
    async with Nettleser(by) as n:
        side = await (await n.logg_inn("sekretariat")).hent(sti)
    assert side.status == status
    assert side.hoder.get_list("content-security-policy") == [CSP]
    assert (side.hoder["x-content-type-options"], side.hoder["x-frame-options"]) == ("nosniff", "DENY")
    assert side.hoder["referrer-policy"] == "same-origin"
    assert "geolocation=()" in side.hoder["permissions-policy"]
    if not sti.startswith("/static"):
        assert side.hoder["cache-control"] == "no-store"
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", side.html)


async def test_the_answer_page_keeps_its_own_headers(by: By) -> None:
    svar = await by.nettleser.get("/svar/finnes-ikke")
    [csp] = svar.headers.get_list("content-security-policy")
    assert csp.startswith("default-src 'none'; style-src 'sha256-")
    assert (svar.headers["referrer-policy"], svar.headers["cache-control"]) == ("no-referrer", "no-store")


async def test_a_static_file_is_kept_for_as_long_as_its_address_names_its_digest(by: By) -> None:
    adresse = Statisk().adresse("salto.css")
    assert re.fullmatch(r"/static/salto\.css\?v=[0-9a-f]{12}", adresse)
    async with Nettleser(by) as n:
        assert adresse in (await n.hent("/logg-inn")).html
        assert (await n.hent(adresse)).hoder["cache-control"] == "public, max-age=31536000, immutable"
        assert "immutable" not in (await n.hent("/static/salto.css")).hoder.get("cache-control", "")
        assert (await n.hent("/static/../app.py")).status == 404


async def test_a_form_that_comes_too_late_is_handed_back_whole_and_sent_after_logging_in(by: By) -> None:
    navn = await konto(by, "for-sent")
    async with gjest(by) as g:
        await g.logg_inn(navn, PASSORD)
        token = g.http.cookies["csrftoken"]
        by.klokke.frem(hours=3)
        skrevet = [("csrftoken", token), ("tema", "rus"), ("tema", "skole"), ("tittel", '"><script>'), ("passord", "x")]
        side = Side(await _post(g, "/hendelser/ny?a=1&b=2", skrevet))
        assert (side.status, "Ingenting er sendt" in side.tekst) == (401, True)
        assert 'action="/hendelser/ny?a=1&amp;b=2"' in side.html
        assert re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', side.html) == [
            ("csrftoken", token), ("tema", "rus"), ("tema", "skole"), ("tittel", "&#34;&gt;&lt;script&gt;"),
        ]  # fmt: skip
        assert (side.hoder["cache-control"], PASSORD in side.html) == ("no-store", False)
        assert Side(await _post(g, "/hendelser/ny", skrevet)).status == 401  # pressed too early: nothing is lost
        await g.logg_inn(navn, PASSORD)
        assert Side(await _post(g, "/hendelser/ny", skrevet)).status == 422  # in, and told what is wrong in the form


@pytest.mark.parametrize(
    "hvorfor", ["fra et annet nettsted", "feil token", "for mange felt", "for lang", "ikke et skjema", "htmx"]
)
async def test_only_our_own_form_is_handed_back_and_only_what_a_page_can_hold(by: By, hvorfor: str) -> None:
    async with gjest(by) as g:
        token = Side(await g.http.get("/logg-inn")).skjult["csrftoken"]
        felt, hode = [("csrftoken", token), ("tittel", "Skrevet")], {}
        match hvorfor:
            case "fra et annet nettsted":  # SameSite: none of our cookies come with it
                g.http.cookies.clear()
            case "feil token":
                felt[0] = ("csrftoken", "gjettet")
            case "for mange felt":
                felt += [(f"felt{i}", "x") for i in range(300)]
            case "for lang":
                felt.append(("beskrivelse", "x" * 100_000))
            case "ikke et skjema":
                hode = {"content-type": "text/plain", "x-csrftoken": token}
            case "htmx":
                hode = {"HX-Request": "true"}
        svar = await _post(g, "/hendelser/ny", felt, hode)
    assert "Skrevet" not in svar.text
    til = svar.headers.get("hx-redirect") or svar.headers.get("location")
    assert (svar.status_code, til) == {"feil token": (403, None), "htmx": (204, "/logg-inn")}.get(
        hvorfor, (303, "/logg-inn")
    )


async def _post(g: Gjest, sti: str, felt: list[tuple[str, str]], hode: dict[str, str] | None = None) -> httpx2.Response:
    """A form as a browser sends it: names may be repeated, and stand in their order."""
    hode = {"content-type": "application/x-www-form-urlencoded", **(hode or {})}
    return await g.http.post(sti, content=urlencode(felt), headers=hode, follow_redirects=False)


@pytest.mark.parametrize(
    ("paa", "aktive"),
    [
        ("https://salto.example/oppgaver?ok=loest", ["/oppgaver"]),
        ("http://salto.example/", ["/"]),
        ("https://[", []),
        ("", []),
    ],
)
async def test_the_menu_alone_is_live_and_knows_which_page_it_stands_on(by: By, paa: str, aktive: list[str]) -> None:
    side = Side(await by.nettleser.get("/meny", headers={**BEARER, "HX-Request": "true", "HX-Current-URL": paa}))
    assert (side.status, "<html" in side.html, side.hoder["cache-control"]) == (200, False, "no-store")
    assert 'hx-get="/meny" hx-trigger="salto:endret from:body" hx-swap="outerMorph"' in side.html
    assert re.findall(r'href="([^"]+)" aria-current="page"', side.html) == aktive
    assert (await by.nettleser.get("/meny", headers=BEARER, follow_redirects=False)).headers["location"] == "/"


async def test_the_menu_is_fetched_by_live_pages_only_and_by_nobody_unknown(by: By) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        sider = {sti: 'hx-get="/meny"' in (await n.hent(sti)).html for sti in ("/", "/oppgaver", "/tilgjengelighet")}
    assert sider == {"/": True, "/oppgaver": True, "/tilgjengelighet": False}
    async with gjest(by) as g:
        svar = await g.http.get("/meny", headers={"HX-Request": "true"})
    assert (svar.status_code, svar.headers["hx-redirect"]) == (204, "/logg-inn")


@pytest.mark.parametrize("sti", ["/hendelser/x/rapport", "/hendelser/x/endre", "/utkallinger/x/svar"])
async def test_an_address_with_a_broken_id_is_no_page_and_no_field_to_put_right(by: By, sti: str) -> None:
    async with Nettleser(by) as n:
        await n.logg_inn("sekretariat")
        for side in (await n.hent(sti), await n.send(sti)):
            assert side.status in {404, 405}
            assert "_id" not in side.tekst
        assert "Adressen kan være skrevet feil" in (await n.hent(sti)).tekst


async def test_a_program_is_still_told_which_part_of_the_address_is_wrong(by: By) -> None:
    svar = await by.nettleser.get("/api/v1/hendelser/x", headers=BEARER)
    assert (svar.status_code, svar.headers["content-type"]) == (422, "application/problem+json")
    assert [f["felt"] for f in svar.json()["feil"]] == ["hendelse_id"]


@pytest.mark.parametrize(
    ("sti", "status"), [("/api/v1/hendelser", 200), ("/api/v1/finnes-ikke", 404), ("/api/v1/hendelser/x", 422)]
)
async def test_what_programs_get_is_kept_by_nobody_and_read_as_what_it_is(by: By, sti: str, status: int) -> None:
    svar = await by.nettleser.get(sti, headers=BEARER)
    assert svar.status_code == status
    assert svar.headers.get_list("cache-control") == ["no-store"]
    assert svar.headers.get_list("x-content-type-options") == ["nosniff"]
    assert "content-security-policy" not in svar.headers


async def test_the_doors_of_suppliers_get_no_headers_of_ours(by: By) -> None:
    svar = await by.nettleser.post("/webhooks/twilio/sms", data={"Body": "JA"})
    assert "x-content-type-options" not in svar.headers


async def test_robots_are_asked_to_stay_away(by: By) -> None:
    async with gjest(by) as g:
        svar = await g.http.get("/robots.txt")
    assert svar.headers["content-type"].startswith("text/plain")
    assert svar.text == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(("sti", "status"), [("/logg-inn", 200), ("/static/salto.css", 200), ("/finnes-ikke", 404)])
async def test_head_is_answered_as_get_without_the_page(by: By, sti: str, status: int) -> None:
    async with gjest(by) as g:
        await g.http.get("/logg-inn")
        svar, hel = await g.http.head(sti), await g.http.get(sti)
    assert (svar.status_code, svar.content) == (status, b"")
    assert [svar.headers[h] for h in ("content-type", "x-frame-options")] == [hel.headers["content-type"], "DENY"]
    assert hel.content
