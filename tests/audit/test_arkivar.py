"""The archivist against a real journal: everything once, in order, through outages, gaps, replicas and strangers."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import delete, insert, inspect, update
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from contracts.audit import EpokeAapnet
from infra.db import Database
from infra.journal.topologi import JOURNAL, erklaer
from infra.nats.server import start
from services.audit.handlers import Arkivar
from services.audit.store import RAD
from tests.audit.arkivet import Arkivet, inntil, lag_skjema
from tests.audit.rader import hendelser
from tests.harness.baser import Base
from tests.harness.porter import ledig_port


def _maalt(navn: str) -> float:
    return REGISTRY.get_sample_value(navn) or 0.0


async def test_every_event_is_archived_once_with_the_bytes_it_had(arkivet: Arkivet) -> None:
    await arkivet.skjer(foer := hendelser(20))
    await arkivet.start()
    await arkivet.skjer(etter := hendelser(700))
    await inntil(arkivet.har_alt)
    rader = await arkivet.rader()
    assert [(r.sekvens, r.data) for r in rader] == [(nr, e.til_bytes()) for nr, e in enumerate([*foer, *etter], 1)]
    assert (await arkivet.verifisert()).hel


async def test_a_message_that_is_no_event_is_archived_too(arkivet: Arkivet) -> None:
    await arkivet.start()
    await arkivet.journal.js.publish("salto.kanal.startet.-", b"\x00{ikke json")
    await inntil(arkivet.har_alt)
    [rad] = await arkivet.rader()
    assert (rad.data, rad.event_id, rad.type) == (b"\x00{ikke json", None, "")
    assert (await arkivet.verifisert()).hel


async def test_it_goes_on_where_it_stopped(arkivet: Arkivet) -> None:
    for _ in range(3):
        await arkivet.start()
        await arkivet.skjer(hendelser(5))
        await inntil(arkivet.har_alt)
        await arkivet.stopp()
        await arkivet.skjer(hendelser(5))
    await arkivet.start()
    await inntil(arkivet.har_alt)
    resultat = await arkivet.verifisert()
    assert (resultat.hel, resultat.rader, resultat.hull) == (True, 30, ())


async def test_two_archivists_share_one_archive_without_doubling_a_row(arkivet: Arkivet) -> None:
    annen_db = Database(arkivet.audit_url)
    annen = Arkivar(arkivet.journal, annen_db)
    await arkivet.start()
    await annen.start()
    for _ in range(20):
        await arkivet.skjer(hendelser(25))
    await inntil(arkivet.har_alt)
    await annen.stopp()
    await annen_db.lukk()
    resultat = await arkivet.verifisert()
    assert (resultat.hel, resultat.rader) == (True, 500)


async def test_messages_that_are_gone_before_they_were_archived_are_counted_and_shown(arkivet: Arkivet) -> None:
    await arkivet.skjer(hendelser(10))
    for sekvens in (1, 5, 6):
        await arkivet.journal.js.delete_msg(JOURNAL, sekvens)
    foer = _maalt("salto_audit_hull_total")

    async def talt() -> bool:
        return _maalt("salto_audit_hull_total") - foer == 3

    await arkivet.start()
    await inntil(arkivet.har_alt)
    resultat = await arkivet.verifisert()
    assert resultat.hel
    assert [(h.fra, h.til) for h in resultat.hull] == [(1, 1), (5, 6)]
    await inntil(talt)  # counted after it is committed


async def test_a_journal_that_was_made_anew_stops_it_until_a_person_opens_a_new_epoch(arkivet: Arkivet) -> None:
    await arkivet.skjer(hendelser(8))
    await arkivet.start()
    await inntil(arkivet.har_alt)
    await arkivet.journal.js.delete_stream(JOURNAL)
    await erklaer(arkivet.journal.js)
    await arkivet.skjer(hendelser(12))
    await arkivet.ettersyn()
    await inntil(_er_stanset)
    assert (await arkivet.hode()).sekvens == 8

    sekretariat = arkivet.klient()
    assert (await sekretariat.post("/audit/epoke", json={"grunn": ""})).status_code == 422
    svar = await sekretariat.post("/audit/epoke", json={"grunn": "Journalen gikk tapt i en diskfeil"})
    assert (svar.status_code, svar.json()) == (201, {"epoke": 2, "fra_sekvens": 1})

    await inntil(arkivet.har_alt)
    resultat = await arkivet.verifisert()
    assert (resultat.hel, resultat.rader, resultat.epoker) == (True, 8 + 12 + 1, 2)
    siste = (await arkivet.rader())[-1]
    assert siste.data is not None
    aapnet = EpokeAapnet.model_validate_json(siste.data)
    assert (aapnet.data.epoke, aapnet.data.grunn) == (2, "Journalen gikk tapt i en diskfeil")
    assert (await sekretariat.post("/audit/epoke", json={"grunn": "en gang til"})).status_code == 409


async def _er_stanset() -> bool:
    return _maalt("salto_audit_stanset") == 1


async def test_a_journal_that_was_set_back_is_archived_from_where_it_differs(arkivet: Arkivet) -> None:
    await arkivet.skjer(felles := hendelser(6))
    await arkivet.start()
    await arkivet.skjer(hendelser(4))
    await inntil(arkivet.har_alt)
    await arkivet.stopp()
    await arkivet.journal.js.delete_stream(JOURNAL)
    await erklaer(arkivet.journal.js)
    await arkivet.skjer(felles)
    await arkivet.skjer(hendelser(30))
    await arkivet.start()
    await inntil(_er_stanset)
    svar = await arkivet.klient().post("/audit/epoke", json={"grunn": "Journalen er hentet fra en kopi"})
    assert svar.json() == {"epoke": 2, "fra_sekvens": 7}
    await inntil(arkivet.har_alt)
    resultat = await arkivet.verifisert()
    assert (resultat.hel, resultat.rader) == (True, 10 + 30 + 1)


async def test_an_erased_message_in_the_journal_does_not_make_it_a_stranger(arkivet: Arkivet) -> None:
    await arkivet.skjer(hendelser(5))
    await arkivet.start()
    await inntil(arkivet.har_alt)
    await arkivet.stopp()
    await arkivet.journal.js.delete_msg(JOURNAL, 5)
    await arkivet.start()
    await arkivet.skjer(hendelser(2))
    await inntil(arkivet.har_alt)
    assert (await arkivet.verifisert()).rader == 7


async def test_the_lag_is_measured(arkivet: Arkivet) -> None:
    await arkivet.skjer(hendelser(7))
    await arkivet.ettersyn()
    assert _maalt("salto_audit_etterslep") == 7
    await arkivet.start()
    await inntil(arkivet.har_alt)
    await arkivet.ettersyn()
    assert _maalt("salto_audit_etterslep") == 0


async def test_an_outage_of_the_journal_is_waited_for(tmp_path: Path, base: Base) -> None:
    nats = await start(tmp_path / "nats", port=ledig_port())
    arkivet = Arkivet(tmp_path, nats, base.url, base.arkiv)
    await arkivet.aapne()
    await arkivet.start()
    try:
        await arkivet.skjer(hendelser(30))
        nats.prosess.kill()
        nats.prosess.wait()
        nats = await start(tmp_path / "nats", port=nats.port, bare_der=True)

        async def fortalt() -> bool:
            try:
                await arkivet.skjer(hendelser(30))
            except ConnectionError:
                return False
            return True

        async def har_alt() -> bool:
            await arkivet.ettersyn()
            return await arkivet.har_alt()

        await inntil(fortalt)
        await inntil(har_alt)
        resultat = await arkivet.verifisert()
        assert (resultat.hel, resultat.hull) == (True, ())
        assert resultat.rader == await arkivet.journal.siste_sekvens()
    finally:
        await arkivet.lukk()
        nats.stopp()


async def test_an_outage_of_the_database_is_waited_for(arkivet: Arkivet) -> None:
    async with arkivet.auditdb.skriv() as tx:
        await tx.exec_driver_sql("ALTER TABLE audit_rad RENAME TO audit_borte")
    with capture_logs() as logg:
        await arkivet.start()
        await arkivet.skjer(hendelser(10))

        async def sto() -> bool:
            return any(linje["event"] in {"arkivar_venter", "arkivar_feilet"} for linje in logg)

        await inntil(sto)
    async with arkivet.auditdb.skriv() as tx:
        await tx.exec_driver_sql("ALTER TABLE audit_borte RENAME TO audit_rad")
    await inntil(arkivet.har_alt)
    assert (await arkivet.verifisert()).rader == 10


@pytest.mark.parametrize("inngrep", ["endre", "slette", "erstatte"])
async def test_the_database_refuses_to_change_or_delete_a_row(arkivet: Arkivet, inngrep: str) -> None:
    await arkivet.skjer(hendelser(3))
    await arkivet.start()
    await inntil(arkivet.har_alt)
    [rad, *_] = await arkivet.rader()
    verdier = {"epoke": 1, "sekvens": 1, "tid": 0, "subjekt": "x", "digest": rad.digest, "hash": rad.hash, "type": ""}
    setning = {
        "endre": update(RAD).values(data=b"{}"),
        "slette": delete(RAD),
        "erstatte": insert(RAD).prefix_with("OR REPLACE", dialect="sqlite").values(verdier),
    }[inngrep]
    with pytest.raises(DBAPIError):
        async with arkivet.auditdb.skriv() as tx:
            await tx.execute(setning)
    assert (await arkivet.verifisert()).hel


async def test_the_schema_is_made_in_the_audit_database_alone(base: Base) -> None:
    db = Database(base.arkiv)
    await lag_skjema(db)
    async with db.les() as tx:
        navn = await tx.run_sync(lambda forbindelse: inspect(forbindelse).get_table_names())
        assert sorted(navn) == ["audit_hode", "audit_rad"]
    await db.lukk()
