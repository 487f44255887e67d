"""Planted bugs, one at a time: python mut.py NAVN"""
import os, tempfile, pytest, dataclasses
from pathlib import Path
from tests.utkalling import test_tilstand as t
from tests.utkalling.test_tilstand import Utkallingen, ToReplikaer
from hypothesis import Phase
from services.utkalling import rules, rules_kall, rules_omfang, rules_vara, store, telling, beslutning, handlers, utfall, sak, store_kanal, samtale
from infra.journal import forteller
from contracts.event import ny_id
V = os.environ.get("MUT","")
M = Utkallingen
if V=="avlyst_overstyres":   # a late answer undoes the stand-down
    o=rules.kvitter
    def k(s,u,kv):
        r=o(s,u,kv)
        if kv.svar=="kommer": s.sett(s.utkallinger[u.id],avlyst=False)
        return r
    rules.kvitter=k
elif V=="fortell_nytt":  # tells again with other content
    o=forteller.hukommelse.ufortalt
    async def uf(*a,**k):
        r=await o(*a,**k)
        return {i:[e.model_copy(update={"salt":"0"}) for e in es] for i,es in r.items()}
    forteller.hukommelse.ufortalt=uf
elif V=="eldre_svar":  # an older answer counts
    def k(s,u,kv):
        s.vedtak.kvitteringer.append(kv)
        u=s.sett(u,svar=kv.svar,svar_tid=kv.mottatt,eta=kv.eta,antall=kv.antall,sen=kv.sen)
        if kv.svar=="kommer_ikke" and u.spurt and s.aapen and not u.avlyst: rules.eskaler(s,u,"nei")
        rules.bemann(s); return True
    rules.kvitter=k
elif V=="nei_avlyses":
    rules_omfang.skal_avlyses=lambda s,u,kanal: rules_omfang.bestill_avlysning(s,u,kanal) if u.spurt else ()
elif V=="orientering_purres":
    sak.Utkalling.venter_svar=property(lambda u: not u.avlyst and u.svar is None)
    o=rules_kall.svarfrist
    def aapne(s,m,**k):
        return ao(s,m,**k)
    rules_kall._sett_frister.__globals__  # noqa
    os_=rules_kall.spoer
    def sp(s,u):
        os_(s,u); rules_kall._sett_frister(s,u,o(s.hendelse,s.naa))
    rules_kall.spoer=sp
elif V=="bemannet_igjen":
    async def no(tx,hid,**f):
        f.pop("bemannet",None)
        if f: await oo(tx,hid,**f)
    oo=store.oppdater_hendelse; store.oppdater_hendelse=no
elif V=="sen_beslutning":  # the fence of lukket_sekvens
    M=ToReplikaer
    of=beslutning.fold
    beslutning.fold=lambda s,rad,d: beslutning._kall(s,rad,d,lukket=False)
elif V=="gammel_beslutning":  # the fence of besluttet_sekvens
    M=ToReplikaer
    o=beslutning._kall
    def f(s,rad,d):
        lukket=not rad.aapen and d.utloest_sekvens<rad.lukket_sekvens
        if not rad.aapen and not lukket: return {}
        return o(s,rad,d,lukket=lukket)
    beslutning.fold=f
elif V=="vara_straks":
    o=rules_kall.kall_ut
    def k(s,ms,*,avlyst):
        o(s,ms,avlyst=avlyst)
        for m in ms:
            for r in m.roller:
                for p in r.vara[:1]:
                    if not avlyst and s.finn(p) is None: rules_vara._kall_vara(s,s.finn(m.person_id),p,[r])
    rules_kall.kall_ut=k
elif V=="frist_glemmes":   # a rebuild does not take the deadlines that were taken
    async def nn(tx,ider,naadd): return set(ider)
    store.noter_naadd=nn
elif V=="avloeste":
    async def a(tx,i): return set()
    store_kanal.avloeste=a
elif V=="lukket_avlyser":
    def kk(s,rad,data,*,lukket):
        rules_kall.kall_ut(s,data.mottakere,avlyst=lukket)
        if data.ikke_lenger:
            igjen={*(m.person_id for m in data.mottakere),*data.i_andre_deler}
            rules_omfang.avlys(s,rules_omfang.ute_av_omfang(s,data.ikke_lenger,igjen))
        s.sekretariat=data.sekretariat
        return {"besluttet_sekvens":data.utloest_sekvens,"sekretariat":[str(p) for p in data.sekretariat]}
    beslutning._kall=kk
elif V=="dobbel_bestilling":  # a decision asks again whoever is called
    o=rules_kall._utvid
    def ut(s,u,m):
        o(s,u,m); rules_kall.spoer(s,s.utkallinger[u.id])
    rules_kall._utvid=ut
elif V=="innehaver_ikke_lest":  # memory off: a second delivery is handled again
    from infra.journal import hukommelse, behandling
    o=hukommelse.noter_lest
    async def nl(tx,rom,ider,runde):
        await o(tx,rom,ider,runde); return set(ider)
    behandling.hukommelse.noter_lest=nl
elif V=="klokke":  # lateness from the clock at handling
    rules.er_sen=lambda u,m: False
    samtale.rules.er_sen=rules.er_sen
elif V=="ToReplikaer": M=ToReplikaer

def test_m():
    with tempfile.TemporaryDirectory(dir="/dev/shm") as m:
        t._kjoer(M, f"sqlite+aiosqlite:///{m}/r.db", Path(m), max_examples=int(os.environ.get("N","80")), stateful_step_count=40, phases=[Phase.generate])
