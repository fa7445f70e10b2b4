import { serverPaths } from './server-paths.ts';

/**
 * The part of the facts script that looks at everything around the engines: time, memory, names, who else
 * might start them. Arguments 7 to 9 of the whole script: engine units, API ports, working directories.
 */
export const surveyScript = String.raw`
look_directory() {
  printf 'Asked=%s\n' "$1"
  timeout -k 1 5 sh -c '
    [ -d "$1" ] && echo Directory=yes
    for file in "$1/IguanaLicense" "$1/config/other/IguanaLicense" "$1/other/IguanaLicense"; do
      [ -s "$file" ] && echo Licence=yes && break
    done' ixha-directory "$1"
}
look_version() {
  printf 'Asked=%s\n' "$1"
  timeout -k 1 3 bash -c '
    exec 3<>"/dev/tcp/127.0.0.1/$1" || exit
    printf "GET /iguana/version HTTP/1.0\r\n\r\n" >&3
    head -c 2000 <&3 | tr -d "\0"' ixha-version "$1" 2>/dev/null
  echo
}
named_engines() { printf '%s\n' "$engine_names" | grep -qiF -f - -- "$1" 2>/dev/null; }
engine_names=$(printf '%s\n' "$7" | sed -n 's/\.service$//p'; echo iguana)
section boot; cat /proc/sys/kernel/random/boot_id 2>/dev/null
section machine-id; cat /etc/machine-id 2>/dev/null
section memory; grep -E '^(MemTotal|MemAvailable):' /proc/meminfo 2>/dev/null
section load; nproc 2>/dev/null; cut -d' ' -f3 /proc/loadavg 2>/dev/null; cat /proc/sys/fs/file-nr 2>/dev/null
section names; uname -n
if timeout 5 getent hosts "$(uname -n)" >/dev/null 2>&1; then echo resolves; else echo unknown-name; fi
section addresses; hostname -I 2>/dev/null
section time; timeout 5 timedatectl show -p NTPSynchronized --value 2>/dev/null
section time-services
for unit in chronyd chrony ntpd ntp ntpsec systemd-timesyncd; do
  systemctl is-active --quiet "$unit.service" 2>/dev/null && echo "$unit"
done
section selinux; cat /sys/fs/selinux/enforce 2>/dev/null
section apparmor; grep -i iguana /sys/kernel/security/apparmor/profiles 2>/dev/null | cut -c1-100 | head -n 10
section managers
while read -r name file; do
  systemctl is-active --quiet "$name.service" 2>/dev/null </dev/null || continue
  if named_engines "$file"; then echo "$name names-engine"; else echo "$name other"; fi
done <<END
pacemaker /var/lib/pacemaker/cib/cib.xml
corosync /etc/corosync/corosync.conf
keepalived /etc/keepalived/keepalived.conf
monit /etc/monit/monitrc
heartbeat /etc/ha.d/haresources
END
section starters
printf '%s\n' "$engine_names" | grep -HrnIiF --exclude="*~" -f - /etc/crontab /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /var/spool/cron /etc/rc.local /etc/inittab 2>/dev/null | grep -v ':[0-9]*:[[:space:]]*#' | cut -c1-200 | head -n 20
section engines
find /proc -maxdepth 2 -name exe -lname '*[iI][gG][uU][aA][nN][aA]*' 2>/dev/null | head -n 20 | while IFS= read -r exe; do
  folder=$(dirname "$exe")
  printf 'Asked=%s\nProgram=%s\nCwd=%s\nUnit=%s\n' "$(basename "$folder")" "$(readlink "$exe")" "$(readlink "$folder/cwd")" "$(sed -n '$s|.*/||p' "$folder/cgroup" 2>/dev/null)"
done
section services
{ printf '%s\n' "$7"; grep -lis iguana /etc/systemd/system/*.service /run/systemd/system/*.service /usr/lib/systemd/system/*.service /lib/systemd/system/*.service 2>/dev/null | sed 's|.*/||' | grep -v '^ixha-'; } |
  grep . | sort -u | head -n 20 | while IFS= read -r unit; do
  look_unit "$unit" -p ExecStart -p WorkingDirectory -p LimitNOFILE -p MemoryCurrent
done
section leftovers
ls -d ${serverPaths.configuration} ${serverPaths.library} ${serverPaths.command} ${serverPaths.units}/ixha-* 2>/dev/null | head -n 20
# A disk of its own stays when what was on it is gone.
if [ -d ${serverPaths.state} ] && { ! mountpoint -q ${serverPaths.state} || [ -n "$(ls -A ${serverPaths.state})" ]; }; then
  echo ${serverPaths.state}
fi
section versions; each "$8" look_version
section directories; each "$9" look_directory
`;
