#!/bin/bash
# Kills the engine at a deadline that only a live agent can move.
#
#   guard.sh RUN_DIR GUARD_NUMBER D_MS KIND TARGET
#
# KIND cgroup:  TARGET is the engine's systemd unit; its control group is killed as a whole.
# KIND pidfile: TARGET is a file with `PID STARTTIME` of the engine (demo site).
#
# Level-triggered: every turn in which the deadline is passed, missing or unreadable while the engine
# runs kills it again. All times are milliseconds of the boot-time clock; no other clock is looked at.
# A turn starts no process, so that it neither costs nor depends on anything but this shell.
set -u
LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin

usage() {
  echo "usage: guard.sh RUN_DIR GUARD_NUMBER D_MS cgroup|pidfile TARGET" >&2
  exit 2
}
[[ $# == 5 && -n $1 && -n $5 ]] || usage
readonly run=$1 number=$2 kind=$4 target=$5
[[ $2 =~ ^[1-9]$ && $3 =~ ^[0-9]{1,6}$ ]] || usage
[[ $kind == cgroup || $kind == pidfile ]] || usage
readonly kill_time_ms=$((10#$3))
# No lease lasts an hour. A deadline further away than that is damage, not a promise.
readonly furthest_ms=3600000

now=0
read_clock() { # sets now
  local up
  read -r up _ </proc/uptime
  now=$((10#${up/./} * 10))
}

first= second=
read_two_numbers() { # FILE; sets first and second; a pattern costs a tenth of a regular expression, ten times a second
  local text=
  IFS= read -r -N 40 text <"$1"
  [[ $text == +([0-9])' '+([0-9])$'\n' ]] || return 1
  first=${text% *} second=${text#* }
  second=${second%$'\n'}
  ((${#first} <= 15 && ${#second} <= 15)) # more digits are damage, and more than the shell can count with
}

reason=
absent= # there was no deadline file in the turn before: looked for first, since a failed read costs more
judge_deadline() { # sets reason: empty while the engine may run
  local ahead
  reason=
  if [[ -n $absent ]]; then
    [[ -f $run/deadline ]] || { reason='the deadline file is missing'; return; }
    absent=
    read_clock # this turn may not have read it yet
  fi
  if ! read_two_numbers "$run/deadline"; then
    reason='the deadline file is unreadable'
    [[ -f $run/deadline ]] || absent=1 reason='the deadline file is missing'
    return
  fi
  ahead=$((10#$second - now))
  if ((ahead <= 0)); then
    reason="the deadline passed $((-ahead)) ms ago"
  elif ((ahead > furthest_ms)); then
    reason='the deadline file is unreadable: further ahead than any lease lasts'
  fi
}

# ---------- pidfile ----------

engine_pid=
pidfile_populated() { # sets engine_pid; a pid that now belongs to another process does not count
  local stat= fields
  read_two_numbers "$target" || return 1
  engine_pid=$first
  IFS= read -r stat <"/proc/$engine_pid/stat" || return 1
  # The command name may hold spaces and brackets: fields are counted from the last bracket on.
  # Split by the shell itself: a here-string would need a writable temporary directory on older bash.
  set -f
  fields=(${stat##*) })
  set +f
  [[ ${fields[19]:-} == "$second" && ${fields[0]} != [ZX] ]]
}
pidfile_kill() { kill -KILL "$engine_pid"; }

# ---------- cgroup ----------

root=
find_root() { # cgroup2 may be at /sys/fs/cgroup or, on hybrid layouts, below it
  local directory type line prefix=
  while read -r _ directory type _; do
    [[ $type == cgroup2 ]] && printf -v root '%b' "$directory" && break
  done </proc/mounts
  [[ -n $root ]] || return 1
  while read -r line; do
    [[ $line == 0::* ]] && prefix=${line#0::}
  done </proc/1/cgroup
  # The service manager's own root, where this is not the root of the mount.
  prefix=${prefix%/init.scope}
  prefix=${prefix%/}
  [[ -n $prefix && -d $root$prefix/system.slice ]] && root+=$prefix
  return 0
}

home=
places=() near=() # where the unit's group would be, one for each slice; the first of them, the usual one included
turn=0 late=0     # late: turns since the engine may not run any more
find_home() { # sets home: where the unit's group is; it does not exist while the unit is stopped
  local place
  [[ -n $home && -e $home/cgroup.events ]] && return 0
  # Looked for by name, so that a busy or hung service manager is never asked: in the first places every turn, since a
  # server may have hundreds, and in all of them twice a second.
  if ((late % 5)); then
    for place in "${near[@]}"; do
      [[ -e $place ]] && home=${place%/*} && return 0
    done
    return 1
  fi
  # A slice that is new makes the number of groups another one. Should another group go in the same half second, it is
  # listed at the latest two seconds after the time before. Counted before it is listed: what comes meanwhile is seen.
  if count_groups || ((late % 20 == 0)); then list_places; fi
  for place in "${places[@]}"; do
    [[ -e $place ]] && home=${place%/*} && return 0
  done
  return 1
}
groups=
count_groups() { # whether there are more or less of them than at the last count, or they cannot be counted
  local before=$groups
  IFS= read -r -N 1000 groups <"$root/cgroup.stat"
  [[ -z $groups || $groups != "$before" ]]
}
list_places() { # all slices, also those below others (template units, a Slice= of the site), level by level; without those of agents and guards
  local slices=("$root"/*.slice) next
  places=()
  for ((next = 0; next < ${#slices[@]}; next++)); do
    [[ ${slices[next]} == */'system-ixha\x2d'@(agent|'guard\x2d'[12]).slice ]] && continue
    places+=("${slices[next]}/$target/cgroup.events")
    slices+=("${slices[next]}"/*.slice)
  done
  near=("${places[@]:0:16}")
}

cgroup_populated() {
  local look
  find_home || return 1
  # Where nobody can be named, a gate may have ended meanwhile and another one begun: looked at again. Who stays
  # without a name is taken for an engine.
  for look in 1 2 3; do
    group_holds_somebody || return 1
    name_who_is_there
    [[ $there == gate ]] && return 1
    [[ $there == engine ]] && return 0
  done
  return 0
}
group_holds_somebody() {
  local key value
  while read -r key value; do
    [[ $key == populated && $value == 1 ]] && return 0
  done <"$home/cgroup.events"
  return 1
}
there=
name_who_is_there() { # sets there: engine, gate or nobody; the gate runs in the engine's own group while it refuses a start
  local pid name inner
  there=engine
  for inner in "$home"/*/cgroup.procs; do
    while read -r pid; do return; done <"$inner"
  done
  there=nobody
  while read -r pid; do
    IFS= read -r name <"/proc/$pid/comm" || continue
    # The service manager puts its child into the group before that has run at all, still under its own name.
    [[ $name == gate.sh || $name == '(gate.sh)' || $name == systemd ]] || { there=engine; return; }
    there=gate
  done <"$home/cgroup.procs"
}
cgroup_kill() {
  [[ -e $home/cgroup.kill ]] && printf 1 >"$home/cgroup.kill" && return
  kill_listed "$home"
}
kill_listed() { # kernels before 5.14 have no cgroup.kill: by the process list, again until it is empty
  local pid directory
  while read -r pid; do
    kill -KILL "$pid"
  done <"$1/cgroup.procs"
  for directory in "$1"/*/; do
    [[ -e ${directory}cgroup.procs ]] && kill_listed "${directory%/}"
  done
}

# ---------- the turn ----------

pause() { read -r -t "$1" -u "$silence" _; }

stop_unit() { # the service manager shall know too; not awaited, the kill does not depend on it
  [[ $kind == cgroup && -d /run/systemd/system ]] || return
  systemctl stop --no-block -- "$target" </dev/null >/dev/null 2>&1 {silence}>&- &
  disown
}

fire() {
  local began why=$reason
  read_clock
  began=$now
  "${kind}_kill"
  ((fired == 0)) && printf '%s %s\n' "$began" "$why" >"$run/kill-$number"
  while pause 0.01; "${kind}_populated"; do
    read_clock
    if ((now - began > kill_time_ms)); then
      printf '%s %s; still running after %s ms\n' "$began" "$why" "$((now - began))" >"$run/kill-$number"
      break
    fi
    "${kind}_kill"
  done
  ((fired % 50 == 0)) && stop_unit
  fired=$((fired + 1))
}

# A pipe that nobody writes to: reading it with a time limit is a sleep without a process.
exec {silence}<> <(:)
if [[ $kind == cgroup ]]; then
  shopt -s nullglob
  find_root || { echo "guard.sh: no cgroup v2 mount on this server" >&2; exit 1; }
fi
# A file that is not there or cannot be written is judged, not told about; once for all, since it is many a turn.
# Without its own input and output a redirection has nothing to put aside: six calls of the system less for each.
exec 2>/dev/null <&- >&-
: >"$run/beat-$number" # what a guard of an earlier boot has left may be longer
fired=0
while :; do
  # Without a deadline nothing is compared with the clock: it only shows the agent that this guard lives, and the beat of
  # every second turn does.
  beat=1
  if [[ -n $absent ]] && ((turn % 2)); then beat=; else read_clock; fi
  judge_deadline
  if [[ -z $reason ]]; then
    fired=0 late=0
    # Known before it is needed: once the deadline passes there is no time for a search.
    [[ $kind == pidfile ]] || ((turn % 5)) || find_home
  else
    if "${kind}_populated"; then fire; else fired=0; fi
    late=$((late + 1))
  fi
  # Written over, not anew: the clock never needs fewer digits, and to empty a file costs seven times as much.
  [[ -z $beat ]] || printf '%s\n' "$now" 1<>"$run/beat-$number"
  turn=$((turn + 1))
  pause 0.1
done
