#!/bin/sh
# Beside each node of the cluster: makes the cluster, and makes it whole again. Every node looks after
# itself alone, again and again, so that it does not matter who starts when, or what ended halfway:
#   1. It introduces itself to each node whose address it does not know, or not any more.
#   2. It forgets nodes that are none of the pods any more, once each pod has said which node it is.
#   3. Without slots it takes those of its number if no node knows an owner, or else becomes a replica
#      of the primary that has the fewest.
#   4. A replica whose primary is none of the pods any more takes over where it would not by itself.
#   5. One replica too many goes to a primary that has none.
set -u

name=${POD_NAME%-*}
ordinal=${POD_NAME##*-}
first=$((ordinal * 16384 / PRIMARIES))
last=$(((ordinal + 1) * 16384 / PRIMARIES - 1))
# Each line of `pods`: a pod's number, its node's id and its address. `table` is CLUSTER NODES of this
# node, `view-N` that of the pod N.
pods=/tmp/pods
table=/tmp/table
case $POD_IP in *:*) family=ahostsv6 ;; *) family=ahostsv4 ;; esac

cli() { timeout 3 valkey-cli --no-auth-warning "$@" 2>/dev/null | tr -d '\r'; }
info() { cli CLUSTER INFO | sed -n "s/^$1://p"; }

# Asks all pods who they are; fails unless all answer.
look() {
  rm -f /tmp/view-*
  : >"$pods"
  pod=0
  while [ "$pod" -lt "$NODES" ]; do
    address=$(getent "$family" "$name-$pod.$NODES_DOMAIN" | awk 'NR == 1 { print $1 }')
    if [ -n "$address" ]; then
      id=$(cli -h "$address" CLUSTER MYID)
      if [ "${#id}" -eq 40 ] && cli -h "$address" CLUSTER NODES >"/tmp/view-$pod"; then
        echo "$pod $id $address" >>"$pods"
      fi
    fi
    pod=$((pod + 1))
  done
  [ "$(wc -l <"$pods")" -eq "$NODES" ]
}

# A node that is met under another address is known by that one from then on.
meet() {
  while read -r pod id address; do
    awk -v id="$id" -v address="$address:" '
      $1 == id && index($2, address) == 1 && $3 !~ /fail|noaddr|handshake/ && $8 == "connected" { known = 1 }
      END { exit !known }' "$table" && continue
    echo "Introducing $POD_NAME to $name-$pod at $address."
    cli CLUSTER MEET "$address" 6379 >/dev/null
  done <"$pods"
}

# A failed node with a replica that lives stays known: without it the replica would get no votes.
forget() {
  awk '
    FILENAME != ARGV[2] { pods[$2]; next }
    $3 ~ /fail|noaddr/ && !($1 in pods) { gone[$1] }
    $3 !~ /fail|noaddr/ { needed[$4] }
    END { for (id in gone) if (!(id in needed)) print id }' "$pods" "$table" |
    while read -r id; do
      echo "Forgetting $id, which is none of the pods any more."
      cli CLUSTER FORGET "$id" >/dev/null
    done
}

# Whether some node knows an owner of a slot that is this node's by its number.
owned() {
  cat /tmp/view-* | awk -v first="$first" -v last="$last" '
    { for (i = 9; i <= NF; i++) if ($i ~ /^[0-9]/) {
        split($i, ends, "-")
        to = ends[2] == "" ? ends[1] + 0 : ends[2] + 0
        if (ends[1] + 0 <= last && to >= first) found = 1 } }
    END { exit !found }'
}

# What becomes of a node without slots.
place() {
  if [ "$ordinal" -lt "$PRIMARIES" ] && ! owned; then
    echo "$POD_NAME takes the slots $first to $last."
    cli CLUSTER ADDSLOTSRANGE "$first" "$last" >/dev/null
    return
  fi
  # Until all slots have an owner, one that has yet to take its own would get no replica.
  [ "$(info cluster_slots_assigned)" = 16384 ] || return
  # Where several have equally few: nodes that look at the same time take different ones.
  primary=$(awk -v own="$own" -v count="$PRIMARIES" -v wanted="$((ordinal % PRIMARIES))" '
    $3 ~ /fail|noaddr|handshake/ || $1 == own { next }
    $3 ~ /master/ && NF > 8 { place[$1] = int(($9 + 1) * count / 16384) }
    $3 ~ /slave/ { replicas[$4]++ }
    END { for (id in place) print replicas[id] + 0, place[id] != wanted, id }' "$table" |
    sort -n -k1,1 -k2,2 | awk 'NR == 1 { print $3 }')
  [ -n "$primary" ] || return
  echo "$POD_NAME becomes a replica of $primary."
  cli CLUSTER REPLICATE "$primary" >/dev/null
}

# Without a vote, since too few may be left to vote. Where a new node answers in its place, nobody says
# of the old one that it failed.
take_over() {
  grep -q " $1 " "$pods" && return
  [ "$(info cluster_state)" = fail ] ||
    awk -v id="$1" '$1 == id && $3 ~ /noaddr/ { gone = 1 } END { exit !gone }' "$table" || return
  echo "$POD_NAME takes over from $1, which is none of the pods any more."
  cli CLUSTER FAILOVER TAKEOVER >/dev/null
}

# Two that chose at the same time may have taken the same primary. Of its replicas it is the one with
# the last name that goes.
move() {
  orphan=$(awk -v own="$own" -v primary="$1" '
    $3 ~ /fail|noaddr|handshake/ { next }
    $3 ~ /master/ && NF > 8 { primaries[$1] }
    $3 ~ /slave/ { replicas[$4]++; if ($4 == primary && ($1 "") > (last "")) last = $1 }
    END {
      if (replicas[primary] < 2 || last != own) exit
      for (id in primaries) if (!replicas[id]) { print id; exit }
    }' "$table")
  [ -n "$orphan" ] || return
  echo "$POD_NAME becomes a replica of $orphan, which has none."
  cli CLUSTER REPLICATE "$orphan" >/dev/null
}

turn() {
  own=$(cli CLUSTER MYID)
  [ "${#own}" -eq 40 ] || return
  look && complete=yes || complete=no
  cli CLUSTER NODES >"$table"
  meet
  [ "$complete" = yes ] || return
  forget
  [ "$(grep -c ' connected' "$table")" -ge "$NODES" ] || return
  # Slots stand from the ninth word on.
  set -- $(awk -v own="$own" '$1 == own { print ($3 ~ /slave/ ? "replica" : "primary"), $4, NF - 8 }' "$table")
  case ${1:-} in
    replica)
      take_over "$2"
      move "$2"
      ;;
    primary) [ "$3" -gt 0 ] || place ;;
  esac
}

trap 'exit 0' TERM INT
while :; do
  turn
  sleep 2 &
  wait $!
done
