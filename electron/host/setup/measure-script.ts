import type { MeasuredTimes, Spread } from '../../../shared/setup/measured-times.ts';

/**
 * Measures on one server for `$1` seconds and prints `what seconds` lines; leaves nothing behind. `$2`: is it a member;
 * `$3`: address and `$4` port to connect to (the lease store's server; that nothing listens there does not matter, its
 * refusal is an answer too); further arguments: shared directories. Wants bash 5 for its clock.
 */
export const measureScript = String.raw`set -u
seconds=$1 member=$2 to=$3 port=$4; shift 4
[ -n "${'$'}{EPOCHREALTIME:-}" ] || { echo 'no-clock'; exit 0; }
now() { local t=$EPOCHREALTIME; t=${'$'}{t/[.,]/}; printf -v "$1" '%s' "$t"; }
say() { printf '%s %d.%06d\n' "$1" $(( $2 / 1000000 )) $(( $2 % 1000000 )); }
folder=$(mktemp -d /var/tmp/ixha-measure.XXXXXX) || exit 1
unit=ixha-measure-$$
trap 'rm -rf -- "$folder"; systemctl stop "$unit.service" >/dev/null 2>&1' EXIT
now begin
until=$(( begin + seconds * 1000000 ))
round=0
while now t0; [ "$t0" -lt "$until" ]; do
  round=$(( round + 1 ))
  if [ "$to" != - ]; then
    rtt=$(timeout 3 bash -c 'a=${'$'}{EPOCHREALTIME/[.,]/}; { : <>"/dev/tcp/$1/$2"; } 2>/dev/null; b=${'$'}{EPOCHREALTIME/[.,]/}; echo $(( b - a ))' _ "$to" "$port" 2>/dev/null)
    [ -z "$rtt" ] || say rtt "$rtt"
  fi
  now a; dd if=/dev/zero of="$folder/one" bs=512 count=1 oflag=dsync conv=notrunc 2>/dev/null; now b; say sync $(( b - a ))
  for share in "$@"; do
    now a
    timeout -k 1 10 sh -c 'ls "$1" >/dev/null && echo x > "$1/.ixha-measure" && sync -- "$1/.ixha-measure" && rm -f -- "$1/.ixha-measure"' _ "$share" 2>/dev/null && { now b; say storage $(( b - a )); }
  done
  if [ "$member" = yes ] && [ $(( round % 10 )) = 1 ]; then
    systemctl reset-failed "$unit.service" 2>/dev/null
    if systemd-run --quiet --collect --unit="$unit" sleep 300 2>/dev/null; then
      group=$(systemctl show -p ControlGroup --value "$unit.service")
      # Only its own group is ever killed: without an answer of the service manager that would be the root group.
      case $group in */"$unit.service")
        for mount in $(awk '$3 == "cgroup2" { print $2 }' /proc/mounts); do [ -e "$mount$group/cgroup.procs" ] && break; done
        now a
        if [ -e "$mount$group/cgroup.kill" ]; then echo 1 > "$mount$group/cgroup.kill"; else kill -9 $(cat "$mount$group/cgroup.procs") 2>/dev/null; fi
        while [ -s "$mount$group/cgroup.procs" ] && [ -n "$(cat "$mount$group/cgroup.procs" 2>/dev/null)" ]; do now b; [ $(( b - a )) -lt 5000000 ] || break; done
        now b; say kill $(( b - a )) ;;
      esac
    fi
  fi
  for turn in 1 2 3 4; do now a; read -r -t 0.1 <> <(:); now b; late=$(( b - a - 100000 )); [ "$late" -gt 0 ] || late=1; say lag "$late"; done
done
echo end`;

/** Samples of one server, in seconds, by what was measured; null: it could not measure, or did not end. */
export function readSamples(output: string): Map<string, number[]> | null {
  const samples = new Map<string, number[]>();
  let ended = false;
  for (const line of output.split('\n')) {
    if (line.trim() === 'end') ended = true;
    const [, what, value] = /^([a-z]+) (\d+\.\d+)$/.exec(line.trim()) ?? [];
    if (what !== undefined) samples.set(what, [...(samples.get(what) ?? []), Number(value)]);
  }
  return ended ? samples : null;
}

/** Smallest, median and largest; null without samples. */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((one, other) => one - other);
  if (sorted.length === 0) return null;
  return { best: sorted[0]!, typical: sorted[Math.floor(sorted.length / 2)]!, worst: sorted.at(-1)! };
}

/**
 * What the samples of all servers mean for the timing. A renewal is a round trip of a member to the lease store and two
 * writes to its disk, as a promise needs them; the worst of all members counts.
 */
export function measuredTimes(
  members: readonly Map<string, number[]>[],
  store: Map<string, number[]>,
): Pick<MeasuredTimes, 'renewal' | 'lag' | 'kill' | 'storageProof'> {
  const all = (what: string) => spreadOf(members.flatMap((samples) => samples.get(what) ?? []));
  const rtt = all('rtt');
  const sync = spreadOf(store.get('sync') ?? []);
  const add = (key: keyof Spread) => rtt![key] + 2 * sync![key];
  return {
    renewal:
      rtt === null || sync === null
        ? null
        : { best: add('best'), typical: add('typical'), worst: add('worst') },
    lag: all('lag'),
    kill: all('kill'),
    storageProof: all('storage'),
  };
}
