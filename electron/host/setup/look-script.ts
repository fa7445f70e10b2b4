/**
 * Looks at a server that nothing is known of yet, as root, and changes nothing. Sections begin with `== name`. Every
 * command that may hang has a time limit of its own.
 */
export const lookScript = String.raw`set -u
section() { printf '\n== %s\n' "$1"; }
section os; cat /etc/os-release 2>/dev/null
section machine; uname -m; uname -r; nproc 2>/dev/null
section id; cat /etc/machine-id 2>/dev/null
section libc; getconf GNU_LIBC_VERSION 2>/dev/null
section init; cat /proc/1/comm
section systemd; systemctl --version 2>/dev/null | head -n 1
section cgroup; awk '$3 == "cgroup2" { print $2 }' /proc/mounts
section disk; df -Pk /usr /var 2>/dev/null
section memory; awk '/^MemTotal:/ { print $2 }' /proc/meminfo
section clock; date +%s.%N
section synchronised; timeout 5 timedatectl show -p NTPSynchronized --value 2>/dev/null
section programs; for program in bash sha256sum sync timeout mountpoint stat useradd haproxy; do command -v "$program"; done
section site; cat /etc/ixha/site 2>/dev/null
section selinux; getenforce 2>/dev/null
section managers; for unit in pacemaker corosync keepalived; do
  [ "$(systemctl is-active "$unit.service" 2>/dev/null)" = active ] && echo "$unit"; done
section listeners; cat /proc/net/tcp /proc/net/tcp6 2>/dev/null
section engines
grep -lis 'iguana' /etc/systemd/system/*.service /run/systemd/system/*.service /usr/lib/systemd/system/*.service /lib/systemd/system/*.service 2>/dev/null |
  sed 's|.*/||' | grep -v '^ixha-' | sort -u | head -n 20 | while IFS= read -r unit; do
  printf 'Asked=%s\n' "$unit"
  timeout 5 systemctl show -p ExecStart -p WorkingDirectory -p ActiveState -p UnitFileState -p LimitNOFILE -p MainPID -- "$unit" 2>/dev/null
  pid=$(timeout 5 systemctl show -p MainPID --value -- "$unit" 2>/dev/null)
  if [ -n "$pid" ] && [ "$pid" != 0 ]; then
    ls -l "/proc/$pid/fd" 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\]$/Socket=\1/p'
  fi
done
section cron
grep -Hins 'iguana' /etc/crontab /etc/cron.d/* /var/spool/cron/* /var/spool/cron/crontabs/* 2>/dev/null | grep -v ':[[:space:]]*#' | head -n 20
section end
true`;

/**
 * Opens `$1` … as listening ports for a short time, by the service manager itself; prints those that it opened. The
 * units end by themselves after a minute, and are stopped by `closeScript` before.
 */
export const listenScript = String.raw`set -u
for port in "$@"; do
  timeout 10 systemd-run --quiet --collect --unit="ixha-path-$port" --socket-property="ListenStream=$port" \
    --property=RuntimeMaxSec=60 sleep 60 >/dev/null 2>&1 && echo "$port"
done
true`;

export const closeScript = String.raw`set -u
for port in "$@"; do
  timeout 10 systemctl stop "ixha-path-$port.socket" "ixha-path-$port.service" >/dev/null 2>&1
  timeout 10 systemctl reset-failed "ixha-path-$port.socket" "ixha-path-$port.service" >/dev/null 2>&1
done
true`;

/** Connects to `ADDRESS PORT` pairs, and prints for each how it went: `ok MICROSECONDS`, `refused` or `silent`. */
export const pathScript = String.raw`set -u
while [ $# -gt 1 ]; do
  took=$(timeout 3 bash -c 'a=${'$'}{EPOCHREALTIME/[.,]/}; exec 3<>"/dev/tcp/$1/$2" || exit 9; b=${'$'}{EPOCHREALTIME/[.,]/}; echo $(( b - a ))' _ "$1" "$2" 2>/dev/null)
  code=$?
  if [ "$code" = 124 ]; then how=silent; elif [ "$code" = 0 ]; then how="ok $took"; else how=refused; fi
  printf '%s %s %s\n' "$1" "$2" "$how"
  shift 2
done
true`;
