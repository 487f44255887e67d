"""The tokens that all who send SMS for one account share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    globals()[f"upgrade_{context.config.attributes['base']}"]()


def upgrade_salto() -> None:
    op.create_table(
        'sms_takt',
        sa.Column('nr', sa.Integer(), nullable=False),
        sa.Column('innhold', sa.Float(), nullable=False),
        sa.Column('sist', sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint('nr'),
    )


def upgrade_audit() -> None:
    pass
