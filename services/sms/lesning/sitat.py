"""What in a reply is not the answer: copies of our own texts, mail headers, signatures, reactions, auto-replies."""

import re

from contracts.kodeord import kanonisk

_AAPNING = (
    r"(?:oevelse\s{1,3})?(?:salto(?:\s[a-z]{3,12}){0,3}\s?:|gjelder\ssvaret\b|fare\sfor\sliv:\sring"
    r"|vi\sforsto\sikke\ssvaret|vi\skjenner\sikke\sdette|vi\shar\ssagt\sfra|du\shar\singen\saapne|du\sfaar\ssms\sfra)"
)
_EGEN = re.compile(rf"[>«“\"„'(\[]{{0,4}}\s?{_AAPNING}[^#]{{0,600}}#[0-9a-z]{{5}}\b[»”“\"')\]]{{0,4}}")
_EGEN_SITERT = re.compile(rf"[«“\"„]\s?{_AAPNING}[^«»“”\"„#]{{0,600}}[»”“\"]")
_EGEN_KUTTET = re.compile(rf"{_AAPNING}[^#\n]{{0,600}}\.\.\.(?=\s*(?:\n|$))")
_SITERT_LINJE = re.compile(r"^[ \t]*[>|].*$", re.MULTILINE)
_MELDINGSHODE = re.compile(
    r"^\W{0,20}(?:opprinne?lig(?:e)?\smelding|original\smessage|videresendt\smelding|forwarded\smessage)\W{0,20}$"
    r"|^(?:fra|from|sendt|sent|til|to|emne|subject|dato|date|tid|kl)\s?:[^\n]{0,120}$"
    r"|^[^\n]{0,100}\b(?:skrev|skreiv|wrote)\b[^\n]{0,60}:?\s*$",
    re.MULTILINE,
)
_SVARMERKE = re.compile(r"^\s*(?:(?:re|sv|svar|vs|fwd?)\s?:\s*)+")
_REFERANSE = re.compile(r"#([0-9a-z]{5})\b")
_REAKSJON = re.compile(
    r"^\W{0,4}(?:likte|liker|elsket|elsker|mislikte|misliker|fremhevet|framhevet|understreket|understreka|lo\sav"
    r"|stilte\sspoersmaal\sved|reagerte|har\sreagert|fjernet|liked|loved|disliked|emphasi[sz]ed|laughed\sat"
    r"|questioned|reacted|removed|(?:tommelopp|tommelned)\s{0,3}(?:til|to|paa))\b[^\n«“\"„]{0,40}[«“\"„]"
)
_APPARAT = re.compile(
    r"^\W{0,3}(?:sendt\sfra|sendt\smed|sent\sfrom|hent\soutlook|get\soutlook|skaff\sdeg\soutlook)\b[^\n]*$",
    re.MULTILINE,
)
_HILSEN = re.compile(
    r"(?:^|[\s,.!])(?:(?:med\s)?(?:vennlig|venleg|beste|mange|best|kind|warm)\s)?(?:mvh|vh|hilsen|helsing|hilsn|regards)\b"
    r"|\n--\s*\n"
)
_AUTOSVAR = re.compile(
    r"auto-?\s?(?:svar|reply|respon[sd]|melding)|^\W{0,3}auto\s?[:\-]|\bautomati(?:sk|c|sert|ske)\b"
    r"|out\sof\s(?:the\s)?office|\bfravaer(?:smelding|sassistent)|\bfravaerende\s(?:til|fra|t\.?o\.?m|fram|frem)"
    r"|(?:ikke|ikkje)\s(?:paa|tilgjengelig\spaa)\skontoret|(?:tilbake|attende)\s(?:paa|i)\s(?:kontoret|jobb|arbeid)"
    r"|do\snot\sdisturb|(?:ikke|ikkje)\sforstyrr|kjoerefokus|driving\sfocus|notifications\s(?:are\s)?silenced"
    r"|(?:mottar|faar)\s(?:ikke|ikkje)\svarsl|not\sreceiving\snotifications|varslinger\s(?:er\s)?(?:dempet|slaatt)"
    r"|\b(?:kjoerer|koeyrer|kjoeyrer)\sbil\b|\b(?:i'?m|i\sam|am|currently)\sdriving\b|\bdriving\s(?:right\s)?now\b"
    r"|ser\smeldingen?\b[^\n]{0,20}\bnaar\sjeg|see\syour\smessage\swhen|paa\sferie\s(?:til|fra|t\.?o\.?m|frem|fram)\b"
    r"|(?:er|kommer)\stilbake\s(?:igjen\s)?(?:den|paa|i|man|tir|ons|tor|fre|loer|soen|[0-9])|\bon\s(?:annual\s)?leave\b"
    r"|ved\s(?:hastesaker|hast|presserende)\b"
)


def er_reaksjon(tekst: str) -> bool:
    """A phone's «Likte "…"»: a thumb on one of our texts, which one may press by mistake."""
    return _REAKSJON.search(tekst) is not None


def er_autosvar(tekst: str) -> bool:
    """Written by a mailbox or a car, not by a hand (API §4: never guessed, never answered)."""
    return _AUTOSVAR.search(tekst) is not None


def uten_sitat(tekst: str) -> str:
    """The normalised text without copies of our own texts, quoted lines, their headers, and references."""
    uten = _EGEN_KUTTET.sub("\n", _EGEN_SITERT.sub("\n", _EGEN.sub("\n", tekst)))
    uten = _APPARAT.sub("", _SITERT_LINJE.sub("", uten))
    if uten != tekst:
        uten = _MELDINGSHODE.sub("", uten)
    return _REFERANSE.sub(_kodeord_med_hash, _SVARMERKE.sub("", uten))


def _kodeord_med_hash(treff: re.Match[str]) -> str:
    """`#HEGRE` is a kodeord; `#7K2QX` is our reference, and the one thing it proves is which text was answered."""
    return treff[0] if kanonisk(treff[1]) else " "


def del_hilsen(tekst: str) -> tuple[str, str]:
    """The text and the signature after it; the reader decides whether the signature says something."""
    treff = _HILSEN.search(tekst)
    return (tekst[: treff.start()], tekst[treff.start() :]) if treff else (tekst, "")
