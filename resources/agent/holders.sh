#!/bin/bash
# Who holds the ports and the journal of an engine: reads /proc and nothing else. Names of open files are read from
# there, so that a share that hangs does not hold it up.
#
#   holders.sh PORTS JOURNAL [SOCKET...]    PORTS: hexadecimal, with bars between them   JOURNAL: a pattern of find
#
# Prints the listening sockets on the ports as /proc/net/tcp tells them, then `held /proc/PID/fd/N TARGET` for everybody
# who has one of them, or the journal for writing, open. Where sockets are named, by their inodes, only who has those
# is looked for: what listened goes on to listen as long as somebody has it open, and the tables cost most of a look.
ports=$1 journal=$2
shift 2
# Listening sockets come first in these tables. What follows may be thousands, and each reading makes the system walk
# through its whole table of connections: a few lines are read at once, and more only while they all listen.
shopt -s extglob
readonly at_once=64
# No word of such a line is one that the shell would replace.
note_listeners() { # notes those of `lines` that are asked for; 1: what follows does not listen
  local line fields
  for line in "${lines[@]}"; do
    fields=($line)
    [ "${fields[0]}" != sl ] || continue
    [ "${fields[3]}" = 0A ] || return 1
    [[ ${fields[1]##*:} != @($ports) ]] || listeners+=("$line")
  done
  ((${#lines[@]} == at_once))
}
sockets=("$@")
if (($# == 0)); then
  listeners=()
  for table in /proc/net/tcp /proc/net/tcp6; do
    while mapfile -t -n "$at_once" lines && note_listeners; do :; done 2> /dev/null < "$table"
  done
  for listener in "${listeners[@]}"; do
    printf '%s\n' "$listener"
    fields=($listener)
    sockets+=("${fields[9]}")
  done
fi
set --
for socket in "${sockets[@]}"; do
  set -- "$@" -o -lname "socket:\\[$socket\\]"
done
find /proc/[0-9]*/fd -maxdepth 1 \( -lname "$journal" -perm -200 "$@" \) -printf 'held %p %l\n' 2> /dev/null
exit 0
