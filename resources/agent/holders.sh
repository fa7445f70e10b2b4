#!/bin/bash
# Who holds the ports and the journal of an engine: reads /proc and nothing else. Names of open files are read from
# there, so that a share that hangs does not hold it up.
#
#   holders.sh PORTS JOURNAL    PORTS: hexadecimal, with bars between them   JOURNAL: a pattern of find
#
# Prints the listening sockets on the ports as /proc/net/tcp tells them, then `held /proc/PID/fd/N TARGET` for everybody
# who has one of them, or the journal for writing, open.
ports=$1 journal=$2
# Listening sockets come first in these tables. What follows may be thousands, and costs the system more than all else
# here: it is not read.
shopt -s extglob
listeners=()
for table in /proc/net/tcp /proc/net/tcp6; do
  while read -r at local remote state rest; do
    [ "$at" != sl ] || continue
    [ "$state" = 0A ] || break
    [[ ${local##*:} != @($ports) ]] || listeners+=("$at $local $remote $state $rest")
  done 2> /dev/null < "$table"
done
set --
for listener in "${listeners[@]}"; do
  printf '%s\n' "$listener"
  # No word of such a line is one that the shell would replace.
  fields=($listener)
  set -- "$@" -o -lname "socket:\\[${fields[9]}\\]"
done
find /proc/[0-9]*/fd -maxdepth 1 \( -lname "$journal" -perm -200 "$@" \) -printf 'held %p %l\n' 2> /dev/null
exit 0
