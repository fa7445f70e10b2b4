#!/bin/bash
# Everything the agent does on a shared directory, run as a child that can be killed at its limit.
#
#   storage.sh read       DIR SITE CLUSTER MOUNT               identity seen, readable
#   storage.sh observe    DIR SITE CLUSTER MOUNT               the same, also before the directory carries a mark
#   storage.sh prove      DIR SITE CLUSTER MOUNT SERVER [N]    the same, and a synchronous write that reads back;
#                                                              nothing is written once the generation is above N
#   storage.sh generation DIR SITE CLUSTER MOUNT SERVER N      raises the generation to N, never lowers it
#   storage.sh put-ledger DIR SITE CLUSTER MOUNT SERVER N FILE puts a copy of FILE there as the queue ledger, synced
#   storage.sh get-ledger DIR SITE CLUSTER MOUNT - 0 FILE      copies the queue ledger from there to FILE
#
# MOUNT is `mount` (DIR must be a mount of its own) or `any`. With `unmeasured` as FILE the first four do not ask how
# much is used, and with `brief` not for files either: each costs as much as all else of a `read`. Prints
# `GENERATION USED_PERCENT`, then one line `file NAME SIZE MTIME` for each file by which a late writer can be told,
# and returns 0, or 1 where one of them was gone by then. Otherwise one sentence on standard error and the code of its
# verdict (shared/storage/storage-verdict.ts):
#   10 not mounted  11 the wrong one  12 unreadable  13 unwritable  14 a newer generation  15 read-only  16 full
#   17 stale  18 input/output error  19 disconnected  20 no identity mark  21 missing  22 damaged generation
#   23 does not give back what was written  24 no ledger yet  2 wrong use
#
# This runs every few seconds on every server: what is fine is found by the shell itself, which starts no program;
# only what is not is looked at again by programs that say why.
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
if ! [ -d "$dir" ]; then
  words=$(stat -- "$dir" 2>&1 > /dev/null) || failed 21 "$dir does not exist or cannot be read" "$words"
  refuse 21 "$dir is not a directory"
fi
listed_mount() { # 0: the system's own list names the directory as a mount
  local line lines
  mapfile -t lines 2> /dev/null < /proc/self/mounts
  for line in "${lines[@]}"; do
    line=${line#* }
    [ "${line%% *}" = "$dir" ] && return 0
  done
  return 1
}
if [ "$mount" = mount ]; then
  # The list writes some names otherwise, and a link is not in it: the program knows both.
  listed_mount || mountpoint -q "$dir" || refuse 10 "$dir is not mounted"
fi
text= # What `whole` has read.
whole() { # FILE: reads a short text; 1 when there is none, it is longer, or it cannot be read
  text=
  # A success means that something follows: a null byte was met, or the text is too long.
  if { IFS= read -r -d '' -n 400 text < "$1"; } 2> /dev/null; then return 1; fi
  text=${text%$'\n'}
  [ -n "$text" ]
}
if whole "$dir/.ixha/identity"; then
  identity=$text
elif [ "$verb" = observe ] && [ ! -e "$dir/.ixha" ]; then
  [ -r "$dir" ] && [ -x "$dir" ] || refuse 12 "$dir cannot be read"
  identity="$site $cluster"
elif ! identity=$(cat "$dir/.ixha/identity" 2>&1); then
  case $identity in
    *'No such file'*) refuse 20 "$dir carries no identity mark of a cluster" ;;
    *) failed 12 "the identity mark in $dir cannot be read" "$identity" ;;
  esac
fi
[ "$identity" = "$site $cluster" ] || refuse 11 "$dir belongs to ${identity:0:80}"

generation=0
if [ -e "$dir/.ixha/generation" ]; then
  if whole "$dir/.ixha/generation"; then
    words=$text
  else
    words=$(cat "$dir/.ixha/generation" 2>&1) || failed 12 "the generation in $dir cannot be read" "$words"
  fi
  generation=${words%% *}
  case $generation in '' | *[!0-9]*) refuse 22 "the generation in $dir is damaged" ;; esac
fi

put() { # SOURCE TARGET: a temporary name, synced, renamed, folder synced; prints why it failed
  local temporary="$2.new.$server"
  { cat "$1" > "$temporary" && sync "$temporary" && mv -f "$temporary" "$2" && sync "${2%/*}"; } 2>&1
}
put_new() { # TEXT FILE: a new file is written, synced and put in place; says why it failed
  local temporary="$2.new.$server"
  { printf '%s\n' "$1" > "$temporary"; } && sync "$temporary" && mv -f "$temporary" "$2"
}
put_text() { # TEXT FILE: the same, and its place outlasts a loss of power as well; prints why it failed
  { put_new "$1" "$2" && sync "${2%/*}"; } 2>&1
}
try_text() { # TEXT FILE: a synchronous write that needs room; says why it failed
  # The file was left empty, so that what is written needs a place: one that is there has its room even where nothing
  # else fits. Whether another file finds a place in the directory is tried less often. That the place itself outlasts
  # a loss of power is nothing that a try needs.
  if [ "$file" = unmeasured ]; then
    { printf '%s\n' "$1" > "$2"; } && sync "$2"
  else
    put_new "$1" "$2"
  fi
}
whole_number() { case $wanted in '' | *[!0-9]*) refuse 2 "wrong use" ;; esac; }

case $verb in
  read | observe) ;;
  prove | generation)
    [ -n "$server" ] || refuse 2 "wrong use"
    probe="$dir/.ixha/probe-$server"
    read -r stamp 2> /dev/null < /proc/uptime || stamp=$(date +%s)
    stamp="$stamp $$"
    # An agent that still thinks it serves, thawed after a takeover, must not be a late writer itself.
    if [ "$verb" = generation ] || [ -z "$wanted" ] || { whole_number && [ "$generation" -le "$wanted" ]; }; then
      # Why it failed is asked for by another try, which may work.
      try_text "$stamp" "$probe" 2> /dev/null || words=$(try_text "$stamp" "$probe" 2>&1) \
        || failed 13 "$dir cannot be written" "$words"
      { whole "$probe" && [ "$text" = "$stamp" ]; } || refuse 23 "$dir does not give back what was written"
      { : > "$probe"; } 2> /dev/null
    fi
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
  words=$(put_text "$wanted $server" "$dir/.ixha/generation") \
    || failed 13 "the generation in $dir cannot be written" "$words"
  generation=$wanted
fi
# Whoever moves a ledger wants to know nothing else.
case $verb in put-ledger | get-ledger) echo "$generation -1" && exit 0 ;; esac
used=
case $file in
  unmeasured | brief) ;;
  *)
    used=$(df --output=pcent "$dir" 2> /dev/null)
    used=${used##*$'\n'}
    used=${used//[!0-9]/}
    ;;
esac
echo "$generation ${used:--1}"
[ "$file" != brief ] || exit 0
cd "$dir" 2> /dev/null || exit 0
shopt -s nullglob
files=(.ixha/probe-* logt/journal*.log)
# Only the last few by name: a directory full of old journals must not make a long answer.
((${#files[@]} <= 20)) || files=("${files[@]: -20}")
((${#files[@]} > 0)) || exit 0
# In place of this shell: to start it beside would cost as much as it does.
exec stat --format='file %n %s %.Y' "${files[@]}" 2> /dev/null
