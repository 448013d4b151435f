#!/bin/sh
# The password stays off the command line, which everyone on the node can read. No data is kept on
# disk: what lies here can be had again. It refuses writes when it is full: thrown away, a note of a
# user's last write would let old data be read.
set -eu
umask 077
password=$(printf '%s' "$REDISCLI_AUTH" | sed 's/[\\"]/\\&/g')
cat >/tmp/valkey.conf <<CONF
requirepass "$password"
protected-mode no
dir /tmp
save ""
appendonly no
maxmemory $MAXMEMORY
maxmemory-policy noeviction
CONF

if [ -n "${NODES_DOMAIN:-}" ]; then
  # Who belongs to the cluster is all that is kept on the volume. Clients are told names, since
  # addresses change with each start of a pod.
  cat >>/tmp/valkey.conf <<CONF
masterauth "$password"
cluster-enabled yes
cluster-config-file /data/nodes.conf
cluster-node-timeout $NODE_TIMEOUT_MS
cluster-announce-ip $POD_IP
cluster-announce-hostname $POD_NAME.$NODES_DOMAIN
cluster-preferred-endpoint-type hostname
cluster-require-full-coverage no
cluster-replica-validity-factor 0
repl-diskless-sync-delay 0
CONF
fi

exec valkey-server /tmp/valkey.conf
