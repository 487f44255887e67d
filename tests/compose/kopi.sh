#!/usr/bin/env bash
# The commands of docs/drift.md: a copy of a running stack is taken, everything is thrown away, and the copy put back.
# Run where docker-compose.yml is, with the stack up; `down -v` below deletes its volumes.
set -euo pipefail
mappe=$(mktemp -d)
rom="web register routing hendelser utkalling sms epost audit"
tell() { docker compose exec -T postgres psql -U salto -d salto -Atc 'SELECT count(*) FROM audit_rad'; }

# shellcheck disable=SC2086 # a list of words
docker compose stop $rom
foer=$(tell)
docker compose exec -T postgres pg_dump -U salto -Fc salto >"$mappe/salto.dump"
docker compose stop nats
docker compose run --rm --no-deps -T --entrypoint tar nats -C /data -cf - . >"$mappe/nats.tar"

docker compose down -v

docker compose up -d --no-build --wait postgres
docker compose exec -T postgres pg_restore -U salto -d salto --clean --if-exists <"$mappe/salto.dump"
docker compose up --no-build eierskap
docker compose run --rm --no-deps -T --entrypoint tar nats -C /data -xf - <"$mappe/nats.tar"
docker compose up -d --no-build --wait --wait-timeout 240

etter=$(tell)
echo "rader i arkivet: $foer før, $etter etter"
[ "$foer" -gt 0 ] && [ "$etter" -ge "$foer" ]
docker compose exec -T audit python -m services audit verifiser
# The gateway is new, too: had anything been sent again, it would be here.
docker compose exec -T simulator python -m services simulator tall | grep 'SMS mottatt: 0 '
rm -r "$mappe"
