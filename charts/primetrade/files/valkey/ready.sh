#!/bin/sh
# Whether a node of the cluster may be counted on: all slots have an owner, and a replica has what
# its primary has, so that the next pod of a rollout may end.
set -eu
info=$(valkey-cli --no-auth-warning CLUSTER INFO | tr -d '\r')
echo "$info" | grep -q '^cluster_state:ok$'
echo "$info" | grep -q '^cluster_slots_assigned:16384$'
replication=$(valkey-cli --no-auth-warning INFO replication | tr -d '\r')
echo "$replication" | grep -qE '^(role:master|master_link_status:up)$'
