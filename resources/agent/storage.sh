#!/bin/bash
# Everything the agent does on a shared directory, run as a child that can be killed at its limit.
#
#   storage.sh read       DIR SITE CLUSTER MOUNT               identity seen, readable
#   storage.sh prove      DIR SITE CLUSTER MOUNT SERVER        the same, and a synchronous write that reads back
#   storage.sh generation DIR SITE CLUSTER MOUNT SERVER N      raises the generation to N, never lowers it
#   storage.sh put-ledger DIR SITE CLUSTER MOUNT SERVER N FILE puts a copy of FILE there as the queue ledger, synced
#   storage.sh get-ledger DIR SITE CLUSTER MOUNT - 0 FILE      copies the queue ledger from there to FILE
#
# MOUNT is `mount` (DIR must be a mount of its own) or `any`. Prints `GENERATION USED_PERCENT`, then one line
# `file NAME SIZE MTIME` for each file by which a late writer can be told, and returns 0. Otherwise one sentence
# on standard error and the code of its verdict (shared/storage/storage-verdict.ts):
#   10 not mounted  11 the wrong one  12 unreadable  13 unwritable  14 a newer generation  15 read-only  16 full
#   17 stale  18 input/output error  19 disconnected  20 no identity mark  21 missing  22 damaged generation
#   23 does not give back what was written  24 no ledger yet  2 wrong use
set -u
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
verb=${1:-} dir=${2:-} site=${3:-} cluster=${4:-} mount=${5:-} server=${6:-} wanted=${7:-} file=${8:-}
refuse() { echo "$2" >&2; exit "$1"; }

failed() { # CODE SENTENCE WORDS: refuses by what the system said, or with CODE and SENTENCE
  case $3 in
    *'No space left'* | *'quota exceeded'*) refuse 16 "$dir is full" ;;
    *'Read-only file system'*) refuse 15 "$dir is mounted read-only" ;;
    *'Stale file handle'*) refuse 17 "$dir is a stale mount: its server does not know it any more" ;;
    *'not connected'* | *'Host is down'* | *'No such device'*) refuse 19 "$dir has lost its server" ;;
    *'nput/output error'*) refuse 18 "$dir answers with input/output errors" ;;
    *) refuse "$1" "$2" ;;
  esac
}

[ -n "$mount" ] || refuse 2 "wrong use"
words=$(stat -- "$dir" 2>&1 > /dev/null) || failed 21 "$dir does not exist or cannot be read" "$words"
[ -d "$dir" ] || refuse 21 "$dir is not a directory"
if [ "$mount" = mount ]; then
  mountpoint -q "$dir" || refuse 10 "$dir is not mounted"
fi
if ! identity=$(cat "$dir/.ixha/identity" 2>&1); then
  case $identity in
    *'No such file'*) refuse 20 "$dir carries no identity mark of a cluster" ;;
    *) failed 12 "the identity mark in $dir cannot be read" "$identity" ;;
  esac
fi
[ "$identity" = "$site $cluster" ] || refuse 11 "$dir belongs to ${identity:0:80}"

generation=0
if [ -e "$dir/.ixha/generation" ]; then
  words=$(cat "$dir/.ixha/generation" 2>&1) || failed 12 "the generation in $dir cannot be read" "$words"
  generation=${words%% *}
  case $generation in '' | *[!0-9]*) refuse 22 "the generation in $dir is damaged" ;; esac
fi

put() { # SOURCE TARGET: a temporary name, synced, renamed, folder synced; prints why it failed
  local temporary="$2.new.$server"
  { cat "$1" > "$temporary" && sync "$temporary" && mv -f "$temporary" "$2" && sync "$(dirname "$2")"; } 2>&1
}
put_text() { # TEXT TARGET SENTENCE
  words=$(put <(printf '%s\n' "$1") "$2") || failed 13 "$3" "$words"
}
whole_number() { case $wanted in '' | *[!0-9]*) refuse 2 "wrong use" ;; esac; }

case $verb in
  read) ;;
  prove | generation)
    [ -n "$server" ] || refuse 2 "wrong use"
    probe="$dir/.ixha/probe-$server"
    stamp="$(cat /proc/uptime 2> /dev/null || date +%s) $$"
    put_text "$stamp" "$probe" "$dir cannot be written"
    [ "$(cat "$probe" 2> /dev/null)" = "$stamp" ] || refuse 23 "$dir does not give back what was written"
    ;;
  put-ledger)
    whole_number
    [ -n "$server" ] && [ -r "$file" ] || refuse 2 "wrong use"
    # Whoever comes late must not replace what the new Active has written.
    [ "$generation" -le "$wanted" ] || refuse 14 "the generation in $dir is $generation, above $wanted"
    words=$(put "$file" "$dir/.ixha/ledger") || failed 13 "the ledger in $dir cannot be written" "$words"
    ;;
  get-ledger)
    [ -n "$file" ] || refuse 2 "wrong use"
    [ -e "$dir/.ixha/ledger" ] || refuse 24 "$dir holds no ledger yet"
    words=$(head -c 4000000 "$dir/.ixha/ledger" 2>&1 > "$file") || failed 12 "the ledger in $dir cannot be read" "$words"
    ;;
  *) refuse 2 "wrong use" ;;
esac
if [ "$verb" = generation ]; then
  whole_number
  [ "$generation" -le "$wanted" ] || refuse 14 "the generation in $dir is $generation, above $wanted"
  put_text "$wanted $server" "$dir/.ixha/generation" "the generation in $dir cannot be written"
  generation=$wanted
fi
used=$(df --output=pcent "$dir" 2> /dev/null | tail -n 1 | tr -dc '0-9')
echo "$generation ${used:--1}"
# Only the newest few: a directory full of old journals must not make a long answer.
cd "$dir" 2> /dev/null && stat --format='file %n %s %.Y' .ixha/probe-* logt/journal*.log 2> /dev/null | tail -n 20
exit 0
