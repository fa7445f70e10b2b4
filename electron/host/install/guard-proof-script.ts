/**
 * Provokes one refusal and one kill and prints what was seen as one JSON line.
 *
 * Arguments: HOW RUN UNIT LEAD_MS D_MS GUARD. HOW `engine`: both on the engine's real unit; the cluster
 * must be at rest. HOW `stand-in`: the kill on a harmless process in a unit of its own with a guard of
 * its own, and the refusal on the real unit only if the engine is not running; for a cluster at work.
 *
 * Ends with nothing started and no deadline set by it, however it ends.
 *
 * A gate asks in the control group of its unit, so a guard that happens to look at that moment kills the
 * question. It is asked again; on a server so busy that the question never ends in time, a start that
 * was kept from its main process every time is a refusal too, if the gate is what the unit asks.
 */
export const guardProofScript =
  String.raw`set -u
how=$1 run=$2 unit=$3 lead=$4 kill_ms=$5 guard=$6
killed_unit=$unit
now() { local up; read -r up _ < /proc/uptime; now_ms=$((10#` +
  '${up/./}' +
  String.raw` * 10)); }
show() { systemctl show -p "$2" --value -- "$1"; }
nap() { read -r -t "$1" -u 9 _; }
exec 9<> <(:)
answer() {
  printf '{"outcome":"%s","how":"%s","result":"%s","state":"%s","exitStatus":"%s","killMs":%s}\n' \
    "$1" "$how" "$(show "$killed_unit" Result)" "$(show "$killed_unit" ActiveState)" \
    "$(show "$killed_unit" ExecMainStatus)" "$2"
  exit 0
}
cleanup() {
  rm -f -- "$run/deadline" "$run/deadline.new"
  [[ $how == engine ]] && systemctl stop -- "$unit"
  if [[ $how == stand-in ]]; then
    systemctl stop -- "$killed_unit" "$guard_unit" 2>/dev/null
    rm -rf -- "$run"
  fi
  systemctl reset-failed -- "$killed_unit" 2>/dev/null
}

read_beat() { # NUMBER; sets beat
  beat=
  read -r beat 2>/dev/null < "$run/beat-$1"
  [[ $beat =~ ^[0-9]{1,15}$ ]]
}

wait_for_beat() { # NUMBER
  local beat
  for _ in {1..100}; do
    read_beat "$1" && now && ((now_ms - 10#$beat < 1000)) && return
    nap 0.1
  done
  answer no-beat 0
}

knows_deadline() { # NUMBER; a turn that began before the deadline was written may still kill for want of one
  local beat
  while now; ((now_ms < deadline - 200)); do
    read_beat "$1" && ((10#$beat > written)) && return
    nap 0.05
  done
}

is_down() { # a unit on its way down is given three seconds
  for _ in {1..60}; do
    [[ $(show "$unit" ActiveState) =~ ^(inactive|failed)$ ]] && return 0
    nap 0.05
  done
  return 1
}

prove_refusal() {
  local before after
  [[ $(show "$unit" ExecCondition) == */gate.sh* && $(show "$unit" Restart) == no ]] || answer not-gated 0
  for _ in {1..10}; do
    before=$(show "$unit" ExecMainStartTimestampMonotonic)
    systemctl start -- "$unit" 2>/dev/null
    after=$(show "$unit" ExecMainStartTimestampMonotonic)
    # The service manager forgets an earlier start of the main process when it begins a new one.
    [[ $after == "$before" || $after == 0 ]] || answer not-refused 0
    is_down || answer not-refused 0
    [[ $(show "$unit" Result) == exec-condition ]] && break
    systemctl reset-failed -- "$unit" 2>/dev/null
    nap 0.3
  done
  # A guard that killed a question also asked for a stop, which must not hit what comes next.
  [[ -e $run/kill-1 || -e $run/kill-2 ]] && nap 3
}

populated() { grep -q '^populated 1' "$group/cgroup.events" 2>/dev/null; }

find_group() { # until the deadline is near
  local path mount type
  while now; ((now_ms < deadline - 200)); do
    path=$(show "$killed_unit" ControlGroup)
    if [[ -n $path ]]; then
      while read -r _ mount type _; do
        [[ $type == cgroup2 && -e $mount$path/cgroup.events ]] && group=$mount$path && populated &&
          # Not the gate, which is a process of the same group and ends before the engine starts.
          [[ $(show "$killed_unit" SubState) == running ]] && return
      done < /proc/mounts
    fi
    nap 0.05
  done
  answer not-started 0
}

start_killed_unit() {
  if [[ $how == engine ]]; then
    systemctl start --no-block -- "$unit"
  else
    systemd-run --quiet --unit="$killed_unit" sleep 60
  fi
}

prove_kill() {
  local took
  group=
  rm -f -- "$run/kill-1" "$run/kill-2"
  now
  deadline=$((now_ms + lead))
  printf '0 %s\n' "$deadline" > "$run/deadline.new" && mv -- "$run/deadline.new" "$run/deadline"
  now
  written=$now_ms
  knows_deadline 1
  [[ $how == stand-in ]] || knows_deadline 2
  start_killed_unit
  find_group
  while now; ((now_ms < deadline)); do
    if ! populated; then
      [[ -e $run/kill-1 || -e $run/kill-2 ]] && answer killed-early 0
      answer ended-early 0
    fi
    nap 0.02
  done
  while populated; do
    now
    ((now_ms - deadline > kill_ms + 5000)) && answer not-killed 0
    nap 0.01
  done
  now
  took=$((now_ms - deadline))
  [[ -e $run/kill-1 || -e $run/kill-2 ]] || answer not-by-guard "$took"
  nap 1
  [[ $(show "$killed_unit" ActiveState) =~ ^activ ]] && answer came-back "$took"
  answer proven "$took"
}

if [[ $how == engine ]]; then
  trap cleanup EXIT
  systemctl stop -- "$unit"
  wait_for_beat 1
  wait_for_beat 2
  rm -f -- "$run/deadline" "$run/kill-1" "$run/kill-2"
  prove_refusal
  prove_kill
fi
[[ $(show "$unit" ActiveState) =~ ^(inactive|failed)$ && ! -e $run/deadline ]] && prove_refusal
run=$run/proof
killed_unit=ixha-proof-$$.service
guard_unit=ixha-proof-guard-$$.service
trap cleanup EXIT
mkdir -p -- "$run"
systemd-run --quiet --unit="$guard_unit" --property=Nice=-15 "$guard" "$run" 1 "$kill_ms" cgroup "$killed_unit"
wait_for_beat 1
prove_kill`;
