"""The words themselves: spellings of one word, in bokmål, nynorsk, dialect and haste, and the words for numbers.

All in folded spelling (`paa`, `foer`). A spelling that is not here is a word we do not know, and a text with
a word we do not know is never read as a yes: what is left out costs a question, never a wrong answer.
"""

_SKRIVEMAATER = {
    "ikke": "ikkje ikkj ikkji itj ittj ittje ikk ike ikek ikkke ikje inte icke kje ikkr ikkw ikkee",
    "kommer": "kjem kjaem kjeme kjemer kaem kjoem komer kommr kommre komemr kpmmer kimmer kaammer kommerr "
    "kommmer kjemm kommeer",
    "komme": "koma kaamme komma kjomme",
    "ankommer": "ankjem",
    "jeg": "eg ae jae jei jg jag je jeh jrg",
    "vi": "me",
    "kan": "kann kain kainn kaan",
    "stiller": "stillar stilller stiler",
    "moeter": "moetar",
    "paa": "pa pao",
    "vei": "veg vai vey",
    "naa": "na nu naaa",
    "er": "e erru",
    "dessverre": "desverre dessverra diverre desvaere deverre dessvere destverre dessvaerre desvere diverr dessv",
    "rekker": "rekk rekkjer rekke rekkar",
    "gaar": "gar gaer gjeng",
    "framme": "fremme framm fremm frammme frame freme framne",
    "hjemme": "heime heima hjeme hemma jemme hjemm heme heimme",
    "hjem": "heim hem hjemover heimover",
    "ferdig": "ferdige faerdig ferdg ferdi ferdif ferdigg fertig ferrdig",
    "hva": "kva ka hvs",
    "gjelder": "gjeld gjelde gjeldar gjeller",
    "dette": "detta dete",
    "trenger": "treng trengjer trng trengr",
    "mulighet": "moglegheit mulegheit moeglighet mulighed mulighetr moglegheita",
    "anledning": "anledninga hoeve hoeved",
    "mulig": "mogleg muleg moeglig",
    "opptatt": "oppteken opptatte opptat optatt oppatt oppatatt oppteke",
    "syk": "sjuk sjuke syke",
    "tilgjengelig": "tilgjengeleg",
    "skal": "ska skl",
    "maa": "ma",
    "har": "haar",
    "faar": " faer",
    "blir": "vert blr",
    "vil": "vill",
    "heller": "heldr",
    "saa": "so sa",
    "takk": "takkar tkk",
    "hei": "hey heia heisann heihei hallo hallaa hello",
    "beklager": "beklagar orsak",
    "sorry": "sry sorri saarri",
    "hjelp": "help hjlp hjelpp",
    "info": "informasjon infor",
    "stopp": "stop",
    "start": "startt",
    "hvis": "viss hviss",
    "kanskje": "kansje kanskjer kannskje maybe perhaps kanhende",
    "ja": "jaa jau joa joda jada jepp jep japp jupp jess yes yess yep yepp yeah yup yupp ya javisst jo jadda "
    "jajamen jajamensan jess joeda",
    "ok": "oki okei okey okay okidoki okk oke okok okai",
    "nei": "neei nej nai naei nay ney nah nae nein nope niks nix nop neida nie neu nwi",
    "selvfoelgelig": "sjoelvsagt selvsagt sjoelvfoelgelig selvfoelgeli sjoelvfoelgeleg selfoelgelig naturligvis",
    "gjerne": "gjerna gjaerne",
    "delta": "deltaa deltaka deltake",
    "moete": "moeta",
    "stille": "stilla",
    "hjelpe": "hjelpa",
    "vaere": "vera vaera",
    "igjen": "att igjenn",
    "saltokoordinator": "koordinator saltosentrum",
}
KANON = {form: ord_ for ord_, former in _SKRIVEMAATER.items() for form in former.split()}

SAMMENSKREVET = {
    "kanikke": ("kan", "ikke"),
    "kanikkje": ("kan", "ikke"),
    "kanke": ("kan", "ikke"),
    "kankje": ("kan", "ikke"),
    "kanitj": ("kan", "ikke"),
    "kainnitj": ("kan", "ikke"),
    "kaintj": ("kan", "ikke"),
    "kommerikke": ("kommer", "ikke"),
    "kjemikkje": ("kommer", "ikke"),
    "paavei": ("paa", "vei"),
    "paaveg": ("paa", "vei"),
    "pavei": ("paa", "vei"),
    "paaplass": ("paa", "plass"),
    "paplass": ("paa", "plass"),
    "jatakk": ("ja", "takk"),
    "neitakk": ("nei", "takk"),
    "jegkommer": ("jeg", "kommer"),
    "jegkan": ("jeg", "kan"),
    "stopsms": ("stopp", "sms"),
    "stoppsms": ("stopp", "sms"),
}

TALL = {
    "null": 0,
    "en": 1,
    "ein": 1,
    "to": 2,
    "tre": 3,
    "fire": 4,
    "fem": 5,
    "seks": 6,
    "sju": 7,
    "syv": 7,
    "aatte": 8,
    "ni": 9,
    "ti": 10,
    "elleve": 11,
    "tolv": 12,
    "femten": 15,
    "tjue": 20,
    "tyve": 20,
    "tjuefem": 25,
    "tretti": 30,
    "tredve": 30,
    "trettifem": 35,
    "foerti": 40,
    "foertifem": 45,
    "femti": 50,
    "seksti": 60,
    "nitti": 90,
}
"""Words for the numbers people give as minutes or hours."""

ARTIKKEL = frozenset({"en", "ein", "ei", "et", "eit"})
MINUTT = frozenset(
    {"min", "minutt", "minutter", "minuttar", "minutta", "minutts", "minutters", "mins", "minuter", "minutes", "m"}
)
TIME = frozenset({"time", "timer", "timar", "tima", "times", "tim", "t", "h", "hour", "hours"})


def kanon(form: str) -> tuple[str, ...]:
    """The words a typed word stands for: `kjem` → kommer, `kanke` → kan ikke, `neeei` → nei.

    A word we do not know comes back as it is.
    """
    if form in SAMMENSKREVET:
        return SAMMENSKREVET[form]
    return (KANON.get(form, form),)
