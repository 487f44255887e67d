"""What rows must agree on, with each other and with the register they change: every disagreement, by line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from services.register.rules_rader import Person, Rad, Radfeil, Verv, har_kanaler

FELLES = ("navn", "mobil", "epost", "demo")
"""What belongs to the person: every row of the same key says the same, or nothing."""


def uenige_rader(rader: Sequence[Rad]) -> Iterator[Radfeil]:
    """The same key with two names, numbers or addresses."""
    foerst: dict[tuple[str, str], tuple[object, int]] = {}
    for rad in rader:
        for felt in FELLES:
            verdi = getattr(rad, felt)
            if verdi in (None, ""):
                continue
            sagt, linje = foerst.setdefault((rad.noekkel, felt), (verdi, rad.linje))
            if sagt != verdi:
                yield Radfeil(rad.linje, felt, f"er ikke det samme som på linje {linje} for samme person_id")


def gjentatte_rader(rader: Iterable[Rad]) -> Iterator[Radfeil]:
    """The same person twice in one role, unit and deputyship."""
    sett: dict[object, int] = {}
    for rad in rader:
        linje = sett.setdefault((rad.plass, rad.vara_for), rad.linje)
        if linje != rad.linje:
            yield Radfeil(rad.linje, "rolle", f"samme person, rolle og enhet står også på linje {linje}")


def ufullstendige_personer(
    rader: Iterable[Rad], personer: Mapping[str, Person], uleste: Collection[str]
) -> Iterator[Radfeil]:
    """A person without a name, or without any way to be reached; told once, on the first line.

    Of persons with an unread row nothing is said: what is missing may stand there.
    """
    for noekkel, rad in _foerste_rad(rader).items():
        if noekkel in uleste:
            continue
        person = personer[noekkel]
        if not person.navn:
            yield Radfeil(rad.linje, "navn", "må fylles ut")
        if person.mobil is None and person.epost is None:
            yield Radfeil(rad.linje, "mobil", "minst én av mobil og epost må fylles ut")


def delte_mobiler(
    rader: Iterable[Rad], personer: Mapping[str, Person], andre_personer: Iterable[Person]
) -> Iterator[Radfeil]:
    """One mobile belongs to one person, in the file and in the register as it will be."""
    andre = {p.mobil for p in andre_personer if p.mobil}
    eier: dict[str, tuple[str, int]] = {}
    for noekkel, rad in _foerste_rad(rader).items():
        mobil = personer[noekkel].mobil
        if mobil is None:
            continue
        _, linje = eier.setdefault(mobil, (noekkel, rad.linje))
        if linje != rad.linje:
            yield Radfeil(rad.linje, "mobil", f"nummeret står også på linje {linje}, for en annen person_id")
        elif mobil in andre:
            yield Radfeil(rad.linje, "mobil", "nummeret tilhører allerede en annen person i registeret")


def umulige_kanaler(rader: Iterable[Rad], personer: Mapping[str, Person]) -> Iterator[Radfeil]:
    """A row that asks for channels the person has none of."""
    for rad in rader:
        person = personer[rad.noekkel]
        if rad.kanaler and (person.mobil or person.epost) and not har_kanaler(rad.kanaler, person):
            mangler = "mobil" if "sms" in rad.kanaler else "epost"
            yield Radfeil(rad.linje, "kanaler", f"ber om {'+'.join(rad.kanaler)}, men personen har ikke {mangler}")


def halve_kanaler(rader: Iterable[Rad], personer: Mapping[str, Person]) -> Iterator[Radfeil]:
    """Worth knowing: a row that asks for both channels of a person who has one."""
    for rad in rader:
        har = har_kanaler(rad.kanaler, personer[rad.noekkel])
        if rad.kanaler and 0 < len(har) < len(rad.kanaler):
            yield Radfeil(rad.linje, "kanaler", f"bare {har[0]} kan brukes: den andre kanalen mangler")


def uten_innehaver(
    rader: Iterable[Rad], personer: Mapping[str, Person], etter: Collection[Verv], uleste: Collection[str]
) -> Iterator[Radfeil]:
    """A deputy needs a holder of the same role in the same unit, in the file or in the register.

    Args:
        rader: the rows.
        personer: every person there will be, by key.
        etter: every role there will be.
        uleste: keys of rows that could not be read: they are told of on their own lines, not here again.
    """
    innehavere = {(v.person_id, v.rolle, v.enhet) for v in etter if v.vara_for is None}
    for rad in rader:
        if rad.vara_for is None or rad.vara_for in uleste:
            continue
        if rad.vara_for == rad.noekkel:
            yield Radfeil(rad.linje, "vara_for", "en person kan ikke være vara for seg selv")
        elif rad.vara_for not in personer:
            yield Radfeil(rad.linje, "vara_for", "denne person_id-en finnes verken i filen eller i registeret")
        elif (personer[rad.vara_for].person_id, rad.rolle, rad.enhet) not in innehavere:
            yield Radfeil(rad.linje, "vara_for", "personen er ikke innehaver av denne rollen i denne enheten")


def forlatte_varaer(
    rader: Iterable[Rad], personer: Mapping[str, Person], beholdt: Iterable[Verv], etter: Collection[Verv]
) -> Iterator[Radfeil]:
    """A holder who stops being one while the register has a deputy for just that."""
    innehavere = {(v.person_id, v.rolle, v.enhet) for v in etter if v.vara_for is None}
    forlatt = {v.vara_for for v in beholdt if v.vara_for and (v.vara_for, v.rolle, v.enhet) not in innehavere}
    for noekkel, rad in _foerste_rad(rader).items():
        if personer[noekkel].person_id in forlatt:
            yield Radfeil(rad.linje, "rolle", "personen har en vara i registeret for en rolle som nå forsvinner")


def _foerste_rad(rader: Iterable[Rad]) -> dict[str, Rad]:
    ut: dict[str, Rad] = {}
    for rad in rader:
        ut.setdefault(rad.noekkel, rad)
    return ut
