"""Every table of every room, by database: what the schema's history is held against."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlmodel import SQLModel

import services.epost.tables
import services.hendelser.tables
import services.register.tables
import services.routing.tables
import services.sms.tables
import services.utkalling.tables  # noqa: F401 - importing a room's tables is what puts them in the metadata
from services.audit.tables import AuditBase

METADATA: dict[str, MetaData] = {"salto": SQLModel.metadata, "audit": AuditBase.metadata}
"""`salto`: every room's own tables. `audit`: the archive's, in a file of its own on SQLite."""
