"""The kodeord: the list they are given from, and when one may be given.

The rule (API §4): never within two edits of, or a prefix of, a bydel, place, role or answer word, or
another open kodeord. Read strictly, word for word of every name, each word in the list keeps it, except the
three that the contract itself prints: HEGRE is two edits from «heime», TIUR from «time», ELG from «kl» and
«jeg». They stay, last in the list, because the contract gives them. No word has another inside it: who looks
for FLUE does not find VÅRFLUE.
"""

from collections.abc import Iterable, Sequence

_LISTE = """
NESHORN ELEFANT KNURR AKKORD GNAGER ANIS SNØUGLE ELVEOS KLEIV HULDER TØVÆR SAIGA SITRON GARNBÅT SJØLØVE
ISBRE IGUAN POTET SYRIN KENGURU GULNEBB KAKAO NØKK LEFSE GRANAT GASELLE KRATER ARNIKA SITRUS KORNELL
BRUNOST TEKANNE SVINGEL TØNNE PELIKAN PEPPER STILK MUSLING BRONSE VASSARV MJØDURT KRILL SKRUBBE
KAJAKK KLINTE MULDYR PYRITT PAPRIKA RORBU MANGO MENUETT KJØRVEL HIRSE GULROT BISON TISTEL PAPAYA VILLSAU
VÅRSOL SNØFONN VEVSTOL VIDDE BERGYLT MORENE LUSERNE OPOSSUM CHILI HONNING GLIMMER TRÅD NYKÅL HAMMAR
KLIPPE SELLERI FLUE KOKOS KLØFT POMELO FLØYEL BANAN STABBUR LAKRIS POLKA SNEKKE GRAFITT MARMOR SJALOTT
FIOLIN PADDE KLOVDYR JUTUL RASMARK MORKEL GLOBUS SKOGMUS BLÅHVAL VANILJE DELFIN MUFFIN HELIUM SNEGL
LEMUR MELON SPADE IMPALA PRIMULA KAPERS ILDER SAMBA TAPIR APRIKOS DUGG OLIVIN SPINELL HAVKATT
SPIREA PERLE SIVAKS SYPRESS TISTLER MANDEL HAVHEST SQUASH SELJE SJAKK METEOR TORVMYR SISIK
KOLIBRI ENGSYRE JUNGEL ARGON FIKEN ORRFUGL ISFUGL SLØKE MUSVÅK GERBERA ATOLL ANANAS POLARJO KARNEOL
SANDÅL LAURBÆR NAUST TANGO TALKUM DYKKER FLYNDRE SKJERF SAVANNE KOFTE MANET SJØPUNG SAFIR SOLBÆR WASABI
TRILLE BRATSJ PENDEL TOPAS RUKKOLA BUORM NORDLYS SJIRAFF FLINT WOLFRAM BROSME PIGGVAR TYVJO
TOBIS BOTN GRUS KRYKKJE ATLAS FLIRE SAFRAN TJØNN KORALL PLOMME TURKIS KORUND PRISME LYSNING GRANITT
LITCHI FROST BARLIND FLØYTE KRYDDER HYASINT MONSUN MISTEL DEMRING KROKUS VIRVEL LEOPARD MUSKAT TRÅLER
HAVMUS REMANE NUGAT SEILBÅT DIAMANT LÅVE KALKUN SNØMUS BAMBUS LYSING OREGANO SANDAL
VERBENA KLEBER SJØKU TIMIAN GREIN MULTE KRØKLE STRIBÆR KVASSDÅ AVSATS VINDU SYMFONI SPANN JAGUAR
TAKRØR ISROSE SONATE PISTASJ LUPIN VAKTEL MARSVIN HJORT SKJÆRE BØFFEL MYRULL BLÅBÆR SPETT GLENNE HVITLØK
MARABU MOSKUS IRIDIUM ALPAKKA DADDEL TORDEN ZIRKON KREPS ORGEL BANJO BUKSBOM GULLRIS SKJELL SPURV KLEGG
SLUDD ONYKS SØRV STÅLORM KOBBE EFØY TULIPAN DRUE VOMBAT SEBRA SPINAT LILLA INDIGO MOREL DOMPAP SJØHEST
KOBOLT KRITT KRUKKE SIVHØNE ISFJELL MYSOST HUGGORM SNELLE OBELISK HØVEL MOLTE TIMOTEI RYLLIK
RØDBETE GITAR KASJU INGEFÆR SIRISS KROKBÆR PURRE PYTT PEKARI TUNFISK LYNG KVARTS KONGLE KOALA TYFON
KIKKERT BEGONIA DOMINO KIKERT GROTTE BLOMKÅL TRANE FJØS NARSISS ØRNUGLE BERYLL XYLOFON SKOGDUE ANDEMAT
SMÅLOM SKIFER TUNDRA TVETANN BOKFINK GUAVA KAKADU PINNDYR VAFFEL GIBBON TRIOL TEIEBÆR KLØVER
SORBET FØNVIND KRYPTON NEBBDYR KAKTUS UKULELE PASSAT IBIS GANGAR MØKKBIE GRÅFINK PÅFUGL MYNTE DØNNING
NELLIK BEKK RUBIN FAGOTT PINJE LØVVERK GEYSIR KAVRING STØVEL KAMILLE KONDOR HVETE MUFLON MELISSE SANDLO
LOMVI BLØTMYR SEPIA ABBOR AMETYST FERSKEN LOMRE KRAMSNØ RINGDUE KRABBE EPLE KVINAND KRATT LINERLE
LODDE PURPUR GEKKO LAPIS MISPEL FROSK TOPPAND HUBRO TOMAT KRÅKE CELLO LIRYPE BLÅMEIS ÆRFUGL SINOBER
BLADLUS SIKADE AGURK MYGG GRÅMÅKE GRÅGÅS KRINGLE KUPPEL GLENTE SALVIE PINGVIN SLEIV SIRUP PILFINK STRUTS
REDDIK TJÆRE GJØK TURTEL SMARAGD ØRRET TØFFEL KYLLING HAVØRN KARUSS TRUMPET POPPEL KULING
"""
KODEORD: tuple[str, ...] = (*_LISTE.split(), "ELG", "HEGRE", "TIUR")

