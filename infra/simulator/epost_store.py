"""The mails received, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from sqlite3 import Row

from infra.simulator.database import Database, Setning

_INN = """INSERT INTO epost (til, fra, message_id, emne, tekst, html, mottatt) VALUES (?, ?, ?, ?, ?, ?, ?)"""


@dataclass(frozen=True)
class Brev:
    """What a person would see of a mail."""

    fra: str
    message_id: str | None
    emne: str
    tekst: str
    html: str

    @classmethod
    def les(cls, fra: str, innhold: bytes) -> Brev:
        """Reads a MIME message; parts that are not there are empty."""
        brev = message_from_bytes(innhold, policy=default)
        id_, emne = brev["Message-ID"], brev["Subject"]
        return cls(
            fra=fra,
            message_id=str(id_).strip() if id_ else None,
            emne=str(emne or ""),
            tekst=_del(brev, "plain"),
            html=_del(brev, "html"),
        )


def _del(brev: EmailMessage, slag: str) -> str:
    kropp = brev.get_body(preferencelist=(slag,))
    return str(kropp.get_content()) if kropp else ""


class EpostStore:
    """One row per recipient."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def legg_til(self, brev: Brev, mottakere: list[str], naa: str) -> None:
        """Durable when it returns, for every recipient or for none."""
        felt = (brev.fra, brev.message_id, brev.emne, brev.tekst, brev.html, naa)
        setninger: list[Setning] = [(_INN, (til, *felt)) for til in mottakere]
        await self._db.skriv(*setninger)

    async def bare(self, setninger: list[Setning]) -> None:
        """Writes what goes with a mail that was refused, if there is anything."""
        if setninger:
            await self._db.skriv(*setninger)

    def brev(self, til: str | None = None) -> list[Row]:
        """Oldest first, of one address or all."""
        sql = "SELECT * FROM epost WHERE ? IS NULL OR til = ? ORDER BY nr"
        return self._db.les(sql, (til, til))


def adresse(tekst: str) -> str:
    """An address as it is stored: without case, for mailboxes are compared that way."""
    return tekst.strip().lower()
