import type { ExpectedServer } from './expected-server.ts';
import { failedCheck, passed, toLookAt, unknownCheck, type PreflightCheck } from './preflight-check.ts';
import type { ServerFacts } from './server-facts.ts';

/** What an agent needs of a machine; room in megabytes. */
const oldestSystemd = 243;
const oldestGlibc = [2, 28] as const;
const neededUsrMb = 300;
const neededVarMb = 200;
/** Agent and guards of a cluster, the witness, and room for the engine's own peaks. */
const neededMemoryMb = 256;

/** Whether the machine itself can carry an agent. Pure. */
export function machineChecks(facts: ServerFacts, expected: ExpectedServer): PreflightCheck[] {
  const named = (id: string, what: string) => ({ id, subject: expected.server.name, what });
  const hasAgent = expected.isMember || expected.isWitness;
  return [
    systemd(facts, named('systemd', 'service manager')),
    ...(hasAgent
      ? [
          architecture(facts, named('architecture', 'processor')),
          libc(facts, named('libc', 'C library')),
          ...(expected.isMember ? [cgroup(facts, named('cgroup', 'control groups'))] : []),
          bootClock(facts, named('boot-clock', 'boot-time clock')),
          programs(facts, expected, named('programs', 'programs')),
          disk(facts, expected, named('disk', 'free disk')),
          memory(facts, named('memory', 'free memory')),
        ]
      : []),
    names(facts, named('names', 'name resolution')),
    addresses(facts, expected, named('address', 'its address')),
    ...(expected.isMember ? [securityModule(facts, named('security', 'SELinux, AppArmor'))] : []),
  ];
}

type Named = Pick<PreflightCheck, 'id' | 'subject' | 'what'>;

const upgrade = 'Bring the server to what docs/installation.md asks for.';

function lacking(name: Named, finding: string, lacks: string): PreflightCheck {
  return failedCheck(name, finding, upgrade, { refusal: { code: 'install.unsupported', lacks } });
}

function systemd(facts: ServerFacts, name: Named): PreflightCheck {
  const { init, systemdVersion, osName } = facts;
  if (init === 'systemd' && systemdVersion >= oldestSystemd) {
    return passed(name, `systemd ${systemdVersion} on ${osName}`);
  }
  const seen = init === 'systemd' ? `systemd ${systemdVersion}` : init || 'unknown';
  const lacks = `systemd ${oldestSystemd} or newer as service manager (seen: ${seen})`;
  return lacking(name, `${seen} is the service manager`, lacks);
}

function architecture({ machine, kernel }: ServerFacts, name: Named): PreflightCheck {
  if (machine === 'x86_64') return passed(name, `${machine}, kernel ${kernel}`);
  return lacking(name, `it is ${machine}`, `a 64-bit Intel or AMD processor (seen: ${machine})`);
}

/** Whether Node runs with it. */
function isNewGlibc([major, minor]: readonly [number, number]): boolean {
  return major > oldestGlibc[0] || (major === oldestGlibc[0] && minor >= oldestGlibc[1]);
}

function libc({ glibc }: ServerFacts, name: Named): PreflightCheck {
  const seen = glibc ? glibc.join('.') : 'another C library';
  if (glibc && isNewGlibc(glibc)) return passed(name, `glibc ${seen}`);
  return lacking(name, `it is ${seen}`, `glibc ${oldestGlibc.join('.')} or newer (seen: ${seen})`);
}

function cgroup({ cgroup2Mount, hasCgroupKill }: ServerFacts, name: Named): PreflightCheck {
  if (cgroup2Mount === undefined) {
    return lacking(name, 'version 2 is not mounted', 'control groups version 2 (no cgroup2 mount seen)');
  }
  const how = hasCgroupKill ? 'with cgroup.kill' : 'without cgroup.kill: guards kill process by process';
  return passed(name, `version 2 at ${cgroup2Mount}, ${how}`);
}

function bootClock({ bootMs }: ServerFacts, name: Named): PreflightCheck {
  if (bootMs > 0) return passed(name, 'it can be read');
  return lacking(name, 'it cannot be read', 'a readable boot-time clock (/proc/uptime)');
}

