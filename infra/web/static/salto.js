// Keeps an open page fresh: listens to the journal's stream, asks htmx to fetch the panels anew, and tells when
// contact is lost. Without this file every page still works; it is then as old as its last loading.
"use strict";
(() => {
  const SAMLE_MS = 150; // a burst of answers is one refresh
  const ETTER_MS = 900; // and one more when what was told has surely been written down everywhere
  const TAUS_MS = 25000; // the stream says «puls» every 10 s: silence means that the line is dead
  const adresse = document.body.dataset.strom;
  const baand = document.getElementById("forbindelse");
  let kilde, vakt, sist = 0, venter, etter;

  const frisk_opp = () => {
    sist = Date.now();
    venter = undefined;
    document.body.dispatchEvent(new CustomEvent("salto:endret"));
  };

  const nytt = () => {
    venter ??= setTimeout(frisk_opp, Math.max(0, sist + SAMLE_MS - Date.now()));
    clearTimeout(etter);
    etter = setTimeout(frisk_opp, ETTER_MS);
  };

  const mistet = () => {
    baand.hidden = false;
    document.body.dataset.forbindelse = "mistet";
  };

  const hoert = () => {
    baand.hidden = true;
    document.body.dataset.forbindelse = "oppe";
    clearTimeout(vakt);
    vakt = setTimeout(() => { mistet(); aapne(); }, TAUS_MS);
  };

  const aapne = () => {
    kilde?.close();
    kilde = new EventSource(adresse);
    kilde.addEventListener("open", () => { hoert(); nytt(); });
    kilde.addEventListener("puls", hoert);
    kilde.addEventListener("message", () => { hoert(); nytt(); });
    kilde.addEventListener("error", () => {
      mistet();
      // A refusal (a session that has ended, a proxy's error page) closes the source for good: try anew.
      if (kilde.readyState === EventSource.CLOSED) setTimeout(aapne, 3000);
    });
  };

  if (adresse && baand) {
    aapne();
    addEventListener("pageshow", (hendelse) => { if (hendelse.persisted) aapne(); });
    addEventListener("pagehide", () => kilde?.close());
  }

  // A live preview that cannot be fetched says so where it stands, until one can. Nor is its page left for the login
  // when the session has ended: somebody is writing there.
  const meld = (navn) => {
    for (const linje of document.querySelectorAll("[data-feil], [data-utlogget]")) linje.hidden = !(navn in linje.dataset);
  };
  const ikkeHentet = ({ detail }) => {
    if (detail.ctx?.sourceElement?.querySelector("[data-feil]")) meld("feil");
  };
  document.addEventListener("htmx:error", ikkeHentet);
  document.addEventListener("htmx:response:error", ikkeHentet);
  document.addEventListener("htmx:before:response", (svar) => {
    if (!svar.detail.ctx.hx?.redirect || !document.querySelector("[data-utlogget]")) return;
    svar.preventDefault();
    meld("utlogget");
  });

  // Buttons that need a page to be seen again: printing, and nothing more.
  document.addEventListener("click", (klikk) => {
    if (klikk.target.closest("[data-skriv-ut]")) print();
  });
})();
