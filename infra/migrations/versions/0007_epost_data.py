"""E-mail: who claimed it, whether DATA had begun, and whose turn it is."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import context, op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    globals()[f"upgrade_{context.config.attributes['base']}"]()


def upgrade_salto() -> None:
    with op.batch_alter_table('epost_melding', schema=None) as batch_op:
        batch_op.add_column(sa.Column('nr_i_hendelse', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('arbeider', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('data_begynt', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.drop_index('ix_epost_melding_koe')
        batch_op.create_index('ix_epost_melding_koe', ['status', 'prioritet', 'nr_i_hendelse', 'neste'], unique=False)
    # What was on its way did not say whether it had reached DATA: it stays in doubt, as it was.
    op.execute("UPDATE epost_melding SET data_begynt = neste WHERE status = 'sender'")


def upgrade_audit() -> None:
    pass
