import type { ExpectedServer } from '../../../shared/preflight/expected-server.ts';
import { surveyScript } from './survey-script.ts';
import { haproxyPending, placesOf, serverPaths, startedMark } from './server-paths.ts';

/**
 * Looks at everything the installer decides on, and changes nothing. Sections begin with `== name`.
 * Lists arrive one item per line: files, folders, units, shared directories, guard proofs, memories, engine units, API ports
 * and working directories of engines, addresses with ports to reach, directories that are copied.
 * What touches a shared directory has a time limit of its own: a hung share must not hang the look.
 */
const factsScript =
  String.raw`set -u
section() { printf '\n== %s\n' "$1"; }
each() { printf '%s\n' "$1" | while IFS= read -r item; do [ -n "$item" ] && "$2" "$item"; done; }
look_file() {
  [ -f "$1" ] || return 0
  printf '%s %s %s\n' "$(sha256sum < "$1" | cut -d' ' -f1)" "$(stat -c '%a %U:%G' -- "$1")" "$1"
}
look_folder() { [ -d "$1" ] && printf '%s %s\n' "$(stat -c '%a %U:%G' -- "$1")" "$1"; }
look_unit() {
  unit=$1; shift
  printf 'Asked=%s\n' "$unit"
  systemctl show -p LoadState -p ActiveState -p UnitFileState -p NeedDaemonReload -p MainPID -p TriggeredBy -p WantedBy -p RequiredBy -p Type "$@" -- "$unit" 2>/dev/null
  pid=$(systemctl show -p MainPID --value -- "$unit" 2>/dev/null)
  if [ -n "$pid" ] && [ "$pid" != 0 ]; then
    ls -l "/proc/$pid/fd" 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\]$/Socket=\1/p'
  fi
}
look_share() {
  printf 'Asked=%s\n' "$1"
  timeout -k 1 10 sh -c '
    [ -d "$1" ] && echo Directory=yes
    mountpoint -q "$1" && echo Mount=yes
    [ -e "$1/.ixha/identity" ] && printf "Mark=%s\n" "$(head -c 200 "$1/.ixha/identity" | tr -d "\n")"
    [ -e "$1/.ixha/generation" ] && printf "Generation=%s\n" "$(head -c 60 "$1/.ixha/generation" | tr -d "\n")"
    printf "MountInfo=%s\n" "$(findmnt -nro FSTYPE,SOURCE,OPTIONS -T "$1" 2>/dev/null | tail -n 1)"
    printf "Room=%s\n" "$(df -Pk "$1" 2>/dev/null | tail -n 1)"
    printf "Inodes=%s\n" "$(df -Pi "$1" 2>/dev/null | tail -n 1)"
    echo Answered=yes' ixha-share "$1"
}
look_parts() {
  printf 'Asked=%s\n' "$(basename "$1")"
  [ -f "$1/member.json" ] && printf 'Config=%s\n' "$(head -c 40000 "$1/member.json" | tr -d '\n')"
  [ -e "${serverPaths.state}/$(basename "$1")/member.json" ] && echo Memory=yes
}
look_gate() {
  unit=$(basename "$(dirname "$1")" .d)
  look_unit "$unit"
  printf 'Cluster=%s\n' "$(sed -n 's/^ExecCondition=.* [^ ]*\/\([A-Za-z0-9_-]*\) [0-9]*$/\1/p' "$1" | head -n 1)"
}
look_way() { set -- $1; timeout -k 1 3 bash -c 'exec 3<>"/dev/tcp/$1/$2"' ixha-way "$1" "$2" 2>/dev/null && printf '%s %s\n' "$1" "$2"; }
look_size() { printf '%s %s\n' "$(timeout -k 1 10 du -sxm -- "$1" 2>/dev/null | cut -f1)" "$1"; }
look_proof() { [ -f "$1" ] && printf '%s %s\n' "$1" "$(head -c 2000 "$1" | tr -d '\n')"; }
look_memory() { [ -f "$1" ] && printf '%s %s\n' "$1" "$(tail -n 1 -- "$1" | head -c 4000)"; }
section os; cat /etc/os-release 2>/dev/null
section machine; uname -m; uname -r
section libc; getconf GNU_LIBC_VERSION 2>/dev/null
section init; cat /proc/1/comm
section systemd; systemctl --version 2>/dev/null | head -n 1
section cgroup; awk '$3 == "cgroup2" { print $2 }' /proc/mounts
section cgroup-kill
for mount in $(awk '$3 == "cgroup2" { print $2 }' /proc/mounts); do
  find "$mount" -maxdepth 3 -name cgroup.kill -print -quit 2>/dev/null
done
section disk; df -Pk /usr /var /etc 2>/dev/null
section clock; cat /proc/uptime; date -u +%Y-%m-%dT%H:%M:%SZ
section programs
for program in bash sha256sum sync timeout mountpoint stat useradd haproxy rsync ssh ssh-keygen flock xargs awk setsid; do command -v "$program"; done
section listeners; cat /proc/net/tcp /proc/net/tcp6 2>/dev/null
# What holds listening sockets: the first four processes of each.
section holders
inodes=$(awk '$4 == "0A" { print $10 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null | tr '\n' ' ')
find /proc/[0-9]*/fd -maxdepth 1 -lname 'socket:*' -printf '%p %l\n' 2>/dev/null | awk -v inodes="$inodes" '
  BEGIN { count = split(inodes, list, " "); for (i = 1; i <= count; i++) listens[list[i]] = 1 }
  { split($1, path, "/"); gsub(/[^0-9]/, "", $2) }
  listens[$2] && !seen[$2, path[3]]++ && shown[$2]++ < 4 { print $2, path[3] }' | head -n 500 | while read -r inode pid; do
  unit=$(sed -n 's#.*/\([^/]*\.\(service\|scope\)\)\(/.*\)*$#\1#p' "/proc/$pid/cgroup" 2>/dev/null | tail -n 1)
  [ -n "$unit" ] || unit=-
  printf '%s %s %s %s\n' "$inode" "$pid" "$unit" "$(readlink "/proc/$pid/exe" 2>/dev/null)"
done
section site; cat ${serverPaths.siteMark} 2>/dev/null
section link; readlink ${serverPaths.currentLink} 2>/dev/null
section parts; for folder in ${serverPaths.configuration}/*/; do [ -d "$folder" ] && look_parts "$folder"; done
section gates; for gate in ${serverPaths.units}/*.service.d/50-ixha-gate.conf; do [ -f "$gate" ] && look_gate "$gate"; done
section at-work; systemctl list-units --all --plain --no-legend 'ixha-agent@*.service' 'ixha-guard-?@*.service' 2>/dev/null | awk '$3 != "inactive" && $3 != "failed" { print $1 }'
section files; each "$1" look_file
section folders; each "$2" look_folder
section units; each "$3" look_unit
section shares; each "$4" look_share
section proofs; each "$5" look_proof
section memories; each "$6" look_memory
section leases; ls ${placesOf('witness').state} 2>/dev/null
section haproxy; grep -cE '^[[:space:]]*(frontend|listen)[[:space:]]' ${serverPaths.haproxy} 2>/dev/null; head -n 1 ${serverPaths.haproxy} 2>/dev/null
section haproxy-lines; [ -f ${serverPaths.haproxy} ] && grep -v '^#' ${serverPaths.haproxy} 2>/dev/null | sha256sum
` +
  surveyScript +
  String.raw`section ways; shift 9; each "$1" look_way
section sizes; each "$2" look_size
section end
true`;

