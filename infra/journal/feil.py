"""What can go wrong with the journal, as rooms and doors see it."""

from __future__ import annotations


class JournalNede(ConnectionError):
    """No PubAck came. That is doubt, not failure: the same event may be told again under its id."""


class Versjonskonflikt(Exception):
    """Somebody else told something about the same hendelse first."""
