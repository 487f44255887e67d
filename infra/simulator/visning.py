"""What the simulator's page shows of one phone and its mailbox, and of all of them in a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import phonenumbers

from contracts.register import Kontakt
from infra.simulator.visning_oppfoersel import POSTKASSE, TELEFON, Slag, gjelder

STATUS = {
    "accepted": "tatt imot",
    "queued": "i kø",
    "scheduled": "i kø",
    "sending": "sendes",
    "sent": "sendt",
    "delivered": "levert",
    "undelivered": "ikke levert",
    "failed": "ikke levert",
    "canceled": "trukket",
}
FEILET = frozenset({"undelivered", "failed"})
EKSEMPLER = ("JA", "JA 20", "NEI", "FRAMME", "hva gjelder dette")
_KODEORD = re.compile(r"SaLTo ([A-ZÆØÅ]{2,})")
_SPOERSMAAL = re.compile(r"\?|Svar JA eller NEI")
_MOBIL = re.compile(r"\+47([49]\d\d)(\d\d)(\d{3})")


@dataclass(frozen=True)
class Eier:
    """Whose phone and mailbox it is. Without a contact: a number that nobody in the register has."""

    nummer: str | None
    adresse: str | None
    navn: str
    rolle: str

    @property
    def hvem(self) -> str:
        """How the phone is named in addresses: its digits, or its owner's mail address."""
        return self.nummer.removeprefix("+") if self.nummer else str(self.adresse)

    @property
    def anker(self) -> str:
        """The id of its part of the page."""
        return "telefon-" + re.sub(r"\W", "-", self.hvem)

    @property
    def vist_nummer(self) -> str:
        """«+47 900 00 005»."""
        return pent(self.nummer) if self.nummer else "Har ikke mobilnummer"


@dataclass(frozen=True)
class Linje:
    """A line of the list: who, what was said last, and whether it waits for an answer."""

    eier: Eier
    tid: str
    tekst: str
    selv: bool
    venter: bool
    brev: int
    slag: Slag


@dataclass(frozen=True)
class Telefon:
    """A phone and its mailbox, as they lie on the table."""

    eier: Eier
    meldinger: Sequence[Mapping[str, Any]]
    brev: Sequence[Mapping[str, Any]]
    slag: Slag
    postslag: Slag

    @property
    def venter(self) -> bool:
        """Whether the last thing on the screen is a question."""
        return bool(self.meldinger) and venter(self.meldinger[-1])

    @property
    def eksempler(self) -> tuple[str, ...]:
        """Answers one click away; the last one names the kodeord of the newest message that has one."""
        ord_ = (_KODEORD.search(m["tekst"]) for m in reversed(self.meldinger) if m["retning"] == "ut")
        kodeord = next((treff[1] for treff in ord_ if treff), "ELG")
        return (*EKSEMPLER, f"JA {kodeord}")


class Folk:
    """The owners of numbers and addresses. Those who are not flagged demo are left out, and so are their phones."""

    def __init__(self, kontakter: Iterable[Kontakt], roller: Mapping[Any, str]) -> None:
        self._eiere: dict[str, Eier] = {}
        self.rekke: list[Eier] = []
        self.skjult: set[str] = set()
        for k in kontakter:
            noekler = [n for n in (k.mobil, k.epost and k.epost.lower()) if n]
            if not k.demo:
                self.skjult.update(noekler)
                continue
            eier = Eier(k.mobil, k.epost and k.epost.lower(), k.navn or "", roller.get(k.person_id, ""))
            self.rekke.append(eier)
            self._eiere.update(dict.fromkeys(noekler, eier))

    def eier(self, nummer: str) -> Eier | None:
        """Whose number it is; None when it may not be shown."""
        if nummer in self.skjult:
            return None
        return self._eiere.get(nummer) or Eier(nummer, None, "", "Ikke i registeret")

    def med_postkasse(self, adresse: str) -> Eier | None:
        """Whose address it is; None when nobody's, or it may not be shown."""
        return self._eiere.get(adresse)


def linjer(oversikt: Mapping[str, Any], folk: Folk) -> list[Linje]:
    """The list: who was heard of last comes first."""
    ut: dict[str, Linje] = {}
    regler = oversikt["oppfoersel"]
    for t in oversikt["telefoner"]:
        if eier := folk.eier(t["nummer"]):
            slag = gjelder(_regel(regler, t["nummer"]), TELEFON)
            ut[eier.hvem] = Linje(eier, t["tid"], t["tekst"], t["retning"] == "inn", venter(t), 0, slag)
    for p in oversikt["postkasser"]:
        if eier := folk.med_postkasse(p["adresse"]):
            sms = ut.get(eier.hvem)
            nyeste = sms if sms and (sms.venter or sms.tid >= p["tid"]) else None
            slag = gjelder(_regel(regler, eier.nummer or ""), TELEFON)
            ut[eier.hvem] = Linje(
                eier,
                nyeste.tid if nyeste else p["tid"],
                nyeste.tekst if nyeste else f"E-post: {p['emne']}",
                bool(nyeste and nyeste.selv),
                bool(sms and sms.venter),
                int(p["antall"]),
                slag,
            )
    return sorted(ut.values(), key=lambda linje: linje.tid, reverse=True)


def filtrert(alle: Iterable[Linje], sok: str, bare: Iterable[Eier] | None = None) -> list[Linje]:
    """Those whose name, role, number, address or last message has every word; with `bare` only these people's."""
    ord_ = sok.casefold().split()
    hvem = None if bare is None else {eier.hvem for eier in bare}
    return [li for li in alle if (hvem is None or li.eier.hvem in hvem) and all(o in _soekbart(li) for o in ord_)]


def telefon(eier: Eier, oversikt: Mapping[str, Any], innhold: Mapping[str, Any]) -> Telefon:
    """One phone with what lies on it."""
    return Telefon(
        eier,
        innhold["samtaler"].get(eier.nummer, []),
        innhold["brev"].get(eier.adresse, [])[::-1],
        gjelder(_regel(oversikt["oppfoersel"], eier.nummer or ""), TELEFON),
        gjelder(_regel(oversikt["epostoppfoersel"], eier.adresse or ""), POSTKASSE),
    )


def venter(melding: Mapping[str, Any]) -> bool:
    """Whether this message, being the newest one, waits for an answer."""
    return bool(melding["retning"] == "ut" and _SPOERSMAAL.search(melding["tekst"]))


def pent(nummer: str) -> str:
    """A number as people write it: mobile numbers in three, two and three."""
    if treff := _MOBIL.fullmatch(nummer):
        return " ".join(("+47", *treff.groups()))
    lest = phonenumbers.parse(nummer)
    return phonenumbers.format_number(lest, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _regel(regler: Mapping[str, Any], hvem: str) -> Mapping[str, Any] | None:
    regel: Mapping[str, Any] | None = regler.get(hvem, regler.get("*"))
    return regel


def _soekbart(linje: Linje) -> str:
    e = linje.eier
    return " ".join((e.navn, e.rolle, e.nummer or "", e.vist_nummer, e.adresse or "", linje.tekst)).casefold()
