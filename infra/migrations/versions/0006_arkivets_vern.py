"""PostgreSQL refuses to change, delete or empty the archive for everybody, and also where triggers are turned off."""

from __future__ import annotations

from alembic import context, op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    globals()[f"upgrade_{context.config.attributes['base']}"]()


def upgrade_salto() -> None:
    pass


def upgrade_audit() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_rad_nei() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit_rad kan ikke endres eller slettes'; END $$"
    )
    op.execute(
        "CREATE OR REPLACE TRIGGER audit_rad_ingen_endring BEFORE UPDATE OR DELETE ON audit_rad "
        "FOR EACH ROW EXECUTE FUNCTION audit_rad_nei()"
    )
    op.execute(
        "CREATE OR REPLACE TRIGGER audit_rad_ingen_toemming BEFORE TRUNCATE ON audit_rad "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_rad_nei()"
    )
    op.execute("ALTER TABLE audit_rad ENABLE ALWAYS TRIGGER audit_rad_ingen_endring")
    op.execute("ALTER TABLE audit_rad ENABLE ALWAYS TRIGGER audit_rad_ingen_toemming")
