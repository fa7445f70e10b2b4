import { productError, type ProductError } from '../../../shared/errors.ts';
import type { GuardProof, ServerFacts } from './facts.ts';
import { gatePath, placesOf, serverPaths } from './server-paths.ts';
import type { WantedEngine, WantedServer } from './wanted-server.ts';
import { haproxyMark } from '../balancer-config/haproxy-config.ts';

const oldestSystemd = 243;
const oldestGlibc = [2, 28] as const;
const furthestClockMs = 12 * 60 * 60 * 1000;
const neededUsrMb = 300;
const neededVarMb = 200;

/** Every reason not to touch this server, each with its code. Pure; empty means go on. */
export function preflight(facts: ServerFacts, wanted: WantedServer, wallTime: string): ProductError[] {
  const foreign = foreignSite(facts, wanted);
  if (foreign) return [foreign];
  const lacking = [...unsupported(facts, wanted), ...clockErrors(facts, wallTime)];
  return [
    ...(lacking.length > 0
      ? [productError('install.unsupported', `${wanted.server.name} cannot run the agent safely.`, lacking)]
      : []),
    ...portsTaken(facts, wanted),
    ...wanted.engines.flatMap((engine) => engineErrors(facts, wanted, engine)),
    ...wanted.engines.flatMap((engine) => storageErrors(facts, wanted, engine)),
    ...balancerErrors(facts, wanted),
  ];
}

function foreignSite(facts: ServerFacts, wanted: WantedServer): ProductError | undefined {
  const { name } = wanted.server;
  if (facts.site !== undefined && facts.site !== wanted.site) {
    const said = `${name} belongs to the site ${facts.site}, not to ${wanted.site}.`;
    return productError('install.foreign', said, [`seen in ${serverPaths.siteMark}`]);
  }
  const authority = wanted.files.find((file) => {
    const seen = facts.files.get(file.path);
    return file.path.endsWith('/authority.pem') && seen !== undefined && seen.sha256 !== file.sha256;
  });
  return authority
    ? productError('install.foreign', `${name} trusts another authority of a site called ${wanted.site}.`, [
        `seen in ${authority.path}`,
        'use the profile folder that the site was installed with',
      ])
    : undefined;
}

function unsupported(facts: ServerFacts, wanted: WantedServer): string[] {
  const lacking: string[] = [];
  if (facts.init !== 'systemd' || facts.systemdVersion < oldestSystemd) {
    const seen = facts.init === 'systemd' ? `systemd ${facts.systemdVersion}` : facts.init || 'unknown';
    lacking.push(`systemd ${oldestSystemd} or newer as service manager (seen: ${seen})`);
  }
  if (wanted.units.length === 0) return lacking;
  if (facts.machine !== 'x86_64') lacking.push(`a 64-bit Intel or AMD processor (seen: ${facts.machine})`);
  const [major, minor] = facts.glibc ?? [0, 0];
  if (major < oldestGlibc[0] || (major === oldestGlibc[0] && minor < oldestGlibc[1])) {
    const seen = facts.glibc ? facts.glibc.join('.') : 'another C library';
    lacking.push(`glibc ${oldestGlibc.join('.')} or newer (seen: ${seen})`);
  }
  if (wanted.engines.length > 0 && facts.cgroup2Mount === undefined) {
    lacking.push('control groups version 2 (no cgroup2 mount seen)');
  }
  if (!(facts.bootMs > 0)) lacking.push('a readable boot-time clock (/proc/uptime)');
  const programs = ['bash', 'sha256sum', 'sync', 'timeout', 'mountpoint', 'stat'];
  if (wanted.isWitness) programs.push('useradd');
  const missing = programs.filter((program) => !facts.programs.includes(program));
  if (missing.length > 0) lacking.push(`the programs ${missing.join(', ')}`);
  if (facts.freeMb.usr < neededUsrMb && facts.currentVersion !== wanted.version) {
    lacking.push(`${neededUsrMb} MB free below /usr (seen: ${facts.freeMb.usr} MB)`);
  }
  if (facts.freeMb.var < neededVarMb) {
    lacking.push(`${neededVarMb} MB free below /var (seen: ${facts.freeMb.var} MB)`);
  }
  return lacking;
}

