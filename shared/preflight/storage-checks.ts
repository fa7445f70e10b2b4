import type { ExpectedEngine } from './expected-server.ts';
import { failedCheck, passed, toLookAt, unknownCheck, type PreflightCheck } from './preflight-check.ts';
import type { ServerFacts, ShareFacts } from './server-facts.ts';

const neededMb = 1024;
const neededInodesPercent = 5;
const networkKinds = /^(nfs|nfs4|cifs|smb3|fuse\..*|ceph|glusterfs|gfs2|ocfs2)$/;

/** Whether the shared directory of one engine is there and is the right one. Pure. */
export function storageChecks(facts: ServerFacts, subject: string, engine: ExpectedEngine): PreflightCheck[] {
  const { directory, mustBeMount, mark } = engine.storage;
  const name = { id: 'storage', subject, what: `storage of ${engine.cluster}` };
  const { copied, mountUnit } = engine.storage;
  const where = `the ${copied ? '' : 'shared '}directory ${directory} of ${engine.cluster}`;
  const refuse = (why: string, remedy: string) =>
    failedCheck(name, `${where} ${why}`, remedy, { refusal: { code: 'install.unsupported' } });
  const share = facts.shares.get(directory);
  if (!share?.answered) {
    return [refuse('did not answer within 10 s', 'Look at the storage server and the network to it.')];
  }
  if (!share.isDirectory)
    return [refuse('does not exist', `Create or mount it on ${copied ? 'this server' : 'both members'}.`)];
  if (mountUnit !== undefined && !share.isMount) {
    const seen = `${directory} is not mounted now: ${mountUnit} does that on the Active`;
    return [
      passed(name, seen),
      ...mountUnitCheck(facts, subject, engine),
      ...cutProgramCheck(facts, subject, engine),
    ];
  }
  if (mustBeMount && !share.isMount) {
    return [refuse('is not mounted', 'Mount it, also after a restart (/etc/fstab or a mount unit).')];
  }
  if (share.mark !== undefined && share.mark !== mark.trim()) {
    const finding = `${where} is marked as belonging to ${share.mark}`;
    const remedy = 'Give each cluster a directory of its own.';
    const evidence = [`seen in ${directory}/.ixha/identity`];
    return [failedCheck(name, finding, remedy, { evidence, refusal: { code: 'install.foreign' } })];
  }
  return [
    passed(name, `${directory}${share.mount ? `, ${share.mount.kind} from ${share.mount.source}` : ''}`),
    ...(copied
      ? copyChecks(facts, share, subject, engine, copied)
      : [
          mountOptions(share, subject, engine),
          space(share, subject, engine),
          ...mountUnitCheck(facts, subject, engine),
          ...cutProgramCheck(facts, subject, engine),
        ]),
  ];
}

/** Whoever may change that program acts as root with every takeover. */
function cutProgramCheck({ files }: ServerFacts, subject: string, engine: ExpectedEngine): PreflightCheck[] {
  const path = engine.storage.cutProgram;
  if (path === undefined) return [];
  const name = { id: 'storage-cut', subject, what: `program that cuts off the storage of ${engine.cluster}` };
  const remedy = `Put it there on both members, owned by root, with mode 0700 (chown root ${path}; chmod 0700 ${path}).`;
  const found = files.get(path);
  if (found === undefined) return [failedCheck(name, `${path} is not there`, remedy)];
  const { mode, owner } = found;
  const bits = Number.parseInt(mode, 8);
  const fit = (bits & 0o100) !== 0 && (bits & 0o022) === 0 && owner.startsWith('root:');
  const seen = `${path} belongs to ${owner}, mode ${mode}`;
  return [fit ? passed(name, seen) : failedCheck(name, seen, remedy)];
}

/** What only one server may have mounted at a time would be destroyed when the other one takes over from a live server. */
const oneServerKinds = /^(ext[234]|xfs|btrfs|zfs|f2fs|jfs|reiserfs|vfat|exfat|ntfs3?)$/;

/** Whether the agents find a unit to start, and nobody else starts it. */
function mountUnitCheck({ units }: ServerFacts, subject: string, engine: ExpectedEngine): PreflightCheck[] {
  const { mountUnit, directory } = engine.storage;
  if (mountUnit === undefined) return [];
  const name = { id: 'storage-mount', subject, what: `mount unit of ${engine.cluster}` };
  const refuse = (finding: string, remedy: string) => [
    failedCheck(name, finding, remedy, { refusal: { code: 'install.unsupported' } }),
  ];
  const unit = units.get(mountUnit);
  if (unit?.loadState !== 'loaded') {
    const state = unit?.loadState === 'masked' ? 'is masked' : 'is not there';
    const remedy = `Write /etc/systemd/system/${mountUnit} with What=, Where=${directory} and Type= on both members, without [Install], or an entry with noauto in /etc/fstab; then: systemctl daemon-reload.`;
    return refuse(`${mountUnit} ${state}`, remedy);
  }
  // The engine's own unit starts it together with the engine, which nobody but the agent does.
  const starters = [...(unit.wantedBy ?? []), ...(unit.triggeredBy ?? [])].filter(
    (starter) => starter !== engine.unit,
  );
  if (starters.length > 0) {
    const remedy = `Take it out there: systemctl disable '${mountUnit}', no automount, or noauto in /etc/fstab.`;
    return refuse(`${mountUnit} is started by ${starters.join(', ')} too`, remedy);
  }
  const { mountKind = '' } = unit;
  if (oneServerKinds.test(mountKind)) {
    const remedy =
      'Use a file system that both members may have mounted at once (docs/storage-mount.md): a lost server still has it mounted.';
    return refuse(`${mountKind} is destroyed when two servers have it mounted`, remedy);
  }
  return [
    passed(
      name,
      `${mountUnit}${['', 'none'].includes(mountKind) ? '' : `, ${mountKind}`}, started by the agents alone`,
    ),
  ];
}