MINSTE_AVSTAND = 3
"""Edits between two open kodeord, so that no single slip of the thumb turns one into the other."""
MINSTE_LENGDE_NAER = 4
"""Shorter words are one edit from half the language, so a misspelt ELG is not taken for one."""

_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def brett(form: str) -> str:
    """The spelling without case and without æøå: `KRÅKE`, `kråke` and `kraake` are one word."""
    return form.casefold().translate(_ASCII)


def avstand(a: str, b: str) -> int:
    """Levenshtein distance: the fewest letters put in, taken out or changed that make `a` into `b`."""
    rad = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        neste = [i]
        for j, y in enumerate(b, 1):
            neste.append(min(rad[j] + 1, neste[-1] + 1, rad[j - 1] + (x != y)))
        rad = neste
    return rad[-1]


def for_lik(a: str, b: str) -> bool:
    """Two words that a hurried thumb may confuse: within two edits, or one the beginning of the other."""
    return a.startswith(b) or b.startswith(a) or avstand(a, b) < MINSTE_AVSTAND


def kan_gis(form: str, opptatte: Iterable[str]) -> bool:
    """Whether `form` may be given now: it is in the list and too like none of `opptatte`.

    `opptatte` are the kodeord open now and those given in the last 14 days (API §4).
    """
    return form in _ALLE and not any(for_lik(form, annet) for annet in opptatte)


def kanonisk(brettet: str) -> str | None:
    """The kodeord with this folded spelling, as it stands in the list, or None."""
    return _BRETTET.get(brettet)


def naere(brettet: str) -> tuple[str, ...]:
    """The kodeord exactly one edit from a folded word of four letters or more, in the order of the list."""
    if len(brettet) < MINSTE_LENGDE_NAER:
        return ()
    kandidater = {k for form in _uten_en(brettet) for k in _NABOER.get(form, ())}
    return tuple(_BRETTET[k] for k in _BRETTET if k in kandidater and avstand(k, brettet) == 1)


def _uten_en(form: str) -> Sequence[str]:
    """The word, and the word with one letter missing in each place: two words one edit apart share one."""
    return (form, *(form[:i] + form[i + 1 :] for i in range(len(form))))


_ALLE = frozenset(KODEORD)
_BRETTET = {brett(k): k for k in KODEORD}
_NABOER: dict[str, list[str]] = {}
for _k in _BRETTET:
    if len(_k) >= MINSTE_LENGDE_NAER:
        for _form in _uten_en(_k):
            _NABOER.setdefault(_form, []).append(_k)
