#!/bin/bash
# A streaming replica: copies the primary when it has nothing yet, or what it has is of no use any
# more (the primary keeps only so much for a replica that is away), and follows it from then on.
# Arguments go to the server. The password of the role comes in PGPASSWORD, here and in the server.
set -euo pipefail

primary='host=postgres user=replicator application_name=replica'
slot=replica

# state: of what the primary keeps for this replica; empty when it keeps nothing
state() {
  psql -XAtq "$primary dbname=postgres" \
    -c "SELECT wal_status FROM pg_replication_slots WHERE slot_name = '$slot'"
}

# copy: the whole primary, into a folder that takes its place only when it is complete
copy() {
  local part=$PGDATA.part
  until pg_isready -q -d "$primary dbname=postgres"; do sleep 1; done
  psql -XAtq "$primary replication=true" -c "DROP_REPLICATION_SLOT $slot" 2>/dev/null || :
  rm -rf "$part"
  pg_basebackup -d "$primary" -D "$part" --create-slot -S "$slot" -X stream -c fast
  touch "$part/standby.signal"
  rm -rf "$PGDATA"
  mv "$part" "$PGDATA"
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  echo 'replica: no data yet, copying the primary'
  copy
elif state=$(state) && [[ -z $state || $state == lost ]]; then
  echo 'replica: the primary has dropped what is missing here, copying it again'
  copy
fi

exec postgres -c primary_conninfo="$primary" -c primary_slot_name="$slot" "$@"
