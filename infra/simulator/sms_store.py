"""The accepted messages as rows, both ways: put in, moved on, found again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from sqlite3 import Row

from infra.simulator.database import Database, Setning, Verdi

_REF = re.compile(r"#(\w{5})\s*$")
_INN = """INSERT OR IGNORE INTO sms
    (sid, retning, til, fra, tjeneste, tekst, ref, segmenter, status, opprettet, endret, sendt, url, plan, aapen)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_FRAM = """UPDATE sms SET status = COALESCE(?, status), feilkode = COALESCE(?, feilkode), endret = ?,
    sendt = COALESCE(sendt, ?), fra = COALESCE(fra, ?), framdrift = ?, aapen = ?
    WHERE sid = ? AND status <> 'canceled'"""
_TAVS = "slettet = 0"


@dataclass(frozen=True)
class NySms:
    """A message just accepted, before it has a row."""

    sid: str
    retning: str
    til: str
    fra: str | None
    tjeneste: str | None
    tekst: str
    segmenter: int
    status: str
    opprettet: str
    url: str | None = None
    plan: str = "{}"
    aapen: bool = False

    def setning(self) -> Setning:
        """The statement that stores it; a second time it changes nothing."""
        sendt = self.opprettet if self.retning == "inn" else None
        verdier = (
            *(self.sid, self.retning, self.til, self.fra, self.tjeneste, self.tekst, ref(self.tekst)),
            *(self.segmenter, self.status, self.opprettet, self.opprettet, sendt, self.url, self.plan),
            int(self.aapen),
        )
        return _INN, verdier

    def rad(self) -> dict[str, object]:
        """As the row would be read back."""
        return vars(self) | {"feilkode": None, "endret": self.opprettet, "sendt": None}


@dataclass(frozen=True)
class Utvalg:
    """What a list asks for; times are ISO 8601 in UTC, both ends included."""

    til: str | None = None
    fra: str | None = None
    fra_tid: str | None = None
    til_tid: str | None = None
    opprettet_til: str | None = None
    foer_sid: str | None = None

    def vilkaar(self) -> tuple[str, list[Verdi]]:
        """The WHERE clause and its values."""
        deler: list[tuple[str, Verdi]] = [
            ("til = ?", self.til),
            ("fra = ?", self.fra),
            ("sendt >= ?", self.fra_tid),
            ("sendt <= ?", self.til_tid),
            ("opprettet <= ?", self.opprettet_til),
            ("nr < (SELECT nr FROM sms WHERE sid = ?)", self.foer_sid),
        ]
        gitt = [(sql, verdi) for sql, verdi in deler if verdi is not None]
        return " AND ".join([_TAVS, *(sql for sql, _ in gitt)]), [verdi for _, verdi in gitt]


def ref(tekst: str) -> str | None:
    """The reference that every SMS of ours ends with: five characters after `#`."""
    funn = _REF.search(tekst)
    return funn[1] if funn else None


class SmsStore:
    """Reads at once, writes through the group commit."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self.mottatt = self._tell()

    def _tell(self) -> int:
        return int(self._db.les("SELECT COUNT(*) FROM sms WHERE retning = 'ut'")[0][0])

    async def legg_til(self, ny: NySms, *ogsaa: Setning) -> None:
        """Durable when it returns, together with what else is given."""
        await self._db.skriv(ny.setning(), *ogsaa)
        if ny.retning == "ut":
            self.mottatt += 1

    async def bare(self, *setninger: Setning) -> None:
        """Writes what goes with a message that was not accepted, if there is anything."""
        if setninger:
            await self._db.skriv(*setninger)

    def finn(self, sid: str) -> Row | None:
        rader = self._db.les(f"SELECT * FROM sms WHERE sid = ? AND {_TAVS}", (sid,))  # noqa: S608 - a constant
        return rader[0] if rader else None

    def finn_alle(self, utvalg: Utvalg, antall: int, hopp: int = 0) -> list[Row]:
        """Newest first."""
        vilkaar, verdier = utvalg.vilkaar()
        sql = f"SELECT * FROM sms WHERE {vilkaar} ORDER BY nr DESC LIMIT ? OFFSET ?"  # noqa: S608 - built of constants
        return self._db.les(sql, [*verdier, antall, hopp])

    def samtale(self, nummer: str) -> list[Row]:
        """Everything to and from one phone, oldest first."""
        return self._db.les("SELECT * FROM sms WHERE til = ? OR fra = ? ORDER BY nr", (nummer, nummer))

    def siste_ut(self, nummer: str) -> Row | None:
        """The newest message to a phone."""
        sql = "SELECT * FROM sms WHERE til = ? AND retning = 'ut' ORDER BY nr DESC LIMIT 1"
        rader = self._db.les(sql, (nummer,))
        return rader[0] if rader else None

    def aapne(self) -> list[Row]:
        """What is still to be carried out: statuses not reached, callbacks not made."""
        return self._db.les("SELECT * FROM sms WHERE aapen = 1 ORDER BY nr")

    async def naadd(
        self,
        sid: str,
        *,
        status: str | None,
        feilkode: int | None,
        naa: str,
        fra: str | None,
        framdrift: int,
        aapen: bool,
    ) -> None:
        """A message has come to its next step (`status` None: the phone answered); a cancelled one stays cancelled."""
        sendt = naa if status in {"sent", "delivered", "undelivered"} else None
        await self._db.skriv((_FRAM, (status, feilkode, naa, sendt, fra, framdrift, int(aapen), sid)))

    def varslet(self, sid: str, antall: int, *, aapen: bool) -> None:
        """So many of its callbacks are over; told to the disk without waiting."""
        sql = "UPDATE sms SET varslet = ?, aapen = ? WHERE sid = ?"
        self._db.skriv_snart((sql, (antall, int(aapen), sid)))

    async def avbryt(self, sid: str, naa: str) -> None:
        """Cancels what has not been sent."""
        sql = """UPDATE sms SET status = 'canceled', endret = ?, aapen = 0
            WHERE sid = ? AND status IN ('accepted', 'queued', 'scheduled')"""
        await self._db.skriv((sql, (naa, sid)))

    async def rediger_bort(self, sid: str, naa: str) -> None:
        """Takes the text away; the reference stays as our own proof of what was accepted."""
        await self._db.skriv(("UPDATE sms SET tekst = '', endret = ? WHERE sid = ?", (naa, sid)))

    async def slett(self, sid: str, naa: str) -> None:
        """Gone for the API; the row stays, for the count is the truth."""
        await self._db.skriv(("UPDATE sms SET tekst = '', endret = ?, slettet = 1 WHERE sid = ?", (naa, sid)))

    async def toem(self) -> None:
        """Forgets every message and mail."""
        await self._db.skriv(("DELETE FROM sms", ()), ("DELETE FROM epost", ()))
        self.mottatt = 0
