#!/bin/bash
# Copies a cluster's directory from the Active's server to the Passive's, and keeps one complete copy there.
#
#   copy.sh send    DIR SITE CLUSTER SERVER RUN EPOCH SEQUENCE running|final KEYS ADDRESS PORT USER
#   copy.sh try     KEYS ADDRESS PORT USER  whether the peer lets this server in
#   copy.sh receive FILE                    what sshd runs for the peer's key, whatever the peer asks for
#   copy.sh adopt   DIR SITE CLUSTER SERVER RUN EPOCH   raises the generation; the newest data is in DIR afterwards
#   copy.sh claim   DIR SITE CLUSTER SERVER RUN EPOCH   the same, for an engine that runs already: its data is the newest
#   copy.sh look    DIR SITE CLUSTER SERVER RUN         tells anew what lies here
#   copy.sh reopen  DIR SITE CLUSTER SERVER RUN         the same; the engine starts again after its last copy
#
# Order. Positions may be behind the messages, never ahead of them: what is behind is sent again. A message is written
# before a position that counts it. So the files with positions are read first and everything else after them, from
# a list made after them: whatever a copied position counts was there when the messages were read. A file that only
# grows is read up to some length, which is what a loss of power leaves too. The first pass over everything only makes
# the two that count short. Files that vanish between list and reading may have been renamed: both passes again.
#
# Below DIR/.ixha/copy: `out/E.S` is what was read, whole and still, before it is sent; `in/E.S` comes in; `whole` links
# to the one that was received completely, checked against its manifest and synced. Nothing of them is a live file of
# the engine, and a file that did not change is one file with that of the copy before (a hard link).
#
# Who may write. DIR/.ixha/generation belongs to this server alone: the highest epoch whose data is or may be here. A
# copy of a lower epoch, or of the same one by another server, is refused, by a lock that adopting takes as well. So
# nothing is received any more once an engine may start here, and a late copy never replaces newer data.
#
# A refusal is `ixha-refused CODE SENTENCE` on standard error; the codes are those of shared/copying/copy-verdict.ts.
set -u
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 022
verb=${1:-}
refuse() {
  echo "ixha-refused $1 $2" >&2
  exit "$1"
}
text=
first_line() { # FILE: into text; 1 when there is none
  text=
  { IFS= read -r -n 400 text < "$1"; } 2> /dev/null || [ -n "$text" ]
}
first_word() { # FILE: a whole number into text, 0 when there is no file
  text=0
  [ -e "$1" ] || return 0
  first_line "$1" || text=damaged
  text=${text%% *}
  case $text in '' | *[!0-9]*) refuse 47 "$1 is damaged" ;; esac
}
put_line() { # LINE FILE: synced, in place at once
  printf '%s\n' "$1" > "$2.new" && sync "$2.new" && mv -f "$2.new" "$2" && sync "${2%/*}"
}
boot_ms() {
  local up
  read -r up _ < /proc/uptime
  echo $((10#${up/./} * 10))
}
generation=0 by=
read_generation() {
  first_word "$dir/.ixha/generation"
  generation=$text by=
  if first_line "$dir/.ixha/generation"; then by=${text#* }; fi
}
belongs() {
  { first_line "$dir/.ixha/identity" && [ "$text" = "$site $cluster" ]; } \
    || refuse 41 "$dir on $server does not carry the mark of $cluster"
  copy=$dir/.ixha/copy
  { mkdir -p -m 700 "$copy" && mkdir -p "$copy/in" "$copy/out"; } 2> /dev/null || refuse 42 "$copy on $server cannot be written"
}
locked() {
  exec 9> "$copy/lock" || refuse 42 "$copy on $server cannot be written"
  flock -w 20 9 || refuse 43 "another copy or takeover is at work in $dir on $server"
}
named() { # FILE NAME: the value of a manifest's line
  sed -n "/^$2 /{s///p;q}" "$1" 2> /dev/null
}
tell() { # For the agent: on the memory file system, which no disk makes wait. Derived from what lies here.
  local whole=$copy/whole received since=- took=0 boot=
  read -r boot < /proc/sys/kernel/random/boot_id
  {
    first_word "$copy/data" && echo "data $text"
    first_word "$copy/given" && echo "given $text"
    if [ -s "$whole/manifest" ] && first_line "$whole/received"; then
      received=($text)
      [ "${received[2]-}" != "$boot" ] || { since=${received[0]} took=${received[1]}; }
      echo "whole $(named "$whole/manifest" epoch) $(named "$whole/manifest" sequence) $(named "$whole/manifest" final) $since $took $(named "$whole/manifest" bytes) $(named "$whole/manifest" files) $(named "$whole/manifest" time)"
    fi
  } > "$run/copied.new.$$" && mv -f "$run/copied.new.$$" "$run/copied"
}

# --- what the Active does -------------------------------------------------------------------------------------------
pass() { # OPTIONS: one reading of the live directory; 24 when something vanished meanwhile
  local said code
  # Without the bits that let others run as the owner: the agent must not make such files, and a copy needs none.
  # A window of -1 compares times to the nanosecond: a change within one second is one too.
  said=$(rsync -a --no-D --modify-window=-1 --chmod=ug-s --delete --link-dest="$last/data" --exclude=/.ixha/ --exclude=/lost+found/ "$@" \
    "$dir/" "$next/data/" 2>&1)
  code=$?
  case $code in
    0 | 24) return $code ;;
    *)
      case $said in *'No space left'* | *'quota exceeded'*) refuse 44 "there is no room in $dir on $server for what is to be sent" ;; esac
      refuse 45 "$dir on $server cannot be read: $(printf '%s' "$said" | head -n 1 | cut -c1-200)"
      ;;
  esac
}
snapshot() {
  local old try
  last=$(readlink -f "$copy/out/last" 2> /dev/null)
  [ -d "${last:-/nowhere}/data" ] || last=$copy/out/none
  next=$copy/out/$epoch.$sequence
  for old in "$copy"/out/*; do
    case $old in "$copy/out/last" | "$last") ;; *) rm -rf -- "$old" ;; esac
  done
  mkdir -p "$copy/out/none/data" "$next/data" 2> /dev/null || refuse 44 "$copy/out on $server cannot be written"
  pass || :
  for try in 1 2 3 4; do
    [ "$try" != 4 ] || refuse 46 "files in $dir on $server are renamed faster than they can be copied"
    pass --include='*/' --include='*journal*' --exclude='*' && pass --exclude='*journal*' && break
  done
  write_manifest
  ln -sfn "$epoch.$sequence" "$copy/out/last.new" && mv -T "$copy/out/last.new" "$copy/out/last" \
    || refuse 44 "$copy/out on $server cannot be written"
}
write_manifest() {
  local line path size sum entry odd
  local -A sums=() sizes=()
  files=0 bytes=0
  odd=$(find "$next/data" \( -name '*\\*' -o -name $'*\n*' \) -print -quit)
  [ -z "$odd" ] || refuse 48 "a file in $dir has a backslash or a line break in its name"
  while IFS= read -r line; do
    [[ $line =~ ^([0-9a-f]{64})\ [0-9]+\ (.+)$ ]] && sums[${BASH_REMATCH[2]}]=${BASH_REMATCH[1]}
  done < <(cat "$last/manifest" 2> /dev/null)
  : > "$next/body" > "$next/changed"
  while IFS= read -r -d '' entry; do
    size=${entry%% *} path=${entry#* }
    files=$((files + 1)) bytes=$((bytes + size)) sizes[$path]=$size
    if [ "$next/data/$path" -ef "$last/data/$path" ] && [ -n "${sums[$path]-}" ]; then
      printf '%s %s %s\n' "${sums[$path]}" "$size" "$path" >> "$next/body"
    else printf '%s\0' "$path" >> "$next/changed"; fi
  done < <(find "$next/data" -type f -printf '%s %P\0')
  while IFS= read -r line; do
    sum=${line%% *} path=${line#*  }
    printf '%s %s %s\n' "$sum" "${sizes[$path]}" "$path" >> "$next/body"
  done < <(cd "$next/data" && xargs -0 -r sha256sum -- < "$next/changed")
  {
    printf 'ixha-copy 1\nepoch %s\nsequence %s\nfrom %s\ntime %s\n' "$epoch" "$sequence" "$server" "$(date -u +%FT%TZ)"
    printf 'final %s\nbytes %s\nfiles %s\n\n' "$([ "$kind" = final ] && echo yes || echo no)" "$bytes" "$files"
    cat "$next/body"
  } > "$next/manifest" || refuse 44 "there is no room in $dir on $server for what is to be sent"
  [ "$(wc -l < "$next/body")" = "$files" ] || refuse 45 "not every file in $next could be read"
  rm -f "$next/body" "$next/changed"
}
failed() { # WORDS: names what ssh, rsync or the peer's script said
  local code
  case $1 in
    *ixha-refused\ [0-9]*)
      code=${1##*ixha-refused }
      refuse "${code%% *}" "$(printf '%s' "${code#* }" | head -n 1 | cut -c1-300)"
      ;;
    *'HOST IDENTIFICATION HAS CHANGED'* | *'Host key verification failed'* | *'no matching host key'*)
      refuse 31 "$address presents another host key than the one that was pinned"
      ;;
    *'Permission denied (publickey'* | *'Too many authentication failures'*)
      refuse 32 "the SSH server on $address does not let the key of this copy in"
      ;;
    *'Connection refused'* | *'No route to host'* | *'Connection timed out'* | *'etwork is unreachable'* | *'Could not resolve'*)
      refuse 33 "the SSH server on $address port $port does not answer"
      ;;
    *'No space left'* | *'quota exceeded'*) refuse 34 "there is no room for the copy on $address" ;;
    *'command not found'* | *'No such file or directory'*) refuse 36 "what receives the copy is not installed on $address" ;;
    *) refuse 35 "the connection to $address ended in the middle: $(printf '%s' "$1" | grep . | head -n 1 | cut -c1-200)" ;;
  esac
}
ssh=
way() { # the one command that reaches the peer
  local option
  ssh="ssh -T -F /dev/null -i $keys/key -p $port -l $user -o HostName=$address -o HostKeyAlias=ixha-peer"
  for option in IdentitiesOnly=yes UserKnownHostsFile="$keys/known_hosts" GlobalKnownHostsFile=/dev/null \
    StrictHostKeyChecking=yes UpdateHostKeys=no BatchMode=yes ConnectTimeout=5 ServerAliveInterval=5 \
    ServerAliveCountMax=3 ControlPath=none ClearAllForwardings=yes; do
    ssh+=" -o $option"
  done
}
newest_copy() { # the complete copy that lies here into whole, its epoch into newest; 0 when there is none
  newest=0
  whole=$(readlink -f "$copy/whole" 2> /dev/null)
  [ ! -s "${whole:-/nowhere}/manifest" ] || newest=$(named "$whole/manifest" epoch)
}
placed() { # nothing is sent as the newest that was placed in part, or whose newest copy was not placed at all
  local newest whole
  [ ! -e "$copy/placing" ] && [ ! -e "$copy/clearing" ] || refuse 49 "the copy on $server was placed in part only"
  [ "$kind" = final ] || return 0
  first_word "$copy/data"
  newest_copy
  [ "$newest" -le "$text" ] || refuse 49 "the copy of epoch $newest on $server was not placed"
}
send() {
  local said began took sum
  began=$(boot_ms)
  read_generation
  [ "$generation" -le "$epoch" ] || refuse 40 "the generation in $dir on $server is $generation, above $epoch"
  placed
  snapshot
  echo "read $began $bytes $files"
  way
  said=$(rsync -a --no-D --delete --timeout=30 --stats --no-h -e "$ssh" \
    "$next/data/" "ixha-peer:$epoch.$sequence" 2>&1 < /dev/null) || failed "$said"
  echo "sent $(printf '%s\n' "$said" | sed -n 's/^Total bytes sent: \([0-9]*\)$/\1/p')"
  sum=$(sha256sum < "$next/manifest")
  took=$(($(boot_ms) - began))
  said=$($ssh ixha-peer "commit $epoch.$sequence ${sum%% *} $took" 2>&1 < "$next/manifest") || failed "$said"
  [ "$kind" != final ] || put_line "$epoch" "$copy/given" || refuse 44 "$copy on $server cannot be written"
  tell
  echo "whole $sequence"
}

