# Sourced once, when the database is made. The program's own role owns nothing: `migrate` gives it what it may do, and
# it may not change what is archived.
# shellcheck shell=bash
psql -v ON_ERROR_STOP=1 -v passord="$POSTGRES_DRIFT_PASSWORD" \
  --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE salto_drift LOGIN PASSWORD :'passord';
SQL