/** The command that gathers facts about one server. It must run as root: some folders are closed to others. */
export function factsCommand(wanted: ExpectedServer): string[] {
  const files = new Set([
    ...wanted.files.map((file) => file.path),
    ...wanted.units.map(startedMark),
    // Also where none is wanted: it tells whether an engine is guarded.
    ...wanted.engines.map((engine) => engine.gate),
    ...wanted.engines.flatMap(({ storage }) => storage.cutProgram ?? []),
    haproxyPending,
  ]);
  const units = [
    ...wanted.units,
    ...wanted.engines.map((engine) => engine.unit),
    ...wanted.engines.flatMap(({ storage }) => storage.mountUnit ?? []),
  ];
  return [
    'sh',
    '-c',
    factsScript,
    'ixha-facts',
    [...files].join('\n'),
    wanted.directories.map((directory) => directory.path).join('\n'),
    units.join('\n'),
    wanted.engines.map((engine) => engine.storage.directory).join('\n'),
    wanted.engines.map((engine) => placesOf(engine.cluster).guardProof).join('\n'),
    wanted.engines.map((engine) => placesOf(engine.cluster).memory).join('\n'),
    wanted.engines.map((engine) => engine.unit).join('\n'),
    wanted.engines.map((engine) => engine.apiPort).join('\n'),
    wanted.engines.map((engine) => engine.workingDirectory).join('\n'),
    [...wanted.etcdEndpoints.map(({ address, port }) => `${address} ${port}`), ...copyWays(wanted)].join(
      '\n',
    ),
    wanted.engines.flatMap(({ storage }) => (storage.copied ? [storage.directory] : [])).join('\n'),
  ];
}

/** SSH servers that a copied directory goes to. */
function copyWays({ engines }: ExpectedServer): string[] {
  return engines.flatMap(({ storage: { copied } }) =>
    copied ? [`${copied.peer.address} ${copied.sshPort}`] : [],
  );
}
