#!/bin/sh
# The password stays off the command line, which everyone on the machine can read. Nothing is kept
# on disk: what lies here can be had again. It refuses writes when it is full: thrown away, a
# note of a user's last write would let old data be read.
set -eu
umask 077
cat >/tmp/valkey.conf <<CONF
requirepass "$REDISCLI_AUTH"
protected-mode no
dir /tmp
save ""
appendonly no
maxmemory 384mb
maxmemory-policy noeviction
CONF
exec valkey-server /tmp/valkey.conf