function programs(facts: ServerFacts, expected: ExpectedServer, name: Named): PreflightCheck {
  const needed = ['bash', 'sha256sum', 'sync', 'timeout', 'mountpoint', 'stat'];
  if (expected.isWitness) needed.push('useradd');
  const missing = needed.filter((program) => !facts.programs.includes(program));
  if (missing.length === 0) return passed(name, 'all that are needed are there');
  return lacking(name, `${missing.join(', ')} missing`, `the programs ${missing.join(', ')}`);
}

function disk(facts: ServerFacts, expected: ExpectedServer, name: Named): PreflightCheck {
  const { usr, var: variable } = facts.freeMb;
  if (usr === undefined || variable === undefined) {
    return unknownCheck(name, 'df did not tell it', 'Look with: df -h /usr /var', {
      refusal: { code: 'install.unsupported', lacks: 'a readable figure of free disk below /usr and /var' },
    });
  }
  const lacks = [
    ...(usr < neededUsrMb && facts.currentVersion !== expected.version
      ? [`${neededUsrMb} MB free below /usr (seen: ${usr} MB)`]
      : []),
    ...(variable < neededVarMb ? [`${neededVarMb} MB free below /var (seen: ${variable} MB)`] : []),
  ];
  const seen = `${usr} MB free below /usr, ${variable} MB below /var`;
  return lacks.length === 0
    ? passed(name, seen)
    : failedCheck(name, seen, `Free ${neededUsrMb} MB below /usr and ${neededVarMb} MB below /var.`, {
        refusal: { code: 'install.unsupported', lacks: lacks.join(', ') },
      });
}

function memory({ survey }: ServerFacts, name: Named): PreflightCheck {
  if (!survey.memoryMb) return unknownCheck(name, '/proc/meminfo could not be read', 'Look with: free -m');
  const { total, available } = survey.memoryMb;
  const seen = `${available} MB of ${total} MB available`;
  if (available >= neededMemoryMb) return passed(name, seen);
  return toLookAt(name, seen, `Free memory until ${neededMemoryMb} MB are available, or add some.`);
}

function names({ survey }: ServerFacts, name: Named): PreflightCheck {
  const { hostName, knowsOwnName } = survey;
  if (hostName === undefined || knowsOwnName === undefined) {
    return unknownCheck(name, 'getent did not answer', 'Look with: getent hosts "$(hostname)"');
  }
  if (knowsOwnName) return passed(name, `it knows its own name ${hostName}; agents use addresses only`);
  const finding = `it does not know its own name ${hostName}, which makes sudo and sign-ins slow`;
  return toLookAt(name, finding, `Add ${hostName} to /etc/hosts there.`);
}

function addresses({ survey }: ServerFacts, expected: ExpectedServer, name: Named): PreflightCheck {
  const { address } = expected.server;
  if (survey.addresses.length === 0) {
    return unknownCheck(name, 'its addresses could not be listed', 'Look with: hostname -I');
  }
  const seen = { evidence: [`it has ${survey.addresses.join(', ')}`] };
  if (survey.addresses.includes(address)) return passed(name, `${address} is its own`, seen);
  const finding = `${address} leads there, and is not one of its own addresses`;
  const remedy =
    'Use an address that the server itself has, unless it is meant to stand behind a translation.';
  return toLookAt(name, finding, remedy, seen);
}

function securityModule({ survey }: ServerFacts, name: Named): PreflightCheck {
  const { selinux, appArmorProfiles } = survey;
  if (selinux === 'enforcing') {
    const finding = 'SELinux is enforcing: it may keep the agent from the engine or its directory';
    const remedy = 'Look for denials after the installation: ausearch -m AVC -ts recent.';
    return toLookAt(name, finding, remedy);
  }
  if (appArmorProfiles.length > 0) {
    const finding = `AppArmor has profiles of the engine: ${appArmorProfiles.join(', ')}`;
    const remedy = 'Look for denials after the installation: journalctl -k -g apparmor.';
    return toLookAt(name, finding, remedy);
  }
  return passed(name, selinux === 'permissive' ? 'SELinux only records' : 'nothing confines the engine');
}