# --- what the Passive does ------------------------------------------------------------------------------------------
accepts() { # EPOCH
  read_generation
  [ "$generation" -lt "$1" ] || { [ "$generation" = "$1" ] && [ "$by" = "$sender" ]; } \
    || refuse 30 "$server has seen epoch $generation and takes no copy of epoch $1"
}
come_in() { # the peer's rsync writes into a folder of its own, and nowhere else
  local name=$1 whole old
  shift
  accepts "${name%.*}"
  whole=$(readlink -f "$copy/whole" 2> /dev/null)
  [ "$whole" != "$copy/in/$name" ] || refuse 30 "$server has this copy already"
  for old in "$copy"/in/*; do
    [ "$old" != "$whole" ] && [ -e "$old" ] && [ "$old" != "$copy/in/$name" ] || continue
    # What an interrupted copy has brought need not come again.
    [ ! -e "$copy/in/$name" ] && mv -T -- "$old" "$copy/in/$name" && continue
    rm -rf -- "$old"
  done
  mkdir -p "$copy/in/$name/data" && cd "$copy/in/$name/data" || refuse 42 "$copy on $server cannot be written"
  # An absolute path without links: rsync 3.2.7 with its later security fixes cannot build on files below another one.
  [ -d "${whole:-/nowhere}/data" ] && set -- "$@" --link-dest="$whole/data"
  # Whatever version sends: it is here that what came before is compared.
  exec rsync --server "$@" --modify-window=-1 . .
}
check() { # FOLDER: whether everything is there as its manifest says
  local new=$1 line path whole
  local -A known=()
  whole=$(readlink -f "$copy/whole" 2> /dev/null)
  while IFS= read -r line; do known[$line]=1; done < <(sed '1,/^$/d' "${whole:-/nowhere}/manifest" 2> /dev/null)
  : > "$new/check"
  while IFS= read -r line; do
    [[ $line =~ ^[0-9a-f]{64}\ [0-9]+\ (.+)$ ]] || return 1
    path=${BASH_REMATCH[1]}
    case /$path/ in */../*) return 1 ;; esac
    [ -f "$new/data/$path" ] && [ ! -L "$new/data/$path" ] || return 1
    # The same file as in the complete copy, under the same sum: it was checked there.
    [ -n "${known[$line]-}" ] && [ "$new/data/$path" -ef "$whole/data/$path" ] && continue
    printf '%s  %s\n' "${line%% *}" "$path" >> "$new/check"
  done < <(sed '1,/^$/d' "$new/manifest")
  [ "$(find "$new/data" -type f -printf '%s\n' | awk '{ n++; b += $1 } END { printf "%d %d", n, b }')" \
    = "$(named "$new/manifest" files) $(named "$new/manifest" bytes)" ] || return 1
  [ "$(sed '1,/^$/d' "$new/manifest" | wc -l)" = "$(named "$new/manifest" files)" ] || return 1
  [ ! -s "$new/check" ] || (cd "$new/data" && sha256sum --check --strict --quiet "$new/check" > /dev/null 2>&1) || return 1
  rm -f "$new/check"
}
commit() { # NAME SUM TOOK, and the manifest on standard input
  local name=$1 sum=$2 took=$3 new=$copy/in/$1 boot got
  accepts "${name%.*}"
  [ -d "$new/data" ] || refuse 37 "$server has no copy $name"
  head -c 200000000 > "$new/manifest" || refuse 34 "there is no room for the copy on $server"
  got=$(sha256sum < "$new/manifest")
  if [ "${got%% *}" != "$sum" ] || [ "$(named "$new/manifest" epoch).$(named "$new/manifest" sequence)" != "$name" ] \
    || [ "$(named "$new/manifest" from)" != "$sender" ] || ! check "$new"; then
    # Whatever is damaged in it must not be taken for good by the next attempt.
    rm -rf -- "$new"
    refuse 37 "what arrived on $server as copy $name is not what its manifest says"
  fi
  read -r boot < /proc/sys/kernel/random/boot_id
  echo "$(boot_ms) $took $boot" > "$new/received" && sync -f "$new" || refuse 34 "there is no room for the copy on $server"
  # Only now: a takeover must not wait while a large copy is checked. It removes what it does not use.
  locked
  accepts "${name%.*}"
  [ -s "$new/received" ] || refuse 30 "$server has taken over and takes no copy of epoch ${name%.*}"
  [ "$generation" = "${name%.*}" ] || put_line "${name%.*} $sender" "$dir/.ixha/generation" \
    || refuse 42 "$dir on $server cannot be written"
  ln -sfn "in/$name" "$copy/whole.new" && mv -T "$copy/whole.new" "$copy/whole" && sync "$copy" \
    || refuse 42 "$copy on $server cannot be written"
  for got in "$copy"/in/*; do [ "$got" = "$new" ] || rm -rf -- "$got"; done
  # Read while this server was Active; nobody needs it any more.
  rm -rf -- "$copy"/out/*
  tell
  echo complete
}
receive() {
  local asked=${SSH_ORIGINAL_COMMAND-} option
  # No option that the peer's rsync may send names another place than the one it is given here.
  local -r options=' (-[logtprezvWe]+(\.[A-Za-z]*)?|--delete|--delete-during|--no-D|--timeout=[0-9]{1,4}|--numeric-ids|--stats)'
  if [[ $asked =~ ^rsync\ --server(($options)+)\ \.\ ([0-9]{1,15}\.[0-9]{1,15})$ ]]; then
    local name=${BASH_REMATCH[-1]}
    read -r -a option <<< "${BASH_REMATCH[1]}"
    come_in "$name" "${option[@]}"
  elif [[ $asked =~ ^commit\ ([0-9]{1,15}\.[0-9]{1,15})\ ([0-9a-f]{64})\ ([0-9]{1,12})$ ]]; then
    commit "${BASH_REMATCH[@]:1:3}"
  elif [ "$asked" = hello ]; then
    command -v rsync > /dev/null || refuse 36 "rsync is not installed on $server"
    echo "hello $server"
  else refuse 38 "this key does nothing but bring the copy of $cluster"; fi
}

# --- becoming Active ------------------------------------------------------------------------------------------------
close_to_copies() { # from here on nothing is received any more, also after a crash in the middle
  read_generation
  [ "$generation" -lt "$epoch" ] || { [ "$generation" = "$epoch" ] && [ "$by" = "$server" ]; } \
    || refuse 40 "the generation in $dir on $server is $generation, above $epoch"
  put_line "$epoch $server" "$dir/.ixha/generation" || refuse 42 "$dir on $server cannot be written"
}
claim() { # what an earlier time has left is never placed over the data of the engine that runs, and is not deleted
  local newest whole aside
  locked
  close_to_copies
  newest_copy
  # Placed in part, this is what the rest lies in.
  ! first_line "$copy/placing" || whole=$text
  if [ -n "$whole" ] && [ -d "$whole" ]; then
    aside=$dir/.ixha/aside/$(date -u +%Y%m%dT%H%M%SZ)-copy-of-epoch-$newest
    mkdir -p "$dir/.ixha/aside" && mv -T -- "$whole" "$aside" || refuse 42 "$dir on $server cannot be written"
    echo "aside $aside"
  fi
  rm -f -- "$copy/whole" "$copy/placing" "$copy/clearing" && put_line "$epoch" "$copy/data" \
    || refuse 42 "$copy on $server cannot be written"
  echo "own $epoch"
  tell
}
adopt() {
  local newest data whole aside
  locked
  close_to_copies
  first_word "$copy/data"
  data=$text
  newest_copy
  # A placing that was interrupted, and a newer copy has come in since: what was placed is moved aside as well.
  if first_line "$copy/placing" && [ -n "$whole" ] && [ "$text" != "$whole" ]; then rm -f -- "$copy/placing" "$copy/clearing"; fi
  if [ "$newest" -gt "$data" ] || [ -e "$copy/placing" ]; then
    if [ ! -e "$copy/placing" ]; then
      # A rest whose removal was cut off must not stand in the way.
      [ -e "$copy/clearing" ] || [ ! -e "$copy/given-up" ] || mv -T -- "$copy/given-up" "$copy/given-up.$(boot_ms)" \
        || refuse 42 "$copy on $server cannot be written"
      first_word "$copy/given"
      aside=aside/$(date -u +%Y%m%dT%H%M%SZ)-epoch-$data
      # What the other server has received to the last byte is not kept twice.
      [ "$data" = 0 ] || [ "$text" != "$data" ] || aside=copy/given-up
      first_line "$copy/clearing" && aside=$text || put_line "$aside" "$copy/clearing" || refuse 42 "$copy cannot be written"
      mkdir -p "$dir/.ixha/$aside" || refuse 42 "$dir on $server cannot be written"
      move_all "$dir" "$dir/.ixha/$aside"
      put_line "$whole" "$copy/placing" || refuse 42 "$copy on $server cannot be written"
    fi
    first_line "$copy/placing" && whole=$text
    move_all "$whole/data" "$dir"
    sync -f "$dir"
    if first_line "$copy/clearing" && [ "$text" != copy/given-up ]; then
      # Empty folders are nothing to look at later.
      if [ -z "$(find "$dir/.ixha/$text" ! -type d -print -quit)" ]; then rm -rf -- "$dir/.ixha/$text"
      else echo "aside $dir/.ixha/$text"; fi
    fi
    echo "adopted $(named "$whole/manifest" epoch) $(named "$whole/manifest" sequence) $(named "$whole/manifest" final) $(named "$whole/manifest" time)"
  else echo "own $data"; fi
  put_line "$epoch" "$copy/data" || refuse 42 "$copy on $server cannot be written"
  rm -f -- "$copy/whole" "$copy/placing" "$copy/clearing"
  tell
  # Room is made beside the start of the engine, which does not wait for it.
  exec 9>&-
  setsid rm -rf -- "$copy"/given-up* "$copy"/in/* "$copy"/out/* < /dev/null > /dev/null 2>&1 &
}
move_all() { # FROM TO: names only, on one file system
  local entry
  shopt -s dotglob nullglob
  for entry in "$1"/*; do
    case $entry in */.ixha | */lost+found) continue ;; esac
    mv -T -- "$entry" "$2/${entry##*/}" || refuse 42 "$entry on $server cannot be moved"
  done
  shopt -u dotglob nullglob
}

copy='' sender=''
case $verb in
  send)
    dir=$2 site=$3 cluster=$4 server=$5 run=$6 epoch=$7 sequence=$8 kind=$9
    shift 9
    keys=$1 address=$2 port=$3 user=$4
    belongs
    send
    ;;
  try)
    keys=$2 address=$3 port=$4 user=$5
    way
    said=$($ssh ixha-peer hello 2>&1 < /dev/null) || failed "$said"
    echo "$said"
    ;;
  receive)
    { read -r dir && read -r site && read -r cluster && read -r server && read -r sender && read -r run; } < "$2" \
      || refuse 36 "the receiver is not set up"
    belongs
    receive
    ;;
  adopt | claim | look | reopen)
    dir=$2 site=$3 cluster=$4 server=$5 run=$6 epoch=${7:-}
    belongs
    case $verb in
      adopt) adopt ;;
      claim) claim ;;
      reopen) rm -f -- "$copy/given" && sync "$copy" && tell ;;
      look) tell ;;
    esac
    ;;
  *) refuse 2 "wrong use" ;;
esac
