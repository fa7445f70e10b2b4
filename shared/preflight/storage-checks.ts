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
  const where = `the shared directory ${directory} of ${engine.cluster}`;
  const refuse = (why: string, remedy: string) =>
    failedCheck(name, `${where} ${why}`, remedy, { refusal: { code: 'install.unsupported' } });
  const share = facts.shares.get(directory);
  if (!share?.answered) {
    return [refuse('did not answer within 10 s', 'Look at the storage server and the network to it.')];
  }
  if (!share.isDirectory) return [refuse('does not exist', 'Create or mount it on both members.')];
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
    mountOptions(share, subject, engine),
    space(share, subject, engine),
  ];
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
    return failedCheck(name, 'it is mounted read-only', 'Mount it for writing on both members.', evidence);
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
