/**
 * Opens `$1` … as listening ports for a short time, by the service manager itself; prints those that it opened. They
 * are closed by `closeScript`; should nobody be there to ask for it, a unit beside each closes it after a minute.
 */
export const listenScript = String.raw`set -u
for port in "$@"; do
  timeout 10 systemd-run --quiet --collect --unit="ixha-way-end-$port" \
    sh -c 'sleep 60; exec systemctl stop "$1.socket" "$1.service"' ixha-way-end "ixha-way-$port" >/dev/null 2>&1 &&
  timeout 10 systemd-run --quiet --collect --unit="ixha-way-$port" --socket-property="ListenStream=$port" \
    --property=RuntimeMaxSec=60 sleep 60 >/dev/null 2>&1 && echo "$port"
done
true`;

export const closeScript = String.raw`set -u
for port in "$@"; do
  units="ixha-way-$port.socket ixha-way-$port.service ixha-way-end-$port.service"
  timeout 10 systemctl stop $units >/dev/null 2>&1
  timeout 10 systemctl reset-failed $units >/dev/null 2>&1
done
true`;

/** Connects to `ADDRESS PORT` pairs, and prints for each how it went: `ok MICROSECONDS`, `refused` or `silent`. */
export const wayScript = String.raw`set -u
while [ $# -gt 1 ]; do
  took=$(timeout 3 bash -c 'a=${'$'}{EPOCHREALTIME/[.,]/}; exec 3<>"/dev/tcp/$1/$2" || exit 9; b=${'$'}{EPOCHREALTIME/[.,]/}; echo $(( b - a ))' _ "$1" "$2" 2>/dev/null)
  code=$?
  if [ "$code" = 124 ]; then how=silent; elif [ "$code" = 0 ]; then how="ok $took"; else how=refused; fi
  printf '%s %s %s\n' "$1" "$2" "$how"
  shift 2
done
true`;
