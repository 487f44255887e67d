"""What words and phrases say: the table from canonical words to the kind of thing said."""

from services.sms.lesning.slag import Slag

_TABELL = {
    Slag.JA: """
        ja | ja takk | ja da | ja visst | klart det | saa klart | saaklart | det er klart | selvfoelgelig |
        absolutt | gjerne | det kan jeg | det skal jeg | det gjoer jeg | det gaar jeg med paa |
        det kan jeg gjoere | det skal jeg gjoere | klart jeg kommer | klart jeg kan | klart vi kommer |
        helt klart | definitivt | uten tvil | er med | count vi in | svar ja | svaret er ja | regn med meg |
        regne med meg | du kan regne med meg | dere kan regne med meg | jeg er med | vi er med | blir med |
        stiller opp | stiller selv | i will come | ill come | i can come | ill be there | im coming | coming |
        of course
    """,
    Slag.KOMMER: """
        kommer | stiller | moeter | deltar | ankommer | skal komme | skal stille | skal moete | skal vaere der |
        kommer likevel | skal delta | skal bidra | kommer meg
    """,
    Slag.KAN: """
        kan | kan komme | kan stille | kan stille opp | kan moete | kan moete opp | kan delta | kan bidra |
        kan hjelpe | kan hjelpe til | kan vaere der | kan vaere med | kan bli med | kan vaere paa plass |
        kan vaere framme
    """,
    Slag.OKEI: "ok | tommelopp",
    Slag.PAA_VEI: """
        paa vei | er paa vei | underveis | paa vei dit | paa vei inn | paa vei ned | on my way | omw |
        paa vei bort til dere
    """,
    Slag.NEI_ORD: "nei | nei da | nei takk | nei dessverre",
    Slag.NEI: """
        tommelned | maa melde avbud | melder avbud | avbud | melder forfall | maa melde forfall | staar over |
        maa staa over | takker nei | maa takke nei | det blir nei | blir nei | umulig | ingen mulighet |
        ingen sjanse | ingen anledning | null sjanse | aldri i livet | absolutt ikke | selvfoelgelig ikke | cant
        | cannot | can not | cant come | cannot come | cant make it | i cant | no sorry | no thanks |
        no thank you | sorry no | no i cant | no cant | not coming | dessverre ikke | maa si nei |
        maa dessverre si nei | sier nei | sier dessverre nei | maa dessverre melde avbud |
        maa dessverre takke nei | maa dessverre staa over | lar seg ikke gjoere | det lar seg ikke gjoere |
        lar seg dessverre ikke gjoere | ellers takk | i helvete heller | faen heller
    """,
    Slag.OPPTATT: """
        opptatt | er opptatt | syk | er syk | sykmeldt | sykemeldt | er sykmeldt | er sykemeldt | paa ferie |
        er paa ferie | har ferie | bortreist | er bortreist | i utlandet | er i utlandet | utenlands |
        utilgjengelig | forhindret | busy | not available | unavailable | har permisjon | i permisjon |
        er forhindret | utenbys | ligger syk
    """,
    Slag.FRAMME: """
        framme | er framme | paa plass | er paa plass | er her | er her naa | er der naa | ankommet |
        har ankommet | er ankommet | kommet fram | kommet frem | har kommet fram | har kommet frem | er kommet |
        er kommet fram | kommet paa plass | er paa stedet | paa stedet | ankommet stedet | har ankommet stedet
    """,
    Slag.DER: "er der | vaere der | der | er hos dere | hos dere",
    Slag.FERDIG: """
        ferdig | er ferdig | ferdig her | ferdig for i dag | ferdig for idag | ferdig for i kveld |
        ferdig for dagen | ferdig for kvelden | ferdig for natta | ferdig med oppdraget | kommet hjem |
        er kommet hjem | har kommet hjem | dratt hjem | har dratt hjem | reist hjem | gaatt hjem
    """,
    Slag.HJEMME: """
        hjemme | er hjemme | trygt hjemme | vel hjemme | hjemme igjen | er hjemme igjen | vel hjemme igjen |
        trygt hjemme igjen
    """,
    Slag.HJEM: """
        drar hjem | reiser hjem | gaar hjem | kjoerer hjem | paa vei hjem | er paa vei hjem | drar hjem naa |
        sykler hjem | hjem
    """,
    Slag.INFO: """
        info | status | hva gjelder dette | hva gjelder det | hva gjelder saken | hva gjelder |
        hva dreier dette seg om | hva dreier det seg om | hva handler dette om | hva handler det om |
        hva er dette | hva er det dette gjelder | hva gjelder dette her | hva gjelder meldingen | hva er status
        | hva er statusen
    """,
    Slag.HJELP: "hjelp",
    Slag.ROP: """
        trenger hjelp | vi trenger hjelp | trenger assistanse | trenger forsterkning | trenger forsterkninger |
        trenger bistand | hjelp oss | hjelp meg | hjelp meg naa | send hjelp | send politi | send ambulanse |
        ring politiet | ring politi | ring ambulanse | ring 110 | ring 112 | ring 113 | sos | mayday |
        noedsituasjon | akutt hjelp | trenger politi | trenger ambulanse | trenger akutt hjelp |
        trenger hjelp naa | noen maa hjelpe | kan noen hjelpe | kan dere hjelpe | hjelp naa | 110 | 112 | 113
    """,
    Slag.STOPP: "stopp",
    Slag.START: "start",
    Slag.MEN: "men",
    Slag.FORBEHOLD: """
        hvis | dersom | kanskje | muligens | nja | tja | tjaa | hm | hmm | mhm | baade og | begge deler | mulig
        | usikker | usikkert | tror | trur | haaper | haapar | proever | proevar | proeve | avhengig | forutsatt
        | saafremt | eventuelt | evt | antagelig | antakelig | antakeligvis | sannsynligvis | trolig | truleg |
        neppe | kommer an paa | kommer an | saa lenge | med mindre | ser an | vet | vet ikke | veit | veit ikke
        | sjekker | sjekke | regner | satser | helst | senere | seinere | seinare | foer | etter | etterpaa |
        foerst | tidligst | om | nok | vel | sikkert | naar | if | unless | when | forutsetter | vurderer |
        uviss | avventer | venter | vente | betinget | bare | kun | ellers | enten | eller | skulle | burde |
        kunne | faar se | maa se | skal se | litt usikker | blir sen | kommer sen | later | men bare | hadde |
        akkurat naa | for tiden | for oeyeblikket | neste gang | neste | inntil
    """,
    Slag.SPOERSMAAL: """
        hvor | hvem | hvordan | hvorfor | hvilken | hvilke | hvilket | hva | kor | korleis | kven | kvifor | kem
        | koss | kossen | kommer det | kommer den | kan det | kan den | kan du | kan dere | kan jeg | kan vi |
        skal jeg | skal vi | maa jeg | maa vi | er det | er du | er dere | har du | har dere | vil du | vil dere
        | what | where | who | why | how | trenger du | trenger dere | trenger dere meg
    """,
    Slag.ANDRE: """
        du | dere | dokker | dykk | dei | de | han | hun | ho | hu | henne | noen | nokon | nokre | noken |
        andre | annen | annan | kollega | kollegaen | vara | vikar | vikaren | sender | sende | send | ring |
        ringer | ringe | spoer | spoerr | proev | det kommer | en kommer | stedfortreder | stedfortrederen |
        alle kommer | ingen | i stedet | istedenfor | isteden | istedet | sjefen | lederen | kolleger |
        kollegaer | kollegene | kollegaene | makker | teamet | sendt | sendte | overta | erstatte | stepper |
        rykker
    """,
    Slag.FARE: """
        tull | tuller | tulla | koedder | koedda | spoek | spoeker | trenger ikke hjelp | ikke hjelp | problem |
        problemer | meter | km | imot | tar | tek | ordner | ordnar | fikser | fiksar | overtar | erstatter |
        bytter | bytte | sen | sent | seint | sein | forsinket | forsinka | alene | aleine | tide | tidlig |
        tidleg | feil | nummer | nummeret | svare | svar | snakke | lese | forstaa | forstaar | hoere | love |
        si | glem | glemme | glemt | person | tvil | lenger | lengre | lenge | likevel kommer | altsaa | hoer |
        joess | jasaa | oi | wow | haha | hehe | lol | annet enn | annerledes | sikker | bestemt | hoert | lest
        | sett | faatt | svart
    """,
    Slag.KJOERER: "kjoerer | kjoeyrer | koeyrer | driving | sitter i bilen | i bilen | bak rattet",
    Slag.HOEFLIG: """
        skulle gjerne | ville gjerne | vil gjerne | hadde gjerne | kunne gjerne | skulle gjerne kommet |
        skulle gjerne vaert med | skulle gjerne stilt | skulle gjerne hjulpet | hadde gjerne kommet |
        ville gjerne kommet | skulle gjerne bidratt | skulle gjerne stilt opp | vil gjerne komme |
        vil gjerne hjelpe | skulle gjerne deltatt | ville gjerne stilt | hadde gjerne stilt | skulle saa gjerne
        | skulle saa gjerne kommet
    """,
    Slag.TAKK_FOR: """
        takk for meldingen | takk for melding | takk for beskjed | takk for beskjeden | takk for info |
        takk for varselet | takk for varsel | takk for paaminnelsen | takk for informasjonen | takk for sms |
        takk for at du spoer | takk for at dere spoer | takk for foresporselen | takk for forespoerselen |
        takk for tilbudet | takk for i kveld | takk for i dag | takk for meg
    """,
    Slag.ROS: """
        grei | bra | fint | flott | supert | topp | greit | perfekt | herlig | kult | gaar bra | gaar fint |
        gaar greit | alt ok | alt bra | alt fint | alt vel | alt rolig | alt i orden | alt greit | det gaar bra
        | det gaar fint | passer bra | passer fint | det passer | mottatt | roger | notert | klar | rolig |
        rolig kveld
    """,
    Slag.SNART: """
        snart | straks | nesten | med en gang | med ein gong | med det samme | paa flekken | momentant | fort |
        saa fort som mulig | saa snart som mulig | saa raskt som mulig | saa fort jeg kan | snarest | asap |
        fortest mulig | raskt | umiddelbart | strax
    """,
    Slag.DAG: """
        i dag | idag | i kveld | ikveld | i ettermiddag | i natt | denne gangen | denne gongen | paa mandag |
        paa tirsdag | paa onsdag | paa torsdag | paa fredag | paa loerdag | paa soendag | mandag | tirsdag |
        onsdag | torsdag | fredag | loerdag | soendag | maandag | tysdag | laurdag | sundag | paa laurdag |
        i helga | i helgen | denne helgen | denne helga
    """,
    Slag.IMORGEN: "i morgen | imorgen | i morgo | i morgon | imorra | i morra | neste uke | til uka",
    Slag.AVREISE: """
        drar | dreg | reiser | loeper | sykler | gaar | spaserer | forlater | hopper i bilen |
        setter meg i bilen
    """,
    Slag.DRAR_NAA: """
        drar naa | reiser naa | loeper naa | sykler naa | gaar naa | drar straks | drar med en gang |
        hopper i bilen naa
    """,
    Slag.MEDVERB: """
        komme | stille | gjoere | moete | delta | bidra | hjelpe | stille opp | moete opp | vaere med |
        hjelpe til
    """,
    Slag.STED: "ved | foran | utenfor | utafor | naer | attmed",
    Slag.GRUNN: """
        har | skal | maa | sitter | sit | ligger | ligg | jobber | jobbar | pga | grunnet | fordi | siden |
        ettersom | paa | i | paa grunn av | jobb | jobben | arbeid | vakt | kontoret | hytta | hytte | utlandet
        | barn | barna | i moete | i moeter | feber | ferie | fri | min | mi | mitt | mine
    """,
    Slag.PERSONER: "personer | pers | stk | stykker | stykk | mann | folk | stykke | personar",
    Slag.FYLL: """
        jeg | vi | det | dette | den | hit | dit | her | takk | tusen takk | takker | hei | god kveld |
        god morgen | god dag | god natt | morn | morna | selv | sjoelv | ogsaa | og | da | naa | er | bekrefter
        | saltokoordinator | salto | salto saltokoordinator | som saltokoordinator | som salto saltokoordinator
        | bekreftet | beklager | sorry | dessverre | faen | fan | helvete | satan | dritt | shit | fuck |
        for faen | fy faen | herregud | ses | sees | vi ses | vi sees | ses der | sees der | snakkes | please |
        thanks | thank you | thanks for asking | god helg | ha det | ha det bra | hadet | ha en fin dag |
        ha en fin kveld | lykke til | men takk | men tusen takk | men lykke til | klem | ca | cirka | omtrent |
        ish | tar bussen | tar trikken | tar banen | tar tbanen | tar t banen | tar toget | tar taxi |
        tar drosje | tar bilen | tar sykkelen | tar sykkel | tar bil | tar buss | med bil | med buss |
        med bussen | med toget | med trikken | med sykkel | i bil | til fots | kodeord | kodeordet | begge |
        begge to | til begge | saa | meg | oss | tar turen | seff | hei igjen | svaret er | svaret mitt er |
        mitt svar er | allikevel | likevel | og saa | at jeg | at vi | vennligst | likeens
    """,
}
"""Phrases between bars, in canonical words: `kjem` stands here as `kommer`, `på veg` as `paa vei`."""


def _bygg() -> dict[str, tuple[tuple[tuple[str, ...], Slag], ...]]:
    """Phrases by their first word, the longest first."""
    etter: dict[str, dict[tuple[str, ...], Slag]] = {}
    for slag, tekst in _TABELL.items():
        for frase in tekst.split("|"):
            ord_ = tuple(frase.split())
            etter.setdefault(ord_[0], {})[ord_] = slag
    return {k: tuple(sorted(v.items(), key=lambda f: -len(f[0]))) for k, v in etter.items()}


FRASER = _bygg()
KJENTE_ORD = frozenset(o for fraser in FRASER.values() for frase, _ in fraser for o in frase)
"""Every word some phrase uses; a kodeord is none of them."""
