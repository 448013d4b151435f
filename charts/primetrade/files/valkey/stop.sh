#!/bin/sh
# Before a primary of the cluster ends, a replica takes over with all that the primary has. It takes a
# second; ten are the most that is waited for.
set -u
cli() { timeout 3 valkey-cli --no-auth-warning "$@" 2>/dev/null | tr -d '\r'; }

own=$(cli CLUSTER MYID)
replica=$(cli CLUSTER NODES | awk -v own="$own" '
  $3 ~ /slave/ && $3 !~ /fail|noaddr/ && $4 == own { sub(/@.*/, "", $2); print $2; exit }')
[ -n "$replica" ] || exit 0
cli -h "${replica%:*}" CLUSTER FAILOVER >/dev/null

tries=0
while [ "$tries" -lt 20 ] && cli INFO replication | grep -q '^role:master'; do
  sleep 0.5
  tries=$((tries + 1))
done
exit 0