/** What a copied directory needs beside the one of the engine: programs, the way to the other server, and room. */
function copyChecks(
  { programs, ways }: ServerFacts,
  share: ShareFacts,
  subject: string,
  engine: ExpectedEngine,
  { peer, sshPort }: NonNullable<ExpectedEngine['storage']['copied']>,
): PreflightCheck[] {
  const { cluster, storage } = engine;
  const named = (id: string, what: string) => ({ id, subject, what: `${what} of ${cluster}` });
  const missing = copyPrograms.filter((program) => !programs.includes(program));
  const refusal = { code: 'install.unsupported' as const };
  const reached = ways.has(`${peer.address} ${sshPort}`);
  const limits = share.mount?.options ?? [];
  return [
    missing.length === 0
      ? passed(named('copy-programs', 'programs for the copy'), copyPrograms.join(', '))
      : failedCheck(
          named('copy-programs', 'programs for the copy'),
          `missing: ${missing.join(', ')}`,
          'Install the packages rsync, openssh-client and util-linux there.',
          { refusal },
        ),
    reached
      ? passed(named('copy-way', 'way for the copy'), `the SSH server of ${peer.name} takes a connection`)
      : failedCheck(
          named('copy-way', 'way for the copy'),
          `${peer.name} takes no connection on port ${sshPort} from here`,
          'Let this server through the firewall to the SSH server there, or correct the port in the site file.',
          { refusal: { code: 'server.unreachable' } },
        ),
    limits.includes('ro')
      ? failedCheck(
          named('storage-options', 'mount'),
          `${storage.directory} is mounted read-only`,
          'Mount it for writing.',
          { refusal },
        )
      : copyRoom(share, subject, engine),
    toLookAt(
      named('copy-loss', 'no loss'),
      'not guaranteed: what is written after the last complete copy is lost with the server of the Active',
      `Put ${cluster} on a shared directory (now ${storage.directory}) if no message may be lost.`,
    ),
  ];
}

const copyPrograms = ['rsync', 'ssh', 'ssh-keygen', 'flock', 'xargs', 'awk', 'setsid'];

/** One complete copy is kept while the next one comes in, beside what the engine works on. */
function copyRoom(share: ShareFacts, subject: string, engine: ExpectedEngine): PreflightCheck {
  const name = { id: 'storage-space', subject, what: `room for the copies of ${engine.cluster}` };
  const { freeMb, sizeMb } = share;
  if (freeMb === undefined || sizeMb === undefined) {
    const look = `Look with: du -sh ${engine.storage.directory}; df -h ${engine.storage.directory}`;
    return unknownCheck(name, 'how much lies there, or is free, was not told in time', look);
  }
  const needed = Math.max(neededMb, 2 * sizeMb);
  const finding = `${freeMb} MB free, ${sizeMb} MB lie there`;
  return freeMb < needed
    ? toLookAt(name, finding, `Free at least ${needed} MB there: two copies have to fit beside it.`)
    : passed(name, finding);
}

function mountOptions(
  { mount }: ShareFacts,
  subject: string,
  { cluster, storage }: ExpectedEngine,
): PreflightCheck {
  const name = { id: 'storage-options', subject, what: `mount of ${cluster}` };
  if (!mount)
    return unknownCheck(name, 'the kernel did not tell it', `Look with: findmnt -T ${storage.directory}`);
  const { options, kind } = mount;
  const evidence = { evidence: [`${kind}: ${options.join(',')}`] };
  if (options.includes('ro')) {
    const finding = `the shared directory ${storage.directory} of ${cluster} is mounted read-only`;
    return failedCheck(name, finding, 'Mount it for writing on both members.', {
      ...evidence,
      refusal: { code: 'install.unsupported' },
    });
  }
  const isNfs = kind.startsWith('nfs');
  if (isNfs && options.includes('soft')) {
    const finding = 'it is a soft mount: a short storage trouble becomes a write error of the engine';
    return toLookAt(name, finding, 'Use a hard mount; guards end an engine that hangs.', evidence);
  }
  if (isNfs && options.includes('nolock')) {
    return toLookAt(name, 'locks do not reach the other server', 'Mount it without nolock.', evidence);
  }
  if (!networkKinds.test(kind)) {
    const finding = `${kind} is a file system of this server alone, unless it is switched over with it`;
    return toLookAt(name, finding, 'Use a file system that both members have mounted at once.', evidence);
  }
  return passed(name, `${kind}, writable`, evidence);
}

function space(
  { freeMb, freeInodesPercent }: ShareFacts,
  subject: string,
  engine: ExpectedEngine,
): PreflightCheck {
  const name = { id: 'storage-space', subject, what: `room for ${engine.cluster}` };
  if (freeMb === undefined) {
    return unknownCheck(name, 'df did not tell it', `Look with: df -h ${engine.storage.directory}`);
  }
  const inodes = freeInodesPercent === undefined ? '' : `, ${freeInodesPercent} % of the inodes free`;
  const finding = `${freeMb} MB free${inodes}`;
  const isShort = freeMb < neededMb || (freeInodesPercent ?? 100) < neededInodesPercent;
  return isShort
    ? toLookAt(name, finding, `Free at least ${neededMb} MB there, or make it larger.`)
    : passed(name, finding);
}
