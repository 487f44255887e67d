"""What a person decided about a message nobody knew about."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import context, op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    globals()[f"upgrade_{context.config.attributes['base']}"]()


def upgrade_salto() -> None:
    with op.batch_alter_table('utkalling_melding', schema=None) as batch_op:
        batch_op.add_column(sa.Column('send_foer', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('uviss_forsoek', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('avgjort', sa.JSON(), nullable=True))
    op.execute(
        "UPDATE utkalling_melding SET uviss_forsoek = COALESCE("
        "(SELECT forsoek FROM sms_melding WHERE sms_melding.id = utkalling_melding.id), "
        "(SELECT forsoek FROM epost_melding WHERE epost_melding.id = utkalling_melding.id), 0) "
        "WHERE status = 'uviss'"
    )


def upgrade_audit() -> None:
    pass
