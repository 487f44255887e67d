"""What can go wrong with the journal, as rooms and doors see it."""

from __future__ import annotations

import nats.errors
from nats.js.errors import APIError

NEDE_FEIL = (nats.errors.Error, APIError, TimeoutError, OSError)
"""What nats-py raises when the journal is away, or says no."""


class JournalNede(ConnectionError):
    """No PubAck came. That is doubt, not failure: the same event may be told again under its id."""


class JournalFull(JournalNede):
    """There is no room in the journal: nothing is stored until there is."""


class Versjonskonflikt(Exception):
    """Somebody else told something about the same hendelse first."""
