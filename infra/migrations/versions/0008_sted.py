"""Where each room's tables are in the journal."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import context, op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    globals()[f"upgrade_{context.config.attributes['base']}"]()


def upgrade_salto() -> None:
    op.create_table('journal_sted',
    sa.Column('rom', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('journal', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('begynner', sa.BigInteger(), nullable=False),
    sa.Column('sekvens', sa.BigInteger(), nullable=False),
    sa.Column('sett', sa.BigInteger(), nullable=False),
    sa.Column('gjenspilles_fra', sa.BigInteger(), nullable=False),
    sa.Column('gjenspilles_til', sa.BigInteger(), nullable=False),
    sa.Column('fortalt_til', sa.BigInteger(), nullable=False),
    sa.Column('levert_til', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('rom')
    )


def upgrade_audit() -> None:
    pass
