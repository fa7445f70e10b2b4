#!/bin/bash
# Reads the message logs of an engine, run as a child that can be killed at its limit. Writes nothing, follows no link,
# and reads no more than it is asked for: a log may be as large as its disk.
#
#   engine-log.sh list DIR              `other N`, how many files of other names lie there, then `file SIZE NAME` for
#                                       the newest 100 of DIR/logt/messages-*.log
#   engine-log.sh head DIR NAME BYTES   the first BYTES of DIR/logt/NAME
#   engine-log.sh tail DIR NAME BYTES   the last ones
#
# Otherwise one sentence on standard error, and 3: no such directory  4: no such file  2: wrong use.
set -u
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
verb=${1:-} dir=${2:-} name=${3:-} bytes=${4:-}
refuse() { echo "$2" >&2; exit "$1"; }

[ -n "$dir" ] || refuse 2 "wrong use"
cd -- "$dir/logt" 2> /dev/null || refuse 3 "there is no directory $dir/logt that can be read"
case $verb in
  list)
    shopt -s nullglob
    all=(*) logs=(messages-*.log)
    echo "other $((${#all[@]} - ${#logs[@]}))"
    ((${#logs[@]} > 0)) || exit 0
    mapfile -t newest < <(printf '%s\n' "${logs[@]}" | sort -V | tail -n 100)
    exec nice -n 19 find -P "${newest[@]/#/./}" -maxdepth 0 -type f -printf 'file %s %f\n'
    ;;
  head | tail)
    [[ $name =~ ^messages-[0-9]+-[0-9]+\.log$ && $bytes =~ ^[0-9]{1,7}$ ]] || refuse 2 "wrong use"
    [ -f "$name" ] && [ ! -L "$name" ] || refuse 4 "$name is not there any more"
    exec nice -n 19 "$verb" -c "$bytes" -- "$name"
    ;;
  *) refuse 2 "wrong use" ;;
esac
