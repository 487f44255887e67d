"""The simulator's tables: what was accepted, in order, and how everybody has been told to behave."""

SKJEMA = """
CREATE TABLE IF NOT EXISTS sms (
    nr INTEGER PRIMARY KEY AUTOINCREMENT,
    sid TEXT NOT NULL UNIQUE,
    retning TEXT NOT NULL CHECK (retning IN ('ut', 'inn')),
    til TEXT NOT NULL,
    fra TEXT,
    tjeneste TEXT,
    tekst TEXT NOT NULL,
    ref TEXT,
    segmenter INTEGER NOT NULL,
    status TEXT NOT NULL,
    feilkode INTEGER,
    opprettet TEXT NOT NULL,
    endret TEXT NOT NULL,
    sendt TEXT,
    url TEXT,
    plan TEXT NOT NULL DEFAULT '{}',
    framdrift INTEGER NOT NULL DEFAULT 0,
    varslet INTEGER NOT NULL DEFAULT 0,
    aapen INTEGER NOT NULL,
    slettet INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS sms_til ON sms (til, nr);
CREATE INDEX IF NOT EXISTS sms_fra ON sms (fra, nr);
CREATE INDEX IF NOT EXISTS sms_ref ON sms (til, ref) WHERE retning = 'ut';
CREATE INDEX IF NOT EXISTS sms_aapen ON sms (nr) WHERE aapen = 1;

CREATE TABLE IF NOT EXISTS epost (
    nr INTEGER PRIMARY KEY AUTOINCREMENT,
    til TEXT NOT NULL,
    fra TEXT NOT NULL,
    message_id TEXT,
    emne TEXT NOT NULL,
    tekst TEXT NOT NULL,
    html TEXT NOT NULL,
    mottatt TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS epost_til ON epost (til, nr);

CREATE TABLE IF NOT EXISTS oppfoersel (
    slag TEXT NOT NULL,
    hvem TEXT NOT NULL,
    regel TEXT NOT NULL,
    PRIMARY KEY (slag, hvem)
);
CREATE TABLE IF NOT EXISTS stoppet (nummer TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS innstilling (navn TEXT PRIMARY KEY, verdi TEXT NOT NULL);
"""
