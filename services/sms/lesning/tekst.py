"""One plain spelling for what people type: case, width, accents, emoji and æøå folded away."""

import re
import unicodedata

_FOER_NFKC = str.maketrans(
    {
        "´": "'",
        "`": "'",
        "’": "'",
        "ʼ": "'",
        "～": " ca ",
        "~": " ca ",
        "\r": "\n",
        "\u2028": "\n",
        "\u2029": "\n",
        "\u00ad": "",
    }
)
_BOKSTAVER = str.maketrans(
    {"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa", "ð": "d", "þ": "th", "❓": "?", "❔": "?", "❗": "!"}
)
_EMOJI = {
    "👍": "tommelopp",
    "👌": "tommelopp",
    "🆗": "tommelopp",
    "👎": "tommelned",
    "🤷": "kanskje",
    "🤔": "kanskje",
    "❌": "kryss",
    "🚫": "kryss",
    "⛔": "kryss",
    "🙅": "kryss",
    "🆘": "sos",
    "🔟": "10",
}
_FJES = re.compile(r"(?<!\w)[:;=]-?[dpo3](?!\w)|(?<!\w)x[d](?!\w)|<3")
_BROEKTEGN = {"½": ",5", "¼": ",25", "¾": ",75"}
_MED_BROEKTEGN = re.compile(r"([0-9]?)\s?([½¼¾])")
_BROEK = re.compile(r"(?<![0-9/])(?:([0-9]) )?1/2(?![0-9/])")
_SYMBOLER = frozenset({"So", "Sk", "Cs", "Co", "Cn", "Cc", "Mn", "Me"})


def normaliser(tekst: str) -> str:
    """The text in lower-case Latin letters, `ae oe aa` for `æ ø å`, thumbs as words, other emoji as spaces.

    Line breaks and punctuation stay; what is left of other scripts stays too, as words nobody knows.
    """
    hele = _MED_BROEKTEGN.sub(lambda m: (m[1] or "0") + _BROEKTEGN[m[2]], tekst.translate(_FOER_NFKC))
    brutt = unicodedata.normalize("NFKC", hele).casefold()
    flat = "".join(map(_tegn, _uten_aksent(brutt.translate(_BOKSTAVER))))
    return _FJES.sub(" ", _BROEK.sub(lambda m: f"{m[1] or 0},5", flat))


def _uten_aksent(tekst: str) -> str:
    if tekst.isascii():
        return tekst
    delt = unicodedata.normalize("NFD", tekst)
    return "".join(t for t in delt if unicodedata.category(t) != "Mn")


def _tegn(tegn: str) -> str:
    if tegn < "\x7f":
        return tegn if tegn >= " " or tegn == "\n" else " "
    if navn := _EMOJI.get(tegn):
        return f" {navn} "
    if "\U0001f3fb" <= tegn <= "\U0001f3ff" or tegn in "\u200d\u20e3":
        return ""
    kategori = unicodedata.category(tegn)
    return "" if kategori == "Cf" else " " if kategori in _SYMBOLER else tegn
