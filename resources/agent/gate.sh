#!/bin/bash
# Lets the engine start only while the deadline lies further ahead than a kill takes.
#
#   gate.sh RUN_DIR D_MS
#
# Exit 0: the engine may start. Exit 1: it must not, and one line on stderr says why.
# The service manager asks before every start (ExecCondition), whoever wanted it: an agent that was
# frozen between its check and its act, a person, a boot, a timer.
set -u
LC_ALL=C

refuse() {
  echo "start refused: $1" >&2
  exit 1
}
[[ $# == 2 && -n $1 && $2 =~ ^[0-9]{1,6}$ ]] || refuse 'usage: gate.sh RUN_DIR D_MS'
readonly run=$1 kill_time_ms=$((10#$2))
# No lease lasts an hour. A deadline further away than that is damage, not a promise.
readonly furthest_ms=3600000
readonly two_numbers=$'^([0-9]{1,15}) ([0-9]{1,15})\n$'

[[ -f $run/deadline ]] || refuse 'no deadline is set, this server is not Active'
text=
IFS= read -r -N 40 text 2>/dev/null <"$run/deadline"
[[ $text =~ $two_numbers ]] || refuse 'the deadline file is unreadable'
deadline=$((10#${BASH_REMATCH[2]}))
read -r up _ </proc/uptime || refuse 'the boot-time clock cannot be read'
ahead=$((deadline - 10#${up/./} * 10))
((ahead > 0)) || refuse "the deadline passed $((-ahead)) ms ago"
((ahead > kill_time_ms)) || refuse "the deadline is only $ahead ms ahead, a kill may take $kill_time_ms ms"
((ahead <= furthest_ms)) || refuse 'the deadline file is unreadable: further ahead than any lease lasts'
exit 0
