"""Logging: structlog everywhere, static event names, ids and never a name, number or message text."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

_spor = structlog.dev.plain_traceback  # the default shows local variables, and with them numbers and texts
_SPOR = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))


def sett_opp(fmt: str = "console", nivaa: str = "INFO") -> None:
    """Configures structlog and sends the libraries' own logging through it at WARNING."""
    felles: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    tegner: list[Any] = (
        [_SPOR, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if fmt == "json"
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_spor)]
    )
    structlog.configure(
        processors=[*felles, *tegner],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[nivaa.upper()]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that is late is no news
    # Twilio's client prints numbers at INFO, and httpx whole addresses.
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)


class FastStreamLogg:
    """The logger FastStream is given: `log(level, msg, *, exc_info, extra)` spread into structlog's fields."""

    def __init__(self) -> None:
        self._logg = structlog.get_logger("faststream")

    def log(self, level: int, msg: Any, /, *_: Any, exc_info: Any = None, extra: dict[str, Any] | None = None) -> None:
        if level >= logging.WARNING:
            self._logg.log(level, str(msg), exc_info=exc_info, **(extra or {}))
