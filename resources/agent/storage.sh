#!/bin/bash
# Everything the agent does on a shared directory, run as a child that can be killed at its limit.
#
#   storage.sh read       DIR SITE CLUSTER MOUNT            identity seen, readable
#   storage.sh prove      DIR SITE CLUSTER MOUNT SERVER     the same, and a synchronous write that reads back
#   storage.sh generation DIR SITE CLUSTER MOUNT SERVER N   raises the generation to N, never lowers it
#
# MOUNT is `mount` (DIR must be a mount of its own) or `any`. Prints `GENERATION USED_PERCENT` and returns 0,
# or one sentence on standard error and: 10 not mounted, 11 wrong identity, 12 not readable, 13 not writable,
# 14 the generation is already higher, 2 wrong use.
set -u
verb=${1:-} dir=${2:-} site=${3:-} cluster=${4:-} mount=${5:-} server=${6:-} wanted=${7:-}
refuse() { echo "$2" >&2; exit "$1"; }

[ -n "$mount" ] || refuse 2 "wrong use"
[ -d "$dir" ] || refuse 12 "$dir does not exist or cannot be read"
if [ "$mount" = mount ]; then
  mountpoint -q "$dir" || refuse 10 "$dir is not mounted"
fi
read -r found_site found_cluster 2>/dev/null < "$dir/.ixha/identity" || refuse 11 "$dir carries no identity mark of a cluster"
[ "$found_site $found_cluster" = "$site $cluster" ] || refuse 11 "$dir belongs to $found_site $found_cluster"

generation=0
if [ -e "$dir/.ixha/generation" ]; then
  read -r generation _ < "$dir/.ixha/generation" || refuse 12 "the generation in $dir cannot be read"
  case $generation in '' | *[!0-9]*) refuse 12 "the generation in $dir is damaged" ;; esac
fi

write_through() { # FILE TEXT: a temporary name, synced, renamed, folder synced
  local temporary="$1.new.$server"
  { printf '%s\n' "$2" > "$temporary" && sync "$temporary" && mv -f "$temporary" "$1" && sync "$(dirname "$1")"; } 2>/dev/null
}

if [ "$verb" != read ]; then
  [ -n "$server" ] || refuse 2 "wrong use"
  probe="$dir/.ixha/probe-$server"
  stamp="$(cat /proc/uptime 2>/dev/null || date +%s) $$"
  write_through "$probe" "$stamp" || refuse 13 "$dir cannot be written"
  [ "$(cat "$probe" 2>/dev/null)" = "$stamp" ] || refuse 13 "$dir does not give back what was written"
fi
if [ "$verb" = generation ]; then
  case $wanted in '' | *[!0-9]*) refuse 2 "wrong use" ;; esac
  [ "$generation" -le "$wanted" ] || refuse 14 "the generation in $dir is $generation, above $wanted"
  write_through "$dir/.ixha/generation" "$wanted $server" || refuse 13 "the generation in $dir cannot be written"
  generation=$wanted
fi
used=$(df --output=pcent "$dir" 2>/dev/null | tail -n 1 | tr -dc '0-9')
echo "$generation ${used:--1}"
