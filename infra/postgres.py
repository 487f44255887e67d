"""Connections to PostgreSQL that notice within seconds that nobody is there any more, at either end of the line."""

from __future__ import annotations

import socket
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

KOBLE_SEKUNDER = 3
SETNING_SEKUNDER = 8
"""No statement of a running program is near it: what waits longer waits for a dead line, or a lock that is kept."""
TRANSAKSJON_SEKUNDER = 30
"""The same of a transaction. One that a proxy cut off between two halves of a statement is neither idle nor at work to
the server: only this ends it, and frees what it has locked (PostgreSQL 17 and newer)."""
PROEVE_SEKUNDER = 2
_STILLE_SEKUNDER = 3
"""How long sent bytes may be without an answer from the other machine."""
_BORTE_KODER = ("08", "25006", "57P")
"""SQLSTATEs of a server that is gone, stopping, or no longer the one that may be written to."""
_NEDE_KODER = (*_BORTE_KODER, "28", "3D", "40", "53", "55", "57", "58")
"""Those, and of one that is full or short of something, or that broke a deadlock."""
_SOKKEL = {
    "TCP_USER_TIMEOUT": _STILLE_SEKUNDER * 1000,  # Linux
    "TCP_KEEPIDLE": _STILLE_SEKUNDER,
    "TCP_KEEPALIVE": _STILLE_SEKUNDER,  # macOS' name for the same
    "TCP_KEEPINTVL": 1,
    "TCP_KEEPCNT": 3,
}
_TJENERENS = {
    "application_name": "salto",
    # The server, too, must notice: until it does, whoever was cut off in the middle keeps its locks.
    "tcp_user_timeout": str(_STILLE_SEKUNDER * 1000),
    "tcp_keepalives_idle": str(_STILLE_SEKUNDER),
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "3",
    "idle_in_transaction_session_timeout": "15000",
}


def motor(url: str, *, taalmodig: bool = False) -> AsyncEngine:
    """A pool of connections.

    Args:
        url: SQLAlchemy's.
        taalmodig: a statement may take as long as it takes (a migration).
    """
    engine = create_async_engine(
        url,
        pool_size=10,
        max_overflow=5,
        pool_timeout=10,
        hide_parameters=True,
        connect_args={
            "timeout": KOBLE_SEKUNDER,
            "command_timeout": None if taalmodig else SETNING_SEKUNDER,
            "server_settings": _TJENERENS,
        },
    )
    event.listen(engine.sync_engine, "connect", _vaak)
    if not taalmodig:
        event.listen(engine.sync_engine, "connect", _begrens)
    event.listen(engine.sync_engine, "checkout", _lever)
    event.listen(engine.sync_engine, "handle_error", _nede)
    return engine


def _vaak(forbindelse: Any, _: Any) -> None:
    """The operating system watches the line, and says when nobody answers."""
    sokkel = forbindelse.driver_connection._transport.get_extra_info("socket")  # noqa: SLF001 - asyncpg has no other way
    sokkel.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for navn, verdi in _SOKKEL.items():
        if (valg := getattr(socket, navn, None)) is not None:
            sokkel.setsockopt(socket.IPPROTO_TCP, valg, verdi)


def _begrens(forbindelse: Any, _: Any) -> None:
    """The server ends what takes too long: it, too, may be the one that nobody tells."""
    if forbindelse.driver_connection.get_server_version() >= (17,):
        setning = f"SET transaction_timeout = '{TRANSAKSJON_SEKUNDER}s'"
        forbindelse.run_async(lambda raa: raa.execute(setning, timeout=PROEVE_SEKUNDER))


def _lever(forbindelse: Any, _post: Any, _hvem: Any) -> None:
    """A connection that does not answer at once takes all the others of its age with it: they went the same way.

    SQLAlchemy's own `pool_pre_ping` waits as long as any statement may, for one connection after the other.
    """
    try:
        forbindelse.run_async(lambda raa: raa.execute("SELECT 1", timeout=PROEVE_SEKUNDER))
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as feil:
        raise InvalidatePoolError from feil


def _nede(feil: ExceptionContext) -> None:
    """A server that is away is one error: the dialect would let it look like the message's own fault."""
    kode = getattr(feil.original_exception, "sqlstate", None)
    taus = isinstance(feil.original_exception, TimeoutError)
    if taus or (kode or "").startswith(_BORTE_KODER):
        feil.is_disconnect = True  # nothing more is asked of it, nor of those that were opened before
    if taus or (type(feil.sqlalchemy_exception) is DBAPIError and (kode is None or kode.startswith(_NEDE_KODER))):
        raise OperationalError(None, None, feil.original_exception, hide_parameters=True) from None