/** A certificate made now is valid from one day back: a clock that is further off would refuse it. */
function clockErrors(facts: ServerFacts, wallTime: string): string[] {
  const apartMs = Math.abs(Date.parse(facts.wallTime ?? '') - Date.parse(wallTime));
  // An unreadable time gives NaN, which is never within the limit.
  if (apartMs <= furthestClockMs) return [];
  return [`a clock that is right (it says ${facts.wallTime ?? 'nothing'}, this workstation ${wallTime})`];
}

function portsTaken(facts: ServerFacts, wanted: WantedServer): ProductError[] {
  const ours = new Set(wanted.units.flatMap((unit) => facts.units.get(unit)?.sockets ?? []));
  return wanted.ports.flatMap(({ port, what }) => {
    const taken = facts.listeners.some(
      (listening) => listening.port === port && !listening.loopbackOnly && !ours.has(listening.inode),
    );
    const said = `${wanted.server.name}: port ${port}, needed for ${what}, is used by another program.`;
    return taken ? [productError('install.port-taken', said)] : [];
  });
}

function engineErrors(facts: ServerFacts, wanted: WantedServer, engine: WantedEngine): ProductError[] {
  const unit = facts.units.get(engine.unit);
  const where = `${wanted.server.name}: the engine's service ${engine.unit} of ${engine.cluster}`;
  if (unit?.loadState !== 'loaded') {
    const state = unit?.loadState || 'unknown';
    return [productError('install.engine-missing', `${where} is not installed (${state}).`)];
  }
  const isOurs = facts.files.has(gatePath(engine.unit));
  if (unit.activeState !== 'inactive' && unit.activeState !== 'failed' && !isOurs) {
    const said = `${where} is running (${unit.activeState}) and not yet guarded.`;
    return [productError('install.engine-running', said)];
  }
  return [];
}

function storageErrors(facts: ServerFacts, wanted: WantedServer, engine: WantedEngine): ProductError[] {
  const { directory, mustBeMount, mark } = engine.storage;
  const share = facts.shares.get(directory);
  const where = `${wanted.server.name}: the shared directory ${directory} of ${engine.cluster}`;
  const refuse = (why: string) => [productError('install.unsupported', `${where} ${why}.`)];
  if (!share?.answered) return refuse('did not answer within 10 s');
  if (!share.isDirectory) return refuse('does not exist');
  if (mustBeMount && !share.isMount) return refuse('is not mounted');
  if (share.mark !== undefined && share.mark !== mark.trim()) {
    const said = `${where} is marked as belonging to ${share.mark}.`;
    return [productError('install.foreign', said, [`seen in ${directory}/.ixha/identity`])];
  }
  return [];
}

function balancerErrors(facts: ServerFacts, wanted: WantedServer): ProductError[] {
  if (!wanted.isBalancer) return [];
  const { name } = wanted.server;
  if (!facts.programs.includes('haproxy')) {
    return [productError('install.unsupported', `${name}: HAProxy is not installed.`)];
  }
  if (facts.haproxy.sections > 0 && facts.haproxy.firstLine !== haproxyMark) {
    const said = `${name}: ${serverPaths.haproxy} already serves ${facts.haproxy.sections} other listeners and was not replaced.`;
    return [
      productError('install.unsupported', said, ['move them to another HAProxy, or name another balancer']),
    ];
  }
  return [];
}

/** Whether refusal and kill were proven on the real unit within what a kill may take now. */
export function isProven(
  facts: ServerFacts,
  engine: WantedEngine,
  how: readonly GuardProof['how'][],
): boolean {
  const proof = facts.proofs.get(placesOf(engine.cluster).guardProof);
  return (
    proof !== undefined &&
    proof.unit === engine.unit &&
    proof.killMs <= engine.killMs &&
    how.includes(proof.how)
  );
}
