#!/bin/bash
# Who holds the ports and the journal of an engine: reads /proc and nothing else. Names of open files are read from
# there, so that a share that hangs does not hold it up.
#
#   holders.sh PORTS JOURNAL    PORTS: hexadecimal, with bars between them   JOURNAL: a pattern of find
#
# Prints the listening sockets on the ports as /proc/net/tcp tells them, then `held /proc/PID/fd/N TARGET` for everybody
# who has one of them, or the journal for writing, open.
ports=$1 journal=$2
mapfile -t listeners < <(grep -hsE "^ *[0-9]+: [0-9A-F]+:($ports) [0-9A-F:]+ 0A " /proc/net/tcp /proc/net/tcp6)
set --
for listener in "${listeners[@]}"; do
  printf '%s\n' "$listener"
  # No word of such a line is one that the shell would replace.
  fields=($listener)
  set -- "$@" -o -lname "socket:\\[${fields[9]}\\]"
done
find /proc/[0-9]*/fd -maxdepth 1 \( -lname "$journal" -perm -200 "$@" \) -printf 'held %p %l\n' 2> /dev/null
exit 0
